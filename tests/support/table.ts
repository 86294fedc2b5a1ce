/**
 * "Agencies and services" of the domain, as it stands there, and how its words read as an offer: an opinion that is
 * independent of the agencies' own folders.
 */
import {
  NEED_CODES,
  VULNERABILITY_CODES,
  type DisclosedField,
  type OfferConditions,
  type ServiceOffer,
} from '@retorno/contracts';

/** agency | service | for | requires | ack / done | sees */
const TABLE = `
identity | dni-verify | document_type dni | – | 1 d / 2 d | name, birth, sex, document
identity | dni-issue | identity-document | – | 1 d / 15 d | name, birth, sex, document, district, contact
identity | birth-registration | birth-registration | – | 1 d / 15 d | name, birth, sex, contact
identity | civil-certificate | civil-certificate | – | 1 d / 3 d | name, birth, document, contact
insurance | enrolment | health-insurance | id, or nothing for the provisional groups | 1 d / 5 d | name, birth, sex, document, district, contact, provisional
health | medical-care | health-care, pregnant, chronic-illness, tb-or-hiv | – | 1 d / 14 d; 4 h / 48 h if pregnant, chronic-illness or tb-or-hiv | name, birth, sex, district, contact, health facts
health | mental-health | emotional-support, mental-distress | – | 1 d / 14 d | name, birth, sex, district, contact, health facts
protection | womens-emergency-centre | gender-based-violence | – | 1 h / 24 h | code name, safe contact, district
protection | special-protection-unit | unaccompanied-child | – | 1 h / 24 h | name, birth, sex, languages, household, port
protection | trafficking-care | trafficking | – | 1 h / 24 h | code name, birth, safe contact, district
social-inclusion | household-classification | – (required by others) | id | 3 d / 15 d | name, document, household, district, contact
social-inclusion | social-programme | social-programme | household-classification | 3 d / 30 d | name, document, household, district, contact
education | school-enrolment | school-enrolment, ages 3–17 | – | 3 d / 30 d | name, birth, sex, district, contact
education | recognition-of-studies | recognition-of-studies | id | 3 d / 30 d | name, document, contact
employment | job-placement | employment, 18 and over | id | 3 d / 60 d | name, document, district, contact
employment | skills-certification | skills-certification, 18 and over | id | 3 d / 60 d | name, document, district, contact
production | safe-entrepreneurship | entrepreneurship, 18 and over | id | 5 d / 60 d | name, document, district, contact
migration | movement-record | – (required by others) | – | 1 d / 5 d | name, birth, document
migration | foreigner-card | – (is id for a person who is not Peruvian) | – | 1 d / 15 d | name, birth, sex, nationality, document, contact
migration | border-reception | every arrival at a port other than LIM | – | 2 h / 24 h | name, household, port, flight
foreign-affairs | returnee-card | returnee-card, Peruvian, years_abroad ≥ 3, entry at most 180 days ago | id, movement-record | 1 d / 15 d | name, document, contact, years abroad
consular | detention-visit | detained, before arrival | – | 4 h / 24 h | name, birth, place of detention
consular | travel-document | no document, before arrival | – | 1 d / 3 d | name, birth, sex
consular | legal-defence | legal-advice, before arrival | – | 1 d / 10 d | name, contact, place of detention
justice | legal-aid | legal-advice | – | 2 d / 30 d | name, contact
civil-society | legal-advice | – (equivalent of legal-aid) | – | 2 d / 30 d | name, contact
civil-society | temporary-housing | – (equivalent of shelter) | – | 2 h / 24 h | name, household, sex, contact
interior | trafficking-case | trafficking, with consent or under 18 | – | 1 h / 24 h | code name, safe contact
police | record-certificate | police-record, 18 and over | id | 1 d / 5 d | name, document
disability | disability-card | disability-card | id, medical-care | 3 d / 30 d | name, document, district, contact, certificate
assistance-centre | reception | every arrival at LIM (equivalent of border-reception) | – | 2 h / 24 h | name, household, languages, port, flight
assistance-centre | shelter | shelter | – | 2 h / 24 h | name, household, sex, contact
assistance-centre | follow-up | every case, once all other needs are settled | – | 5 d / 30 d | name, contact
`;

/** "Each disclosure has a basis": vital interests are protection, shelter, urgent medical care; the law asks for these. */
const VITAL = ['womens-emergency-centre', 'trafficking-care', 'shelter', 'temporary-housing'];
const LEGAL = ['special-protection-unit', 'reception', 'border-reception'];

type Words = Partial<ServiceOffer>;

/** What the words beside the codes mean. */
const WORDS: Readonly<Record<string, Words>> = {
  '–': {},
  '– (required by others)': {},
  '– (is id for a person who is not Peruvian)': {},
  '– (equivalent of legal-aid)': { equivalentTo: ['legal-aid'] },
  '– (equivalent of shelter)': { equivalentTo: ['shelter'] },
  'document_type dni': { forDocuments: ['dni'] },
  'no document': { forDocuments: ['none'] },
  detained: { for: ['detained-abroad'] },
  'ages 3–17': only({ ageFrom: 3, ageTo: 17 }),
  '18 and over': only({ ageFrom: 18 }),
  Peruvian: only({ nationality: 'peruvian' }),
  'years_abroad ≥ 3': only({ yearsAbroadFrom: 3 }),
  'entry at most 180 days ago': only({ enteredWithinDays: 180 }),
  'before arrival': only({ phase: 'before-arrival' }),
  'with consent or under 18': only({ consentOrUnder: 18 }),
  'every arrival at a port other than LIM': { every: 'arrival', ...only({ portsExcept: ['LIM'] }) },
  'every arrival at LIM (equivalent of border-reception)': {
    every: 'arrival',
    equivalentTo: ['border-reception'],
    ...only({ ports: ['LIM'] }),
  },
  'every case': { every: 'case-end' },
  'once all other needs are settled': {},
  'or nothing for the provisional groups': {
    provisionalFor: { vulnerabilities: ['pregnant', 'chronic-illness', 'tb-or-hiv'], underAge: 5 },
  },
};

/** What the table says of one service, without what it says nothing of: titles, laws, purposes, appointments, outcomes. */
export interface TableRow {
  /** `health/mental-health` */
  readonly name: string;
  readonly offer: ServiceOffer;
}

/** Every row as an offer. Throws at a word that it cannot read. */
export function tableRows(): TableRow[] {
  return TABLE.trim().split('\n').map(read);
}

function read(line: string): TableRow {
  const [agency = '', code = '', why = '', requires = '', deadlines = '', sees = ''] = line.split(' | ');
  const [usual = '', urgent] = deadlines.split('; ');
  const [ack = '', done = ''] = usual.split(' / ');
  const parts = [
    ...why.split(', '),
    ...requires
      .split(', ')
      .slice(1)
      .filter((word) => word in WORDS),
  ];
  const words = parts.map(meaning);
  const conditions = Object.assign({}, ...words.map((word) => word.only)) as OfferConditions;
  const offer: ServiceOffer = {
    ...(Object.assign({}, ...words) as Words),
    code,
    for: words.flatMap((word) => word.for ?? []),
    requires: requires.split(', ').filter((word) => word !== '–' && !(word in WORDS)),
    ack,
    done,
    basis: VITAL.includes(code) ? 'vital-interests' : LEGAL.includes(code) ? 'legal-obligation' : 'consent',
    ...(urgent && { urgent: urgently(urgent) }),
    // `provisional` stands in every request beside the fields.
    sees: sees
      .split(', ')
      .filter((field) => field !== 'provisional')
      .map((field) => field.replaceAll(' ', '-') as DisclosedField),
  };
  if (Object.keys(conditions).length > 0) offer.only = conditions;
  return { name: `${agency}/${code}`, offer };
}

function meaning(word: string): Words {
  const codes: readonly string[] = [...NEED_CODES, ...VULNERABILITY_CODES];
  const found = codes.includes(word) ? { for: [word] } : WORDS[word];
  if (!found) throw new Error(`the table says '${word}', which nobody can read`);
  return found;
}

/** `4 h / 48 h if pregnant, chronic-illness or tb-or-hiv` */
function urgently(words: string): NonNullable<ServiceOffer['urgent']> {
  const [deadlines = '', groups = ''] = words.split(' if ');
  const [ack = '', done = ''] = deadlines.split(' / ');
  const codes = groups.split(/, | or /);
  const named = VULNERABILITY_CODES.filter((code) => codes.includes(code));
  if (named.length !== codes.length) throw new Error(`the table says '${groups}', which nobody can read`);
  return { for: named, ack, done, basis: 'vital-interests' };
}

function only(conditions: OfferConditions): Words {
  return { only: conditions };
}
