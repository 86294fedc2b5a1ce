import { Controller, Inject } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import * as contracts from '@retorno/contracts';
import { CATALOGUE_TOPIC } from '@retorno/contracts';
import { Messaging, STREAM_LOST, timerPattern, type EventContext, type LostEvents } from '@retorno/messaging';
import type { AgencyDefinition } from './definition';
import { AGENCY, Desk } from './desk';
import { handle, handleTime, type AgencyRequest } from './requests';
import { recall, restored } from './restoring';
import { referralStore } from './stores';

/** What the coordinator asks of this agency. Every event goes the same way: load, handle, store, answer. */
@Controller()
export class ReferralEvents {
  constructor(
    @Inject(AGENCY) private readonly agency: AgencyDefinition,
    private readonly desk: Desk,
    private readonly messaging: Messaging,
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

  /** This agency's database was restored from an older copy, and the coordinator has answers that are not in it. */
  @EventPattern<string>(STREAM_LOST)
  async lost(@Payload() { topic, key, from, to }: LostEvents, @Ctx() context: EventContext) {
    if (topic === CATALOGUE_TOPIC) return this.numberOn(to - from + 1, context);
    const data = { at: context.now.toISOString() };
    context.publish({ topic, key, contract: contracts.RecordsLost, data });
  }

  @EventPattern<string>(contracts.RecordsRestored.type)
  async restored(@Payload() data: contracts.RecordsRestored, @Ctx() context: EventContext) {
    const { partitionkey: caseRef } = context.event;
    // Asked once and answered twice: by a coordinator that was restored after us, and knows less than we do by now.
    if (!(await this.messaging.isShortOf(context.tx, caseRef))) return;
    for (const said of data.referrals) {
      const known = context.get(referralStore, said.referralId);
      if (!known) continue;
      context.set(referralStore, known.id, restored(known, said, context.now));
      this.sayAgain(said, context);
    }
    await this.messaging.heal(context.tx, caseRef);
  }

  /** Our stream has lost what it said. The coordinator may be restored after us, and then nobody else could tell it. */
  private sayAgain(said: contracts.RestoredReferral, context: EventContext): void {
    if (said.status === 'received' && !said.businessStatus) return;
    const { service: _service, result, ...stands } = said;
    const outcome = result === undefined ? {} : { outcome: { result } };
    context.publish({
      topic: contracts.answersTopic(this.agency.slug),
      key: context.event.partitionkey,
      contract: contracts.ReferralAnswered,
      data: { ...stands, ...outcome, by: 'rule:restored', restated: true, at: context.now.toISOString() },
    });
  }

  /** Each catalogue that was lost may have had a version of its own: the next one must have a greater one than all. */
  private async numberOn(lost: number, { tx }: EventContext): Promise<void> {
    const { slug } = this.agency;
    await tx.query(
      `insert into catalogue as c (key, version, body) values ($1, 1, $2)
       on conflict (key) do update set version = c.version + 1,
         body = jsonb_set(c.body::jsonb, '{version}', to_jsonb((c.body::jsonb ->> 'version')::int + $3::int))::text`,
      [slug, JSON.stringify({ version: this.agency.version + lost, hash: '' }), lost],
    );
    await this.messaging.heal(tx, slug);
  }

  private take(request: AgencyRequest, context: EventContext): void {
    const known = context.get(referralStore, request.data.referralId);
    const caseRef = context.event.partitionkey;
    if (this.messaging.hasLost(caseRef)) {
      const recalled = recall(this.agency, known, request, caseRef, context.now);
      if (recalled) context.set(referralStore, recalled.id, recalled);
      return;
    }
    const places = this.desk.places(context);
    const handled = handle(this.agency, known, request, caseRef, context.now, places);
    if (handled) this.desk.take(context, known, handled);
  }
}
