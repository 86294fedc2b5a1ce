import { context, trace, type HrTime } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
  type ReadableSpan,
} from '@opentelemetry/sdk-trace-base';
import { Client } from 'pg';
import { referralOf, type Case } from '../support/case-view';
import { eventually } from '../support/eventually';
import { manifestCsv, manifestRows } from '../support/manifest';
import { returneeBody } from '../support/returnee';
import { System, type Registered } from '../support/system';

const exporter = new InMemorySpanExporter();
const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });

/** As somebody's own software would send it. */
const REGISTERED = 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa';
const ANSWERED = 'bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb';
const CLOSED = 'cccccccccccccccccccccccccccccccc';
const from = (traceId: string) => ({ traceparent: `00-${traceId}-00f067aa0ba902b7-01` });

interface Written {
  service: string;
  topic: string;
  key: string;
  type: string;
  id: string;
  traceparent?: string;
}

let system: System;
let who: Registered;
let found: Case;
let spans: readonly ReadableSpan[];
let events: Written[];
const log: Record<string, unknown>[] = [];

beforeAll(async () => {
  trace.setGlobalTracerProvider(provider);
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  system = await System.start({ log: (line) => log.push(JSON.parse(line) as Record<string, unknown>) });
  const body = returneeBody({
    needs: ['health-care', 'emotional-support', 'employment', 'health-insurance'],
  });
  who = (await system.call('POST', '/intake/returnees', body, from(REGISTERED))).body as Registered;
  await system.settle();
  found = await system.caseOf(who);
  const care = referralOf(found, 'medical-care');
  await system.answer(care, { status: 'accepted' }, from(ANSWERED));
  await system.complete(found, 'dni-verify', 'verified');
  await system.call('POST', `/cases/${found.id}/close`, { reason: 'left-country' }, from(CLOSED));
  await system.settle();
  spans = exporter.getFinishedSpans();
  events = await written();
});
afterAll(async () => {
  await system.stop();
  trace.disable();
  context.disable();
  await provider.shutdown();
});

/** Every event that was written, by whom. */
async function written(): Promise<Written[]> {
  const client = new Client({ connectionString: system.database.url });
  await client.connect();
  try {
    const found: Written[] = [];
    for (const { name: service } of system.topology.services) {
      const { rows } = await client.query<{ topic: string; envelope: string }>(
        `select topic, envelope from "${service}".event_log order by at, key_seq`,
      );
      for (const { topic, envelope } of rows) {
        const { partitionkey: key, type, id, traceparent } = JSON.parse(envelope);
        found.push({ service, topic, key, type, id, traceparent });
      }
    }
    return found;
  } finally {
    await client.end();
  }
}

const traceOf = ({ traceparent }: { traceparent?: string }) => traceparent?.split('-')[1];
const spanOf = ({ traceparent }: { traceparent?: string }) =>
  spans.find((span) => span.spanContext().spanId === traceparent?.split('-')[2]);
const handled = (event: { id: string }) =>
  spans.filter((span) => span.attributes['messaging.message.id'] === event.id);
const requestTo = (agency: string) =>
  events.find((e) => e.topic === `referrals.${agency}.requests.v1` && /referral-requested/.test(e.type))!;
const inMs = ([s, ns]: HrTime) => s * 1000 + ns / 1e6;

describe('a trace', () => {
  it('goes on from a request over HTTP into the event that it writes and what is made of that', () => {
    const request = spans.find((span) => span.spanContext().traceId === REGISTERED)!;
    expect(request.name).toBe('POST /intake/returnees');
    expect(request.parentSpanContext?.spanId).toBe('00f067aa0ba902b7');
    const registered = events.find((e) => e.key === who.caseId && /returnee-registered/.test(e.type))!;
    expect(registered.traceparent).toBe(`00-${REGISTERED}-${request.spanContext().spanId}-01`);
    const [decision] = handled(registered);
    expect(decision!.parentSpanContext?.spanId).toBe(request.spanContext().spanId);
    const facts = events.filter((e) => e.topic === 'cases.v1' && traceOf(e) === REGISTERED);
    expect(facts.map((e) => e.type)).toContain('retorno.case-opened.v2');
    expect(new Set(facts.map(spanOf))).toEqual(new Set([decision]));
  });

  it('is one from the request to an agency through its answer to what the coordinator makes of it', () => {
    const request = requestTo('health');
    const first = spanOf(request)!;
    expect(first.parentSpanContext).toBeUndefined();
    const [atAgency] = handled(request);
    expect(atAgency!.parentSpanContext?.spanId).toBe(first.spanContext().spanId);
    const answer = events.find((e) => e.service === 'health' && spanOf(e) === atAgency)!;
    expect(answer).toMatchObject({ topic: 'referrals.health.answers.v1', key: request.key });
    const [back] = handled(answer);
    expect(back!.parentSpanContext?.spanId).toBe(atAgency!.spanContext().spanId);
    const fact = events.find((e) => e.topic === 'cases.v1' && spanOf(e) === back)!;
    expect(fact.type).toBe('retorno.referral-changed.v2');
    const path = [first, atAgency!, back!];
    expect(new Set(path.map((span) => span.spanContext().traceId)).size).toBe(1);
    const starts = path.map((span) => inMs(span.startTime));
    expect(starts).toEqual(starts.toSorted((a, b) => a - b));
  });

  it('of an answer over HTTP goes on at the coordinator', () => {
    const answer = events.find((e) => e.service === 'health' && traceOf(e) === ANSWERED)!;
    expect(handled(answer)[0]!.spanContext().traceId).toBe(ANSWERED);
    expect(events.some((e) => e.topic === 'cases.v1' && traceOf(e) === ANSWERED)).toBe(true);
  });

  it('is named by the log lines that it caused, also those after the commit', () => {
    const opened = log.find((line) => line['msg'] === 'case opened' && line['caseId'] === who.caseId);
    expect(opened).toMatchObject({ trace: REGISTERED, case: who.caseNumber });
  });
});

describe('no trace joins the files of two agencies', () => {
  it('for whoever reads their topics, whatever caused the requests', () => {
    const seenBy = new Map<string, Set<string>>();
    for (const event of events) {
      const agency = /^referrals\.([a-z-]+)\.requests/.exec(event.topic)?.[1];
      const id = traceOf(event);
      if (!agency) continue;
      expect(id).toMatch(/^[0-9a-f]{32}$/);
      seenBy.set(id!, (seenBy.get(id!) ?? new Set()).add(agency));
    }
    expect([...seenBy.values()].filter((agencies) => agencies.size > 1)).toEqual([]);
    const agencies = new Set([...seenBy.values()].flatMap((names) => [...names]));
    expect(agencies.size).toBeGreaterThanOrEqual(3);
    // One registration, one closing and one agency's answer reached several of them.
    for (const common of [REGISTERED, ANSWERED, CLOSED]) expect([...seenBy.keys()]).not.toContain(common);
    const closing = events.filter((e) => /cancellation-requested/.test(e.type));
    expect(new Set(closing.map((e) => e.topic)).size).toBeGreaterThanOrEqual(2);
  });

  it('nor what an agency records of its own spans', () => {
    const ofAgency = (agency: string) =>
      spans.filter(
        (span) => span.attributes['messaging.destination.name'] === `referrals.${agency}.requests.v1`,
      );
    for (const agency of ['health', 'identity', 'insurance']) {
      const recorded = ofAgency(agency).filter((span) => span.name.startsWith('handle '));
      expect(recorded).not.toEqual([]);
      expect(recorded.flatMap((span) => span.links)).toEqual([]);
      const ids = new Set(recorded.map((span) => span.spanContext().traceId));
      for (const other of ['health', 'identity', 'insurance'].filter((name) => name !== agency)) {
        expect(ofAgency(other).filter((span) => ids.has(span.spanContext().traceId))).toEqual([]);
      }
    }
  });

  it('while the coordinator can follow the link from a request to the decision behind it', () => {
    const { links } = spanOf(requestTo('health'))!;
    expect(links.map((link) => link.context.traceId)).toEqual([REGISTERED]);
  });
});

describe('a manifest', () => {
  it('is no trace of all its cases', async () => {
    const rows = manifestRows({ rows: 5, seed: 41 });
    await system.call('POST', '/intake/manifests', manifestCsv(rows), {
      'content-type': 'text/csv',
      ...from('dddddddddddddddddddddddddddddddd'),
    });
    const opened = await eventually(() => {
      const found = exporter.getFinishedSpans().filter((span) => span.name.includes('returnee-registered'));
      return found.length === 6 ? found : undefined;
    });
    expect(new Set(opened!.map((span) => span.spanContext().traceId)).size).toBe(6);
  });
});

describe('a span', () => {
  it('tells nothing about who it is for', () => {
    const text = JSON.stringify(
      exporter
        .getFinishedSpans()
        .map(({ name, attributes, status, events: notes }) => [name, attributes, status, notes]),
    );
    for (const personal of ['Quispe', 'Rosa', '1990-02-14', '+519', 'left-country'])
      expect(text).not.toContain(personal);
  });
});
