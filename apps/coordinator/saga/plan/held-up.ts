/** Planned referrals that cannot go out by themselves, and why. */
import type { CaseReferral } from '@retorno/contracts';
import { latestOf, type CaseState } from '../case';
import { missingConsentReason } from '../consent';
import { offersOf, providersOf } from './offers';
import { isAllowed } from './plan';
import { slotOf, unmetOf } from './prerequisites';
import type { Context, Problem } from '../problem';
import type { Rules } from './rules';

/** Planned referrals that wait for something which is not on its way. */
export function heldUp(state: CaseState, context: Context): Problem[] {
  const { rules } = context;
  const planned = state.referrals.filter((r) => r.status === 'planned');
  if (planned.length === 0) return [];
  const found: Problem[] = [];
  const moving = new Set<string>();
  for (const r of planned) {
    const slots = unmetOf(r, state, rules).map((code) => slotOf(code, state, rules));
    if (slots.length === 0) moving.add(r.id);
    for (const slot of slots) {
      const latest = latestOf(state.referrals, slot);
      if (!latest) found.push(absent(state, r, slot, context));
      if (!latest || latest.status !== 'planned') moving.add(r.id);
    }
  }
  return [...found, ...circular(state, planned, moving, rules)];
}

/** A prerequisite that is not in the plan: nobody offers it, or consent to it was refused. */
function absent(
  state: CaseState,
  waiting: CaseReferral,
  slot: string,
  { catalogues, rules, now }: Context,
): Problem {
  const group = `no-provider:${slot}`;
  const { profile, referrals } = state;
  const input = { profile, referrals, catalogues, rules, now };
  const providers = providersOf(offersOf(catalogues), slot);
  if (!providers.some((offer) => !isAllowed(input, offer, slot))) {
    const detail = { service: slot, ...askedFor(state, waiting, slot) };
    return { key: `no-provider|${group}`, reason: 'no-provider', group, detail };
  }
  const refused = `prerequisite-unmet:${slot}`;
  return {
    key: `prerequisite-unmet|${refused}`,
    reason: 'prerequisite-unmet',
    group: refused,
    detail: { service: slot, code: missingConsentReason(profile.consent) },
  };
}

/** Which agency wants a service first that its offer does not require: a paper that it missed. */
function askedFor({ referrals }: CaseState, waiting: CaseReferral, slot: string): Record<string, string> {
  const missed = referrals.find((r) => r.slot === waiting.slot && r.code === 'missing-documents');
  return missed && !missed.requires.includes(slot)
    ? { agency: missed.agency, code: 'missing-documents' }
    : {};
}

/** Planned referrals that wait for each other: only a wrong catalogue makes such a plan. */
function circular(
  state: CaseState,
  planned: readonly CaseReferral[],
  moving: Set<string>,
  rules: Rules,
): Problem[] {
  for (let before = -1; before < moving.size;) {
    before = moving.size;
    for (const r of planned) {
      const awaited = unmetOf(r, state, rules).map(
        (c) => latestOf(state.referrals, slotOf(c, state, rules))?.id,
      );
      if (awaited.some((id) => id !== undefined && moving.has(id))) moving.add(r.id);
    }
  }
  return planned
    .filter((r) => !moving.has(r.id))
    .map((r) => ({
      key: `prerequisite-unmet|${r.id}`,
      reason: 'prerequisite-unmet' as const,
      referralId: r.id,
      detail: { service: r.service, circular: 'true' },
    }));
}
