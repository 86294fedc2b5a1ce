/**
 * The whole roundtable of the domain's table as catalogues, one entry a row: proof that the vocabulary can say every row.
 * For tests of planning; the agencies' own folders are what is published.
 */
import type { CataloguePublished, DisclosedField, Purpose, ServiceOffer } from '@retorno/contracts';
import type { Catalogues } from '../saga/plan/offers';

type Row = Partial<ServiceOffer> & Pick<ServiceOffer, 'code'>;

/** A row of the table: `for`, `requires` and `basis` have the table's commonest values. */
function row(deadlines: `${string} / ${string}`, sees: string, offer: Row): ServiceOffer {
  const [ack = '', done = ''] = deadlines.split(' / ');
  return {
    for: [],
    requires: [],
    basis: 'consent',
    ack,
    done,
    sees: sees.split(' ') as DisclosedField[],
    ...offer,
  };
}

const VITAL = { basis: 'vital-interests' } as const;
const LEGAL = { basis: 'legal-obligation' } as const;
const ADULT = { only: { ageFrom: 18 } } as const;
const BEFORE = { phase: 'before-arrival' } as const;

const AGENCIES: Record<string, ServiceOffer[]> = {
  identity: [
    row('1 d / 2 d', 'name birth sex document', { code: 'dni-verify', forDocuments: ['dni'] }),
    row('1 d / 15 d', 'name birth sex document district contact', {
      code: 'dni-issue',
      for: ['identity-document'],
    }),
    row('1 d / 15 d', 'name birth sex contact', { code: 'birth-registration', for: ['birth-registration'] }),
    row('1 d / 3 d', 'name birth document contact', {
      code: 'civil-certificate',
      for: ['civil-certificate'],
    }),
  ],
  insurance: [
    row('1 d / 5 d', 'name birth sex document district contact', {
      code: 'enrolment',
      for: ['health-insurance'],
      requires: ['id'],
      provisionalFor: { vulnerabilities: ['pregnant', 'chronic-illness', 'tb-or-hiv'], underAge: 5 },
    }),
  ],
  health: [
    row('1 d / 14 d', 'name birth sex district contact health-facts', {
      code: 'medical-care',
      for: ['health-care', 'pregnant', 'chronic-illness', 'tb-or-hiv'],
      urgent: {
        for: ['pregnant', 'chronic-illness', 'tb-or-hiv'],
        ack: '4 h',
        done: '48 h',
        basis: 'vital-interests',
      },
    }),
    row('1 d / 14 d', 'name birth sex district contact health-facts', {
      code: 'mental-health',
      for: ['emotional-support', 'mental-distress'],
    }),
  ],
  protection: [
    row('1 h / 24 h', 'code-name safe-contact district', {
      code: 'womens-emergency-centre',
      for: ['gender-based-violence'],
      ...VITAL,
    }),
    row('1 h / 24 h', 'name birth sex languages household port', {
      code: 'special-protection-unit',
      for: ['unaccompanied-child'],
      ...LEGAL,
    }),
    row('1 h / 24 h', 'code-name birth safe-contact district', {
      code: 'trafficking-care',
      for: ['trafficking'],
      ...VITAL,
    }),
  ],
  'social-inclusion': [
    row('3 d / 15 d', 'name document household district contact', {
      code: 'household-classification',
      requires: ['id'],
    }),
    row('3 d / 30 d', 'name document household district contact', {
      code: 'social-programme',
      for: ['social-programme'],
      requires: ['household-classification'],
    }),
  ],
  education: [
    row('3 d / 30 d', 'name birth sex district contact', {
      code: 'school-enrolment',
      for: ['school-enrolment'],
      only: { ageFrom: 3, ageTo: 17 },
    }),
    row('3 d / 30 d', 'name document contact', {
      code: 'recognition-of-studies',
      for: ['recognition-of-studies'],
      requires: ['id'],
    }),
  ],
  employment: [
    row('3 d / 60 d', 'name document district contact', {
      code: 'job-placement',
      for: ['employment'],
      requires: ['id'],
      ...ADULT,
    }),
    row('3 d / 60 d', 'name document district contact', {
      code: 'skills-certification',
      for: ['skills-certification'],
      requires: ['id'],
      ...ADULT,
    }),
  ],
  production: [
    row('5 d / 60 d', 'name document district contact', {
      code: 'safe-entrepreneurship',
      for: ['entrepreneurship'],
      requires: ['id'],
      ...ADULT,
    }),
  ],
  migration: [
    row('1 d / 5 d', 'name birth document', { code: 'movement-record' }),
    row('1 d / 15 d', 'name birth sex nationality document contact', { code: 'foreigner-card' }),
    row('2 h / 24 h', 'name household port flight', {
      code: 'border-reception',
      every: 'arrival',
      only: { portsExcept: ['LIM'] },
      ...LEGAL,
    }),
  ],
  'foreign-affairs': [
    row('1 d / 15 d', 'name document contact years-abroad', {
      code: 'returnee-card',
      for: ['returnee-card'],
      only: { nationality: 'peruvian', yearsAbroadFrom: 3, enteredWithinDays: 180 },
      requires: ['id', 'movement-record'],
    }),
  ],
  consular: [
    row('4 h / 24 h', 'name birth place-of-detention', {
      code: 'detention-visit',
      for: ['detained-abroad'],
      only: BEFORE,
    }),
    row('1 d / 3 d', 'name birth sex', { code: 'travel-document', forDocuments: ['none'], only: BEFORE }),
    row('1 d / 10 d', 'name contact place-of-detention', {
      code: 'legal-defence',
      for: ['legal-advice'],
      only: BEFORE,
    }),
  ],
  justice: [row('2 d / 30 d', 'name contact', { code: 'legal-aid', for: ['legal-advice'] })],
  'civil-society': [
    row('2 d / 30 d', 'name contact', { code: 'legal-advice', equivalentTo: ['legal-aid'] }),
    row('2 h / 24 h', 'name household sex contact', {
      code: 'temporary-housing',
      equivalentTo: ['shelter'],
      ...VITAL,
    }),
  ],
  interior: [
    row('1 h / 24 h', 'code-name safe-contact', {
      code: 'trafficking-case',
      for: ['trafficking'],
      only: { consentOrUnder: 18 },
    }),
  ],
  police: [
    row('1 d / 5 d', 'name document', {
      code: 'record-certificate',
      for: ['police-record'],
      requires: ['id'],
      ...ADULT,
    }),
  ],
  disability: [
    row('3 d / 30 d', 'name document district contact certificate', {
      code: 'disability-card',
      for: ['disability-card'],
      requires: ['id', 'medical-care'],
    }),
  ],
  'assistance-centre': [
    row('2 h / 24 h', 'name household languages port flight', {
      code: 'reception',
      every: 'arrival',
      only: { ports: ['LIM'] },
      equivalentTo: ['border-reception'],
      ...LEGAL,
    }),
    row('2 h / 24 h', 'name household sex contact', { code: 'shelter', for: ['shelter'], ...VITAL }),
    row('5 d / 30 d', 'name contact', { code: 'follow-up', every: 'case-end' }),
  ],
};

/** Catalogues of all agencies of the table, or of those named. */
export function roundtable(...agencies: readonly string[]): Catalogues {
  const chosen = agencies.length > 0 ? agencies : Object.keys(AGENCIES);
  return catalogues(
    Object.fromEntries(chosen.map((agency): [string, ServiceOffer[]] => [agency, AGENCIES[agency] ?? []])),
  );
}

/** Catalogues of fixture agencies: offers by agency slug. */
export function catalogues(offers: Readonly<Record<string, readonly ServiceOffer[]>>): Catalogues {
  return new Map(
    Object.entries(offers).map(([agency, services]): [string, CataloguePublished] => [
      agency,
      { agency, name: agency, version: 1, services: [...services] },
    ]),
  );
}

/** More agencies beside others; the later of the same slug counts. */
export function joined(...parts: readonly Catalogues[]): Catalogues {
  return new Map(parts.flatMap((part) => [...part]));
}

/** The same catalogues with what each service serves, by service code. */
export function withPurposes(known: Catalogues, purposes: Readonly<Record<string, Purpose>>): Catalogues {
  const served = (services: readonly ServiceOffer[]) =>
    services.map((service) => {
      const purpose = purposes[service.code];
      return purpose ? { ...service, purpose } : service;
    });
  return new Map(
    [...known].map(([slug, catalogue]) => [slug, { ...catalogue, services: served(catalogue.services) }]),
  );
}

/** The same catalogues, with these services to be asked for before the arrival. */
export function preBooked(offered: Catalogues, ...services: readonly string[]): Catalogues {
  return new Map(
    [...offered].map(([agency, catalogue]) => [
      agency,
      {
        ...catalogue,
        services: catalogue.services.map((s) => (services.includes(s.code) ? { ...s, preBook: true } : s)),
      },
    ]),
  );
}

/** An offer of a fixture agency. */
export function offer(code: string, more: Partial<ServiceOffer> = {}): ServiceOffer {
  return row('1 d / 5 d', 'name', { code, ...more });
}
