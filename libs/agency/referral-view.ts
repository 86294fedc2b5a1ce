/** A referral as the agency's own staff see it over HTTP. */
import type { Disclosed } from '@retorno/contracts';
import { isOverdue, possibleNext, type AgencyReferral } from './referral';

/** One referral, whole. `possible` are the statuses that can be answered next. */
export function referralView(agency: string, referral: AgencyReferral, now: Date) {
  const { id, caseRef, ...rest } = referral;
  return {
    id,
    agency,
    caseRef,
    ...rest,
    overdue: isOverdue(referral, now),
    possible: possibleNext(referral),
  };
}

/** One line of the worklist. Health facts show as restricted: lists stand open on desks. */
export function worklistItem(agency: string, referral: AgencyReferral, now: Date) {
  const { history: _opened, returnee, ...line } = referralView(agency, referral, now);
  return { ...line, returnee: restricted(returnee) };
}

function restricted(returnee: Disclosed): Disclosed {
  return returnee.healthFacts?.length ? { ...returnee, healthFacts: ['restricted'] } : returnee;
}
