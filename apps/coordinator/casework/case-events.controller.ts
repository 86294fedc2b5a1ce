import { Controller } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import {
  AnswerCorrected,
  CataloguePublished,
  ConsentChanged,
  DuplicateSuspected,
  ErasureRequested,
  ReferralAnswered,
  ReturneeChanged,
  ReturneeRegistered,
} from '@retorno/contracts';
import { Messaging, timerPattern, type EventContext } from '@retorno/messaging';
import { findReferral } from '../saga/case';
import { Casework } from './casework';
import { CatalogueShelf } from './catalogues';
import { CatchUpSweep } from './catch-up-sweep';
import { Erasure } from '../erasure/erasure';
import { LostFacts } from '../restoring/lost-facts';
import { isPairDecided } from './merged-cases';
import { meet } from './person-file';
import { AgencyPace } from '../roundtable/pace';
import { caseStore, catalogueStore } from './stores';

/** Everything that reaches cases from outside, and from time. */
@Controller()
export class CaseEventsController {
  constructor(
    private readonly casework: Casework,
    private readonly catalogues: CatalogueShelf,
    private readonly messaging: Messaging,
    private readonly erasure: Erasure,
    private readonly lostFacts: LostFacts,
    private readonly pace: AgencyPace,
    private readonly sweep: CatchUpSweep,
  ) {}

  @EventPattern<string>(ReturneeRegistered.type)
  async registered(@Payload() data: ReturneeRegistered, @Ctx() ctx: EventContext): Promise<void> {
    const caseId = ctx.event.partitionkey;
    // Said again by an intake that was restored: news only where our own database has lost something of the case as well.
    if (ctx.get(caseStore, caseId)) {
      if (await this.lostFacts.hasEverLost(ctx, caseId)) this.changed(data, ctx);
      return;
    }
    const behind = await this.lostFacts.lastOf(ctx, caseId);
    meet(ctx, caseId, data);
    this.casework.decide(ctx, caseId, { type: 'registered', caseId, data }, behind);
  }

  @EventPattern<string>(ReturneeChanged.type)
  changed(@Payload() data: ReturneeChanged, @Ctx() ctx: EventContext): void {
    const caseId = ctx.event.partitionkey;
    // Intake says it again of the case that goes on, once it knows.
    if (this.casework.isMerged(ctx, caseId)) return;
    const { changed, moved } = meet(ctx, caseId, data);
    this.casework.decide(ctx, caseId, { type: 'changed', data });
    this.casework.tellChanges(ctx, caseId, changed, { moved });
  }

  @EventPattern<string>(ConsentChanged.type)
  consentChanged(@Payload() data: ConsentChanged, @Ctx() ctx: EventContext): void {
    this.casework.decide(ctx, ctx.event.partitionkey, { type: 'consent-changed', consent: data.consent });
  }

  @EventPattern<string>(DuplicateSuspected.type)
  async duplicateSuspected(@Payload() data: DuplicateSuspected, @Ctx() ctx: EventContext): Promise<void> {
    const caseId = await this.casework.holderOf(ctx, ctx.event.partitionkey);
    // The suspicion may have been raised, and settled, on the other side only.
    if (await isPairDecided(ctx, caseId, data.otherCaseId)) return;
    this.casework.decide(ctx, caseId, { type: 'duplicate-suspected', data });
  }

  @EventPattern<string>(ErasureRequested.type)
  erasureRequested(@Payload() _data: ErasureRequested, @Ctx() ctx: EventContext): Promise<void> {
    return this.erasure.take(ctx, ctx.event.partitionkey);
  }

  @EventPattern<string>(ReferralAnswered.type)
  async answered(@Payload() data: ReferralAnswered, @Ctx() ctx: EventContext): Promise<void> {
    const { agency, caseId: known } = this.casework.answerOf(ctx.topic, ctx.event.partitionkey);
    const caseId = await this.casework.holderOf(ctx, known, data.referralId);
    if (data.restated && !(await this.lostFacts.hasEverLost(ctx, caseId))) return;
    await this.decidedAgain(ctx, caseId, data.referralId);
    this.casework.decide(ctx, caseId, { type: 'answered', agency, data });
  }

  @EventPattern<string>(AnswerCorrected.type)
  async answerCorrected(@Payload() data: AnswerCorrected, @Ctx() ctx: EventContext): Promise<void> {
    const { agency, caseId: known } = this.casework.answerOf(ctx.topic, ctx.event.partitionkey);
    const caseId = await this.casework.holderOf(ctx, known, data.referralId);
    await this.decidedAgain(ctx, caseId, data.referralId);
    this.casework.decide(ctx, caseId, { type: 'answer-corrected', agency, data });
  }

  /**
   * Throws while an answer belongs to a decision that our database, restored from an older copy, has yet to make again: it
   * is parked and tried again. Once one fits, the agency's stream of this case is as it was.
   */
  private async decidedAgain(ctx: EventContext, caseId: string, referralId: string): Promise<void> {
    const { partitionkey } = ctx.event;
    if (!this.messaging.hasLost(partitionkey)) return;
    const state = ctx.get(caseStore, caseId)?.state;
    const isAsked = state && findReferral(state, referralId)?.requestedAt;
    if (!state) throw new Error('its case is not known here (any more): see GET /cases/lost');
    if (!isAsked) throw new Error('its case is still to be decided again');
    await this.messaging.heal(ctx.tx, partitionkey);
  }

  @EventPattern<string>(CataloguePublished.type)
  cataloguePublished(@Payload() data: CataloguePublished, @Ctx() ctx: EventContext): void {
    ctx.set(catalogueStore, data.agency, data);
    this.catalogues.put(data);
    // Also when nothing changed: a start is when cases may have been waiting for this agency.
    ctx.afterCommit(() => {
      this.sweep.heard();
      this.pace.heard(data.agency, ctx.now.toISOString(), false);
    });
  }

  @EventPattern<string>(timerPattern('case'))
  timePassed(@Payload() data: { key: string }, @Ctx() ctx: EventContext): void {
    this.casework.decide(ctx, data.key, { type: 'time-passed' });
  }
}
