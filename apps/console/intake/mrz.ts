/**
 * The machine-readable zone of a passport (TD3: two lines) or an identity card (TD1: three lines), after ICAO Doc 9303. What it
 * says is believed only when every check digit fits: one letter misread would be another person. Pure.
 */
import { alpha3ToAlpha2 } from 'i18n-iso-countries/index';
import { parse, type ParseResult } from 'mrz';

/** The form's fields that a zone tells. */
export const MRZ_COLUMNS = [
  'family_names',
  'given_names',
  'date_of_birth',
  'sex',
  'nationality',
  'document_type',
  'document_number',
] as const;
export type MrzColumn = (typeof MRZ_COLUMNS)[number];

/** What in a zone cannot be: where to look again. Lines and places are counted from 1. */
export type MrzProblem =
  | { readonly code: 'lines' }
  | { readonly code: 'length'; readonly line: number; readonly found: number; readonly expected: number }
  | { readonly code: 'characters'; readonly line: number; readonly place: number }
  | {
      /** `check-digit`: it does not fit what stands in `part`; `unreadable`: the part itself cannot be. */
      readonly code: 'check-digit' | 'unreadable';
      readonly part: MrzPart;
      readonly line: number;
      readonly place: number;
    };

export type MrzPart =
  | 'document'
  | 'documentNumber'
  | 'birthDate'
  | 'expirationDate'
  | 'sex'
  | 'nationality'
  | 'issuingState'
  | 'name'
  | 'optional'
  | 'all';

/** A zone that is whole; columns that it does not tell, or that we have no word for, are left out. */
export interface MrzRead {
  readonly values: Readonly<Partial<Record<MrzColumn, string>>>;
  /** When the document ends, `YYYY-MM-DD`. */
  readonly expires?: string;
}

const LENGTHS: Readonly<Record<number, number>> = { 2: 44, 3: 30 };
/** A date of no calendar: 31 February. */
const NO_DAY = '';
const SEXES: Readonly<Record<string, string>> = { male: 'M', female: 'F', nonspecified: 'X' };

const PARTS: Readonly<Record<string, MrzPart>> = {
  documentCode: 'document',
  documentNumber: 'documentNumber',
  birthDate: 'birthDate',
  expirationDate: 'expirationDate',
  sex: 'sex',
  nationality: 'nationality',
  issuingState: 'issuingState',
  lastName: 'name',
  firstName: 'name',
  composite: 'all',
};

/** The zone's lines as they were printed: scanners put spaces and small letters in. */
export function mrzLines(text: string): string[] {
  return text
    .toUpperCase()
    .replaceAll('«', '<<')
    .replaceAll('‹', '<')
    .split(/[\r\n]+/)
    .map((line) => line.replace(/\s/g, ''))
    .filter((line) => line !== '');
}

/** What a zone says, or what is wrong with it. `now` tells the century of a birth. */
export function readMrz(text: string, now: Date): MrzRead | { readonly problems: readonly MrzProblem[] } {
  const lines = mrzLines(text);
  const expected = LENGTHS[lines.length];
  if (expected === undefined) return { problems: [{ code: 'lines' }] };
  const shape = lines.flatMap((line, i) => shapeOf(line, i + 1, expected));
  if (shape.length > 0) return { problems: shape };
  const parsed = parse(lines);
  const { fields } = parsed;
  const birth = dateOf(fields.birthDate, now, 0);
  const expires = dateOf(fields.expirationDate, now, 50);
  const problems = [
    ...problemsIn(parsed),
    // The library takes 31 February.
    ...(birth === NO_DAY ? [placeOf(parsed, 'birthDate')] : []),
    ...(expires === NO_DAY ? [placeOf(parsed, 'expirationDate')] : []),
  ];
  if (problems.length > 0) return { problems };
  const nationality = countryOf(fields.nationality);
  const values: Partial<Record<MrzColumn, string | undefined>> = {
    family_names: nameOf(fields.lastName),
    given_names: nameOf(fields.firstName),
    date_of_birth: birth,
    sex: SEXES[fields.sex ?? ''],
    nationality,
    ...documentOf(parsed),
  };
  const told = Object.entries(values).filter(([, value]) => value !== undefined && value !== '');
  return { values: Object.fromEntries(told), ...(expires !== undefined && { expires }) };
}

function shapeOf(line: string, number: number, expected: number): MrzProblem[] {
  const wrong = line.search(/[^A-Z0-9<]/);
  if (wrong !== -1) return [{ code: 'characters', line: number, place: wrong + 1 }];
  if (line.length === expected) return [];
  return [{ code: 'length', line: number, found: line.length, expected }];
}

function problemsIn({ details }: ParseResult): MrzProblem[] {
  return details
    .filter(({ valid }) => !valid)
    .map(({ field, line, ranges }): MrzProblem => {
      const [, of, digit] = /^(.*?)(CheckDigit)?$/.exec(field ?? '')!;
      const code = digit === undefined ? 'unreadable' : 'check-digit';
      return { code, part: PARTS[of!] ?? 'optional', line: line + 1, place: ranges[0]!.start + 1 };
    });
}

function placeOf({ details }: ParseResult, part: 'birthDate' | 'expirationDate'): MrzProblem {
  const { line, start } = details.find(({ field }) => field === part)!;
  return { code: 'unreadable', part, line: line + 1, place: start + 1 };
}

/**
 * YYMMDD as a day: the latest that is at most so many years ahead. Undefined where a part of it is not known (`<<`), NO_DAY
 * for one that does not exist.
 */
function dateOf(digits: string | null | undefined, now: Date, yearsAhead: number): string | undefined {
  if (!digits || !/^\d{6}$/.test(digits)) return undefined;
  const [yy, month, day] = [digits.slice(0, 2), digits.slice(2, 4), digits.slice(4)];
  const limit = new Date(now);
  limit.setUTCFullYear(limit.getUTCFullYear() + yearsAhead);
  const last = limit.toISOString().slice(0, 10);
  const century = Math.floor(limit.getUTCFullYear() / 100);
  const dates = [century, century - 1].map((hundreds) => `${hundreds}${yy}-${month}-${day}`);
  return dates.find((date) => isDay(date) && date <= last) ?? NO_DAY;
}

function isDay(date: string): boolean {
  const time = Date.parse(`${date}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(date);
}

/** Two letters; Germany's code is a single one. */
function countryOf(code: string | null | undefined): string | undefined {
  if (!code) return undefined;
  return alpha3ToAlpha2(code === 'D' ? 'DEU' : code);
}

/** A passport, or Peru's DNI; of other cards the form has no word. */
function documentOf({ format, fields, documentNumber }: ParseResult): Partial<Record<MrzColumn, string>> {
  if (documentNumber === null) return {};
  if (format === 'TD3') return { document_type: 'passport', document_number: documentNumber };
  const isDni = fields.issuingState === 'PER' && /^\d{8}$/.test(documentNumber);
  return isDni ? { document_type: 'dni', document_number: documentNumber } : {};
}

/** `QUISPE MAMANI` as people write it: Quispe Mamani. */
function nameOf(name: string | null | undefined): string | undefined {
  return name?.toLowerCase().replace(/(^|[ '-])\p{L}/gu, (begin) => begin.toUpperCase());
}

/** Whether what was typed says another thing than the zone, which knows no accents, no ñ (N, or NXX) and no small letters. */
export function contradicts(column: MrzColumn, typed: string, told: string): boolean {
  if (column === 'document_number') {
    const [a, b] = [typed, told].map((text) => text.toUpperCase().replace(/[^A-Z0-9]/g, ''));
    // A DNI may have its check character behind it.
    return a !== b && !(/^\d{8}$/.test(b!) && new RegExp(`^${b}[0-9A-K]$`).test(a!));
  }
  return plain(typed) !== plain(told);
}

function plain(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll('nxx', 'n')
    .replaceAll("'", '')
    .replace(/[\s.-]+/g, ' ')
    .trim();
}
