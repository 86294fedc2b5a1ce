/** The whole system as stories use it: real database, time by hand, and nothing but the public HTTP interface. */
import type { AgencyDefinition } from '@retorno/agency';
import type { Envelope } from '@retorno/contracts';
import { ManualClock, type Transport, type TransportRecord } from '@retorno/messaging';
import { createLogger } from '@retorno/service';
import { Pool } from 'pg';
import { freshSecrets, type Secrets } from '../../apps/local/secrets';
import { startTopology, type Topology } from '../../apps/local/topology';
import { check } from '../faults/checker';
import { actingAs, bearerFor, bearersOf, issuerWithin, type Bearer, type Bearers } from './bearers';
import { referralOf, type Case } from './case-view';
import { eventually, isSo } from './eventually';
import { addWorkingDays } from './lima-days';
import { followLive, type LiveConnection } from './live';
import { startPostgres, type TestDatabase } from './postgres';
import { returneeBody, type ReturneeBody } from './returnee';
import { fewAgencies } from './roundtable';

/** A Monday, ten o'clock in Lima; the next holidays are 8 and 9 December. */
const START = '2026-11-23T15:00:00.000Z';

/** What a service is not done without. */
const OUTCOMES: Readonly<Record<string, unknown>> = { 'special-protection-unit': 'decided' };

const SECRETS: Secrets = {
  ...freshSecrets(),
  databasePassword: 'only-for-tests',
  pairwiseKey: '0123456789abcdef'.repeat(4),
  vaultKey: 'fedcba9876543210'.repeat(4),
};

export interface Registered {
  returneeId: string;
  caseId: string;
  caseNumber: string;
}

export interface Answered {
  status: number;
  headers: Headers;
  body: any;
}

export interface SystemOptions {
  /** Beside the few of most stories, or instead of them with `alone`. */
  fixtures?: readonly AgencyDefinition[];
  alone?: boolean;
  at?: string;
  env?: Record<string, string>;
  /** Default: a free one. */
  port?: number;
  /** A transport for each start, between the services; default: within the process. */
  transport?: () => Transport;
  /** Takes every line of the log, down to the finest. */
  log?: (line: string) => void;
}

export class System {
  /** The logins of whoever a request is the business of. */
  private bearers: Bearers;
  private readonly admin: Pool;

  private constructor(
    readonly database: TestDatabase,
    public topology: Topology,
    readonly clock: ManualClock,
    private readonly begin: () => Promise<Topology>,
    /** Those that take part from the next start on. */
    private readonly agencies: AgencyDefinition[],
    private readonly isOverBroker: boolean,
  ) {
    this.admin = new Pool({ connectionString: database.url, max: 1, idleTimeoutMillis: 0 });
    // The database ends connections in some stories.
    this.admin.on('error', () => undefined);
    this.bearers = bearersOf(issuerWithin(topology.url, SECRETS));
  }

  static async start(options: SystemOptions = {}): Promise<System> {
    const clock = new ManualClock(new Date(options.at ?? START));
    const database = await startPostgres();
    try {
      const agencies = [...(options.alone ? [] : fewAgencies()), ...(options.fixtures ?? [])];
      const begin = (): Promise<Topology> =>
        startTopology({
          adminUrl: database.url,
          secrets: SECRETS,
          agencies,
          port: options.port ?? 0,
          logger: options.log
            ? createLogger(undefined, 'trace', { write: options.log })
            : createLogger('stories', process.env['TEST_LOG'] ?? 'silent'),
          clock,
          env: options.env ?? {},
          ...(options.transport ? { transport: options.transport() } : {}),
          // Nothing is at rest before its outbox is empty, and stories wait for that at each step.
          relay: { forgetMs: 5 },
          // What was written just before a restart counts as well: stories are short.
          rollCall: { youngMs: 0 },
        });
      return new System(database, await begin(), clock, begin, agencies, options.transport !== undefined);
    } catch (error) {
      await database.stop();
      throw error;
    }
  }

  /** Ends all services and starts them again; `between` may do to the database what happens to databases. */
  async restart(between: () => Promise<void> = async () => undefined): Promise<void> {
    await this.topology.stop();
    await between();
    this.topology = await this.begin();
    this.bearers = bearersOf(issuerWithin(this.topology.url, SECRETS));
  }

  /** Starts again with more agencies; open cases have caught up with what they offer then. */
  async join(joining: readonly AgencyDefinition[]): Promise<void> {
    const caughtUp = async () => (await this.metrics())['retorno_cases_caught_up_total'] ?? 0;
    const before = await caughtUp();
    const open = (await this.all('/cases?status=open')).length;
    this.agencies.push(...joining);
    await this.restart();
    await eventually(async () => (await caughtUp()) >= before + open, 60_000);
    await this.settle();
  }

  /** Stops it, after proving from the databases that nothing was lost, doubled, forgotten or parked. */
  async stop(): Promise<void> {
    try {
      await this.settle();
      const { problems, parked } = await check(this.database.url, { now: this.clock.now() });
      expect({ problems, parked }).toEqual({ problems: [], parked: 0 });
    } finally {
      await this.topology.stop();
      await this.admin.end();
      await this.database.stop();
    }
  }

  /** The Authorization header of somebody in particular. */
  bearer(of: Bearer): Promise<string> {
    return bearerFor(of, issuerWithin(this.topology.url, SECRETS));
  }

  /** Any request, by whoever it is the business of; a body that is not text goes as JSON. */
  async call(
    method: string,
    path: string,
    given?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answered> {
    const { body, as } = actingAs(path, given);
    const json = body !== undefined && typeof body !== 'string' && !Buffer.isBuffer(body);
    const response = await fetch(`${this.topology.url}${path}`, {
      method,
      headers: {
        authorization: await (as ? this.bearer(as) : this.bearers(method, path)),
        ...(json ? { 'content-type': 'application/json' } : {}),
        ...headers,
      },
      ...(body === undefined ? {} : { body: json ? JSON.stringify(body) : (body as string | Buffer) }),
    });
    const text = await response.text();
    const type = response.headers.get('content-type') ?? '';
    return {
      status: response.status,
      headers: response.headers,
      body: type.includes('json') ? JSON.parse(text) : text,
    };
  }

  /** The live view, as operations see it. */
  async follow(): Promise<LiveConnection> {
    return followLive(this.topology.url, await this.bearers('GET', '/live'));
  }

  /** What a GET answers; throws unless it is 200. */
  async get<T = any>(path: string): Promise<T> {
    const { status, body } = await this.call('GET', path);
    if (status !== 200) throw new Error(`GET ${path} answered ${status}: ${JSON.stringify(body)}`);
    return body as T;
  }

  /** Every item of a list, page by page. */
  async all<T = any>(path: string, limit = 200): Promise<T[]> {
    const items: T[] = [];
    for (let next: string | null = ''; next !== null;) {
      const page: { items: T[]; next: string | null } = await this.get(
        `${path}${path.includes('?') ? '&' : '?'}limit=${limit}${next && `&cursor=${encodeURIComponent(next)}`}`,
      );
      items.push(...page.items);
      next = page.next;
    }
    return items;
  }

  /** Registers a made-up person, different each time, and waits until the case is planned. */
  async register(changes: Partial<ReturneeBody> = {}): Promise<Registered> {
    const { status, body } = await this.call('POST', '/intake/returnees', returneeBody(changes));
    if (status > 201) throw new Error(`registration answered ${status}: ${JSON.stringify(body)}`);
    await this.settle();
    return body as Registered;
  }

  /** Registers a returnee; the case as it is then. */
  async arrive(changes: Partial<ReturneeBody> = {}): Promise<Case> {
    return this.caseOf(await this.register(changes));
  }

  /** Sends a manifest, and gives its report once it is done and its cases are planned. */
  async manifest(csv: string | Buffer): Promise<any> {
    const { status, body } = await this.call('POST', '/intake/manifests', csv, {
      'content-type': 'text/csv',
    });
    if (status !== 202) throw new Error(`the manifest was answered ${status}: ${JSON.stringify(body)}`);
    const report = await eventually(async () => {
      const found = await this.get(`/intake/manifests/${body.id}`);
      return found.status === 'processing' ? undefined : found;
    }, 60_000);
    await this.settle();
    return report;
  }

  caseOf(of: { caseId: string } | { id: string }): Promise<Case> {
    return this.get<Case>(`/cases/${'caseId' in of ? of.caseId : of.id}`);
  }

  /** What one agency's staff answer, and everything that follows from it. */
  async answer(
    referral: { agency: string; id: string },
    body: object,
    headers: Record<string, string> = {},
  ): Promise<Answered> {
    const path = `/agencies/${referral.agency}/referrals/${referral.id}/answers`;
    const answered = await this.call('POST', path, body, headers);
    await this.settle();
    return answered;
  }

  /** Answers that must be taken, one after the other; the case after them. */
  async answers(of: { id: string }, service: string, ...bodies: object[]): Promise<Case> {
    const referral = referralOf(await this.caseOf(of), service);
    for (const body of bodies) {
      const { status, body: said } = await this.answer(referral, body);
      if (status !== 201) throw new Error(`${service} was answered ${status}: ${JSON.stringify(said)}`);
    }
    return this.caseOf(of);
  }

  /** Accepts and completes a referral, with what its service has to give unless said otherwise. */
  complete(of: { id: string }, service: string, outcome: unknown = OUTCOMES[service]): Promise<Case> {
    const completed = { status: 'completed', ...(outcome === undefined ? {} : { outcome }) };
    return this.answers(of, service, { status: 'accepted' }, completed);
  }

  /** A command of operations that must succeed: `needs`, `close`, `referrals/{service}/cancel`. The case after it. */
  async command(of: { id: string }, path: string, body: object): Promise<Case> {
    const { status, body: said } = await this.try(of, path, body);
    if (status !== 200) throw new Error(`${path} answered ${status}: ${JSON.stringify(said)}`);
    return this.caseOf(of);
  }

  /** The same when it may be refused. */
  async try(of: { id: string }, path: string, body: object): Promise<Answered> {
    const [, service, verb] = /^referrals\/([^/]+)\/(\w+)$/.exec(path) ?? [];
    const place = service ? `referrals/${referralOf(await this.caseOf(of), service).id}/${verb}` : path;
    const answered = await this.call('POST', `/cases/${of.id}/${place}`, body);
    await this.settle();
    return answered;
  }

  /** What the returnee says of a delivery. */
  confirm(
    of: { id: string },
    service: string,
    outcome: 'confirmed' | 'disputed' = 'confirmed',
  ): Promise<Case> {
    return this.command(of, `referrals/${service}/confirmation`, {
      outcome,
      by: 'the returnee',
      channel: 'telephone',
    });
  }

  async consent(
    of: Registered,
    status: string,
    at = this.clock.now().toISOString(),
    terms: object = {},
  ): Promise<Case> {
    const { status: code, body } = await this.call('PUT', `/intake/returnees/${of.returneeId}/consent`, {
      status,
      at,
      ...terms,
    });
    if (code !== 200) throw new Error(`the consent was answered ${code}: ${JSON.stringify(body)}`);
    await this.settle();
    return this.caseOf(of);
  }

  /** How a referral looks to its agency. */
  async seenBy(agency: string, referral: { id: string }): Promise<any> {
    return this.get(`/agencies/${agency}/referrals/${referral.id}`);
  }

  /** What a service wrote to topics like this one, with what is personal opened: the log itself holds it sealed. */
  async written(service: string, topic: string): Promise<TransportRecord[]> {
    const { messaging } = this.topology.services.find(({ name }) => name === service)!;
    const rows: { topic: string; envelope: string }[] = await messaging.dataSource.query(
      'select topic, envelope from event_log where topic like $1 order by at, topic, key, key_seq',
      [topic],
    );
    return messaging.opened(
      rows.map((row) => ({ topic: row.topic, envelope: JSON.parse(row.envelope) as Envelope })),
    );
  }

  /** Lets time pass: `n d` working days in Lima, `n h` hours, or ms; what was due by then has happened. */
  async advance(time: string | number): Promise<void> {
    await this.moveTo(later(this.clock.now(), time));
  }

  /** Lets time pass to just after an instant. */
  async moveTo(instant: string | Date | null): Promise<void> {
    // Timers count as late after ten seconds, and only late ones can be waited for.
    this.clock.moveTo(new Date(new Date(instant!).getTime() + 11_000));
    await this.settle();
  }

  /** Waits until nothing is on its way: all outboxes are empty, no timer is late, and nothing moved meanwhile. */
  async settle(): Promise<void> {
    let quietAt = '';
    let moved = '';
    const quietNow = async (): Promise<boolean> => {
      const { handled, sent } = this.counts();
      moved = `${handled} ${sent}`;
      const quiet = await this.restsNow();
      const still = quiet && moved === quietAt && (!this.isOverBroker || (await this.hasArrived()));
      quietAt = quiet ? moved : '';
      return still;
    };
    const patience = 90_000;
    // A large manifest on a busy machine takes long: only where nothing moves any more is something wrong.
    for (let movedTo = ''; !(await isSo(quietNow, patience)); movedTo = moved) {
      if (moved === movedTo) {
        throw new Error(`does not come to rest: ${JSON.stringify(await this.metrics())}`);
      }
    }
  }

  /** One look at all services' tables: /metrics says the same, and costs twenty times as much. */
  private async restsNow(): Promise<boolean> {
    const restless = this.topology.services.map(
      ({ name }) =>
        `exists (select from "${name}".outbox) or exists (select from "${name}".send_again)
         or exists (select from "${name}".replay_wanted where asked_at is null)
         or exists (select from "${name}".timer where due_at < $1::timestamptz - interval '10 seconds')`,
    );
    const { rows } = await this.admin.query<{ rests: boolean }>({
      name: 'rests',
      text: `select not (${restless.join(' or ')}) as rests`,
      values: [this.clock.now().toISOString()],
    });
    return rows[0]!.rests;
  }

  private counts(): { handled: number; sent: number } {
    const all = this.topology.services.map(({ messaging }) => messaging.counts());
    return {
      handled: all.reduce((sum, { handled }) => sum + handled, 0),
      sent: all.reduce((sum, { sent }) => sum + sent, 0),
    };
  }

  /** What was sent over a broker is in no outbox any more: the databases say whether its readers have it. */
  private async hasArrived(): Promise<boolean> {
    return (await check(this.database.url, { now: this.clock.now() })).problems.length === 0;
  }

  /** Each figure of /metrics, summed over the services. */
  async metrics(): Promise<Record<string, number>> {
    const sums: Record<string, number> = {};
    for (const line of (await this.get<string>('/metrics')).split('\n')) {
      const [, name, value] = /^(\w+)\{[^}]*\} (\S+)$/.exec(line) ?? [];
      if (name) sums[name] = (sums[name] ?? 0) + Number(value);
    }
    return sums;
  }
}

function later(from: Date, time: string | number): Date {
  if (typeof time === 'number') return new Date(from.getTime() + time);
  const [count, unit] = time.split(' ');
  return unit === 'd'
    ? addWorkingDays(from, Number(count))
    : new Date(from.getTime() + Number(count) * 3_600_000);
}
