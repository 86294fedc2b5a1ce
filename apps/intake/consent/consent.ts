/** Whose word counts as a consent, which of two holds, and what it is worth by now. */
import {
  PURPOSES,
  type Consent,
  type ConsentGiver,
  type Person,
  type VulnerabilityCode,
} from '@retorno/contracts';
import type { FieldError } from '@retorno/service';
import { yearsBetween } from '../fields/dates';

/**
 * From which age whose consent counts. Ley 29733, article 13.3, and its regulation (DS 016-2024-JUS, article 22): for a child
 * whoever has parental authority or guardianship consents; from 14 to 17 also the young person, told in words that they
 * understand. For a child that came alone the protection authority stands in for them (Decreto Legislativo 1297).
 */
const CONSENT_AGES = { ownWordFrom: 14, adultFrom: 18 } as const;

/** What must be known of a person to tell whose word counts. */
interface Who {
  readonly person: Pick<Person, 'dateOfBirth' | 'relationship'>;
  readonly vulnerabilities: readonly VulnerabilityCode[];
}

/** Who may speak for a person on a day (`YYYY-MM-DD`). An adult may have a guardian, too. */
function giversFor({ person, vulnerabilities }: Who, day: string): readonly ConsentGiver[] {
  const age = yearsBetween(person.dateOfBirth, day);
  const alone = person.relationship === 'unaccompanied' || vulnerabilities.includes('unaccompanied-child');
  if (age >= CONSENT_AGES.adultFrom) return ['self', 'guardian'];
  return [
    ...(age >= CONSENT_AGES.ownWordFrom ? (['self'] as const) : []),
    'guardian',
    ...(alone ? (['protection-authority'] as const) : []),
  ];
}

/**
 * A manifest's word on a person: of a child it is that of the adult who brings it. Of a child that came alone it is that of
 * whoever hands it over; nothing rests on it before the protection authority has decided, for all else waits for that.
 */
export function wordOfManifest(consent: Consent, dateOfBirth: string, arrivalDate: string): Consent {
  const child = yearsBetween(dateOfBirth, arrivalDate) < CONSENT_AGES.adultFrom;
  return child && consent.status !== 'pending' ? { ...consent, by: 'guardian' } : consent;
}

/** What is wrong with a consent that somebody gives; empty when it counts. */
export function consentErrors(consent: Consent, who: Who): FieldError[] {
  const { status, by = 'self', at = '', purposes, until } = consent;
  const errors: FieldError[] = [];
  const givers = giversFor(who, at.slice(0, 10));
  if (!givers.includes(by)) {
    const detail = `by must be ${givers.join(' or ')} for this person`;
    errors.push({ pointer: '/by', code: 'not-entitled', detail });
  }
  if (status !== 'granted') {
    for (const [name, value] of Object.entries({ purposes, until })) {
      if (value === undefined) continue;
      const detail = `${name} goes with granted only; to take a part back, grant what stays`;
      errors.push({ pointer: `/${name}`, code: 'unexpected', detail });
    }
  }
  if (until !== undefined && until <= at) {
    errors.push({ pointer: '/until', code: 'implausible-date', detail: 'until must be later than at' });
  }
  return errors;
}

/**
 * The latest consent by its time wins, and any dated one over an undated. At the same time the newer word wins, but a
 * withdrawal stands and nothing is widened: sending an old manifest again must not undo what the person said. `pending`
 * takes nothing back: it only says that nobody was asked yet.
 */
export function latestConsent(current: Consent, incoming: Consent): Consent {
  if (incoming.status === 'pending' && current.status !== 'pending') return current;
  if (!current.at) return incoming;
  if (!incoming.at) return current;
  const later = Date.parse(incoming.at) - Date.parse(current.at);
  if (later === 0) return current.status === 'withdrawn' || isWider(incoming, current) ? current : incoming;
  return later > 0 ? incoming : current;
}

function isWider(next: Consent, known: Consent): boolean {
  if (next.status !== 'granted' || known.status !== 'granted') return false;
  const longer = known.until !== undefined && (next.until === undefined || next.until > known.until);
  const allowed = ({ purposes }: Consent): readonly string[] => purposes ?? [...PURPOSES, 'everything'];
  return longer || allowed(next).some((purpose) => !allowed(known).includes(purpose));
}

/** True when both say the same. */
export function sameConsent(a: Consent, b: Consent): boolean {
  return consentText(a) === consentText(b);
}

/** A consent as text: equal consents have equal texts. */
export function consentText({ status, at, by, purposes, until }: Consent): string {
  return JSON.stringify({
    status,
    at,
    by,
    ...(purposes && { purposes: PURPOSES.filter((purpose) => purposes.includes(purpose)) }),
    until,
  });
}

/** A consent as it counts by now: expired once its time has passed. */
export function standingConsent(consent: Consent, now: Date): Consent {
  const expired =
    consent.status === 'granted' && consent.until !== undefined && Date.parse(consent.until) <= now.getTime();
  return expired ? { ...consent, status: 'expired' } : consent;
}
