/** Which agencies are in trouble, and why: what somebody should look at. Pure. */
import type { Standing, WatchedAgency } from './catalogues';

/** One reason, with what its sentence names. Instants are RFC 3339. */
export type Trouble =
  | { readonly kind: 'away' }
  | { readonly kind: 'unread'; readonly count: number; readonly since: string }
  | { readonly kind: 'late'; readonly count: number }
  | { readonly kind: 'held'; readonly count: number }
  | { readonly kind: 'silent'; readonly since: string };

/** A service takes in what it is sent within a second: after this long something is wrong, ms. */
const UNREAD_MS = 10 * 60_000;
/** Nobody has answered for so long although cases wait, ms: two days, a weekend is three. */
const SILENT_MS = 3 * 86_400_000;

/** Everything that is wrong with an agency, worst first; nothing for one that keeps up. */
export function troublesOf(agency: WatchedAgency, standing: Standing | undefined, now: Date): Trouble[] {
  const { unread, casesHeld, casesWaiting, answeredAt } = agency;
  const found: Trouble[] = [];
  const isOver = (since: string | null, ms: number): since is string =>
    since !== null && now.getTime() - Date.parse(since) >= ms;
  if (!standing) found.push({ kind: 'away' });
  if (isOver(unread.since, UNREAD_MS)) {
    found.push({ kind: 'unread', count: unread.referrals, since: unread.since });
  }
  if (standing && standing.overdue > 0) found.push({ kind: 'late', count: standing.overdue });
  if (casesHeld > 0) found.push({ kind: 'held', count: casesHeld });
  if (casesWaiting > 0 && isOver(answeredAt, SILENT_MS)) found.push({ kind: 'silent', since: answeredAt });
  return found;
}
