/** Where an agency's decisions meet its documents and its streams. */
import { Inject, Injectable, Logger, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { AnswerCorrected, answersTopic, ReferralAnswered } from '@retorno/contracts';
import { causeOf, Messaging, type UnitOfWork } from '@retorno/messaging';
import type { Handled } from './deciding';
import type { AgencyDefinition } from './definition';
import { AgencyFeed } from './live';
import { follow, turns, type Places } from './places';
import { readPlaces } from './places-table';
import type { AgencyReferral } from './referral';
import { placesStore, referralStore } from './stores';

/** Injection token of the agency's definition. */
export const AGENCY = Symbol('agency');

/** How often those whose turn it is are looked for, ms: whoever freed a place may have died before waking them. */
const LOOK_MS = 60_000;

@Injectable()
export class Desk implements OnModuleInit, OnModuleDestroy {
  private readonly logger = new Logger(Desk.name);
  private timer: NodeJS.Timeout | undefined;

  constructor(
    @Inject(AGENCY) private readonly agency: AgencyDefinition,
    private readonly messaging: Messaging,
    private readonly feed: AgencyFeed,
  ) {}

  onModuleInit(): void {
    if (!this.hasOffices) return;
    void this.look();
    this.timer = setInterval(() => void this.look(), LOOK_MS);
    this.timer.unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
  }

  /** The agency's places, as this unit has them; undefined while there are no limits. */
  places(unit: UnitOfWork): Places | undefined {
    return this.hasOffices ? unit.get(placesStore, this.agency.slug) : undefined;
  }

  /** Stores what was decided and tells the coordinator. `before` is the referral as it was. */
  take(unit: UnitOfWork, before: AgencyReferral | undefined, handled: Handled): void {
    const { referral, answers, corrected } = handled;
    const topic = answersTopic(this.agency.slug);
    const key = referral.caseRef;
    unit.set(referralStore, referral.id, referral);
    this.tell(unit, referral);
    for (const data of answers) unit.publish({ topic, key, contract: ReferralAnswered, data });
    if (corrected) unit.publish({ topic, key, contract: AnswerCorrected, data: corrected });
    const places = this.places(unit);
    if (places) this.setPlaces(unit, follow(places, before, referral));
  }

  /** Stores the places, and wakes whose turn it is then. */
  setPlaces(unit: UnitOfWork, places: Places): void {
    unit.set(placesStore, this.agency.slug, places);
    if (this.feed.isFollowed) unit.afterCommit(() => this.feed.emit({ type: 'places-changed' }));
    const next = [...turns(this.agency, places).keys()];
    if (next.length > 0) unit.afterCommit(() => void this.wake(next));
  }

  private tell(unit: UnitOfWork, { id, service, status, businessStatus }: AgencyReferral): void {
    if (!this.feed.isFollowed) return;
    const more = businessStatus === undefined ? {} : { businessStatus };
    unit.afterCommit(() => this.feed.emit({ type: 'referral-changed', id, service, status, ...more }));
  }

  private get hasOffices(): boolean {
    return Boolean(this.agency.offices?.length);
  }

  private async look(): Promise<void> {
    try {
      const places = await readPlaces(this.messaging, this.agency);
      if (places) await this.wake([...turns(this.agency, places).keys()]);
    } catch (error) {
      this.logger.warn(`those who wait for an office were not looked at: ${causeOf(error)}`);
    }
  }

  /** Whoever is not woken now is looked for again within a minute. */
  private async wake(ids: readonly string[]): Promise<void> {
    await this.messaging.wakeNow(referralStore, ids).catch((error: unknown) => {
      this.logger.warn(`those whose turn it is were not woken: ${causeOf(error)}`);
    });
  }
}
