/** What a registration means beside what is already known: pure decisions and the events that follow. */
import type { Consent, ReturneeChanged } from '@retorno/contracts';
import { latestConsent, sameConsent } from '../consent/consent';
import type { Registration } from '../manifests/manifest-row';

/**
 * A returnee as stored. `details` is the registration without consent, which changes by itself; empty once the returnee
 * was erased.
 */
export interface StoredReturnee {
  id: string;
  caseId: string;
  caseNumber: string;
  /** What the sender calls the returnee, digested. */
  reference: string;
  details: string;
  /** The consent that holds. */
  consent: Consent;
  /** The consent of the last row that was taken over. */
  stated: Consent;
  /** The one that stands for the same person since their cases were merged. */
  mergedInto?: { returneeId: string; caseId: string };
}

/** The returnee's personal data is gone for good. */
export function isErased(stored: Pick<StoredReturnee, 'details'>): boolean {
  return stored.details === '';
}

/** What a row does to a known returnee. */
export interface RowEffect {
  detailsChanged: boolean;
  consentChanged: boolean;
  /** The consent that holds now. */
  consent: Consent;
  /** What the row says of consent, when it did not say so before. */
  said?: Consent;
}

/** Compares a row with what is stored. The same row again changes nothing. */
export function effectOf(stored: StoredReturnee, row: Registration, now: Date): RowEffect {
  // An old row sent again must not bring back who was erased.
  if (isErased(stored)) return { detailsChanged: false, consentChanged: false, consent: stored.consent };
  const repeated = sameConsent(row.consent, stored.stated);
  const said = dated(row.consent, now);
  const consent = repeated ? stored.consent : latestConsent(stored.consent, said);
  return {
    detailsChanged: detailsOf(row) !== stored.details,
    consentChanged: consent !== stored.consent && !sameConsent(consent, stored.consent),
    consent,
    ...(repeated ? {} : { said }),
  };
}

// A refusal may come without its time. One that is new is as late as its arrival here: it may not be passed over.
function dated(consent: Consent, now: Date): Consent {
  return consent.status === 'refused' && !consent.at ? { ...consent, at: now.toISOString() } : consent;
}

/** Everything but consent, as canonical text: equal texts are equal rows. */
export function detailsOf(row: Registration): string {
  const { externalId, person, journey, vulnerabilities, needs, announced, told } = row;
  return JSON.stringify({ externalId, person, journey, vulnerabilities, needs, announced, told });
}

/** A stored returnee's registration, as of now. */
export function registrationOf(stored: Pick<StoredReturnee, 'details' | 'consent'>): Registration {
  return { ...(JSON.parse(stored.details) as Omit<Registration, 'consent'>), consent: stored.consent };
}

/** The data of returnee-changed, and of returnee-registered but for the case number. */
export function announcement(
  returneeId: string,
  row: Registration,
  consent: Consent,
  householdAt?: ReturneeChanged['person']['householdAt'],
): ReturneeChanged {
  const { journey, vulnerabilities, needs } = row;
  const person = householdAt ? { ...row.person, householdAt } : row.person;
  return { returneeId, person, journey, vulnerabilities, needs, consent };
}
