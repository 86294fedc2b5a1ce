import type { Envelope } from '@retorno/contracts';
import { contextOf, inSpan, traceparentFor } from './tracing';
import { ROOT_CONTEXT, trace } from '@opentelemetry/api';

const GOOD = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
const cause = (traceparent?: string) => ({ id: '1', ...(traceparent ? { traceparent } : {}) }) as Envelope;
const next = (apart: boolean, traceparent?: string) =>
  traceparentFor('bakery.orders.v1', 'retorno.order-placed.v1', apart, cause(traceparent));

describe('without an SDK in the process', () => {
  it('the trace of an event is passed on to what it causes', () => {
    expect(next(false, GOOD)).toBe(GOOD);
    expect(next(false)).toBeUndefined();
  });

  it('but never to an event that must not be joined with others', () =>
    expect(next(true, GOOD)).toBeUndefined());

  it('what is no traceparent goes no further', () => {
    for (const text of ['Rosa Quispe', `${GOOD}-and-more`, GOOD.toUpperCase()]) {
      expect(next(false, text)).toBeUndefined();
    }
  });

  it('handlers run and fail as they would by themselves', async () => {
    const event = { ...cause(GOOD), type: 'retorno.order-placed.v1', partitionkey: 'a' };
    const failure = new Error('no flour');
    await expect(inSpan('bakery.orders.v1', event, () => Promise.reject(failure))).rejects.toBe(failure);
    await expect(inSpan('bakery.orders.v1', event, async () => undefined)).resolves.toBeUndefined();
  });
});

describe('a traceparent', () => {
  it('is read as the W3C writes it', () => {
    expect(trace.getSpanContext(contextOf(GOOD))).toMatchObject({
      traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
      spanId: '00f067aa0ba902b7',
      traceFlags: 1,
      isRemote: true,
    });
  });

  it('that is all zeros or malformed stands for none', () => {
    const zeros = `00-${'0'.repeat(32)}-${'0'.repeat(16)}-01`;
    for (const text of [undefined, '', 'nonsense', zeros]) expect(contextOf(text)).toBe(ROOT_CONTEXT);
  });
});
