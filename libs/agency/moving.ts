/** A returnee who goes to live elsewhere before anybody began to serve: another office may suit better now. Pure. */
import { ANSWER_BUSINESS_STATUSES } from '@retorno/contracts';
import { acknowledged, type Deciding, type Handled } from './deciding';
import { follow, officeFor, type Places } from './places';
import type { AgencyReferral } from './referral';

/**
 * The referral at the office that suits it best by now, and the answer that says so; undefined when it stays where it is.
 * It keeps its place rather than wait for a better one.
 */
export function placedAnew(
  agency: Deciding,
  before: AgencyReferral,
  referral: AgencyReferral,
  now: Date,
  places: Places | undefined,
): Handled | undefined {
  const { office: current, businessStatus, status } = referral;
  const begun = status !== 'received' || businessStatus === 'scheduled' || referral.cancellationRequested;
  if (begun || current === undefined || String(before.offices) === String(referral.offices)) return undefined;
  const { office: _left, ...unplaced } = referral;
  const free = places && follow(places, before, unplaced);
  const office = officeFor(agency, free, unplaced);
  if (office === undefined || office === current) return undefined;
  // A question that staff asked stays asked.
  const kept = ANSWER_BUSINESS_STATUSES.find((code) => code === businessStatus);
  return acknowledged({ ...referral, office }, 'rule:moved', now.toISOString(), kept);
}
