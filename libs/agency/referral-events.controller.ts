import { Controller, Inject } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import * as contracts from '@retorno/contracts';
import { timerPattern, type EventContext } from '@retorno/messaging';
import type { AgencyDefinition } from './definition';
import { AGENCY, Desk } from './desk';
import { handle, handleTime, type AgencyRequest } from './requests';
import { referralStore } from './stores';

/** What the coordinator asks of this agency. Every event goes the same way: load, handle, store, answer. */
@Controller()
export class ReferralEvents {
  constructor(
    @Inject(AGENCY) private readonly agency: AgencyDefinition,
    private readonly desk: Desk,
  ) {}

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

  @EventPattern<string>(contracts.ReferralCorrected.type)
  corrected(@Payload() data: contracts.ReferralCorrected, @Ctx() context: EventContext) {
    this.take({ type: 'corrected', data }, context);
  }

  @EventPattern<string>(timerPattern(referralStore.name))
  timePassed(@Payload() { key }: { key: string }, @Ctx() context: EventContext) {
    const referral = context.get(referralStore, key);
    if (!referral) return;
    const handled = handleTime(this.agency, referral, context.now, this.desk.places(context));
    if (handled) this.desk.take(context, referral, handled);
  }

  private take(request: AgencyRequest, context: EventContext): void {
    const known = context.get(referralStore, request.data.referralId);
    const caseRef = context.event.partitionkey;
    const places = this.desk.places(context);
    const handled = handle(this.agency, known, request, caseRef, context.now, places);
    if (handled) this.desk.take(context, known, handled);
  }
}
