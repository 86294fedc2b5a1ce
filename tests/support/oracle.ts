/**
 * What the rules say the plan of a manifest's row is, written from its text alone: an independent opinion to hold the
 * coordinator's plans against. It knows the table by heart, and reads no catalogue.
 */
import type { ManifestRow } from './manifest';

export interface ExpectedReferral {
  /** `agency/service`, or the service alone when nobody offers it. */
  requires: string[];
  basis: string;
  provisional: boolean;
  /** Nothing holds it back. */
  sent: boolean;
  /** `n d` or `n h`. */
  ack: string;
  done: string;
}

export interface ExpectedPlan {
  /** `open` or `unmet/<reason>` by need code. */
  needs: Record<string, string>;
  /** By `agency/service`. */
  referrals: Record<string, ExpectedReferral>;
}

interface Who {
  age: number;
  peruvian: boolean;
  consent: string;
  document: string;
  port: string;
  yearsAbroad: number;
  arrived: boolean;
  /** Days since entry; negative before it. */
  entered: number;
  has(code: string): boolean;
  /** Unaccompanied, and under 18. */
  child: boolean;
}

interface TableRow {
  /** Codes, any of them. */
  for?: string[];
  /** Triggers without any need. */
  whenever?: (who: Who) => boolean;
  /** Conditions that must hold as well. */
  if?: (who: Who) => boolean;
  requires?: string[];
  due: [ack: string, done: string];
  basis?: 'vital-interests' | 'legal-obligation';
}

const adult = (who: Who) => who.age >= 18;
const early = (who: Who) => !who.arrived;
const VITAL = { basis: 'vital-interests' } as const;
const LAW = { basis: 'legal-obligation' } as const;
const URGENT = ['pregnant', 'chronic-illness', 'tb-or-hiv'];

/** "Agencies and services". Those that only stand in for others (civil-society) are in no first plan. */
const TABLE: Record<string, TableRow> = {
  'identity/dni-verify': { whenever: (who) => who.document === 'dni', due: ['1 d', '2 d'] },
  'identity/dni-issue': { for: ['identity-document'], due: ['1 d', '15 d'] },
  'identity/birth-registration': { for: ['birth-registration'], due: ['1 d', '15 d'] },
  'identity/civil-certificate': { for: ['civil-certificate'], due: ['1 d', '3 d'] },
  'insurance/enrolment': { for: ['health-insurance'], requires: ['id'], due: ['1 d', '5 d'] },
  'health/medical-care': { for: ['health-care', ...URGENT], due: ['1 d', '14 d'] },
  'health/mental-health': { for: ['emotional-support', 'mental-distress'], due: ['1 d', '14 d'] },
  'protection/womens-emergency-centre': { for: ['gender-based-violence'], due: ['1 h', '24 h'], ...VITAL },
  'protection/special-protection-unit': {
    for: ['unaccompanied-child'],
    if: (who) => who.child,
    due: ['1 h', '24 h'],
    ...LAW,
  },
  'protection/trafficking-care': { for: ['trafficking'], due: ['1 h', '24 h'], ...VITAL },
  'social-inclusion/household-classification': { requires: ['id'], due: ['3 d', '15 d'] },
  'social-inclusion/social-programme': {
    for: ['social-programme'],
    requires: ['household-classification'],
    due: ['3 d', '30 d'],
  },
  'education/school-enrolment': {
    for: ['school-enrolment'],
    if: (who) => who.age >= 3 && who.age <= 17,
    due: ['3 d', '30 d'],
  },
  'education/recognition-of-studies': {
    for: ['recognition-of-studies'],
    requires: ['id'],
    due: ['3 d', '30 d'],
  },
  'employment/job-placement': { for: ['employment'], if: adult, requires: ['id'], due: ['3 d', '60 d'] },
  'employment/skills-certification': {
    for: ['skills-certification'],
    if: adult,
    requires: ['id'],
    due: ['3 d', '60 d'],
  },
  'production/safe-entrepreneurship': {
    for: ['entrepreneurship'],
    if: adult,
    requires: ['id'],
    due: ['5 d', '60 d'],
  },
  'migration/movement-record': { due: ['1 d', '5 d'] },
  'migration/foreigner-card': { due: ['1 d', '15 d'] },
  'migration/border-reception': { whenever: (who) => who.port !== 'LIM', due: ['2 h', '24 h'], ...LAW },
  'foreign-affairs/returnee-card': {
    for: ['returnee-card'],
    if: (who) => who.peruvian && who.yearsAbroad >= 3 && who.entered <= 180,
    requires: ['id', 'movement-record'],
    due: ['1 d', '15 d'],
  },
  'consular/detention-visit': { for: ['detained-abroad'], if: early, due: ['4 h', '24 h'] },
  'consular/travel-document': { whenever: (who) => who.document === 'none', if: early, due: ['1 d', '3 d'] },
  'consular/legal-defence': { for: ['legal-advice'], if: early, due: ['1 d', '10 d'] },
  'justice/legal-aid': { for: ['legal-advice'], due: ['2 d', '30 d'] },
  'interior/trafficking-case': {
    for: ['trafficking'],
    if: (who) => who.consent === 'granted' || who.age < 18,
    due: ['1 h', '24 h'],
  },
  'police/record-certificate': { for: ['police-record'], if: adult, requires: ['id'], due: ['1 d', '5 d'] },
  'disability/disability-card': {
    for: ['disability-card'],
    requires: ['id', 'medical-care'],
    due: ['3 d', '30 d'],
  },
  'assistance-centre/reception': { whenever: (who) => who.port === 'LIM', due: ['2 h', '24 h'], ...LAW },
  'assistance-centre/shelter': { for: ['shelter'], due: ['2 h', '24 h'], ...VITAL },
};

/** The column "Sees" of the same table. */
const SEES: Record<string, string> = {
  'identity/dni-verify': 'name birth sex document',
  'identity/dni-issue': 'name birth sex document district contact',
  'identity/birth-registration': 'name birth sex contact',
  'identity/civil-certificate': 'name birth document contact',
  'insurance/enrolment': 'name birth sex document district contact',
  'health/medical-care': 'name birth sex district contact health',
  'health/mental-health': 'name birth sex district contact health',
  'protection/womens-emergency-centre': 'codename safecontact district',
  'protection/special-protection-unit': 'name birth sex languages household port',
  'protection/trafficking-care': 'codename birth safecontact district',
  'social-inclusion/household-classification': 'name document household district contact',
  'social-inclusion/social-programme': 'name document household district contact',
  'education/school-enrolment': 'name birth sex district contact',
  'education/recognition-of-studies': 'name document contact',
  'employment/job-placement': 'name document district contact',
  'employment/skills-certification': 'name document district contact',
  'production/safe-entrepreneurship': 'name document district contact',
  'migration/movement-record': 'name birth document',
  'migration/foreigner-card': 'name birth sex nationality document contact',
  'migration/border-reception': 'name household port flight',
  'foreign-affairs/returnee-card': 'name document contact yearsabroad',
  'consular/detention-visit': 'name birth detention',
  'consular/travel-document': 'name birth sex',
  'consular/legal-defence': 'name contact detention',
  'justice/legal-aid': 'name contact',
  'interior/trafficking-case': 'codename safecontact',
  'police/record-certificate': 'name document',
  'disability/disability-card': 'name document district contact certificate',
  'assistance-centre/reception': 'name household languages port flight',
  'assistance-centre/shelter': 'name household sex contact',
};

/** "Other health facts": what a medical desk may know, in the order in which the vocabulary names them. */
const HEALTH = ['pregnant', 'chronic-illness', 'tb-or-hiv', 'mental-distress', 'disability'];

/** Stands for a value that only the coordinator can say: a name that is none, a reference of the agency's own. */
export const SOMETHING = 'something';

/**
 * What a service is told of a row's person, by the field's name in the message: what "Sees" says, and nothing more. Fields
 * that the row leaves empty are absent.
 */
export function expectedDisclosure(row: ManifestRow, name: string): Record<string, unknown> {
  const listed = (cell: string): string[] => cell.split('|').filter(Boolean);
  const said: Record<string, Record<string, unknown>> = {
    name: { familyNames: row.family_names, givenNames: row.given_names },
    birth: { dateOfBirth: row.date_of_birth },
    sex: { sex: row.sex },
    nationality: { nationality: row.nationality },
    document: { documentType: row.document_type, documentNumber: row.document_number },
    district: { destinationUbigeo: row.destination_ubigeo },
    contact: { phone: row.phone, email: row.email, languages: listed(row.languages) },
    languages: { languages: listed(row.languages) },
    household: { household: row.household && SOMETHING },
    port: { portOfEntry: row.port_of_entry },
    flight: { flight: row.flight },
    yearsabroad: { yearsAbroad: Number(row.years_abroad) },
    detention: {
      placeOfDetention: listed(row.vulnerabilities).includes('detained-abroad') ? row.origin_country : '',
    },
    codename: { codeName: SOMETHING },
    safecontact: { safePhone: row.phone },
    health: { healthFacts: HEALTH.filter((fact) => listed(row.vulnerabilities).includes(fact)) },
    // Comes from a medical desk, never with a manifest.
    certificate: {},
  };
  const fields = (SEES[name] ?? '').split(' ').flatMap((column) => Object.entries(said[column] ?? {}));
  const empty = (field: string, value: unknown): boolean =>
    value === '' || (field === 'healthFacts' && (value as string[]).length === 0);
  return Object.fromEntries(fields.filter(([field, value]) => !empty(field, value)));
}

/** "Restricted needs (violence, trafficking, child) stay open until a person settles them." */
const RESTRICTED = ['gender-based-violence', 'trafficking', 'unaccompanied-child'];
const GATE = 'protection/special-protection-unit';

/** The plan of a row on a day, with the agencies that there are. */
export function expectedPlan(row: ManifestRow, agencies: readonly string[], day: string): ExpectedPlan {
  const who = whoIs(row, day);
  const offered = Object.keys(TABLE).filter((name) => agencies.includes(name.split('/')[0]!));
  const needs: Record<string, string> = {};
  const chosen = new Set<string>();

  for (const code of codesOf(row, who)) {
    const found = servicesFor(code, who, offered);
    if (found.unmet === undefined) {
      needs[code] = 'open';
      for (const name of found.services) chosen.add(name);
    } else if (found.unmet !== 'nobody-meant') needs[code] = found.unmet;
  }
  for (const name of offered) {
    const { whenever, if: condition } = TABLE[name]!;
    if (whenever?.(who) && (condition?.(who) ?? true)) chosen.add(name);
  }
  if (who.child) for (const name of [GATE, 'health/medical-care', idOf(who)]) chosen.add(name);
  if (isProvisional('insurance/enrolment', who) && chosen.has('insurance/enrolment')) chosen.add(idOf(who));
  // A Set's loop also visits what is added to it meanwhile.
  for (const name of chosen) for (const needed of prerequisites(name, who)) chosen.add(needed);

  const planned = [...chosen].filter((name) => offered.includes(name) && isAllowed(name, who));
  return {
    needs,
    referrals: Object.fromEntries(planned.map((name) => [name, referral(name, who, offered)])),
  };
}

function whoIs(row: ManifestRow, day: string): Who {
  const codes = [...row.vulnerabilities.split('|'), ...row.needs.split('|')];
  const years = Number(row.arrival_date.slice(0, 4)) - Number(row.date_of_birth.slice(0, 4));
  const age = row.arrival_date.slice(5) < row.date_of_birth.slice(5) ? years - 1 : years;
  const alone = codes.includes('unaccompanied-child') || row.relationship === 'unaccompanied';
  return {
    age,
    peruvian: row.nationality === 'PE',
    consent: row.consent,
    document: row.document_type,
    port: row.port_of_entry,
    yearsAbroad: Number(row.years_abroad),
    arrived: row.arrival_date <= day,
    entered: (Date.parse(day) - Date.parse(row.arrival_date)) / 86_400_000,
    has: (code) => codes.includes(code),
    child: alone && age < 18,
  };
}

/** What was asked for, and what was assessed. */
function codesOf(row: ManifestRow, who: Who): string[] {
  const codes = [...row.needs.split('|'), ...row.vulnerabilities.split('|')].filter(Boolean);
  const alone = codes.includes('unaccompanied-child');
  if (who.child && !alone) codes.push('unaccompanied-child');
  return codes.filter((code) => code !== 'unaccompanied-child' || who.child);
}

function servicesFor(
  code: string,
  who: Who,
  offered: readonly string[],
): { services: string[]; unmet?: string } {
  const meant = Object.keys(TABLE).filter((name) => TABLE[name]!.for?.includes(code));
  const there = meant.filter((name) => offered.includes(name));
  const eligible = there.filter((name) => TABLE[name]!.if?.(who) ?? true);
  const allowed = eligible.filter((name) => isAllowed(name, who));
  const none = { services: [] };
  // Some vulnerabilities are nobody's task by themselves, and a visit to a cell ends with the flight.
  const isTask = meant.length > 0 && (code !== 'detained-abroad' || eligible.length > 0);
  if (!isTask) return { ...none, unmet: 'nobody-meant' };
  if (allowed.length > 0) return { services: allowed };
  if (RESTRICTED.includes(code)) return { services: [] };
  if (there.length === 0) return { ...none, unmet: 'unmet/no-provider' };
  return { ...none, unmet: eligible.length === 0 ? 'unmet/not-eligible' : 'unmet/consent-refused' };
}

/** "`id`" */
function idOf(who: Who): string {
  if (!who.peruvian) return 'migration/foreigner-card';
  return who.document === 'dni' ? 'identity/dni-verify' : 'identity/dni-issue';
}

/** "Unaccompanied child": what is sent at once, by name. */
const AT_ONCE = [
  GATE,
  'health/medical-care',
  'identity/dni-verify',
  'identity/dni-issue',
  'migration/foreigner-card',
  'assistance-centre/reception',
  'migration/border-reception',
  'interior/trafficking-case',
];

function isAtOnce(name: string): boolean {
  return AT_ONCE.includes(name) || name.startsWith('protection/');
}

/** "Provisional insurance" */
function isProvisional(name: string, who: Who): boolean {
  return name === 'insurance/enrolment' && (who.age < 5 || URGENT.some((code) => who.has(code)));
}

function prerequisites(name: string, who: Who): string[] {
  if (who.child ? isAtOnce(name) : isProvisional(name, who)) return [];
  const own = (TABLE[name]!.requires ?? []).flatMap((code) => {
    if (code === 'id') return who.child && name === 'insurance/enrolment' ? [] : [idOf(who)];
    return Object.keys(TABLE).filter((other) => other.split('/')[1] === code);
  });
  return who.child ? [GATE, ...own] : own;
}

/** "Each disclosure has a basis" */
function basisOf(name: string, who: Who): string {
  if (who.child && isAtOnce(name)) return 'legal-obligation';
  if (name === 'health/medical-care' && URGENT.some((code) => who.has(code))) return 'vital-interests';
  return TABLE[name]!.basis ?? 'consent';
}

function isAllowed(name: string, who: Who): boolean {
  return who.consent !== 'refused' || basisOf(name, who) !== 'consent';
}

function referral(name: string, who: Who, offered: readonly string[]): ExpectedReferral {
  const requires = prerequisites(name, who);
  const basis = basisOf(name, who);
  const urgent = name === 'health/medical-care' && URGENT.some((code) => who.has(code));
  const [ack, done] = urgent ? ['4 h', '48 h'] : TABLE[name]!.due;
  return {
    requires: requires.map((r) => (offered.includes(r) ? r : r.split('/')[1]!)).toSorted(),
    basis,
    provisional: isProvisional(name, who),
    sent: requires.length === 0 && (basis !== 'consent' || who.consent === 'granted'),
    ack,
    done,
  };
}
