/** Two cases that may be about one person, as this screen reads them, and how they stand to each other. Pure. */

import type { RegisteredPerson } from '../person';

/** Of `GET /cases/{id}`, what is needed here. Instants are RFC 3339. */
export interface CaseOfPair {
  readonly id: string;
  readonly number: string;
  readonly status: string;
  readonly openedAt: string;
  readonly mergedInto: { readonly id: string; readonly number: string } | null;
  readonly mergedFrom: readonly { readonly id: string }[];
  readonly needs: readonly { readonly status: string }[];
  readonly referrals: readonly { readonly status: string }[];
  readonly escalations: readonly {
    readonly id: string;
    readonly reason: string;
    readonly status: string;
    readonly resolution: string | null;
    readonly detail: Readonly<Record<string, string>>;
  }[];
}

/** In the order in which they were asked for. */
export type Cases = readonly [CaseOfPair, CaseOfPair];

export type Agreement = 'same' | 'close' | 'other' | 'missing';

/** What intake answers to `GET /intake/cases/{id}/likeness/{otherId}`. */
export interface Likeness {
  /** 0 to 100. */
  readonly score: number;
  readonly ground: string | null;
  readonly fields: readonly { readonly field: string; readonly agreement: Agreement }[];
  readonly registrations: readonly [{ readonly returneeId: string }, { readonly returneeId: string }];
}

/** What of two persons is shown: values only where intake answers whoever looks. */
export interface Compared {
  readonly likeness: Likeness;
  readonly persons: readonly [RegisteredPerson, RegisteredPerson] | null;
}

/** One referral and what merging does to it. */
export interface ReferralPreview {
  readonly agency: string;
  readonly agencyName: string | null;
  readonly service: string;
  readonly title: { readonly es: string; readonly en: string } | null;
  readonly restricted: boolean;
  readonly status: string;
  readonly caseNumber: string | null;
  readonly fate: 'stays' | 'comes-along' | 'recalled' | 'given-up' | 'new';
  readonly told: readonly string[];
}

/** What the coordinator answers to `GET /cases/{id}/duplicates/{otherId}`. */
export interface MergePreview {
  readonly into: { readonly number: string };
  readonly from: { readonly number: string; readonly status: string };
  readonly referrals: readonly ReferralPreview[];
  readonly needs: readonly { code: string; before: string | null; after: string; reason: string | null }[];
  readonly fields: readonly string[];
  readonly consent: { readonly before: string; readonly after: string };
  readonly escalations: readonly string[];
  readonly fingerprint: string;
}

/**
 * `merged`: one case by now. `different`: somebody decided so. `suspected`: a decision is waited for. `unsuspected`: nobody
 * has said that they are one.
 */
export type PairState = 'merged' | 'different' | 'suspected' | 'unsuspected';

export function stateOf([one, other]: Cases): PairState {
  if (one.id === other.id || one.mergedInto || other.mergedInto) return 'merged';
  const about = [...aboutOther(one, other), ...aboutOther(other, one)];
  if (about.some(({ status }) => status !== 'resolved')) return 'suspected';
  return about.some(({ resolution }) => resolution === 'different') ? 'different' : 'unsuspected';
}

/** The escalation that asks for the decision; undefined when none is open. */
export function escalationOf([one, other]: Cases): string | undefined {
  const open = [...aboutOther(one, other), ...aboutOther(other, one)].find((e) => e.status !== 'resolved');
  return open?.id;
}

/** The case that goes on, and those that went into it or were merged elsewhere. */
export function afterMerge([one, other]: Cases): { goesOn: string; ended: readonly CaseOfPair[] } {
  const goesOn = one.mergedInto?.number ?? other.mergedInto?.number ?? one.number;
  return { goesOn, ended: [one, other].filter(({ mergedInto }) => mergedInto !== null) };
}

const ENDED = ['rejected', 'completed', 'failed', 'cancelled'];

/** Referrals that are neither over nor only planned. */
export function underWay({ referrals }: CaseOfPair): number {
  return referrals.filter(({ status }) => status !== 'planned' && !ENDED.includes(status)).length;
}

function aboutOther(one: CaseOfPair, other: CaseOfPair): CaseOfPair['escalations'] {
  const ids = [other.id, ...other.mergedFrom.map(({ id }) => id)];
  return one.escalations.filter(
    ({ reason, detail }) => reason === 'duplicate-suspected' && ids.includes(detail['otherCaseId'] ?? ''),
  );
}

export const PATH = '/console/duplicates';

/** The page of two cases. */
export function pairAddress(one: string, other: string): string {
  return `${PATH}/${encodeURIComponent(one)}/${encodeURIComponent(other)}`;
}
