import { Controller } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import {
  AnswerCorrected,
  CataloguePublished,
  ConsentChanged,
  DuplicateSuspected,
  ReferralAnswered,
  ReturneeChanged,
  ReturneeRegistered,
} from '@retorno/contracts';
import { timerPattern, type EventContext } from '@retorno/messaging';
import { Casework } from './casework';
import { CatalogueShelf } from './catalogues';
import { catalogueStore } from './stores';

/** Everything that reaches cases from outside, and from time. */
@Controller()
export class CaseEventsController {
  constructor(
    private readonly casework: Casework,
    private readonly catalogues: CatalogueShelf,
  ) {}

  @EventPattern<string>(ReturneeRegistered.type)
  registered(@Payload() data: ReturneeRegistered, @Ctx() ctx: EventContext): void {
    const caseId = ctx.event.partitionkey;
    this.casework.meet(ctx, caseId, data);
    this.casework.decide(ctx, caseId, { type: 'registered', caseId, data });
  }

  @EventPattern<string>(ReturneeChanged.type)
  changed(@Payload() data: ReturneeChanged, @Ctx() ctx: EventContext): void {
    const caseId = ctx.event.partitionkey;
    // Intake says it again of the case that goes on, once it knows.
    if (this.casework.isMerged(ctx, caseId)) return;
    const changedFields = this.casework.meet(ctx, caseId, data);
    this.casework.decide(ctx, caseId, { type: 'changed', data });
    this.casework.tellChanges(ctx, caseId, changedFields);
  }

  @EventPattern<string>(ConsentChanged.type)
  consentChanged(@Payload() data: ConsentChanged, @Ctx() ctx: EventContext): void {
    this.casework.decide(ctx, ctx.event.partitionkey, { type: 'consent-changed', consent: data.consent });
  }

  @EventPattern<string>(DuplicateSuspected.type)
  async duplicateSuspected(@Payload() data: DuplicateSuspected, @Ctx() ctx: EventContext): Promise<void> {
    const caseId = await this.casework.holderOf(ctx, ctx.event.partitionkey);
    this.casework.decide(ctx, caseId, { type: 'duplicate-suspected', data });
  }

  @EventPattern<string>(ReferralAnswered.type)
  async answered(@Payload() data: ReferralAnswered, @Ctx() ctx: EventContext): Promise<void> {
    const { agency, caseId: known } = this.casework.answerOf(ctx.topic, ctx.event.partitionkey);
    const caseId = await this.casework.holderOf(ctx, known, data.referralId);
    this.casework.decide(ctx, caseId, { type: 'answered', agency, data });
  }

  @EventPattern<string>(AnswerCorrected.type)
  async answerCorrected(@Payload() data: AnswerCorrected, @Ctx() ctx: EventContext): Promise<void> {
    const { agency, caseId: known } = this.casework.answerOf(ctx.topic, ctx.event.partitionkey);
    const caseId = await this.casework.holderOf(ctx, known, data.referralId);
    this.casework.decide(ctx, caseId, { type: 'answer-corrected', agency, data });
  }

  @EventPattern<string>(CataloguePublished.type)
  cataloguePublished(@Payload() data: CataloguePublished, @Ctx() ctx: EventContext): void {
    ctx.set(catalogueStore, data.agency, data);
    this.catalogues.put(data);
    // Also when nothing changed: a start is when cases may have been waiting for this agency.
    ctx.afterCommit(() => void this.catalogues.refresh().catch(() => undefined));
  }

  @EventPattern<string>(timerPattern('case'))
  timePassed(@Payload() data: { key: string }, @Ctx() ctx: EventContext): void {
    this.casework.decide(ctx, data.key, { type: 'time-passed' });
  }
}
