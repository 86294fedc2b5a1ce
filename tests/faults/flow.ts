/** What is under way between the services at a moment, read from their databases past everything that is disturbed. */
import { topicMatches } from '@retorno/contracts';
import { subscriptionsOf } from './streams';

/** How far one service is behind a topic. */
export interface Behind {
  reader: string;
  topic: string;
  events: number;
}

export interface Flow {
  /** Events committed and not yet handled by everybody who reads them, and those that nobody reads but are not sent yet. */
  inFlight: number;
  behind: readonly Behind[];
  /** By service: rows that wait to be sent, events held, events parked within their streams, timers late by 10 s. */
  waiting: Readonly<Record<string, { outbox: number; held: number; parked: number; late: number }>>;
  /** Manifests that are still read. */
  manifests: number;
  /** Events ever written: moves whenever something happens. */
  written: number;
}

interface Sum {
  kind: string;
  service: string;
  topic: string;
  events: string;
}

/** Reads it; `services` are the schemas. */
export async function flowOf(
  query: (sql: string) => Promise<object[]>,
  services: readonly string[],
): Promise<Flow> {
  const sums = (await query(
    services
      .map(
        (s) => `
        select 'head' as kind, '${s}' as service, topic, sum(next_seq - 1) as events from "${s}".stream_head group by topic
        union all select 'cursor', '${s}', topic, sum(last_seq) from "${s}".stream_cursor
          where consumer = '${s}' group by topic
        union all select 'parked', '${s}', topic, count(*) from "${s}".parked where key_seq > 0 group by topic
        union all select 'unread', '${s}', 'outbox', coalesce(sum(events), 0) from "${s}".outbox
        union all select 'held', '${s}', 'held', count(*) from "${s}".held
        union all select 'late', '${s}', 'timer', count(*) from "${s}".timer
          where attempts < 3 and due_at < now() - interval '10 seconds'`,
      )
      .concat(`select 'manifests', 'intake', '', count(*) from intake.manifest where status = 'processing'`)
      .join(' union all '),
  )) as Sum[];
  const of = (kind: string, matches: (row: { service: string; topic: string }) => boolean): number =>
    sums.filter((row) => row.kind === kind && matches(row)).reduce((sum, row) => sum + Number(row.events), 0);
  const topics = [...new Set(sums.filter((row) => row.kind === 'head').map((row) => row.topic))];
  const behind = services.flatMap((reader) =>
    topics
      .filter((topic) => subscriptionsOf(reader).some((pattern) => topicMatches(pattern, topic)))
      .map((topic) => {
        const own = (row: { service: string; topic: string }): boolean =>
          row.service === reader && row.topic === topic;
        const events = of('head', (row) => row.topic === topic) - of('cursor', own) - of('parked', own);
        return { reader, topic, events };
      }),
  );
  const waiting = Object.fromEntries(
    services.map((service) => {
      const mine = (row: { service: string }): boolean => row.service === service;
      const [outbox, held, parked, late] = ['unread', 'held', 'parked', 'late'].map((kind) => of(kind, mine));
      return [service, { outbox: outbox!, held: held!, parked: parked!, late: late! }];
    }),
  );
  const unread = Object.values(waiting).reduce((sum, { outbox }) => sum + outbox, 0);
  const unhandled = behind.reduce((sum, { events }) => sum + events, 0);
  return {
    inFlight: Math.max(unread, unhandled),
    behind,
    waiting,
    manifests: of('manifests', () => true),
    written: of('head', () => true),
  };
}

/** Nothing is on its way: what is not handled is parked. */
export function isAtRest(flow: Flow): boolean {
  const waits = Object.values(flow.waiting).some(({ outbox, held, late }) => outbox + held + late > 0);
  return !waits && flow.manifests === 0 && flow.behind.every(({ events }) => events === 0);
}

/** What stands still, and where, in one line. */
export function describeFlow(flow: Flow): string {
  const waiting = Object.entries(flow.waiting).flatMap(([service, of]) =>
    Object.entries(of)
      .filter(([, count]) => count > 0)
      .map(([what, count]) => `${service} ${what} ${count}`),
  );
  const behind = flow.behind
    .filter(({ events }) => events !== 0)
    .map(({ reader, topic, events }) => `${reader} is ${events} events behind ${topic}`);
  const manifests = flow.manifests > 0 ? [`${flow.manifests} manifests are being read`] : [];
  return [...waiting, ...behind, ...manifests].join('; ') || 'nothing';
}
