/** One small row for a case, for each agency of a case, and for each follow-up: what the figures are summed over. Pure. */
import type { CaseTally, TalliedReferral } from './tally';

/** Counts of one case, or of what one agency did for it. */
export interface Counts {
  needs: number;
  confirmed: number;
  unconfirmed: number;
  declined: number;
  needs_open: number;
  /** Why needs stayed unmet, one entry a need. */
  unmet: string[];
  referrals: number;
  referrals_completed: number;
  referrals_rejected: number;
  referrals_failed: number;
  referrals_cancelled: number;
  /** Whole days from the later of first notice and arrival to the first service delivered; null while there is none. */
  service_days: number | null;
}

/** A case. */
export interface CaseRow extends Counts {
  /** Of the arrival, or of the first notice while the day of arrival is not known. */
  year: number;
  /** Of the arrival: `2026-11`; `unknown` while the day is not known. */
  month: string;
  sex: string;
  age_group: string;
  origin: string;
  nationality: string;
  return_type: string;
  /** First two digits of the destination's INEI code: the department. */
  region: string;
  vulnerabilities: string[];
  /** A return migrant as UN DESA defines it, as far as the data can say. */
  migrant: boolean;
  status: string;
}

/** What an agency, or one of its services, did for a case. */
export interface AgencyRow extends Counts {
  /** The agency's slug, or `agency/service`. */
  provider: string;
  agency: string;
  /** All that the agency did. */
  whole: boolean;
}

/** A follow-up. */
export interface FollowUpRow {
  wave: number;
  outcome: string;
  economic: number | null;
  social: number | null;
  psychosocial: number | null;
  composite: number | null;
}

/** The nationality of those who return home, and the years abroad from which on somebody was a long-term migrant. */
const HOME = 'PE';
const MIGRANT_YEARS = 1;
const DAY_MS = 86_400_000;

const AGE_GROUPS: readonly [below: number, name: string][] = [
  [5, '0-4'],
  [12, '5-11'],
  [18, '12-17'],
  [30, '18-29'],
  [60, '30-59'],
];

/** The age group of completed years. */
function ageGroup(age: number): string {
  return AGE_GROUPS.find(([below]) => age < below)?.[1] ?? '60+';
}

/** The row of a case; undefined for one that is counted under another. */
export function caseRow(tally: CaseTally): CaseRow | undefined {
  if (tally.merged) return undefined;
  const { profile } = tally;
  const day = profile.dateUnknown ? dayInLima(tally.openedAt) : profile.arrivalDate;
  return {
    year: Number(day.slice(0, 4)),
    month: profile.dateUnknown ? 'unknown' : profile.arrivalDate.slice(0, 7),
    sex: profile.sex,
    age_group: ageGroup(profile.age),
    origin: profile.originCountry,
    nationality: profile.nationality,
    return_type: profile.returnType,
    region: profile.region,
    vulnerabilities: [...new Set<string>(profile.vulnerabilities)].sort(),
    migrant: profile.nationality === HOME && profile.yearsAbroad >= MIGRANT_YEARS,
    status: tally.status,
    ...counts(tally, Object.keys(tally.needs), tally.referrals),
  };
}

/**
 * The rows of the agencies that were asked to serve a case, and of their services where it was several; those of `only`
 * these agencies, if given.
 */
export function agencyRows(tally: CaseTally, only?: ReadonlySet<string>): AgencyRow[] {
  if (tally.merged) return [];
  const referrals = only ? tally.referrals.filter(({ agency }) => only.has(agency)) : tally.referrals;
  const row = (agency: string, provider: string, whole: boolean, own: readonly TalliedReferral[]) => {
    const needs = [...new Set(own.flatMap((referral) => referral.needs))].filter((code) => tally.needs[code]);
    return { provider, agency, whole, ...counts(tally, needs, own) };
  };
  const agencies = [...new Set(referrals.map((referral) => referral.agency))].sort();
  return agencies.flatMap((agency) => {
    const own = referrals.filter((referral) => referral.agency === agency);
    const services = [...new Set(own.map((referral) => referral.service))].sort();
    const [only] = services;
    if (services.length === 1) return [row(agency, `${agency}/${only}`, true, own)];
    const each = services.map((service) =>
      row(
        agency,
        `${agency}/${service}`,
        false,
        own.filter((referral) => referral.service === service),
      ),
    );
    return [row(agency, agency, true, own), ...each];
  });
}

/**
 * The agencies whose rows may differ between two tallies of a case; undefined for all. What a fact leaves alone is the same
 * object before and after it.
 */
export function agenciesTouched(before: CaseTally | undefined, after: CaseTally): Set<string> | undefined {
  const isAnother =
    before?.profile !== after.profile || before.openedAt !== after.openedAt || before.merged !== after.merged;
  if (isAnother) return undefined;
  const touched = (referral: TalliedReferral): boolean =>
    !before.referrals.includes(referral) ||
    !after.referrals.includes(referral) ||
    referral.needs.some((code) => before.needs[code] !== after.needs[code]);
  const all = new Set([...before.referrals, ...after.referrals]);
  return new Set([...all].filter(touched).map(({ agency }) => agency));
}

/** The rows of the follow-ups of a case. */
export function followUpRows(tally: CaseTally): FollowUpRow[] {
  if (tally.merged) return [];
  return Object.entries(tally.followUps).map(([wave, { outcome, scores }]) => ({
    wave: Number(wave),
    outcome,
    economic: scores?.economic ?? null,
    social: scores?.social ?? null,
    psychosocial: scores?.psychosocial ?? null,
    composite: scores?.composite ?? null,
  }));
}

function counts(tally: CaseTally, needs: readonly string[], referrals: readonly TalliedReferral[]): Counts {
  const standings = needs.map((code) => tally.needs[code]!);
  const settled = (reason: string): number => standings.filter((need) => need.reason === reason).length;
  const ended = (status: string): number => referrals.filter((r) => r.status === status).length;
  return {
    needs: needs.length,
    confirmed: settled('confirmed'),
    unconfirmed: settled('delivered-unconfirmed'),
    declined: settled('person-declined'),
    needs_open: standings.filter((need) => need.status === 'open').length,
    unmet: standings.flatMap((need) => (need.status === 'unmet' ? [need.reason ?? 'failed'] : [])).sort(),
    referrals: referrals.length,
    referrals_completed: ended('completed'),
    referrals_rejected: ended('rejected'),
    referrals_failed: ended('failed'),
    referrals_cancelled: ended('cancelled'),
    service_days: serviceDays(tally, referrals),
  };
}

/** Lima has no summer time. */
function dayInLima(instant: string): string {
  return new Date(Date.parse(instant) - 5 * 3_600_000).toISOString().slice(0, 10);
}

function serviceDays(tally: CaseTally, referrals: readonly TalliedReferral[]): number | null {
  const delivered = referrals
    .filter((r) => r.status === 'completed' && !r.disputed && r.needs.length > 0)
    .flatMap((r) => (r.endedAt ? [Date.parse(r.endedAt)] : []));
  if (delivered.length === 0) return null;
  const arrival = tally.profile.dateUnknown ? 0 : Date.parse(`${tally.profile.arrivalDate}T00:00:00-05:00`);
  const since = Math.max(arrival, Date.parse(tally.openedAt));
  return Math.max(0, Math.floor((Math.min(...delivered) - since) / DAY_MS));
}
