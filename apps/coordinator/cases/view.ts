/** A case as the HTTP interface shows it. */
import type { CaseReferral, Purpose } from '@retorno/contracts';
import { latestOf, type CaseState, type MergedCase } from '../saga/case';
import { isEligible, offersOf, providersOf, type Catalogues } from '../saga/plan/offers';
import { slotOf } from '../saga/plan/prerequisites';
import { isUnaccompaniedChild } from '../saga/plan/profile';
import { restrictedCodes } from '../saga/restricted';
import { RULES, type Rules } from '../saga/plan/rules';

/** JSON of a case without its timeline. What is not known is null. Instants are RFC 3339. */
export interface CaseView {
  id: string;
  number: string;
  status: string;
  openedAt: string;
  closedAt: string | null;
  closeReason: string | null;
  /** The case that goes on for the same person, when this one was merged into it. */
  mergedInto: MergedCase | null;
  /** The cases that were merged into this one. */
  mergedFrom: readonly MergedCase[];
  consent: string;
  /** Where an announced return stands; null for one that only a manifest told of. */
  stage: string | null;
  /** `YYYY-MM-DD`: the day of arrival, or the day expected; null while there is none. */
  arrivalDate: string | null;
  /** Somebody who reads along could harm this person: see restricted referrals. */
  atRisk: boolean;
  /** `id` names a need within its case where its code is not shown. */
  needs: { id: string; code: string; origin: string; status: string; reason: string | null }[];
  referrals: ReferralView[];
  escalations: EscalationView[];
}

export interface ReferralView {
  id: string;
  agency: string;
  /** As the agency publishes them; null when it does not any more. */
  agencyName: string | null;
  service: string;
  title: { es: string; en: string } | null;
  /** What the data is for, as the information-sharing agreement names it. */
  purpose: Purpose | null;
  /** Says by its agency or service what a returnee suffered: shown to whom masking/sight.ts says. */
  restricted: boolean;
  attempt: number;
  needs: string[];
  status: string;
  businessStatus: string | null;
  /** Since when it waits for its agency, which operations have paused. */
  pausedSince: string | null;
  basis: string;
  provisional: boolean;
  /** `agency/service` of what meets each prerequisite, or the service alone when nobody offers it. */
  requires: string[];
  waived: string[];
  requestedAt: string | null;
  ackDueAt: string | null;
  dueAt: string | null;
  notBefore: string | null;
  acknowledgedAt: string | null;
  endedAt: string | null;
  /** When its final answer was last corrected. */
  correctedAt: string | null;
  /** The case by whose reference its agency knows it, when that one was merged into this one. */
  underCase: string | null;
  scheduledFor: string | null;
  /** The agency's office that serves; its name is the code when the agency does not publish it any more. */
  office: OfficeView | null;
  confirmBy: string | null;
  cancellation: CaseReferral['cancellation'] | null;
  code: string | null;
  result: string | null;
}

export interface OfficeView {
  code: string;
  name: string;
  address: string | null;
  phone: string | null;
  hours: string | null;
}

export interface EscalationView {
  id: string;
  reason: string;
  status: 'open' | 'claimed' | 'resolved';
  referralId: string | null;
  group: string | null;
  detail: Record<string, string>;
  raisedAt: string;
  dueAt: string;
  resolvedAt: string | null;
  resolution: string | null;
}

/** The case for whoever asks. `catalogues` name who would meet a prerequisite that is not in the plan. */
export function caseView(state: CaseState, catalogues: Catalogues, rules: Rules = RULES): CaseView {
  return {
    id: state.id,
    number: state.number,
    status: state.status,
    openedAt: state.openedAt,
    closedAt: state.closedAt ?? null,
    closeReason: state.closeReason ?? null,
    mergedInto: state.mergedInto ?? null,
    mergedFrom: state.mergedFrom ?? [],
    consent: state.profile.consent.status,
    stage: state.profile.stage ?? null,
    arrivalDate: state.profile.dateUnknown ? null : state.profile.arrivalDate,
    atRisk: isAtRisk(state, rules),
    needs: state.needs.map(({ code, origin, status, reason }, place) => ({
      id: String(place + 1),
      code,
      origin,
      status,
      reason: reason ?? null,
    })),
    referrals: state.referrals.map((r) => referralView(state, r, catalogues, rules)),
    escalations: state.escalations.map((e) => ({
      id: e.id,
      reason: e.reason,
      status: e.resolvedAt ? 'resolved' : e.claimedAt ? 'claimed' : 'open',
      referralId: e.referralId ?? null,
      group: e.group ?? null,
      detail: e.detail,
      raisedAt: e.raisedAt,
      dueAt: e.dueAt,
      resolvedAt: e.resolvedAt ?? null,
      resolution: e.resolution ?? null,
    })),
  };
}

function referralView(state: CaseState, r: CaseReferral, catalogues: Catalogues, rules: Rules): ReferralView {
  const catalogue = catalogues.get(r.agency);
  const offer = catalogue?.services.find(({ code }) => code === r.service);
  const restricted = restrictedCodes(catalogues);
  return {
    id: r.id,
    agency: r.agency,
    agencyName: catalogue?.name ?? null,
    service: r.service,
    title: offer?.title ?? null,
    purpose: offer?.purpose ?? null,
    restricted: [r.agency, r.service, r.slot].some((code) => restricted.has(code)),
    attempt: r.attempt,
    needs: [...r.needs],
    status: r.status,
    // Of what is ready and held by a pause; not one of the contract's codes, which cannot grow.
    businessStatus: r.businessStatus ?? (isHeld(r) ? 'awaiting-agency' : null),
    pausedSince: isHeld(r) ? (r.pausedSince ?? null) : null,
    basis: r.basis,
    provisional: r.provisional,
    requires: r.requires.map((code) => whoMeets(code, state, catalogues, rules)),
    waived: r.waived.map((code) => whoMeets(code, state, catalogues, rules)),
    requestedAt: r.requestedAt ?? null,
    ackDueAt: r.ackDueAt ?? null,
    dueAt: r.dueAt ?? null,
    notBefore: r.notBefore ?? null,
    acknowledgedAt: r.acknowledgedAt ?? null,
    endedAt: r.endedAt ?? null,
    correctedAt: r.correctedAt ?? null,
    underCase: r.underCase ?? null,
    scheduledFor: r.scheduledFor ?? null,
    office: officeOf(r, catalogues),
    confirmBy: r.confirmBy ?? null,
    cancellation: r.cancellation ?? null,
    code: r.code ?? null,
    result: r.result ?? null,
  };
}

function isHeld({ status, pausedSince }: CaseReferral): boolean {
  return status === 'planned' && pausedSince !== undefined;
}

function officeOf({ agency, office: code }: CaseReferral, catalogues: Catalogues): ReferralView['office'] {
  if (code === undefined) return null;
  const office = catalogues.get(agency)?.offices?.find((one) => one.code === code);
  const { name = code, address = null, phone = null, hours = null } = office ?? {};
  return { code, name, address, phone, hours };
}

/** Violence, trafficking, a child that came alone: noted, or asked about in a need. */
function isAtRisk({ profile, needs }: CaseState, rules: Rules): boolean {
  const noted = [...profile.vulnerabilities, ...needs.map((need) => need.code)];
  return isUnaccompaniedChild(profile, rules) || noted.some((code) => rules.restrictedNeeds.includes(code));
}

/** `agency/service` of what meets a prerequisite, or the service alone when nobody offers it. */
export function whoMeets(code: string, state: CaseState, catalogues: Catalogues, rules: Rules): string {
  const slot = slotOf(code, state, rules);
  const referral = latestOf(state.referrals, slot);
  if (referral) return `${referral.agency}/${referral.service}`;
  const asOf = new Date(state.openedAt);
  const offer = providersOf(offersOf(catalogues), slot).find((o) =>
    isEligible(o, state.profile, rules.home, asOf),
  );
  return offer ? `${offer.agency}/${offer.code}` : slot;
}
