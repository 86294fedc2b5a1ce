/** Seals over all entries of the ledger, from time to time and beside the work. */
import { Inject, Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { Messaging } from '@retorno/messaging';
import { BEGINNING, LOGGER } from '@retorno/service';
import type { Logger } from 'pino';
import type { EntityManager } from 'typeorm';
import { hashOfSeal } from './entry';

/** How often a step is made; two make a seal, ms. */
const STEP_MS = 30_000;
/** Most rows of the ledger under one seal. */
const AT_ONCE = 100_000;

/** How far the next seal may reach, once every transaction of that moment has ended. */
interface Reach {
  readonly upto: string;
  /** The first transaction id that was not given out at that moment. */
  readonly horizon: string;
}

@Injectable()
export class LedgerSealing implements OnModuleInit, OnModuleDestroy {
  private reach: Reach | undefined;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly messaging: Messaging,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onModuleInit(): void {
    this.timer = setInterval(() => void this.step().catch(() => undefined), STEP_MS);
    this.timer.unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
  }

  /**
   * Looks how far ids were given out, or, a step later, seals up to there. Ids are not committed in their order: only
   * when every transaction of the first look has ended can nothing more appear below it. Nobody is locked out.
   */
  async step(): Promise<void> {
    const { manager } = this.messaging.dataSource;
    if (!this.reach) {
      this.reach = await reachOf(manager);
      return;
    }
    const { upto, horizon } = this.reach;
    const [now]: { over: boolean }[] = await manager.query(
      'select pg_snapshot_xmin(pg_current_snapshot()) >= $1::xid8 as over',
      [horizon],
    );
    if (!now?.over) return;
    this.reach = undefined;
    const at = this.messaging.clock.now().toISOString();
    for (;;) {
      const sealed = await this.messaging.dataSource.transaction((tx) => seal(tx, upto, at));
      if (!sealed) return;
      const { hash, number, entries } = sealed;
      this.logger.info({ seal: number, entries, hash }, 'ledger sealed');
    }
  }
}

/** Undefined when nothing was added since the last seal. */
async function reachOf(manager: EntityManager): Promise<Reach | undefined> {
  // In this order: what is given out after the look at the ids may be of a transaction that begins after it.
  const [ids]: { upto: string; since: string }[] = await manager.query(
    `select last_value as upto, coalesce((select max(upto) from disclosure_seal), 0) as since from disclosure_id_seq`,
  );
  const [moment]: { horizon: string }[] = await manager.query(
    'select pg_snapshot_xmax(pg_current_snapshot())::text as horizon',
  );
  if (!ids || !moment || BigInt(ids.upto) <= BigInt(ids.since)) return undefined;
  return { upto: ids.upto, horizon: moment.horizon };
}

/** Writes the next seal; undefined when there is nothing to seal, or another instance is at it. */
async function seal(
  tx: EntityManager,
  most: string,
  at: string,
): Promise<{ number: number; entries: number; hash: string } | undefined> {
  const [lock]: { taken: boolean }[] = await tx.query(
    `select pg_try_advisory_xact_lock(hashtext('disclosure_seal'), hashtext(current_schema())) as taken`,
  );
  if (!lock?.taken) return undefined;
  const [last]: { number: number; upto: string; hash: string }[] = await tx.query(
    `select number, upto, encode(hash, 'hex') as hash from disclosure_seal order by number desc limit 1`,
  );
  const [next]: { upto: string | null; entries: number; digest: string }[] = await tx.query(
    `select max(id) as upto, count(*)::int as entries,
       encode(sha256(coalesce(string_agg(hash, ''::bytea order by id), ''::bytea)), 'hex') as digest
     from (select id, hash from disclosure where id > $1 and id <= $2 order by id limit ${AT_ONCE}) as d`,
    [last?.upto ?? '0', most],
  );
  if (!next?.upto) return undefined;
  const { entries, digest, upto } = next;
  const number = (last?.number ?? 0) + 1;
  const hash = hashOfSeal({ number, at, upto, entries, digest }, last?.hash ?? BEGINNING);
  await tx.query(
    'insert into disclosure_seal (number, at, upto, entries, digest, hash) values ($1, $2, $3, $4, $5, $6)',
    [number, at, upto, entries, `\\x${digest}`, `\\x${hash}`],
  );
  return { number, entries, hash };
}
