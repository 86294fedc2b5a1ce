/** Synthetic manifests: valid rows of made-up people in households, with every need, vulnerability and kind of document. */
import { NEED_CODES, VULNERABILITY_CODES, type NeedCode, type VulnerabilityCode } from '@retorno/contracts';
import { chanceOf, type Chance } from './random';

/** The manifest's columns in the order of the files. */
export const MANIFEST_COLUMNS = [
  'external_id',
  'sending_authority',
  'return_type',
  'arrival_date',
  'flight',
  'origin_country',
  'nationality',
  'port_of_entry',
  'family_names',
  'given_names',
  'date_of_birth',
  'sex',
  'document_type',
  'document_number',
  'household',
  'relationship',
  'phone',
  'email',
  'languages',
  'years_abroad',
  'destination_ubigeo',
  'vulnerabilities',
  'needs',
  'consent',
  'consent_at',
] as const;

/** A row by column; lists are joined by `|`. */
export type ManifestRow = Record<(typeof MANIFEST_COLUMNS)[number], string>;

export interface ManifestOptions {
  rows: number;
  /** The same seed gives the same file; rows of different seeds are different people. */
  seed?: number;
  arrivalDate?: string;
}

/** Makes the rows of a manifest. Every need and every vulnerability occurs once there are about a hundred. */
export function manifestRows({ rows, seed = 1, arrivalDate = '2026-11-20' }: ManifestOptions): ManifestRow[] {
  const made: ManifestRow[] = [];
  const chance = chanceOf(seed);
  for (let household = 1; made.length < rows; household++) {
    const home = homeOf(chance, seed, household, arrivalDate);
    for (const relationship of membersOf(chance)) {
      if (made.length < rows) made.push(personOf(chance, home, relationship, made.length));
    }
  }
  return made;
}

/** Rows as CSV with a header. */
export function manifestCsv(rows: readonly ManifestRow[]): string {
  const lines = rows.map((row) => MANIFEST_COLUMNS.map((column) => quoted(row[column])).join(','));
  return `${[MANIFEST_COLUMNS.join(','), ...lines].join('\r\n')}\r\n`;
}

function quoted(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

type Relationship = 'single' | 'head' | 'spouse' | 'child' | 'unaccompanied';

const JOURNEYS = [
  { country: 'US', authority: 'consulate:us-miami', flight: 'US431', port: 'LIM', type: 'deportation' },
  { country: 'ES', authority: 'consulate:es-madrid', flight: 'ES254', port: 'LIM', type: 'voluntary' },
  {
    country: 'AR',
    authority: 'consulate:ar-buenos-aires',
    flight: 'AR504',
    port: 'LIM',
    type: 'assisted-voluntary',
  },
  { country: 'CL', authority: 'migration:cl-santiago', flight: '', port: 'TCQ', type: 'voluntary' },
  { country: 'EC', authority: 'migration:ec-quito', flight: '', port: 'TUM', type: 'deportation' },
  { country: 'BO', authority: 'migration:bo-la-paz', flight: '', port: 'PUN', type: 'voluntary' },
] as const;
/** INEI codes of districts in all regions. */
// prettier-ignore
const DISTRICTS = [
  '010101', '020101', '030101', '040101', '050101', '060101', '070101', '080101', '090101', '100101', '110101',
  '120101', '130101', '140101', '150101', '150132', '150133', '150142', '160101', '170101', '190101', '200101',
  '210101', '220101', '230101', '240101', '250101',
];
const FAMILY = [
  'Quispe',
  'Mamani',
  'Huamán',
  'Flores',
  'Sánchez',
  'Inga',
  'Ñahui',
  'Rojas',
  'Yupanqui',
  "D'Angelo",
];
const GIVEN = [
  'Rosa',
  'Víctor',
  'Elena',
  'Julio',
  'Valentina',
  'José',
  'Lucía',
  'Ana',
  'Raúl',
  'Inés',
  'Óscar',
];
const CHILD_NEEDS: readonly NeedCode[] = [
  'school-enrolment',
  'health-insurance',
  'health-care',
  'birth-registration',
];
const ADULT_NEEDS = NEED_CODES.filter((code) => code !== 'birth-registration' && code !== 'school-enrolment');
/** Vulnerabilities that chance may give to a man, a woman or a child of any age. */
const ANYBODY = VULNERABILITY_CODES.filter(
  (code) => !['unaccompanied-child', 'older-person', 'pregnant', 'single-headed-household'].includes(code),
);

interface Home {
  journey: (typeof JOURNEYS)[number];
  seed: number;
  household: string;
  arrivalDate: string;
  familyNames: string;
  ubigeo: string;
  yearsAbroad: string;
}

function homeOf(chance: Chance, seed: number, household: number, arrivalDate: string): Home {
  return {
    journey: chance.pick(JOURNEYS),
    seed,
    household: `H${String(household).padStart(5, '0')}`,
    arrivalDate,
    familyNames: `${chance.pick(FAMILY)} ${chance.pick(FAMILY)}`,
    ubigeo: chance.pick(DISTRICTS),
    yearsAbroad: String(chance.below(12)),
  };
}

function membersOf(chance: Chance): Relationship[] {
  const kind = chance.next();
  if (kind < 0.6) return ['single'];
  if (kind < 0.65) return ['unaccompanied'];
  const children = Array.from({ length: chance.below(3) }, () => 'child' as const);
  return chance.happens(0.6) ? ['head', 'spouse', ...children] : ['head', 'child', ...children];
}

function personOf(chance: Chance, home: Home, relationship: Relationship, index: number): ManifestRow {
  const { journey, arrivalDate } = home;
  const young = relationship === 'child' || relationship === 'unaccompanied';
  const age = young ? chance.below(18) : 18 + chance.below(relationship === 'single' ? 60 : 35);
  const sex = chance.happens(0.02) ? 'X' : chance.pick(['F', 'M'] as const);
  const foreign = (relationship === 'spouse' || relationship === 'child') && chance.happens(0.25);
  const phase = chance.next();
  const consent = phase < 0.86 ? 'granted' : phase < 0.95 ? 'pending' : 'refused';
  // Names differ by index, so that no two made-up people look like one.
  const given = `${chance.pick(GIVEN)} ${lettersOf(index, home.seed)}`;
  return {
    external_id: `${String(home.seed).padStart(3, '0')}-${String(index + 1).padStart(6, '0')}`,
    sending_authority: journey.authority,
    return_type: journey.type,
    arrival_date: arrivalDate,
    flight: journey.flight,
    origin_country: journey.country,
    nationality: foreign ? journey.country : 'PE',
    port_of_entry: journey.port,
    family_names: home.familyNames,
    given_names: given,
    date_of_birth: bornBefore(arrivalDate, age, chance),
    sex,
    ...documentOf(chance, foreign, home.seed, index),
    household: home.household,
    relationship,
    phone: chance.happens(0.8)
      ? `+519${String(10_000_000 + ((home.seed * 100_003 + index) % 89_999_999))}`
      : '',
    email: chance.happens(0.3) ? `person.${home.seed}.${index}@example.org` : '',
    languages: chance.pick(['es', 'es|qu', 'es|en', 'ay|es']),
    years_abroad: home.yearsAbroad,
    destination_ubigeo: home.ubigeo,
    vulnerabilities: vulnerabilitiesOf(chance, { relationship, age, sex }).join('|'),
    needs: chance.some(young ? CHILD_NEEDS : ADULT_NEEDS, young ? 0.5 : 0.25).join('|'),
    consent,
    consent_at:
      consent === 'pending' ? '' : `${arrivalDate}T08:${String(index % 60).padStart(2, '0')}:00-05:00`,
  };
}

function documentOf(
  chance: Chance,
  foreign: boolean,
  seed: number,
  index: number,
): Pick<ManifestRow, 'document_type' | 'document_number'> {
  const number = String(10_000_000 + ((seed * 1_000_003 + index) % 89_999_999));
  const kind = chance.next();
  if (!foreign && kind < 0.65) return { document_type: 'dni', document_number: number };
  if (kind < 0.8) return { document_type: 'passport', document_number: `P${number}` };
  if (kind < 0.9) return { document_type: 'safe-conduct', document_number: `SC-${number}` };
  return { document_type: 'none', document_number: '' };
}

function vulnerabilitiesOf(
  chance: Chance,
  { relationship, age, sex }: { relationship: Relationship; age: number; sex: string },
): VulnerabilityCode[] {
  const found = chance.some(ANYBODY, 0.05);
  if (relationship === 'unaccompanied') found.push('unaccompanied-child');
  if (relationship === 'head' && chance.happens(0.4)) found.push('single-headed-household');
  if (age >= 60) found.push('older-person');
  if (sex === 'F' && age >= 16 && age < 45 && chance.happens(0.1)) found.push('pregnant');
  return found;
}

/** A day on which somebody of this age at arrival was born. */
function bornBefore(arrivalDate: string, age: number, chance: Chance): string {
  const day = new Date(`${arrivalDate}T00:00:00Z`);
  day.setUTCFullYear(day.getUTCFullYear() - age);
  day.setUTCDate(day.getUTCDate() - 1 - chance.below(360));
  return day.toISOString().slice(0, 10);
}

/** A made-up name that belongs to one number. */
function lettersOf(index: number, seed: number): string {
  let rest = index * 997 + seed;
  let letters = '';
  do {
    letters += String.fromCharCode(97 + (rest % 26));
    rest = Math.floor(rest / 26);
  } while (rest > 0);
  return `Test${letters}`;
}
