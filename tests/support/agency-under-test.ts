/** One agency's service with a database of its own, and the coordinator played by the test. */
import { agencyService, type AgencyDefinition } from '@retorno/agency';
import {
  answersTopic,
  CATALOGUE_TOPIC,
  ReferralRequested,
  requestsTopic,
  sourceOf,
  type DataOf,
  type Envelope,
  type EventContract,
} from '@retorno/contracts';
import { EmbeddedTransport, ManualClock } from '@retorno/messaging';
import { createLogger, createService, type RunningService } from '@retorno/service';
import { eventually } from './eventually';
import { startPostgres } from './postgres';
import { visitors } from './visitors';

const START = new Date('2026-11-23T15:00:00.000Z');

/** An answer or correction as the coordinator gets it. */
export type Told = Envelope<{ referralId: string; status: string; businessStatus?: string; office?: string }>;

export class AgencyUnderTest {
  readonly clock = new ManualClock(START);
  readonly answers: Told[] = [];
  readonly catalogues: Envelope[] = [];
  private readonly seqs = new Map<string, number>();
  private ids = 0;
  private transport!: EmbeddedTransport;
  private service!: RunningService;
  private login!: string;

  private constructor(
    private readonly agency: AgencyDefinition,
    private readonly postgres: Awaited<ReturnType<typeof startPostgres>>,
  ) {}

  static async start(agency: AgencyDefinition): Promise<AgencyUnderTest> {
    const one = new AgencyUnderTest(agency, await startPostgres());
    await one.up();
    return one;
  }

  async restart(): Promise<void> {
    await this.down();
    await this.up();
  }

  /** As before the first referral; limits are as if none had been set. */
  async forget(): Promise<void> {
    await this.query('truncate referral, places, timer');
    this.answers.length = 0;
    this.catalogues.length = 0;
    this.clock.moveTo(START);
  }

  async stop(): Promise<void> {
    await this.down();
    await this.postgres.stop();
  }

  /** Sends an event as the coordinator would; `seq` repeats an earlier one of the stream. */
  async send<C extends EventContract>(
    contract: C,
    data: DataOf<C>,
    key: string,
    seq?: number,
  ): Promise<void> {
    const keyseq = seq ?? (this.seqs.get(key) ?? 0) + 1;
    this.seqs.set(key, Math.max(keyseq, this.seqs.get(key) ?? 0));
    const envelope: Envelope = {
      specversion: '1.0',
      id: `${key}-${keyseq}`,
      source: sourceOf('coordinator'),
      type: contract.type,
      time: this.clock.now().toISOString(),
      dataschema: contract.dataschema,
      datacontenttype: 'application/json',
      partitionkey: key,
      keyseq,
      data,
    };
    await this.transport.publish([{ topic: requestsTopic(this.agency.slug), envelope }]);
  }

  /** A referral alone in its case, as the coordinator asks for it; `again` sends the last one once more. */
  async requested(changes: Partial<ReferralRequested> = {}): Promise<string> {
    const id = `ref-${String(++this.ids).padStart(4, '0')}`;
    const requestedAt = new Date(this.clock.now().getTime() + this.ids).toISOString();
    const data: ReferralRequested = {
      referralId: id,
      service: this.agency.services[0]!.code,
      basis: 'consent',
      provisional: false,
      requestedAt,
      ackDueAt: '2026-11-24T15:00:00.000Z',
      dueAt: '2026-11-26T15:00:00.000Z',
      returnee: { familyNames: 'Quispe', givenNames: 'Rosa' },
      ...changes,
    };
    await this.send(ReferralRequested, data, caseOf(id), 1);
    return id;
  }

  http() {
    return visitors.request.agent(this.service.http).set('authorization', this.login);
  }

  async read(id: string) {
    return (await this.http().get(`/agencies/${this.agency.slug}/referrals/${id}`)).body;
  }

  answer(id: string, body: object, key?: string) {
    return this.post(id, 'answers', body, key);
  }

  correct(id: string, body: object, key?: string) {
    return this.post(id, 'corrections', body, key);
  }

  /** What the coordinator was told of a referral, once there is as much as expected. */
  async told(id: string, count: number): Promise<Told[]> {
    const mine = () => this.answers.filter((a) => a.partitionkey === caseOf(id));
    await eventually(() => mine().length >= count);
    // As the coordinator reads them: what is personal stands sealed.
    const topic = answersTopic(this.agency.slug);
    const opened = await this.service.messaging.opened(mine().map((envelope) => ({ topic, envelope })));
    return opened.map(({ envelope }) => envelope as Told);
  }

  query<T extends object>(sql: string): Promise<T[]> {
    return this.service.messaging.dataSource.query(sql);
  }

  private post(id: string, what: string, body: object, key?: string) {
    const call = this.http().post(`/agencies/${this.agency.slug}/referrals/${id}/${what}`);
    return (key === undefined ? call : call.set('Idempotency-Key', key)).send(body);
  }

  private async up(): Promise<void> {
    const { slug } = this.agency;
    this.login = await visitors.loginOf({
      name: `staff of ${slug}`,
      roles: ['agency-worker', 'integration'],
      agency: slug,
    });
    this.transport = new EmbeddedTransport();
    this.service = await createService(agencyService(this.agency), {
      databaseUrl: this.postgres.url,
      transport: this.transport,
      clock: this.clock,
      logger: createLogger(slug, 'silent'),
      env: { VAULT_KEY: 'ab'.repeat(32), ...visitors.env },
    });
    const collect = (topic: string, into: Envelope[]) =>
      this.transport.subscribe({
        consumer: `test-${topic}`,
        topics: [topic],
        deliver: async (records) => void into.push(...records.map((record) => record.envelope)),
      });
    collect(answersTopic(slug), this.answers as Envelope[]);
    collect(CATALOGUE_TOPIC, this.catalogues);
    await this.transport.start();
    await this.service.start();
  }

  private async down(): Promise<void> {
    await this.service.stop();
    await this.transport.stop();
  }
}

/** The reference of the case that a referral is alone in. */
export function caseOf(referralId: string): string {
  return `case-of-${referralId}`;
}
