import { Controller } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import { CaseEnded, CasesMerged, DocumentObtained, type DataOf } from '@retorno/contracts';
import type { EventContext } from '@retorno/messaging';
import { feedbackStore, NO_FEEDBACK, withDocument, withStatus, type CaseFeedback } from './feedback';
import { merge } from './merged';
import { readReturnees } from './registrar';

/** The coordinator's feedback, keyed by case. */
@Controller()
export class FeedbackController {
  @EventPattern<string>(DocumentObtained.type)
  documentObtained(@Payload() data: DataOf<typeof DocumentObtained>, @Ctx() ctx: EventContext): void {
    change(ctx, (feedback) => withDocument(feedback, data));
  }

  @EventPattern<string>(CaseEnded.type)
  caseEnded(@Payload() data: DataOf<typeof CaseEnded>, @Ctx() ctx: EventContext): void {
    change(ctx, (feedback) => withStatus(feedback, data));
  }

  @EventPattern<string>(CasesMerged.type)
  async casesMerged(@Payload() data: DataOf<typeof CasesMerged>, @Ctx() ctx: EventContext): Promise<void> {
    const read = (where: string, params: unknown[]) => readReturnees(ctx.tx, where, params);
    await merge(ctx, read, ctx.event.partitionkey, data.into);
  }
}

function change(ctx: EventContext, fn: (feedback: CaseFeedback) => CaseFeedback): void {
  const key = ctx.event.partitionkey;
  ctx.set(feedbackStore, key, fn(ctx.get(feedbackStore, key) ?? NO_FEEDBACK));
}
