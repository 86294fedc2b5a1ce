/** Every stream against everybody who reads it: what was written is handled once and in order, or waits where it is seen. */
import {
  ALL_ANSWERS,
  CASES_TOPIC,
  CATALOGUE_TOPIC,
  FEEDBACK_TOPIC,
  requestsTopic,
  RETURNEES_TOPIC,
  topicMatches,
  writerOf,
} from '@retorno/contracts';
import { chained } from '@retorno/messaging';
import type { Findings } from './report';
import type { Snapshot } from './snapshot';

/** One event as its writer keeps it. */
interface LoggedEvent {
  seq: number;
  id: string;
  pending: boolean;
}

/** One stream as its writer keeps it. */
interface WrittenStream {
  writer: string;
  topic: string;
  key: string;
  /** The last place handed out. */
  head: number;
  events: LoggedEvent[];
  /** Places of what a writer, restored from an older copy, has on record as lost: what stood there nobody can say. */
  lost: Set<number>;
}

/** One stream as a reader keeps it. Sets hold places in the stream. */
interface ReadStream {
  lastSeq: number;
  digest: string;
  held: Set<number>;
  parked: Set<number>;
  skipped: Set<number>;
}

/** How far each reader has come, for checks that compare what two services know. */
export type Reached = (reader: string, topic: string, key: string) => number;

/** The topics or patterns that a service reads. What is not one of our own services is an agency. */
export function subscriptionsOf(service: string): readonly string[] {
  if (service === 'coordinator') return [CATALOGUE_TOPIC, RETURNEES_TOPIC, ALL_ANSWERS];
  if (service === 'statistics') return [CASES_TOPIC];
  if (service === 'portal') return [];
  return [service === 'intake' ? FEEDBACK_TOPIC : requestsTopic(service)];
}

/** Checks all streams of all services. */
export async function checkStreams(snapshot: Snapshot, findings: Findings): Promise<Reached> {
  const readers = new Map<string, Map<string, ReadStream>>();
  for (const service of snapshot.services) readers.set(service, await readSide(snapshot, service, findings));
  const written = new Set<string>();
  for (const writer of snapshot.services) {
    for await (const stream of writtenStreams(snapshot, writer)) {
      written.add(`${stream.topic}\n${stream.key}`);
      checkLog(stream, findings);
      for (const [reader, streams] of readers) {
        if (!subscriptionsOf(reader).some((pattern) => topicMatches(pattern, stream.topic))) continue;
        checkReader(stream, reader, streams.get(`${stream.topic}\n${stream.key}`), findings);
      }
    }
  }
  for (const [reader, streams] of readers) {
    for (const id of streams.keys()) {
      // What came from a false source is parked in a place of its own.
      const outside = id.split('\n')[1]!.startsWith('outside-');
      if (!written.has(id) && !outside)
        findings.problem(`${named(id)}: ${reader} knows a stream that nobody wrote`);
    }
  }
  return (reader, topic, key) => readers.get(reader)?.get(`${topic}\n${key}`)?.lastSeq ?? 0;
}

async function readSide(
  snapshot: Snapshot,
  service: string,
  findings: Findings,
): Promise<Map<string, ReadStream>> {
  const streams = new Map<string, ReadStream>();
  const streamOf = (topic: string, key: string): ReadStream => {
    const id = `${topic}\n${key}`;
    let stream = streams.get(id);
    if (!stream) {
      stream = { lastSeq: 0, digest: '', held: new Set(), parked: new Set(), skipped: new Set() };
      streams.set(id, stream);
    }
    return stream;
  };
  type CursorRow = { consumer: string; topic: string; key: string; last_seq: string; digest: string };
  const cursors = 'select consumer, topic, key, last_seq, digest from stream_cursor';
  for await (const row of snapshot.each<CursorRow>(service, cursors)) {
    if (row.consumer !== service) continue;
    Object.assign(streamOf(row.topic, row.key), { lastSeq: Number(row.last_seq), digest: row.digest });
  }
  for (const place of ['held', 'parked', 'skipped'] as const) {
    const rows = await snapshot.rows<{ topic: string; key: string; key_seq: string }>(
      service,
      `select topic, key, key_seq from ${place} where consumer = $1`,
      [service],
    );
    for (const row of rows) streamOf(row.topic, row.key)[place].add(Number(row.key_seq));
    findings.count(place, rows.length);
  }
  return streams;
}

async function* writtenStreams(snapshot: Snapshot, writer: string): AsyncGenerator<WrittenStream> {
  type Row = {
    topic: string;
    key: string;
    head: string | null;
    seq: string | null;
    id: string;
    pending: boolean;
  };
  const sql = `
    with waiting as (
      select r.stream, generate_series(r.first, r.first + r.count - 1) as key_seq
      from outbox cross join lateral unnest(streams, firsts, counts) as r(stream, first, count))
    select coalesce(topic, 'no topic') as topic, coalesce(key, stream::text) as key, h.next_seq - 1 as head,
      e.key_seq as seq, e.body::json ->> 'id' as id, (stream, e.key_seq) in (select * from waiting) as pending
    from stream_head h full join event e using (stream)
    order by topic, key, e.key_seq`;
  const lost = await lostBy(snapshot, writer);
  let stream: WrittenStream | undefined;
  for await (const row of snapshot.each<Row>(writer, sql)) {
    if (stream?.topic !== row.topic || stream.key !== row.key) {
      if (stream) yield stream;
      const { topic, key } = row;
      const gone = lost.get(`${topic}\n${key}`) ?? new Set();
      stream = { writer, topic, key, head: Number(row.head ?? 0), events: [], lost: gone };
    }
    if (row.seq === null) continue;
    stream.events.push({ seq: Number(row.seq), id: row.id, pending: row.pending });
  }
  if (stream) yield stream;
}

async function lostBy(snapshot: Snapshot, writer: string): Promise<Map<string, Set<number>>> {
  const rows = await snapshot.rows<{ topic: string; key: string; seq: string }>(
    writer,
    'select topic, key, generate_series(from_seq, to_seq) as seq from lost',
  );
  const lost = new Map<string, Set<number>>();
  for (const { topic, key, seq } of rows) {
    const id = `${topic}\n${key}`;
    lost.set(id, (lost.get(id) ?? new Set()).add(Number(seq)));
  }
  return lost;
}

/** The writer's side: places 1 to head without gaps, every id once, and the stream its own. */
function checkLog(stream: WrittenStream, findings: Findings): void {
  const { topic, key, head, events, writer, lost } = stream;
  const name = named(`${topic}\n${key}`);
  findings.count('streams');
  findings.count('events', events.length);
  findings.count('inFlight', events.filter((event) => event.pending).length);
  if (writerOf(topic, key) !== writer)
    findings.problem(`${name}: written by ${writer}, whose stream it is not`);
  findings.count('lostByRestore', lost.size);
  // A place may be both: lost, and used again before anybody could say so.
  const known = new Set([...lost, ...events.map((event) => event.seq)]);
  if (known.size !== head) {
    findings.problem(`${name}: ${head} places were handed out and ${events.length} events are in the log`);
  }
  const gap = events.length === 0 ? 0 : firstMissing(known, head);
  if (gap > 0) findings.problem(`${name}: the log of ${writer} has a gap at ${gap}`);
  if (new Set(events.map((event) => event.id)).size !== events.length) {
    findings.problem(`${name}: an event id stands in the log twice`);
  }
}

/** The first place up to `head` that is not known; 0 when all are. */
function firstMissing(known: ReadonlySet<number>, head: number): number {
  for (let seq = 1; seq <= head; seq++) if (!known.has(seq)) return seq;
  return 0;
}

/** A reader's side: head = cursor + held + parked (+ what is not sent), and the chain of what was handled. */
function checkReader(
  stream: WrittenStream,
  reader: string,
  read: ReadStream | undefined,
  findings: Findings,
): void {
  const name = `${named(`${stream.topic}\n${stream.key}`)} at ${reader}`;
  const { lastSeq, digest, held, parked, skipped } = read ?? {
    lastSeq: 0,
    digest: '',
    held: new Set<number>(),
    parked: new Set<number>(),
    skipped: new Set<number>(),
  };
  if (lastSeq > stream.head)
    findings.problem(`${name}: handled up to ${lastSeq} of ${stream.head} that were written`);
  for (const [place, seqs] of Object.entries({ held, parked })) {
    for (const seq of seqs) {
      if (seq <= lastSeq)
        findings.problem(`${name}: event ${seq} is ${place} and counted as handled as well`);
      if (seq > stream.head) findings.problem(`${name}: event ${seq} is ${place} and was never written`);
    }
  }
  for (const { seq, pending } of stream.events) {
    if (seq > lastSeq && !pending && !held.has(seq) && !parked.has(seq)) {
      findings.problem(`${name}: event ${seq} is lost: neither handled, held, parked nor waiting to be sent`);
    }
  }
  // The chain goes through what was lost: it can be proven up to there, and by nobody behind it.
  if ([...stream.lost].some((seq) => seq <= lastSeq)) return;
  const handled = stream.events.filter((event) => event.seq <= lastSeq && !skipped.has(event.seq));
  if (digestOf(handled) !== digest) findings.problem(`${name}: ${explained(handled, digest)}`);
}

function digestOf(events: readonly LoggedEvent[]): string {
  return events.reduce((digest, event) => chained(digest, event.id), '');
}

/** Streams up to this length are searched for what explains their digest. */
const SEARCHED = 400;

/** What was handled instead of each once and in order, when one fault explains it. */
function explained(events: readonly LoggedEvent[], digest: string): string {
  for (const [i, event] of events.slice(0, SEARCHED).entries()) {
    const before = events.slice(0, i);
    const after = events.slice(i + 1);
    if (digestOf([...before, ...after]) === digest) {
      return `event ${event.seq} is lost: the cursor passed it and it was not handled`;
    }
    if (digestOf([...before, event, event, ...after]) === digest)
      return `event ${event.seq} was handled twice`;
    const next = after[0];
    if (next && digestOf([...before, next, event, ...after.slice(1)]) === digest) {
      return `event ${next.seq} was handled before event ${event.seq}: out of order`;
    }
  }
  return 'the events handled are not those written, each once and in order';
}

function named(id: string): string {
  return id.replace('\n', '/');
}
