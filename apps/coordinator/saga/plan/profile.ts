/** What planning needs to know of a returnee: everything but who it is. */
import type { CaseProfile, ReturneeChanged, ReturneeRegistered } from '@retorno/contracts';
import { consentAt } from '../consent';
import { monthsAfter } from '../follow-up';
import type { PersonRecord } from '../disclosure';
import type { Rules } from './rules';

/** The profile in a message of intake that is taken in `now`. */
export function profileOf(data: ReturneeRegistered | ReturneeChanged, now: Date): CaseProfile {
  const { person, journey, vulnerabilities, needs, consent } = data;
  return {
    returnType: journey.returnType,
    arrivalDate: journey.arrivalDate,
    originCountry: journey.originCountry,
    portOfEntry: journey.portOfEntry,
    yearsAbroad: journey.yearsAbroad,
    age: ageAt(person.dateOfBirth, journey.arrivalDate),
    sex: person.sex,
    nationality: person.nationality,
    documentType: person.documentType,
    region: person.destinationUbigeo.slice(0, 2),
    unaccompanied: person.relationship === 'unaccompanied',
    vulnerabilities: [...new Set(vulnerabilities)],
    needs: [...new Set(needs)],
    ...(journey.stage === undefined ? {} : { stage: journey.stage }),
    ...(journey.dateUnknown ? { dateUnknown: true } : {}),
    ...(journey.onManifest === undefined ? {} : { onManifest: journey.onManifest }),
    consent: consentAt(consent, now),
  };
}

/** What intake has told of a returnee by now, from what is kept of it: the reverse of `personRecord` and `profileOf`. */
export function asTold(
  { person, journey }: PersonRecord,
  profile: CaseProfile,
): Omit<ReturneeChanged, 'returneeId'> {
  const { returnType, arrivalDate, stage, dateUnknown, onManifest, vulnerabilities, needs, consent } =
    profile;
  const { householdAt: _place, ...rest } = person;
  return {
    person: rest,
    journey: {
      ...journey,
      returnType,
      arrivalDate,
      // That somebody has arrived is concluded here, from the day.
      ...(stage === undefined || stage === 'arrived' ? {} : { stage }),
      ...(dateUnknown ? { dateUnknown } : {}),
      ...(onManifest === undefined ? {} : { onManifest }),
    },
    vulnerabilities: [...vulnerabilities],
    needs: [...needs],
    consent: consent.status === 'expired' ? { ...consent, status: 'granted' } : consent,
  };
}

/** Completed years on a day; both dates are `YYYY-MM-DD`. */
export function ageAt(dateOfBirth: string, day: string): number {
  const years = Number(day.slice(0, 4)) - Number(dateOfBirth.slice(0, 4));
  return Math.max(0, day.slice(5) < dateOfBirth.slice(5) ? years - 1 : years);
}

/** When somebody of this birth date (`YYYY-MM-DD`) is of age: the first instant of that birthday in Lima. */
export function comesOfAge(dateOfBirth: string, { child }: Pick<Rules, 'child'>): Date {
  return monthsAfter(dateOfBirth, 12 * child.underAge);
}

/** A child that came alone: by vulnerability code or by relationship, and under age at arrival. */
export function isUnaccompaniedChild(profile: CaseProfile, rules: Rules): boolean {
  const alone = profile.unaccompanied || profile.vulnerabilities.includes(rules.child.need);
  return alone && profile.age < rules.child.underAge;
}
