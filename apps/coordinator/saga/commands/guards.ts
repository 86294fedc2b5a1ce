/** What commands check before they do anything, and what they keep of who asked. */
import type { CaseReferral } from '@retorno/contracts';
import { findReferral, isNewest, isSent, type CaseState } from '../case';
import { Refusal, type Decision } from '../decision';
import type { Restricted } from '../facts';
import type { Asked, CaseCommand } from '../inputs';

/** One command by its type. */
export type CommandOf<T extends CaseCommand['type']> = Extract<CaseCommand, { type: T }>;

/** The words of who asked, beside the fact. */
export function said(asked: Asked, more: Restricted = {}): { restricted: Restricted } {
  return {
    restricted: {
      ...(asked.note ? { note: asked.note } : {}),
      ...(asked.by ? { by: asked.by } : {}),
      ...more,
    },
  };
}

export function mustBeOpen(d: Decision): void {
  const { status, mergedInto } = d.state;
  if (status === 'open') return;
  mustNotBeMerged(mergedInto);
  throw new Refusal('case-not-open', `The case is ${status}: reopen it first, then ask again.`, ['reopen']);
}

/** What a merged case stood for goes on elsewhere. */
export function mustNotBeMerged(mergedInto: CaseState['mergedInto']): void {
  if (!mergedInto) return;
  throw new Refusal('case-merged', `The case was merged into ${mergedInto.number}.`, [mergedInto.number]);
}

export function knownReferral(d: Decision, id: string): CaseReferral {
  const referral = findReferral(d.state, id);
  if (!referral) throw new Refusal('unknown-referral', 'The case has no such referral.');
  return referral;
}

/** For commands that lead to another attempt: only the newest of an open case. */
export function newestReferral(d: Decision, id: string): CaseReferral {
  const referral = knownReferral(d, id);
  mustBeOpen(d);
  if (isNewest(d.state, referral)) return referral;
  throw new Refusal('superseded', 'A later attempt has taken its place.', []);
}

/** The commands that a referral's status allows. */
export function commandsFor(referral: CaseReferral): string[] {
  if (referral.status === 'planned') return ['waive', 'cancel'];
  if (isSent(referral)) {
    return referral.cancellation ? ['remind', 'correction'] : ['remind', 'reroute', 'cancel', 'correction'];
  }
  if (referral.confirmBy) return ['confirmation', 'correction'];
  const delivered = referral.status === 'completed' && referral.businessStatus !== 'disputed';
  return delivered ? ['correction'] : ['reroute', 'correction'];
}
