/** A case as the fold of its facts, and the questions that decisions ask of it. */
import type {
  CaseEscalation,
  CaseNeed,
  CaseProfile,
  CaseReferral,
  CaseStatus,
  CloseReason,
  FollowUpRecorded,
  ReferralStatus,
} from '@retorno/contracts';
import type { CaseFact } from './facts';
import { isBeforeArrival, sameReturn } from './phase';

/** An escalation with what became of it. Who took it is kept by the shell: a person's name is no part of the case. */
export interface EscalationState extends CaseEscalation {
  readonly claimedAt?: string;
  readonly resolvedAt?: string;
  readonly resolution?: string;
}

/** Another case of the same person. */
export interface MergedCase {
  readonly id: string;
  readonly number: string;
}

/** What was heard of the returnee so many months after the arrival. */
export type FollowUp = Pick<FollowUpRecorded, 'month' | 'version' | 'outcome' | 'scores' | 'at'>;

/** Everything that decisions need, and nothing of who the returnee is. Instants are RFC 3339 strings. */
export interface CaseState {
  readonly id: string;
  readonly number: string;
  readonly status: CaseStatus;
  readonly openedAt: string;
  /** When it was last reopened. */
  readonly reopenedAt?: string;
  /** When it completed or closed; absent while it is open or closing. */
  readonly closedAt?: string;
  readonly closeReason?: CloseReason;
  /** The case that it was merged into. */
  readonly mergedInto?: MergedCase;
  /** The cases that were merged into it, oldest first. */
  readonly mergedFrom?: readonly MergedCase[];
  /** Since when it is closing, or was before it closed. */
  readonly closingSince?: string;
  readonly profile: CaseProfile;
  /** Since when the consent stands as it does. */
  readonly consentSince: string;
  /** Since when the return stands as it does. */
  readonly returnSince: string;
  /** The returnee had not arrived when last heard of: the arrival is yet to be acted on. */
  readonly ahead?: true;
  /** Version of the rules that it was planned with. */
  readonly rules: number;
  /** Catalogue versions that it was planned with. */
  readonly catalogues: Readonly<Record<string, number>>;
  readonly needs: readonly CaseNeed[];
  /** In the order in which they were planned: the last of a slot is its newest attempt. */
  readonly referrals: readonly CaseReferral[];
  /** Open and resolved, oldest first. */
  readonly escalations: readonly EscalationState[];
  /** By wave: months after the arrival. */
  readonly followUps?: Readonly<Record<string, FollowUp>>;
}

/** The case after a fact. Throws when the first fact does not open the case. */
export function evolve(state: CaseState | undefined, fact: CaseFact): CaseState {
  if (fact.type === 'case-opened') {
    const { number, profile, at } = fact.data;
    return {
      id: fact.caseId,
      number,
      status: 'open',
      openedAt: at,
      profile,
      consentSince: at,
      returnSince: at,
      ...aheadAt(profile, at),
      rules: 0,
      catalogues: {},
      needs: [],
      referrals: [],
      escalations: [],
    };
  }
  if (!state) throw new Error(`a case cannot begin with '${fact.type}'`);
  switch (fact.type) {
    case 'case-updated': {
      const { profile, at } = fact.data;
      const { ahead: _ahead, ...rest } = state;
      const same = profile.consent.status === state.profile.consent.status;
      const stands = sameReturn(profile, state.profile);
      return {
        ...rest,
        profile,
        consentSince: same ? state.consentSince : at,
        returnSince: stands ? state.returnSince : at,
        ...aheadAt(profile, at),
      };
    }
    case 'case-planned': {
      const { rules, catalogues, needs } = fact.data;
      return {
        ...state,
        rules,
        catalogues: { ...state.catalogues, ...catalogues },
        needs: needs.reduce(putNeed, state.needs),
      };
    }
    case 'need-settled': {
      const { code, status, reason } = fact.data;
      return withNeed(state, code, (need) => ({ ...need, status, reason }));
    }
    case 'need-reopened':
      return withNeed(state, fact.data.code, (need) => ({
        code: need.code,
        origin: need.origin,
        status: 'open',
      }));
    case 'referral-changed':
      return { ...state, referrals: putReferral(state.referrals, fact.data.referral) };
    case 'prerequisite-waived': {
      const { referralId, prerequisites } = fact.data;
      const referral = findReferral(state, referralId);
      if (!referral) return state;
      const waived = [...new Set([...referral.waived, ...prerequisites])];
      return { ...state, referrals: putReferral(state.referrals, { ...referral, waived }) };
    }
    case 'escalation-raised':
      return { ...state, escalations: [...state.escalations, fact.data.escalation] };
    case 'escalation-claimed':
      return withEscalation(state, fact.data.id, (e) => ({ ...e, claimedAt: fact.data.at }));
    case 'escalation-released':
      return withEscalation(state, fact.data.id, ({ claimedAt: _, ...e }) => e);
    case 'escalation-resolved': {
      const { id, resolution, at } = fact.data;
      return withEscalation(state, id, (e) => ({ ...e, resolvedAt: at, resolution }));
    }
    case 'answer-refused':
      return state;
    case 'case-completed':
      return { ...state, status: 'completed', closedAt: fact.data.at };
    case 'case-closing':
      return { ...state, status: 'closing', closeReason: fact.data.reason, closingSince: fact.data.at };
    case 'case-closed':
      return { ...state, status: 'closed', closedAt: fact.data.at, closeReason: fact.data.reason };
    case 'case-merged': {
      const { from, into, number, referrals = [] } = fact.data;
      if (from) return { ...state, mergedFrom: [...(state.mergedFrom ?? []), { id: from, number }] };
      if (!into) return state;
      const rest = state.referrals.filter((r) => !referrals.includes(r.id));
      return { ...state, referrals: rest, mergedInto: { id: into, number } };
    }
    case 'case-reopened': {
      const { closedAt: _closedAt, closeReason: _closeReason, closingSince: _closingSince, ...rest } = state;
      return { ...rest, status: 'open', reopenedAt: fact.data.at };
    }
    case 'follow-up-recorded': {
      const { actor: _actor, cause: _cause, ...followUp } = fact.data;
      return { ...state, followUps: { ...state.followUps, [followUp.month]: followUp } };
    }
  }
}

function aheadAt(profile: CaseProfile, at: string): Pick<CaseState, 'ahead'> {
  return isBeforeArrival(profile, new Date(at)) ? { ahead: true } : {};
}

function putNeed(needs: readonly CaseNeed[], need: CaseNeed): readonly CaseNeed[] {
  return needs.some((n) => n.code === need.code)
    ? needs.map((n) => (n.code === need.code ? need : n))
    : [...needs, need];
}

function putReferral(referrals: readonly CaseReferral[], referral: CaseReferral): readonly CaseReferral[] {
  const index = referrals.findIndex((r) => r.id === referral.id);
  if (index >= 0) {
    // Done already wins: recalled and done all the same, it takes the place of the attempt that followed it.
    const doneAlready = referrals[index]?.cancellation && referral.status === 'completed';
    const isFollowed = referrals.some((r, i) => i > index && r.slot === referral.slot && !isTerminal(r));
    if (doneAlready && isFollowed) return [...referrals.toSpliced(index, 1), referral];
    return referrals.with(index, referral);
  }
  // One that came along and has ended does not take the place of an attempt that is under way.
  const live = isTerminal(referral)
    ? referrals.findIndex((r) => r.slot === referral.slot && !isTerminal(r))
    : -1;
  return live < 0 ? [...referrals, referral] : referrals.toSpliced(live, 0, referral);
}

function withNeed(state: CaseState, code: string, change: (need: CaseNeed) => CaseNeed): CaseState {
  return { ...state, needs: state.needs.map((n) => (n.code === code ? change(n) : n)) };
}

function withEscalation(
  state: CaseState,
  id: string,
  change: (escalation: EscalationState) => EscalationState,
): CaseState {
  return { ...state, escalations: state.escalations.map((e) => (e.id === id ? change(e) : e)) };
}

const TERMINAL: readonly ReferralStatus[] = ['rejected', 'completed', 'failed', 'cancelled'];

/** True when nothing more can follow. */
export function isTerminal(referral: Pick<CaseReferral, 'status'>): boolean {
  return TERMINAL.includes(referral.status);
}

/** True when the agency has it and still owes an answer. */
export function isSent(referral: Pick<CaseReferral, 'status'>): boolean {
  return referral.status !== 'planned' && !isTerminal(referral);
}

/** True while another office could serve as well: the agency has neither begun nor made an appointment. */
export function isPlaceable(
  referral: Pick<CaseReferral, 'status' | 'businessStatus' | 'cancellation'>,
): boolean {
  const { status, businessStatus, cancellation } = referral;
  return (status === 'requested' || status === 'received') && businessStatus !== 'scheduled' && !cancellation;
}

/** True when it ended without serving. */
export function endedOtherwise(referral: Pick<CaseReferral, 'status'>): boolean {
  return isTerminal(referral) && referral.status !== 'completed';
}

/** True while the case takes no more answers. */
export function hasEnded(state: Pick<CaseState, 'status'>): boolean {
  return state.status === 'completed' || state.status === 'closed';
}

export function findReferral(state: Pick<CaseState, 'referrals'>, id: string): CaseReferral | undefined {
  return state.referrals.find((r) => r.id === id);
}

export function findNeed(state: Pick<CaseState, 'needs'>, code: string): CaseNeed | undefined {
  return state.needs.find((n) => n.code === code);
}

export function isNeedOpen(state: Pick<CaseState, 'needs'>, code: string): boolean {
  return findNeed(state, code)?.status === 'open';
}

/** The newest attempt at a slot; an equivalent service is found under its own code, too. */
export function latestOf(referrals: readonly CaseReferral[], slot: string): CaseReferral | undefined {
  return referrals.findLast((r) => r.slot === slot) ?? referrals.findLast((r) => r.service === slot);
}

/** True when no later attempt took its place. */
export function isNewest(state: Pick<CaseState, 'referrals'>, referral: CaseReferral): boolean {
  return state.referrals.findLast((r) => r.slot === referral.slot)?.id === referral.id;
}

/** The newest attempts among the referrals that serve a need. */
export function attemptsAt(state: Pick<CaseState, 'referrals'>, need: string): CaseReferral[] {
  return state.referrals.filter((r) => r.needs.includes(need) && isNewest(state, r));
}
