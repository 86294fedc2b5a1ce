/** Returnees for tests: one ordinary person, and whatever a test says otherwise. No real data. */
import type { CaseProfile, Consent, Person, Journey, ReturneeRegistered } from '@retorno/contracts';
import { profileOf } from '../saga/plan/profile';

export type Said = Partial<Person & Journey> &
  Partial<Pick<ReturneeRegistered, 'needs' | 'vulnerabilities'>> & { consent?: Consent['status'] | Consent };

/** Arrived at LIM on 2026-11-20, 30 years old, Peruvian without a document, consent granted, asks for nothing. */
export function returnee(said: Said = {}): ReturneeRegistered {
  const { needs, vulnerabilities, consent, ...fields } = said;
  const {
    sendingAuthority,
    returnType,
    arrivalDate,
    flight,
    originCountry,
    portOfEntry,
    yearsAbroad,
    stage,
    placeOfDetention,
    dateUnknown,
    onManifest,
    ...person
  } = fields;
  const given = <T extends object>(values: T) =>
    Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
  return {
    caseNumber: 'RT-2026-000001',
    returneeId: '01900000-0000-7000-8000-000000000001',
    person: {
      familyNames: 'Prueba Ensayo',
      givenNames: 'Alfa',
      dateOfBirth: '1996-01-15',
      sex: 'F',
      nationality: 'PE',
      documentType: 'none',
      relationship: 'single',
      languages: ['es'],
      destinationUbigeo: '150101',
      ...given(person),
    },
    journey: {
      sendingAuthority: 'consulate:test',
      returnType: 'voluntary',
      arrivalDate: '2026-11-20',
      originCountry: 'US',
      portOfEntry: 'LIM',
      yearsAbroad: 5,
      ...given({
        sendingAuthority,
        returnType,
        arrivalDate,
        flight,
        originCountry,
        portOfEntry,
        yearsAbroad,
        stage,
        placeOfDetention,
        dateUnknown,
        onManifest,
      }),
    },
    vulnerabilities: vulnerabilities ?? [],
    needs: needs ?? [],
    consent: typeof consent === 'string' ? consentOf(consent) : (consent ?? consentOf('granted')),
  };
}

function consentOf(status: Consent['status']): Consent {
  return status === 'pending' ? { status } : { status, at: '2026-11-20T08:00:00-05:00' };
}

/** The same person as planning sees it. */
export function profile(said: Said = {}): CaseProfile {
  return profileOf(returnee(said), new Date('2026-11-23T14:00:00Z'));
}
