/** Who is asked instead of an agency that operations have paused. */
import type { CaseReferral } from '@retorno/contracts';
import { untried } from '../answers';
import { latestOf } from '../case';
import { byRule, type Decision } from '../decision';
import { isAllowed } from './plan';
import { planningInput, sendReady, tryAgain } from './planning';
import { isPaused } from '../standing';

const RULE = byRule('agency-paused');

/** What waits for a paused agency goes to the next provider of the same service, where there is one that is not paused. */
export function goAroundPaused(d: Decision): void {
  if (d.state.status !== 'open') return;
  for (const { id } of d.state.referrals) {
    const referral = d.referral(id);
    if (referral.status === 'planned' && referral.pausedSince !== undefined) goAround(d, referral);
  }
}

function goAround(d: Decision, referral: CaseReferral): void {
  const offer = untried(d, referral).find(
    (o) => !isPaused(d.env.standings, o.agency) && isAllowed(planningInput(d), o, referral.slot),
  );
  if (!offer) return;
  d.cancelPlanned(referral, RULE);
  tryAgain(d, referral, offer, { by: RULE });
  const next = latestOf(d.state.referrals, referral.slot);
  if (!next || referral.waived.length === 0) return;
  // What it needed not wait for its successor need not either.
  d.emit('prerequisite-waived', { referralId: next.id, prerequisites: referral.waived }, RULE);
  sendReady(d);
}
