import { EVENTS, envelopeErrors, type Envelope } from '@retorno/contracts';
import type { IHeaders } from 'kafkajs';
import { fromMessage, toMessage } from './cloud-events';

const bare: Envelope = {
  specversion: '1.0',
  id: '0199-ä',
  source: '/retorno/mill',
  type: 'retorno.grain-milled.v1',
  time: '2026-11-23T12:00:00.000Z',
  dataschema: 'urn:retorno:schema:grain-milled:v1',
  datacontenttype: 'application/json',
  partitionkey: 'señor-ß',
  keyseq: 1,
  data: {},
};
const full: Envelope = {
  ...bare,
  causationid: '0198',
  correlationid: 'case-ñ',
  traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
};

/** As a broker would bring it: text is bytes. */
function onTheWay(envelope: Envelope): Envelope {
  const { key, value, headers } = toMessage(envelope);
  const bytes = Object.entries(headers ?? {}).map(([name, text]) => [name, Buffer.from(String(text))]);
  return fromMessage({
    key: Buffer.from(String(key)),
    value: Buffer.from(value),
    headers: Object.fromEntries(bytes) as IHeaders,
  });
}

test.each([
  ['only what it must have', bare],
  ['every attribute', full],
  [
    'text of any language',
    { ...full, data: { text: 'ñandú "quoted"\n\u0000 漢字 🏠', list: [1.5, null, { deep: true }] } },
  ],
  ['data that is no object', { ...full, data: null }],
  ['the largest sequence', { ...full, keyseq: Number.MAX_SAFE_INTEGER }],
])('an event with %s arrives as it was written', (_, envelope) => {
  expect(onTheWay(envelope)).toEqual(envelope);
});

test.each(EVENTS.map((contract) => [contract.type, contract] as const))(
  '%s keeps its type and schema on the way',
  (type, { dataschema }) => {
    const arrived = onTheWay({ ...full, type, dataschema });
    expect(arrived).toEqual({ ...full, type, dataschema });
    expect(envelopeErrors(arrived)).toEqual([]);
  },
);

test('the key is the message’s, so that it decides the partition, and stands in no other header', () => {
  const { key, headers } = toMessage(full);
  expect(key).toBe('señor-ß');
  expect(headers).toMatchObject({ ce_partitionkey: 'señor-ß', 'content-type': 'application/json' });
  expect(Object.keys(headers ?? {})).not.toContain('ce_datacontenttype');
});

const headers = toMessage(full).headers!;
const value = Buffer.from('{}');

test.each([
  ['no headers', { value }],
  ['no value and no headers', { value: null }],
  ['a value that is no JSON', { value: Buffer.from('{"n":'), headers }],
  ['bytes that are no text', { value: Buffer.from([0xff, 0xfe, 0x00]), headers }],
  ['headers of somebody else', { value, headers: { 'x-trace': Buffer.from('1'), ce_: Buffer.from('') } }],
  ['a sequence that is no number', { value, headers: { ...headers, ce_keyseq: 'first' } }],
  ['another version of CloudEvents', { value, headers: { ...headers, ce_specversion: '0.3' } }],
  ['another encoding', { value, headers: { ...headers, 'content-type': 'application/avro' } }],
  ['an empty header', { value, headers: { ...headers, ce_id: undefined } }],
  ['names that mean something to JavaScript', { value, headers: { ce___proto__: 'x', ce_constructor: 'y' } }],
])('a message with %s comes out as an envelope that is refused', (_, message) => {
  const arrived = fromMessage({ key: null, ...message });
  expect(envelopeErrors(arrived)).not.toEqual([]);
  expect(() => JSON.stringify(arrived)).not.toThrow();
});

test('a header that came twice counts once, with its first value', () => {
  const twice = { ...headers, ce_id: [Buffer.from('one'), Buffer.from('two')] };
  expect(fromMessage({ key: null, value, headers: twice }).id).toBe('one');
});
