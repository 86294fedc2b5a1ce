/** What an open case has to catch up with when agencies offer something else than when it was planned. */
import type { CaseNeed, UnmetReason } from '@retorno/contracts';
import { askElsewhere } from '../answers';
import { findNeed } from '../case';
import { CONSENT_REASONS, missingConsentReason } from '../consent';
import { byRule, type Decision } from '../decision';
import { isEligible, offersOf } from './offers';
import { isBeforeArrival, startOfDay } from '../phase';
import { needsOf, plan } from './plan';
import { planningInput, replan } from './planning';
import { reconsider, unmetFor } from './resuming';
import { prune } from '../settling';

/**
 * Plans the case as if what is offered now had been offered all along, as far as nobody was asked yet: needs that nobody
 * offered, or not to this returnee; further services for a need that is being served; needs that are some only since
 * somebody serves them; and the next provider of what was turned down for want of one. Nothing follows where nothing is new.
 */
export function catchUp(d: Decision): void {
  if (d.state.status !== 'open') return;
  const unmet = unmetFor(d, ['no-provider', 'not-eligible']);
  const again = reconsider(d, ['no-provider', 'not-eligible', ...CONSENT_REASONS]);
  const left = unmet.filter(({ code }) => !d.isOpen(code));
  for (const [code, reason] of otherReasonsNow(d, left)) d.settle(code, 'unmet', reason, byRule('planning'));
  const added = newNeeds(d);
  const open = d.state.needs.filter((need) => need.status === 'open').map((need) => need.code);
  replan(d, { needs: [...open, ...added.map((need) => need.code)], added, again });
  askElsewhere(d);
  prune(d);
}

/** Those of these unmet needs that are so for another reason by now: offered, but not to this returnee, or not without a consent. */
function otherReasonsNow(d: Decision, unmet: readonly CaseNeed[]): [string, UnmetReason][] {
  if (unmet.length === 0) return [];
  const { notEligible, consentMissing } = plan({ ...planningInput(d), needs: unmet.map(({ code }) => code) });
  const without = missingConsentReason(d.state.profile.consent);
  return [
    ...notEligible.map((code): [string, UnmetReason] => [code, 'not-eligible']),
    ...consentMissing.map((code): [string, UnmetReason] => [code, without]),
  ].filter(([code, reason]) => unmet.some((need) => need.code === code && need.reason !== reason));
}

/** What is a need only since somebody serves it. Nobody is received weeks after the arrival. */
function newNeeds(d: Decision): Pick<CaseNeed, 'code' | 'origin'>[] {
  const { arrivalNeed } = d.env.rules;
  return needsOf(planningInput(d)).filter(
    ({ code }) => !findNeed(d.state, code) && (code !== arrivalNeed || isReceivedStill(d)),
  );
}

/** True before the arrival, and as long as a reception that was asked for at once would not be late. */
function isReceivedStill({ state, env }: Decision): boolean {
  const { profile, openedAt } = state;
  const { now, rules, calendar } = env;
  if (isBeforeArrival(profile, now)) return true;
  const from = new Date(Math.max(Date.parse(openedAt), startOfDay(profile.arrivalDate).getTime()));
  return offersOf(env.catalogues).some(
    (o) =>
      o.every === 'arrival' && isEligible(o, profile, rules.home, now) && calendar.add(from, o.done) > now,
  );
}
