/** Cases as the portal meets them. */
import type { CaseOfReturnee, DisclosureOfReturnee, ReferralOfReturnee } from '../roundtable';

/** A referral that was sent and rests on consent, unless said otherwise. */
export function aReferral(changes: Partial<ReferralOfReturnee> = {}): ReferralOfReturnee {
  return {
    id: 'r-1',
    agency: 'identity',
    agencyName: 'RENIEC',
    service: 'civil-certificate',
    title: { es: 'Acta de estado civil', en: 'Civil status certificate' },
    purpose: 'identity',
    restricted: false,
    attempt: 1,
    needs: ['civil-certificate'],
    status: 'received',
    businessStatus: null,
    basis: 'consent',
    scheduledFor: null,
    office: null,
    confirmBy: null,
    cancellation: null,
    ...changes,
  };
}

export function aCase(changes: Partial<CaseOfReturnee> = {}): CaseOfReturnee {
  return {
    id: 'c-1',
    number: 'RT-2026-000001',
    status: 'open',
    consent: 'granted',
    atRisk: false,
    mergedInto: null,
    mergedFrom: [],
    referrals: [],
    ...changes,
  };
}

/** What the agency of `aReferral` was told when it was asked. */
export function aDisclosure(changes: Partial<DisclosureOfReturnee> = {}): DisclosureOfReturnee {
  return {
    at: '2026-11-23T15:00:00Z',
    agency: 'identity',
    service: 'civil-certificate',
    referralId: 'r-1',
    sent: ['name', 'birth', 'document', 'contact'],
    basis: 'consent',
    purpose: 'identity',
    kind: 'requested',
    ...changes,
  };
}
