/** What is ready to be sent and waits, because operations have paused its agency. */
import type { CaseReferral } from '@retorno/contracts';
import type { CaseState } from '../case';
import type { Context, Problem } from '../problem';

/** True for one that was never sent: somebody else was asked while its agency was paused. It may still be asked itself. */
export function isPassedOver(referral: CaseReferral): boolean {
  return referral.status === 'cancelled' && referral.pausedSince !== undefined;
}

/** The paused agencies that hold something of a case, each once. */
export function pausedAgencies({ referrals }: Pick<CaseState, 'referrals'>): string[] {
  return [...new Set(referrals.filter(waits).map((r) => r.agency))];
}

/**
 * Nobody is silent about a person who waits: what a pause has held for as long as the agency would have had to accept it
 * is looked at. One group for all cases that wait for the same agency.
 */
export function heldByPause(state: CaseState, { calendar }: Context): Problem[] {
  const first = new Map<string, Problem & { from: Date }>();
  for (const r of state.referrals.filter(waits)) {
    const from = calendar.add(new Date(r.pausedSince), r.ack);
    const known = first.get(r.agency);
    if (known && known.from <= from) continue;
    const group = `no-provider:paused:${r.agency}`;
    const detail = { agency: r.agency, service: r.service, paused: 'true' };
    first.set(r.agency, {
      key: `no-provider|${group}`,
      reason: 'no-provider',
      group,
      detail,
      from,
      since: r.pausedSince,
    });
  }
  return [...first.values()];
}

function waits(r: CaseReferral): r is CaseReferral & { pausedSince: string } {
  return r.status === 'planned' && r.pausedSince !== undefined;
}
