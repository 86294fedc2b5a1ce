/** What is wrong with a consent, or will be: nobody gave it, it ends, or who gave it speaks for the returnee no more. */
import type { CaseReferral } from '@retorno/contracts';
import { isTerminal, type CaseState } from './case';
import { startOfDay } from './phase';
import type { Context, Problem } from './problem';

const DAY_MS = 86_400_000;

/** The problems of the consent of an open case. */
export function consentProblems(state: CaseState, context: Context): Problem[] {
  return [
    ...consentOverdue(state, context),
    ...consentExpiring(state, context),
    ...guardianPast(state, context),
  ];
}

function consentOverdue(state: CaseState, { calendar, rules }: Context): Problem[] {
  if (state.profile.consent.status !== 'pending') return [];
  const waits = (r: CaseReferral) => r.status === 'planned' && r.businessStatus !== 'awaiting-arrival';
  if (!state.referrals.some((r) => waits(r) && r.basis === 'consent')) return [];
  const from = calendar.add(new Date(state.consentSince), rules.consentPending);
  return [
    { key: 'consent-overdue|', reason: 'consent-overdue', detail: {}, from, since: state.consentSince },
  ];
}

/** A consent that ends soon and that something still rests on: whoever is in touch with the returnee has it renewed. */
function consentExpiring(state: CaseState, { rules }: Context): Problem[] {
  const { status, until } = state.profile.consent;
  if (status !== 'granted' || until === undefined) return [];
  if (!restsOnConsent(state)) return [];
  const from = new Date(Date.parse(until) - rules.consentWarningDays * DAY_MS);
  return [
    {
      key: 'consent-expiring|',
      reason: 'consent-expiring',
      detail: { until },
      from,
      since: from.toISOString(),
      once: true,
    },
  ];
}

/**
 * A consent that somebody else gave for a child who comes of age: from then on the returnee alone can say it. Parents and
 * guardians answer for a child until it is 18 (Código Civil, articles 42 and 461). Raised at the beginning of that month,
 * for what is published must not tell the day of birth.
 */
function guardianPast(state: CaseState, { rules, ofAgeAt }: Context): Problem[] {
  const { consent, age } = state.profile;
  const { status, by = 'self', at } = consent;
  if (status !== 'granted' || by === 'self' || age >= rules.child.underAge || !restsOnConsent(state))
    return [];
  const birthday = ofAgeAt?.();
  // Said since: by the guardian of an adult.
  if (!birthday || (at !== undefined && Date.parse(at) >= birthday.getTime())) return [];
  const from = startOfDay(`${birthday.toISOString().slice(0, 7)}-01`);
  const group = 'consent-expiring:of-age';
  return [
    {
      key: `consent-expiring|${group}`,
      reason: 'consent-expiring',
      group,
      // Lists do not say who answers for a child: of one that came alone it is the authority.
      detail: {},
      from,
      since: from.toISOString(),
      once: true,
    },
  ];
}

function restsOnConsent({ referrals }: CaseState): boolean {
  return referrals.some((r) => r.basis === 'consent' && !isTerminal(r));
}
