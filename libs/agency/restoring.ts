/** An agency whose database was restored from an older copy: how its records catch up with what it had answered. Pure. */
import type { RestoredReferral } from '@retorno/contracts';
import { leaveToStaff } from './definition';
import type { Deciding } from './deciding';
import { isOpen, recorded, type AgencyReferral } from './referral';
import { handle, type AgencyRequest } from './requests';

/**
 * A request that was handled before, and answered: it goes into the record again, and nobody is answered a second time.
 * Undefined when it changes nothing.
 */
export function recall(
  agency: Deciding,
  known: AgencyReferral | undefined,
  request: AgencyRequest,
  caseRef: string,
  now: Date,
): AgencyReferral | undefined {
  // What follows one that the older copy knows only in part.
  if (!known && request.type !== 'requested') return undefined;
  const { offices: _offices, ...silent } = agency;
  const still: Deciding = { ...silent, policy: leaveToStaff, cancellations: 'staff' };
  return handle(still, known, request, caseRef, now)?.referral;
}

/** The referral as the agency's own last answer left it, by the coordinator's word. */
export function restored(referral: AgencyReferral, said: RestoredReferral, now: Date): AgencyReferral {
  const { businessStatus: _business, code: _code, scheduledFor: _at, office: _office, ...kept } = referral;
  const { referralId: _id, service: _service, result, ...stands } = said;
  const { status, businessStatus, code } = stands;
  const cancelling = referral.cancellationRequested && !businessStatus && isOpen({ status });
  const at = now.toISOString();
  return {
    ...kept,
    ...stands,
    ...(result === undefined ? {} : { outcome: { result } }),
    ...(cancelling ? { businessStatus: 'cancellation-requested' as const } : {}),
    history: recorded(referral, {
      at,
      status,
      ...(businessStatus && { businessStatus }),
      ...(code && { code }),
      by: 'rule:restored',
    }),
    updatedAt: at,
  };
}
