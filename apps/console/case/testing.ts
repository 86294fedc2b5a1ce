/** Cases as the screen meets them. */
import type { Role } from '@retorno/service';
import type { Setting } from '../frame/page';
import type { CaseFile, Outlook, ReferralOutlook, ShownCase, ShownEscalation, ShownReferral } from './case';

/** The moment at which these cases are looked at. */
export const NOW = '2026-11-24T15:00:00.000Z';
export const LATER = '2026-11-27T15:00:00.000Z';
export const BEFORE = '2026-11-23T15:00:00.000Z';

/** A referral whose agency has received it and owes an answer, unless said otherwise. */
export function aReferral(changes: Partial<ShownReferral> = {}): ShownReferral {
  return {
    id: 'r-1',
    agency: 'identity',
    agencyName: 'RENIEC',
    service: 'dni-issue',
    title: { es: 'Emisión del DNI', en: 'Issue of the DNI' },
    attempt: 1,
    needs: ['identity-document'],
    status: 'received',
    businessStatus: null,
    pausedSince: null,
    basis: 'consent',
    provisional: false,
    requestedAt: BEFORE,
    ackDueAt: LATER,
    dueAt: LATER,
    acknowledgedAt: null,
    endedAt: null,
    scheduledFor: null,
    office: null,
    confirmBy: null,
    cancellation: null,
    code: null,
    result: null,
    ...changes,
  };
}

/** Of a referral that is answered without what it is. */
export const NOT_NAMED = {
  agency: 'restricted',
  agencyName: null,
  service: 'restricted',
  title: null,
} satisfies Partial<ShownReferral>;

/** A referral that waits for `aReferral`, or for something else. */
export function aPlanned(changes: Partial<ShownReferral> = {}): ShownReferral {
  return aReferral({
    id: 'r-2',
    agency: 'employment',
    agencyName: 'MTPE',
    service: 'job-placement',
    title: { es: 'Bolsa de trabajo', en: 'Job placement' },
    needs: ['employment'],
    status: 'planned',
    businessStatus: 'awaiting-prerequisite',
    requestedAt: null,
    ackDueAt: null,
    dueAt: null,
    ...changes,
  });
}

export function anEscalation(changes: Partial<ShownEscalation> = {}): ShownEscalation {
  return {
    id: 'e-1',
    reason: 'ack-overdue',
    status: 'open',
    referralId: 'r-1',
    detail: {},
    raisedAt: BEFORE,
    dueAt: LATER,
    ...changes,
  };
}

/** What the coordinator says of a referral that waits for another one. */
export function waitsFor(
  referralId: string | null,
  more: Partial<ReferralOutlook['prerequisites'][number]> = {},
) {
  const prerequisite = {
    service: 'identity/dni-issue',
    referralId,
    state: 'awaited' as const,
    gate: false,
    ...more,
  };
  return { expectedAt: null, possible: [], providers: [], prerequisites: [prerequisite] };
}

/** A case with one referral under way, unless said otherwise. */
export function aFile(shown: Partial<ShownCase> = {}, outlook: Partial<Outlook> = {}): CaseFile {
  return {
    shown: {
      id: 'c-1',
      number: 'RT-2026-000001',
      status: 'open',
      openedAt: BEFORE,
      closedAt: null,
      closeReason: null,
      mergedInto: null,
      mergedFrom: [],
      consent: 'granted',
      stage: null,
      arrivalDate: '2026-11-20',
      unmaskedUntil: null,
      needs: [{ id: '1', code: 'identity-document', status: 'open', reason: null }],
      referrals: [aReferral()],
      escalations: [],
      timeline: [],
      ...shown,
    },
    outlook: {
      asOf: NOW,
      since: BEFORE,
      expectedAt: LATER,
      critical: ['r-1'],
      timers: [],
      possible: ['close', 'add-need', 'settle-need'],
      household: null,
      referrals: {},
      ...outlook,
    },
    catalogues: [],
  };
}

/** How somebody with these roles looks at it. */
export function aSetting(language: Setting['language'], ...roles: Role[]): Setting {
  const caller = { subject: 'ana', name: 'Ana', roles: new Set(roles) };
  return { language, caller, address: '/console/cases/RT-2026-000001', now: new Date(NOW) };
}
