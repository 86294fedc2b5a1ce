import { Controller, Inject } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import { CaseEnded, CasesMerged, DocumentObtained, ErasureDecided, type DataOf } from '@retorno/contracts';
import { timerPattern, type EventContext, type KeyVault } from '@retorno/messaging';
import { SETTINGS, VAULT } from '@retorno/service';
import { forget, joinRetention, requestErasure } from '../erasure/erasure';
import {
  feedbackStore,
  keptWithAnother,
  NO_FEEDBACK,
  withDocument,
  withErasure,
  withStatus,
  type CaseFeedback,
} from './feedback';
import { merge } from './merged';
import type { IntakeSettings } from '../settings';

/** The coordinator's feedback, keyed by case, and the end of the time that personal data is kept. */
@Controller()
export class FeedbackController {
  constructor(
    @Inject(SETTINGS) private readonly settings: IntakeSettings,
    @Inject(VAULT) private readonly vault: KeyVault,
  ) {}

  @EventPattern<string>(DocumentObtained.type)
  documentObtained(@Payload() data: DataOf<typeof DocumentObtained>, @Ctx() ctx: EventContext): void {
    change(ctx, (feedback) => withDocument(feedback, data));
  }

  @EventPattern<string>(CaseEnded.type)
  caseEnded(@Payload() data: DataOf<typeof CaseEnded>, @Ctx() ctx: EventContext): void {
    change(ctx, (feedback) => withStatus(feedback, data, this.settings.RETENTION_DAYS));
  }

  @EventPattern<string>(ErasureDecided.type)
  async erasureDecided(@Payload() data: ErasureDecided, @Ctx() ctx: EventContext): Promise<void> {
    change(ctx, (feedback) => withErasure(feedback, data));
    if (data.result === 'erased') await forget(ctx.tx, ctx.event.partitionkey);
  }

  /** Nobody asked: its time is over. A registration that was merged goes with the one that stands for the person. */
  @EventPattern<string>(timerPattern(feedbackStore.name))
  async timeIsOver(@Payload() { key }: { key: string }, @Ctx() ctx: EventContext): Promise<void> {
    const [merged]: { id: string }[] = await ctx.tx.query(
      'select id from returnee where case_id = $1 and merged_case_id is not null',
      [key],
    );
    if (merged) return change(ctx, keptWithAnother, key);
    await requestErasure(ctx, key, {
      reason: `kept for ${this.settings.RETENTION_DAYS} days`,
      by: 'rule:retention',
    });
  }

  @EventPattern<string>(CasesMerged.type)
  async casesMerged(@Payload() data: DataOf<typeof CasesMerged>, @Ctx() ctx: EventContext): Promise<void> {
    const survivor = await merge(ctx, ctx.event.partitionkey, data.into);
    if (survivor) await joinRetention(ctx, this.vault, ctx.event.partitionkey, survivor.caseId);
  }
}

function change(
  ctx: EventContext,
  fn: (feedback: CaseFeedback) => CaseFeedback,
  key = ctx.event.partitionkey,
): void {
  ctx.set(feedbackStore, key, fn(ctx.get(feedbackStore, key) ?? NO_FEEDBACK));
}
