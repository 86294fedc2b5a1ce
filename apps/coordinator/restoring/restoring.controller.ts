import { Controller, Inject } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import {
  ANSWER_BUSINESS_STATUSES,
  FEEDBACK_TOPIC,
  RecordsLost,
  RecordsRestored,
  RegistrationLost,
  RegistrationRestored,
  requestsTopic,
  type CaseReferral,
  type RestoredReferral,
} from '@retorno/contracts';
import { STREAM_LOST, type EventContext, type LostEvents } from '@retorno/messaging';
import { Casework } from '../casework/casework';
import { REFERENCES } from './installation';
import { LostFacts } from './lost-facts';
import type { Pairwise } from '../casework/pairwise';
import { asTold } from '../saga/plan/profile';
import { caseStore, personStore } from '../casework/stores';
import { mergedIds } from '../saga/suspicions';

/** What follows from a database that was restored from an older copy: our own, or that of a neighbour who asks. */
@Controller()
export class RestoringController {
  constructor(
    private readonly casework: Casework,
    private readonly lostFacts: LostFacts,
    @Inject(REFERENCES) private readonly pairwise: Pairwise,
  ) {}

  /**
   * Our own database was restored. Intake and the agencies send again what they told since, and the cases are decided
   * again; until an agency's next answer fits, those that belong to decisions not made yet wait. Of the cases themselves a
   * person is told.
   */
  @EventPattern<string>(STREAM_LOST)
  async ownLost(@Payload() lost: LostEvents, @Ctx() ctx: EventContext): Promise<void> {
    if (!lost.topic.startsWith('referrals.')) await this.lostFacts.goOnBehind(ctx, lost);
  }

  @EventPattern<string>(RecordsLost.type)
  lost(@Payload() _data: RecordsLost, @Ctx() ctx: EventContext): void {
    const { agency, caseId } = this.casework.answerOf(ctx.topic, ctx.event.partitionkey);
    const referrals = ctx.get(caseStore, caseId)?.state.referrals ?? [];
    ctx.publish({
      topic: requestsTopic(agency),
      key: this.pairwise.refFor(agency, caseId),
      contract: RecordsRestored,
      data: {
        referrals: referrals.filter((r) => r.agency === agency && r.requestedAt).map(asAnswered),
        at: ctx.now.toISOString(),
      },
      causationId: null,
    });
  }

  @EventPattern<string>(RegistrationLost.type)
  registrationLost(@Payload() _data: RegistrationLost, @Ctx() ctx: EventContext): void {
    const caseId = ctx.event.partitionkey;
    const document = ctx.get(caseStore, caseId);
    const record = ctx.get(personStore, caseId)?.record;
    const returneeId = record?.returneeId ?? document?.erasedReturnee;
    // We were restored after intake: it had its answer, and says the registration again behind its question.
    if (!document || !returneeId) return;
    const { state } = document;
    const mergedFrom = mergedIds(state);
    ctx.publish({
      topic: FEEDBACK_TOPIC,
      key: caseId,
      contract: RegistrationRestored,
      data: {
        returneeId,
        caseNumber: state.number,
        ...(record && { returnee: asTold(record, state.profile) }),
        ...(state.mergedInto && { mergedInto: state.mergedInto.id }),
        ...(mergedFrom.length > 0 && { mergedFrom }),
        at: ctx.now.toISOString(),
      },
    });
  }
}

/** A referral as its agency's last answer left it; one that was only sent counts as received. */
function asAnswered({
  id,
  service,
  status,
  businessStatus,
  code,
  scheduledFor,
  office,
  result,
}: CaseReferral): RestoredReferral {
  const said = ANSWER_BUSINESS_STATUSES.find((known) => known === businessStatus);
  return {
    referralId: id,
    service,
    status: status === 'requested' || status === 'planned' ? 'received' : status,
    ...(said && { businessStatus: said }),
    ...(code && { code }),
    ...(scheduledFor && { scheduledFor }),
    ...(office && { office }),
    ...(result && { result }),
  };
}
