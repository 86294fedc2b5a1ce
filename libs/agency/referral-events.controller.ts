import { Controller, Inject } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import * as contracts from '@retorno/contracts';
import type { EventContext } from '@retorno/messaging';
import { AGENCY } from './agency-referrals';
import type { AgencyDefinition } from './definition';
import { handle, type AgencyRequest } from './requests';
import { referralStore } from './stores';

/** What the coordinator asks of this agency. Every event goes the same way: load, handle, store, answer. */
@Controller()
export class ReferralEvents {
  constructor(@Inject(AGENCY) private readonly agency: AgencyDefinition) {}

  @EventPattern<string>(contracts.ReferralRequested.type)
  requested(@Payload() data: contracts.ReferralRequested, @Ctx() context: EventContext) {
    this.take({ type: 'requested', data }, context);
  }

  @EventPattern<string>(contracts.ReferralReminded.type)
  reminded(@Payload() data: contracts.ReferralReminded, @Ctx() context: EventContext) {
    this.take({ type: 'reminded', data }, context);
  }

  @EventPattern<string>(contracts.ReferralUpdated.type)
  updated(@Payload() data: contracts.ReferralUpdated, @Ctx() context: EventContext) {
    this.take({ type: 'updated', data }, context);
  }

  @EventPattern<string>(contracts.InformationSupplied.type)
  informationSupplied(@Payload() data: contracts.InformationSupplied, @Ctx() context: EventContext) {
    this.take({ type: 'information-supplied', data }, context);
  }

  @EventPattern<string>(contracts.CancellationRequested.type)
  cancellationRequested(@Payload() data: contracts.CancellationRequested, @Ctx() context: EventContext) {
    this.take({ type: 'cancellation-requested', data }, context);
  }

  @EventPattern<string>(contracts.OutcomeConfirmed.type)
  outcomeConfirmed(@Payload() data: contracts.OutcomeConfirmed, @Ctx() context: EventContext) {
    this.take({ type: 'outcome-confirmed', data }, context);
  }

  @EventPattern<string>(contracts.OutcomeDisputed.type)
  outcomeDisputed(@Payload() data: contracts.OutcomeDisputed, @Ctx() context: EventContext) {
    this.take({ type: 'outcome-disputed', data }, context);
  }

  private take(request: AgencyRequest, context: EventContext): void {
    const id = request.data.referralId;
    const caseRef = context.event.partitionkey;
    const handled = handle(this.agency, context.get(referralStore, id), request, caseRef, context.now);
    if (!handled) return;
    context.set(referralStore, id, handled.referral);
    for (const data of handled.answers) {
      const topic = contracts.answersTopic(this.agency.slug);
      context.publish({ topic, key: caseRef, contract: contracts.ReferralAnswered, data });
    }
  }
}
