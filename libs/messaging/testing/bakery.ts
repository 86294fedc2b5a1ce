/**
 * A bakery, to prove that messaging knows nothing of referrals: the counter writes orders, the oven reads them and
 * writes loaves, the counter counts those.
 */
import { randomBytes } from 'node:crypto';
import { declareEvent, sourceOf, type DataOf, type EventContract } from '@retorno/contracts';
import { Type } from 'typebox';
import { DataSource } from 'typeorm';
import { ManualClock, type Clock } from '../clock';
import { documentStore } from '../reading/document-store';
import { chained } from '../reading/cursors';
import type { Handler, MessagingOptions } from '../reading/handlers';
import { Messaging } from '../messaging';
import { envelopeOf } from '../writing/outbox';
import type { RelayOptions } from '../writing/relay';
import type { RollCallOptions } from '../roll-call/roll-call-deps';
import { Messaging1700000000000 } from '../schema';
import type {
  Lag,
  ResendRequest,
  Subscriber,
  Subscription,
  Transport,
  TransportRecord,
  Word,
} from '../transport';
import type { EventContext } from '../reading/unit-of-work';
import { noVault, type KeyVault } from '../vault/key-vault';

export const ORDERS = 'bakery.orders.v1';
export const LOAVES = 'bakery.loaves.v1';
export const NOON = new Date('2026-11-23T12:00:00.000Z');

export const OrderPlaced = declareEvent(
  'order-placed',
  1,
  Type.Object({
    n: Type.Integer(),
    note: Type.Optional(Type.String()),
    wrapping: Type.Optional(Type.String()),
  }),
  { personal: ['note'] },
);
/** A loaf for somebody. */
export const GiftOrdered = declareEvent(
  'gift-ordered',
  1,
  Type.Object({ n: Type.Integer(), recipient: Type.String() }),
  { personal: ['recipient'] },
);
export const LoafBaked = declareEvent('loaf-baked', 1, Type.Object({ n: Type.Integer() }));
export type OrderPlaced = DataOf<typeof OrderPlaced>;
export type LoafBaked = DataOf<typeof LoafBaked>;

/** What a service saw of a key, in the order in which it handled it. */
export interface Tally {
  seen: number[];
}

/** A dough rises until a moment, and is then woken. */
export interface Dough {
  riseUntil: string | null;
  woken: string[];
}

export const tallies = documentStore<Tally>({ name: 'tally', table: 'tally' });
export const doughs = documentStore<Dough>({
  name: 'dough',
  table: 'dough',
  dueAt: (dough) => (dough.riseUntil ? new Date(dough.riseUntil) : undefined),
});

const CONTRACTS = new Map<string, EventContract>(
  [OrderPlaced, GiftOrdered, LoafBaked].map((contract) => [
    contract.type,
    contract as unknown as EventContract,
  ]),
);
const WRITERS = new Map([
  [ORDERS, 'counter'],
  [LOAVES, 'oven'],
]);

const READERS = new Map([[ORDERS, ['oven']]]);

/** Who writes a bakery topic. */
export function bakeryWriterOf(topic: string): string | undefined {
  return WRITERS.get(topic);
}

/** What both services of the bakery tell messaging. */
export function bakeryOptions(service: string, subscribes: readonly string[]): MessagingOptions {
  return {
    service,
    stores: [tallies, doughs],
    subscribes,
    loads: ({ partitionkey: key }) => [tallies, doughs].map((store) => ({ store, key })),
    contractOf: (type) => CONTRACTS.get(type),
    writes: () => Promise.resolve(service === 'counter' ? [ORDERS] : []),
    writerOf: bakeryWriterOf,
    readersOf: (topic) => READERS.get(topic) ?? [],
    subjectOf: (_topic, key) => `customer/${key}`,
    ownsStream: (topic, event) => event.source === sourceOf(bakeryWriterOf(topic) ?? 'nobody'),
  };
}

const opened: { schemas: DataSource[]; shops: Messaging[] } = { schemas: [], shops: [] };

/** Ends whatever a test opened, also one that failed. */
export async function closeBakery(): Promise<void> {
  await Promise.all(opened.shops.splice(0).map((messaging) => messaging.stop()));
  await Promise.all(opened.schemas.splice(0).map((dataSource) => dataSource.destroy()));
}

/** Opens a schema of its own and makes messaging's tables and the bakery's in it. */
export async function openSchema(url: string, service: string): Promise<DataSource> {
  const schema = `${service}_${randomBytes(4).toString('hex')}`;
  const dataSource = new DataSource({
    type: 'postgres',
    url,
    schema,
    poolSize: 16,
    extra: { options: `-c search_path=${schema}` },
    migrations: [Messaging1700000000000],
  });
  await dataSource.initialize();
  opened.schemas.push(dataSource);
  await dataSource.query(`create schema ${schema}`);
  await dataSource.runMigrations({ transaction: 'all' });
  for (const table of ['tally', 'dough']) {
    await dataSource.query(
      `create table ${table} (key text primary key, version int not null, body text not null)`,
    );
  }
  return dataSource;
}

/** Notes the order in the tally of its key. */
export function tallyOrder(data: unknown, ctx: EventContext): void {
  const { n } = data as OrderPlaced;
  const key = ctx.event.partitionkey;
  ctx.set(tallies, key, { seen: [...(ctx.get(tallies, key)?.seen ?? []), n] });
}

/** A woken dough has risen: nothing more is due. */
export function wakeDough(_data: unknown, ctx: EventContext): void {
  const key = ctx.event.partitionkey;
  const dough = ctx.get(doughs, key)!;
  ctx.set(doughs, key, { riseUntil: null, woken: [...dough.woken, ctx.now.toISOString()] });
}

export interface Shop {
  readonly dataSource: DataSource;
  readonly messaging: Messaging;
  /** What was parked, as told to the service. */
  readonly parkings: string[];
}

export interface ShopOptions {
  dataSource: DataSource;
  service: 'counter' | 'oven';
  transport: Transport;
  clock?: Clock;
  relay?: RelayOptions;
  rollCall?: RollCallOptions;
  meetsFirst?: boolean;
  handlers?: Record<string, Handler>;
  subscribes?: readonly string[];
  keeps?: readonly string[];
  forget?: MessagingOptions['forget'];
  vault?: KeyVault;
}

/** A running service of the bakery; `start` is left to the test. The oven reads orders, the counter reads nothing. */
export function openShop(options: ShopOptions): Shop {
  const { dataSource, service, transport } = options;
  const parkings: string[] = [];
  const subscribes = options.subscribes ?? (service === 'oven' ? [ORDERS] : []);
  const messaging = new Messaging({
    dataSource,
    transport,
    clock: options.clock ?? new ManualClock(NOON),
    options: {
      ...bakeryOptions(service, subscribes),
      keeps: options.keeps ?? [],
      ...(options.forget ? { forget: options.forget } : {}),
      vault: options.vault ?? noVault,
    },
    onParked: (_topic, cause) => parkings.push(cause),
    ...(options.relay ? { relay: options.relay } : {}),
    ...(options.rollCall ? { rollCall: options.rollCall } : {}),
    meetsFirst: options.meetsFirst ?? false,
  });
  opened.shops.push(messaging);
  messaging.listen(
    new Map<string, Handler>([
      [OrderPlaced.type, tallyOrder],
      ['timer.dough', wakeDough],
      ...Object.entries(options.handlers ?? {}),
    ]),
  );
  return { dataSource, messaging, parkings };
}

/** A transport that does only what the test does by hand. */
export class Hatch implements Transport {
  readonly name = 'hatch';
  readonly published: TransportRecord[][] = [];
  readonly asked: ResendRequest[] = [];
  readonly subscribers: Subscriber[] = [];
  private readonly resenders = new Map<string, (request: ResendRequest) => Promise<void>>();
  /** What publishing does besides being noted. */
  onPublish: (records: readonly TransportRecord[]) => Promise<void> = async () => undefined;

  async publish(records: readonly TransportRecord[]): Promise<void> {
    this.published.push([...records]);
    await this.onPublish(records);
  }
  subscribe(subscriber: Subscriber): Subscription {
    this.subscribers.push(subscriber);
    return { pause: () => undefined, resume: () => undefined, close: async () => undefined };
  }
  /** Delivers to every subscriber, or to one of several instances. */
  async deliver(records: readonly TransportRecord[], to?: number): Promise<void> {
    const chosen = to === undefined ? this.subscribers : [this.subscribers[to]!];
    await Promise.all(chosen.map((subscriber) => subscriber.deliver(records)));
  }
  async requestResend(request: ResendRequest): Promise<void> {
    this.asked.push(request);
    await this.resenders.get(bakeryWriterOf(request.topic)!)?.(request);
  }
  onResendRequested(writer: string, listener: (request: ResendRequest) => Promise<void>): void {
    this.resenders.set(writer, listener);
  }
  async tell(_service: string, _word: Word): Promise<boolean> {
    return false;
  }
  onTold(): void {}
  async start(): Promise<void> {}
  async stop(): Promise<void> {}
  health(): { ok: boolean; detail: string } {
    return { ok: true, detail: 'by hand' };
  }
  lag(): Lag {
    return { events: 0, seconds: 0 };
  }
}

/** Commits orders at the counter, one transaction each. */
export async function placeOrders(counter: Shop, key: string, ...numbers: number[]): Promise<void> {
  for (const n of numbers) {
    await counter.messaging.command([], (unit) =>
      unit.publish({ topic: ORDERS, key, contract: OrderPlaced, data: { n } }),
    );
  }
}

/** What a service wrote to its log, as it would be published: stream by stream, in order. */
export async function written(shop: Shop, key?: string): Promise<TransportRecord[]> {
  const rows: { topic: string; key: string; key_seq: string; body: string }[] = await shop.dataSource.query(
    `select topic, key, key_seq, body from stream_head join event using (stream)
     where $1::text is null or key = $1 order by topic, key, key_seq`,
    [key ?? null],
  );
  return rows.map((row) => ({ topic: row.topic, envelope: envelopeOf(shop.messaging.service, row) }));
}

/** What the oven saw of a key. */
export async function seen(shop: Shop, key: string): Promise<number[]> {
  const rows: { body: string }[] = await shop.dataSource.query(`select body from tally where key = $1`, [
    key,
  ]);
  return rows[0] ? (JSON.parse(rows[0].body) as Tally).seen : [];
}

/** A reader's cursor of a stream. */
export async function cursorOf(
  shop: Shop,
  key: string,
  topic = ORDERS,
): Promise<{ lastSeq: number; digest: string } | undefined> {
  const rows: { last_seq: string; digest: string }[] = await shop.dataSource.query(
    `select last_seq, digest from stream_cursor where topic = $1 and key = $2`,
    [topic, key],
  );
  return rows[0] && { lastSeq: Number(rows[0].last_seq), digest: rows[0].digest };
}

/** The digest that a reader must have after these events, each once and in order. */
export function digestOf(records: readonly TransportRecord[]): string {
  return records.reduce((digest, record) => chained(digest, record.envelope.id), '');
}

/** Rows of a table of a shop. */
export async function count(shop: Shop, table: string): Promise<number> {
  const rows: { n: number }[] = await shop.dataSource.query(`select count(*)::int as n from ${table}`);
  return rows[0]!.n;
}
