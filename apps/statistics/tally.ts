/** What statistics remember of a case: as much of its facts as the figures need. Pure; folding the same facts gives the same. */
import type {
  CaseMerged,
  CaseNeed,
  CaseOpened,
  CasePlanned,
  CaseProfile,
  CaseReferral,
  CaseStatus,
  FollowUpRecorded,
  NeedReopened,
  NeedSettled,
  ReferralChanged,
} from '@retorno/contracts';

/** A referral as far as it is counted. `status`: once it has ended; how far it came before makes no figure, and so no write. */
export interface TalliedReferral
  extends
    Pick<CaseReferral, 'id' | 'agency' | 'service' | 'needs'>,
    Partial<Pick<CaseReferral, 'status' | 'endedAt'>> {
  readonly disputed?: true;
}

const ENDED: readonly CaseReferral['status'][] = ['completed', 'rejected', 'failed', 'cancelled'];

/** A follow-up as far as it is counted. */
export type TalliedFollowUp = Pick<FollowUpRecorded, 'outcome' | 'version' | 'scores'>;

/** One case. */
export interface CaseTally {
  readonly openedAt: string;
  readonly status: CaseStatus;
  readonly profile: Pick<
    CaseProfile,
    | 'returnType'
    | 'arrivalDate'
    | 'originCountry'
    | 'yearsAbroad'
    | 'age'
    | 'sex'
    | 'nationality'
    | 'region'
    | 'vulnerabilities'
    | 'dateUnknown'
  >;
  readonly needs: Readonly<Record<string, Pick<CaseNeed, 'status' | 'reason'>>>;
  /** A list: under their ids, every case would be a class of objects of its own to the engine. */
  readonly referrals: readonly TalliedReferral[];
  /** By wave: months after the arrival. */
  readonly followUps: Readonly<Record<string, TalliedFollowUp>>;
  /** It was the same return as another case, and is counted there. */
  readonly merged?: true;
}

/**
 * The case after a fact, named as its contract; the same object when the fact changes no figure. A case that statistics do
 * not know begins with `case-opened`.
 */
export function tallied(before: CaseTally | undefined, type: string, data: unknown): CaseTally | undefined {
  if (type === 'case-opened') {
    const { at, profile } = data as CaseOpened;
    const begun = { openedAt: at, status: 'open' as const, profile: counted(profile) };
    return { ...begun, needs: {}, referrals: [], followUps: {} };
  }
  if (!before) throw new Error(`a case cannot begin with '${type}'`);
  switch (type) {
    case 'case-updated':
      return { ...before, profile: counted((data as CaseOpened).profile) };
    case 'case-planned': {
      const added = (data as CasePlanned).needs.map((need) => [need.code, standing(need)]);
      return { ...before, needs: { ...before.needs, ...Object.fromEntries(added) } };
    }
    case 'need-settled': {
      const need = data as NeedSettled;
      return { ...before, needs: { ...before.needs, [need.code]: standing(need) } };
    }
    case 'need-reopened': {
      const { code } = data as NeedReopened;
      return { ...before, needs: { ...before.needs, [code]: { status: 'open' } } };
    }
    case 'referral-changed': {
      const { id, agency, service, needs, status, businessStatus, endedAt } = (data as ReferralChanged)
        .referral;
      const referral: TalliedReferral = {
        id,
        agency,
        service,
        needs,
        ...(ENDED.includes(status) ? { status, ...(endedAt ? { endedAt } : {}) } : {}),
        ...(businessStatus === 'disputed' ? { disputed: true } : {}),
      };
      const known = before.referrals.find((one) => one.id === id);
      if (known && isSame(known, referral)) return before;
      const others = before.referrals.filter((one) => one !== known);
      return { ...before, referrals: [...others, referral] };
    }
    case 'case-completed':
      return { ...before, status: 'completed' };
    case 'case-closing':
      return { ...before, status: 'closing' };
    case 'case-closed':
      return { ...before, status: 'closed' };
    case 'case-reopened':
      return { ...before, status: 'open' };
    case 'case-merged':
      return (data as CaseMerged).into === undefined ? before : { ...before, merged: true };
    case 'follow-up-recorded': {
      const { month, outcome, version, scores } = data as FollowUpRecorded;
      const followUp = { outcome, version, ...(scores ? { scores } : {}) };
      return { ...before, followUps: { ...before.followUps, [month]: followUp } };
    }
    default:
      return before;
  }
}

function isSame(known: TalliedReferral, now: TalliedReferral): boolean {
  return (
    known.agency === now.agency &&
    known.service === now.service &&
    known.status === now.status &&
    known.endedAt === now.endedAt &&
    known.disputed === now.disputed &&
    known.needs.length === now.needs.length &&
    known.needs.every((code, i) => code === now.needs[i])
  );
}

function counted(profile: CaseProfile): CaseTally['profile'] {
  const { returnType, arrivalDate, originCountry, yearsAbroad, age, sex, nationality, region } = profile;
  const { vulnerabilities, dateUnknown } = profile;
  return {
    returnType,
    arrivalDate,
    originCountry,
    yearsAbroad,
    age,
    sex,
    nationality,
    region,
    vulnerabilities,
    ...(dateUnknown ? { dateUnknown } : {}),
  };
}

function standing({
  status,
  reason,
}: Pick<CaseNeed, 'status' | 'reason'>): Pick<CaseNeed, 'status' | 'reason'> {
  return reason === undefined ? { status } : { status, reason };
}
