/** Agencies of the table of services that have no folder in apps/agencies yet, as fixtures. */
import type { AgencyDefinition } from '@retorno/agency';
import type { DisclosedField, ServiceOffer } from '@retorno/contracts';
import { agency, offer } from './fixtures';

const VITAL = { basis: 'vital-interests' } as const;
const LAW = { basis: 'legal-obligation' } as const;
const ADULT = { only: { ageFrom: 18 } } as const;
const BEFORE = { phase: 'before-arrival' } as const;

/** A line of the table: service, deadlines, what it sees, the rest. */
function line(code: string, due: string, sees: string, more: Partial<ServiceOffer> = {}): ServiceOffer {
  const [ack = '', done = ''] = due.split(' / ');
  return offer(code, { ack, done, sees: sees.split(' ') as DisclosedField[], ...more });
}

const ALL: AgencyDefinition[] = [
  agency(
    'protection',
    line('womens-emergency-centre', '1 h / 24 h', 'code-name safe-contact district', {
      for: ['gender-based-violence'],
      ...VITAL,
    }),
    line('special-protection-unit', '1 h / 24 h', 'name birth sex languages household port', {
      for: ['unaccompanied-child'],
      ...LAW,
    }),
    line('trafficking-care', '1 h / 24 h', 'code-name birth safe-contact district', {
      for: ['trafficking'],
      ...VITAL,
    }),
  ),
  agency(
    'social-inclusion',
    line('household-classification', '3 d / 15 d', 'name document household district contact', {
      requires: ['id'],
    }),
    line('social-programme', '3 d / 30 d', 'name document household district contact', {
      for: ['social-programme'],
      requires: ['household-classification'],
    }),
  ),
  agency(
    'production',
    line('safe-entrepreneurship', '5 d / 60 d', 'name document district contact', {
      for: ['entrepreneurship'],
      requires: ['id'],
      ...ADULT,
    }),
  ),
  agency(
    'migration',
    line('movement-record', '1 d / 5 d', 'name birth document'),
    line('foreigner-card', '1 d / 15 d', 'name birth sex nationality document contact'),
    line('border-reception', '2 h / 24 h', 'name household port flight', {
      every: 'arrival',
      only: { portsExcept: ['LIM'] },
      ...LAW,
    }),
  ),
  agency(
    'foreign-affairs',
    line('returnee-card', '1 d / 15 d', 'name document contact years-abroad', {
      for: ['returnee-card'],
      only: { nationality: 'peruvian', yearsAbroadFrom: 3, enteredWithinDays: 180 },
      requires: ['id', 'movement-record'],
    }),
  ),
  agency(
    'consular',
    line('detention-visit', '4 h / 24 h', 'name birth place-of-detention', {
      for: ['detained-abroad'],
      only: BEFORE,
    }),
    line('travel-document', '1 d / 3 d', 'name birth sex', { forDocuments: ['none'], only: BEFORE }),
    line('legal-defence', '1 d / 10 d', 'name contact place-of-detention', {
      for: ['legal-advice'],
      only: BEFORE,
    }),
  ),
  agency('justice', line('legal-aid', '2 d / 30 d', 'name contact', { for: ['legal-advice'] })),
  agency(
    'civil-society',
    line('legal-advice', '2 d / 30 d', 'name contact', { equivalentTo: ['legal-aid'] }),
    line('temporary-housing', '2 h / 24 h', 'name household sex contact', {
      equivalentTo: ['shelter'],
      ...VITAL,
    }),
  ),
  agency(
    'interior',
    line('trafficking-case', '1 h / 24 h', 'code-name safe-contact', {
      for: ['trafficking'],
      only: { consentOrUnder: 18 },
    }),
  ),
  agency(
    'police',
    line('record-certificate', '1 d / 5 d', 'name document', {
      for: ['police-record'],
      requires: ['id'],
      ...ADULT,
    }),
  ),
  agency(
    'disability',
    line('disability-card', '3 d / 30 d', 'name document district contact certificate', {
      for: ['disability-card'],
      requires: ['id', 'medical-care'],
    }),
  ),
  agency(
    'assistance-centre',
    line('reception', '2 h / 24 h', 'name household languages port flight', {
      every: 'arrival',
      only: { ports: ['LIM'] },
      equivalentTo: ['border-reception'],
      ...LAW,
    }),
    line('shelter', '2 h / 24 h', 'name household sex contact', { for: ['shelter'], ...VITAL }),
    line('follow-up', '5 d / 30 d', 'name contact', { every: 'case-end' }),
  ),
];

/** The agencies of the table that are not among these. */
export function restOfTheRoundtable(known: readonly AgencyDefinition[]): AgencyDefinition[] {
  const slugs = new Set(known.map((one) => one.slug));
  return ALL.filter((one) => !slugs.has(one.slug));
}
