/** What a consent allows. Ley 29733, article 5: nothing without consent, unless another basis carries it. */
import {
  PURPOSES,
  type CaseReferral,
  type Consent,
  type Purpose,
  type UnmetReason,
} from '@retorno/contracts';
import type { Calendar } from '@retorno/service';
import type { Rules } from './plan/rules';

/** Why a need stayed unmet for want of consent: the reasons for which a consent that comes later takes it up again. */
export const CONSENT_REASONS = ['consent-refused', 'consent-withdrawn', 'consent-expired'] as const;

/** A consent with its fields in one order, so that equal consents have equal texts; expired once `until` has passed. */
export function consentAt({ status, at, by, purposes, until }: Consent, now: Date): Consent {
  const expired = status === 'granted' && until !== undefined && Date.parse(until) <= now.getTime();
  return {
    status: expired ? 'expired' : status,
    ...(at === undefined ? {} : { at }),
    ...(by === undefined ? {} : { by }),
    ...(purposes === undefined ? {} : { purposes: PURPOSES.filter((p) => purposes.includes(p)) }),
    ...(until === undefined ? {} : { until }),
  };
}

/** True when a service may be asked now: consent to everything, or to the service's purpose. One without needs the former. */
export function covers(consent: Consent, purpose: Purpose | undefined): boolean {
  if (consent.status !== 'granted') return false;
  return !consent.purposes || (purpose !== undefined && consent.purposes.includes(purpose));
}

/** True when it may be planned: covered, or nobody has said anything yet. */
export function mayCover(consent: Consent, purpose: Purpose | undefined): boolean {
  return consent.status === 'pending' || covers(consent, purpose);
}

/** True when a referral rests on a consent that is not there any more and is not to be waited for. */
export function lacksConsent(referral: Pick<CaseReferral, 'basis' | 'purpose'>, consent: Consent): boolean {
  return referral.basis === 'consent' && !mayCover(consent, referral.purpose);
}

/** Why a need whose services the consent leaves out is unmet. A purpose that was left out counts as refused. */
export function missingConsentReason({ status }: Consent): UnmetReason {
  return status === 'withdrawn' || status === 'expired' ? `consent-${status}` : 'consent-refused';
}

/** True when one of two consents allows something that the other does not. */
export function isWider(consent: Consent, than: Consent): boolean {
  return [undefined, ...PURPOSES].some((purpose) => covers(consent, purpose) && !covers(than, purpose));
}

/**
 * Within which time an agency acknowledges that it was asked to stop: as fast as it acknowledges a request, and faster
 * when the consent is gone and the rules ask for it.
 */
export function stopTerm(
  { ack }: Pick<CaseReferral, 'ack'>,
  { requestedAt, reason }: Pick<NonNullable<CaseReferral['cancellation']>, 'requestedAt' | 'reason'>,
  { calendar, rules }: { readonly calendar: Calendar; readonly rules: Pick<Rules, 'consentStop'> },
): string {
  if (!CONSENT_REASONS.some((code) => code === reason)) return ack;
  const from = new Date(requestedAt);
  return calendar.add(from, ack) <= calendar.add(from, rules.consentStop) ? ack : rules.consentStop;
}
