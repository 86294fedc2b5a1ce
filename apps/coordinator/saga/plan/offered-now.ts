/** Of a case that has ended: what it wanted, nobody offered, and somebody offers by now. */
import type { CaseState } from '../case';
import { plan } from './plan';
import type { Context, Problem } from '../problem';

/** The needs that nobody offered, and that could be planned for now, by the agency that would be asked. */
export function offeredNow(
  { profile, referrals, needs }: CaseState,
  { catalogues, rules, now }: Context,
): ReadonlyMap<string, readonly string[]> {
  const unmet = needs.filter((n) => n.status === 'unmet' && n.reason === 'no-provider').map((n) => n.code);
  const byAgency = new Map<string, string[]>();
  if (unmet.length === 0) return byAgency;
  const { drafts } = plan({ profile, referrals, needs: unmet, catalogues, rules, now });
  for (const code of unmet) {
    const agency = drafts.find((draft) => draft.needs.includes(code))?.agency;
    if (agency !== undefined) byAgency.set(agency, [...(byAgency.get(agency) ?? []), code]);
  }
  return byAgency;
}

/**
 * An ended case is not reopened by itself: whether the person still wants it is for somebody to ask. One group for all
 * cases that an agency could serve by now.
 */
export function mayBeServed(agency: string, codes: readonly string[]): Problem {
  const group = `no-provider:offered:${agency}`;
  const detail = { agency, need: codes.join(','), offered: 'true' };
  return { key: `no-provider|${group}`, reason: 'no-provider', group, detail, once: true };
}
