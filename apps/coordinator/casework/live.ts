/** What happens to cases, as it happens: for the live view. A convenience, not a stream: cases.v1 is that. */
import { Injectable } from '@nestjs/common';
import type { BusinessStatus, EscalationReason, ReferralStatus } from '@retorno/contracts';
import { Subject } from 'rxjs';
import type { CaseState } from '../saga/case';
import type { CaseFact } from '../saga/facts';
import { masked, type RestrictedCodes } from '../saga/restricted';

/** Something was decided about an agency. */
interface AgencyLiveEvent {
  type: string;
  agency: string;
  at: string;
}

/** One change of a case, without personal data. */
export interface LiveEvent {
  caseId: string;
  caseNumber: string;
  /** `referral-changed`. */
  type: string;
  at: string;
  referral?: {
    id: string;
    agency: string;
    service: string;
    status: ReferralStatus;
    businessStatus?: BusinessStatus;
  };
  escalation?: { id: string; reason: EscalationReason };
}

@Injectable()
export class LiveFeed {
  private readonly subject = new Subject<LiveEvent | AgencyLiveEvent>();
  readonly events = this.subject.asObservable();

  /** False while nobody looks on: what is told then need not be put into words. */
  get isFollowed(): boolean {
    return this.subject.observed;
  }

  emit(event: LiveEvent | AgencyLiveEvent): void {
    this.subject.next(event);
  }
}

/** A fact as a change; `reasonOf` says why an escalation was raised. */
export function changeOf(
  fact: CaseFact,
  caseNumber: string,
  reasonOf: (escalationId: string) => EscalationReason | undefined,
): LiveEvent {
  const change = { caseId: fact.caseId, caseNumber, type: fact.type, at: fact.data.at };
  if (fact.type === 'referral-changed') {
    const { id, agency, service, status, businessStatus } = fact.data.referral;
    return {
      ...change,
      referral: { id, agency, service, status, ...(businessStatus && { businessStatus }) },
    };
  }
  if (fact.type === 'escalation-raised') {
    const { id, reason } = fact.data.escalation;
    return { ...change, escalation: { id, reason } };
  }
  if (fact.type === 'escalation-resolved' || fact.type === 'escalation-claimed') {
    const reason = reasonOf(fact.data.id);
    return reason === undefined ? change : { ...change, escalation: { id: fact.data.id, reason } };
  }
  return change;
}

/** Why an escalation of this case was raised. */
export function reasonIn(state: CaseState): (escalationId: string) => EscalationReason | undefined {
  return (id) => state.escalations.find((escalation) => escalation.id === id)?.reason;
}

/** A change as lists may show it. */
export function shownChange({ referral, ...change }: LiveEvent, restricted: RestrictedCodes): LiveEvent {
  if (!referral) return change;
  const service = masked(referral.service, restricted);
  // An agency that offers little else would say what the service is.
  const agency = service === referral.service ? masked(referral.agency, restricted) : service;
  return { ...change, referral: { ...referral, agency, service } };
}
