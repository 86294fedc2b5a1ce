/** What making two cases one does, told from both before and after it: rehearsed, it is what will happen. Pure. */
import { createHash } from 'node:crypto';
import { MASK, type DisclosedField } from '@retorno/contracts';
import { isTerminal, type CaseState } from '../saga/case';
import type { Catalogues } from '../saga/plan/offers';
import { masked, restrictedCodes } from '../saga/restricted';
import { caseView, type ReferralView } from '../cases/view';

/** A case around a merge. */
export interface Around {
  readonly before: CaseState;
  readonly after: CaseState;
}

/** What was sent to an agency about a referral: the name of the contract. */
export interface Told {
  readonly referralId: string;
  readonly type: string;
}

/**
 * `stays`: as it was in the case that goes on. `comes-along`: goes on there, under the reference that its agency knows.
 * `recalled`: its agency is asked to cancel. `given-up`: was only planned, another one takes its place, or nobody needs it.
 * `new`: planned or asked for anew in the case that goes on.
 */
type Fate = 'stays' | 'comes-along' | 'recalled' | 'given-up' | 'new';

/** One referral that is not over, or was delivered. Of one that lists do not show, agency and service are `restricted`. */
interface ReferralPreview extends Pick<
  ReferralView,
  'agency' | 'agencyName' | 'service' | 'title' | 'restricted' | 'status'
> {
  /** The case that it is of now; null for a new one. */
  readonly caseNumber: string | null;
  readonly fate: Fate;
  /** What its agency is told, in order; nothing: it notices nothing. */
  readonly told: readonly string[];
}

/** JSON of `GET /cases/{id}/duplicates/{otherId}`. */
export interface MergePreview {
  readonly into: { readonly id: string; readonly number: string };
  /** `closing` as long as an agency has not let go of what is recalled. */
  readonly from: { readonly id: string; readonly number: string; readonly status: string };
  readonly referrals: readonly ReferralPreview[];
  /** Needs of the case that goes on that change: `before` is null for what comes along. */
  readonly needs: readonly { code: string; before: string | null; after: string; reason: string | null }[];
  /** What of the person changes for the agencies that see it: names of fields, no values. */
  readonly fields: readonly DisclosedField[];
  readonly consent: { readonly before: string; readonly after: string };
  /** Reasons of the escalations that are open there afterwards and were not before. */
  readonly escalations: readonly string[];
  /** Stands for all of this: a decision that names it is refused when something has changed meanwhile. */
  readonly fingerprint: string;
}

export function previewOf(
  into: Around,
  from: Around,
  {
    fields,
    told,
    catalogues,
  }: { fields: readonly DisclosedField[]; told: readonly Told[]; catalogues: Catalogues },
): MergePreview {
  const restricted = restrictedCodes(catalogues);
  const known = new Set(into.before.escalations.map(({ id }) => id));
  const preview = {
    into: { id: into.after.id, number: into.after.number },
    from: { id: from.after.id, number: from.after.number, status: from.after.status },
    referrals: [...referralsOf(into, from, told, catalogues), ...leftWith(from, told, catalogues)],
    needs: into.after.needs.flatMap(({ code, status, reason = null }) => {
      const before = into.before.needs.find((need) => need.code === code);
      if (before?.status === status && (before.reason ?? null) === reason) return [];
      return [{ code: masked(code, restricted), before: before?.status ?? null, after: status, reason }];
    }),
    fields,
    consent: { before: into.before.profile.consent.status, after: into.after.profile.consent.status },
    escalations: into.after.escalations.flatMap(({ id, reason, resolvedAt }) =>
      resolvedAt || known.has(id) ? [] : [reason],
    ),
  };
  return {
    ...preview,
    fingerprint: createHash('sha256').update(JSON.stringify(preview)).digest('base64url'),
  };
}

/** The referrals of the case that goes on: its own, those that came along, and new ones. */
function referralsOf(
  into: Around,
  from: Around,
  told: readonly Told[],
  catalogues: Catalogues,
): ReferralPreview[] {
  const own = new Map(into.before.referrals.map((r) => [r.id, r]));
  const theirs = new Set(from.before.referrals.map(({ id }) => id));
  return caseView(into.after, catalogues).referrals.flatMap((view) => {
    const before = own.get(view.id);
    // What was over before, as it was, is nothing that a merge does.
    if (before && isTerminal(before) && before.status !== 'completed') return [];
    const caseNumber = before ? into.before.number : theirs.has(view.id) ? from.before.number : null;
    const isAsked = view.cancellation !== null && !before?.cancellation;
    if (isAsked) return [shown(view, caseNumber, 'recalled', told)];
    if (before) return [shown(view, caseNumber, isTaken(before, view) ? 'given-up' : 'stays', told)];
    return [shown(view, caseNumber, caseNumber === null ? 'new' : 'comes-along', told)];
  });
}

/** What the case that ends keeps: recalled from its agencies, or given up because it was only planned. */
function leftWith(from: Around, told: readonly Told[], catalogues: Catalogues): ReferralPreview[] {
  return caseView(from.after, catalogues).referrals.flatMap((view) => {
    const before = from.before.referrals.find(({ id }) => id === view.id);
    if (!before || isTerminal(before)) return [];
    return [shown(view, from.before.number, isTaken(before, view) ? 'given-up' : 'recalled', told)];
  });
}

/** Planned before, and not sent by now: cancelled without anybody having heard of it. */
function isTaken(before: { status: string }, after: { status: string }): boolean {
  return before.status === 'planned' && after.status === 'cancelled';
}

function shown(
  { id, agency, agencyName, service, title, restricted, status }: ReferralView,
  caseNumber: string | null,
  fate: Fate,
  told: readonly Told[],
): ReferralPreview {
  const named = restricted
    ? { agency: MASK, agencyName: null, service: MASK, title: null }
    : { agency, agencyName, service, title };
  const types = told.filter(({ referralId }) => referralId === id).map(({ type }) => type);
  return { ...named, restricted, status, caseNumber, fate, told: types };
}
