/**
 * When agencies offer something else than before, every case is looked at again: open ones catch up, and of ended ones
 * somebody is told. A case's line says what it was last planned with, so nothing is remembered elsewhere: whoever dies in
 * the middle, the next look goes on with the cases that are behind.
 */
import { Injectable, Logger, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { causeOf, Messaging } from '@retorno/messaging';
import { counter } from '@retorno/service';
import { setTimeout as pause } from 'node:timers/promises';
import { Casework, loadsOf } from './casework';
import { CatalogueShelf } from './catalogues';
import { Lull } from './lull';
import { fingerprintOf, offersOf } from '../saga/plan/offers';
import { caseStore } from './stores';

/** Agencies that are started together publish within moments of each other: one look for all of them, ms. */
const QUIET_MS = 2000;
/** How often cases are looked for that were planned by an instance that had not heard yet, or left by one that died, ms. */
const LOOK_MS = 60_000;
/** Cases in a transaction. */
const AT_ONCE = 100;
/** Ended cases have no line: they are gone through this often, the second time for what other instances ended meanwhile. */
const PASSES = 2;

const lookedAt = counter(
  'cases_caught_up_total',
  'Cases looked at since the start because agencies offer something else than when they were planned',
  ['were'],
);

type Next = (after: string) => Promise<{ key: string }[]>;

@Injectable()
export class CatchUpSweep implements OnModuleInit, OnModuleDestroy {
  private readonly logger = new Logger(CatchUpSweep.name);
  private readonly published = new Lull(QUIET_MS, () => void this.sweep());
  private timer: NodeJS.Timeout | undefined;
  private sweeping: Promise<void> | undefined;
  private stopped = false;
  /** How often ended cases were gone through, and for which offers. */
  private ended = { offers: '', passes: 0 };

  constructor(
    private readonly messaging: Messaging,
    private readonly catalogues: CatalogueShelf,
    private readonly casework: Casework,
  ) {}

  onModuleInit(): void {
    this.heard();
    this.timer = setInterval(() => this.published.awaited || void this.sweep(), LOOK_MS);
    this.timer.unref();
  }

  onModuleDestroy(): void {
    this.stopped = true;
    clearInterval(this.timer);
    this.published.stop();
  }

  /** An agency has published: cases are looked at once no other publishes any more. */
  heard(): void {
    this.published.heard();
  }

  /** Looks at all cases that are behind; one sweep at a time. */
  sweep(): Promise<void> {
    this.sweeping ??= this.all()
      .catch((error: unknown) => {
        if (!this.stopped) this.logger.warn(`cases that are behind were not looked at: ${causeOf(error)}`);
      })
      .finally(() => (this.sweeping = undefined));
    return this.sweeping;
  }

  private async all(): Promise<void> {
    await this.catalogues.refresh();
    for (let offers = ''; offers !== this.offers() && !this.stopped;) {
      offers = this.offers();
      if (!(await this.each('open', this.behind(offers)))) return;
      if (this.ended.offers !== offers) this.ended = { offers, passes: 0 };
      if (this.ended.passes >= PASSES) continue;
      if (!(await this.each('ended', this.endedWithout()))) return;
      this.ended.passes++;
    }
  }

  private offers(): string {
    return fingerprintOf(this.catalogues.current());
  }

  /** Open cases that were planned with other offers. */
  private behind(offers: string): Next {
    return (after) =>
      this.messaging.dataSource.query(
        `select key from open_case where offers <> $1 and key > $2 order by key limit ${AT_ONCE}`,
        [offers, after],
      );
  }

  /** Ended cases with a need that nobody offered, and somebody does now. */
  private endedWithout(): Next {
    const offers = offersOf(this.catalogues.current());
    const codes = [...new Set(offers.flatMap((o) => [o.code, ...o.for, ...(o.equivalentTo ?? [])]))];
    return (after) =>
      this.messaging.dataSource.query(
        `select key from case_file
         where unoffered <> '{}' and unoffered && $1::text[] and status = 'completed' and key > $2
         order by key limit ${AT_ONCE}`,
        [codes, after],
      );
  }

  /** Part by part, resting after each for as long as it took; false when another instance is at it. */
  private async each(were: 'open' | 'ended', next: Next): Promise<boolean> {
    let count = 0;
    for (let after = ''; !this.stopped;) {
      const began = performance.now();
      const keys = (await next(after)).map(({ key }) => key);
      if (keys.length === 0) break;
      if (!(await this.look(keys))) return false;
      lookedAt.inc({ were }, keys.length);
      count += keys.length;
      after = keys.at(-1)!;
      await pause(performance.now() - began, undefined, { ref: false });
    }
    if (count > 0) this.logger.log(`${count} ${were} cases were held against what agencies offer now`);
    return true;
  }

  /** In one transaction; where one case fails, each in its own: it holds nobody up, and is tried again at the next look. */
  private async look(keys: readonly string[]): Promise<boolean> {
    try {
      return await this.lookTogether(keys);
    } catch (error) {
      if (keys.length > 1) {
        for (const key of keys) if (!(await this.look([key]))) return false;
        return true;
      }
      this.logger.warn(`a case could not catch up with what agencies offer: ${causeOf(error)}`);
      return true;
    }
  }

  private lookTogether(keys: readonly string[]): Promise<boolean> {
    return this.messaging.command(keys.flatMap(loadsOf), async (unit) => {
      const [lock]: { taken: boolean }[] = await unit.tx.query(
        `select pg_try_advisory_xact_lock(hashtext('catch-up'), hashtext(current_schema())) as taken`,
      );
      if (!lock?.taken) return false;
      const offers = this.offers();
      for (const key of keys) {
        if (unit.get(caseStore, key)) this.casework.decide(unit, key, { type: 'catalogue-changed' });
      }
      await unit.tx.query('update open_case set offers = $1 where key = any($2)', [offers, keys]);
      return true;
    });
  }
}
