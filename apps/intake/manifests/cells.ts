/** The cells of a row, read by kind. */
// The package's main entry loads the country names of 80 languages; this one only the codes.
import { isValid as isCountryCode } from 'i18n-iso-countries/index';
import { columnFacts, type Column } from './columns';
import { isCalendarDate } from '../fields/dates';

/** A cell's text, or a list's items. */
export type Cell = string | readonly string[];
/** The cells of a row by column; a column left out counts as empty. */
export type Row = Partial<Record<Column, Cell>>;

/** What is wrong with a cell. The message says what it should be and never repeats the value: it may be personal data. */
export interface RowError {
  column: Column;
  code: string;
  message: string;
}

const NAME = /^'?\p{L}[\p{L}\p{M} '.-]{0,99}$/u;

/** Reads cells by kind and notes what is wrong; what could not be read comes back as a placeholder. */
export class Cells {
  readonly errors: RowError[] = [];

  constructor(private readonly row: Row) {}

  refuse(column: Column, code: string, should: string): void {
    if (this.errors.some((error) => error.column === column)) return;
    this.errors.push({ column, code, message: `${column} ${should}` });
  }

  /** Trimmed NFC text; undefined for an empty cell. */
  text(column: Column): string | undefined {
    const cell = this.row[column] ?? '';
    const text = (typeof cell === 'string' ? cell : cell.join('|')).normalize('NFC').trim();
    return text === '' ? undefined : text;
  }

  required(column: Column): string | undefined {
    const text = this.text(column);
    if (text === undefined) this.refuse(column, 'required', 'must not be empty');
    return text;
  }

  matching(column: Column, pattern: RegExp, what: string, normalise = (text: string) => text): string {
    const text = columnFacts(column).required ? this.required(column) : this.text(column);
    const value = text === undefined ? undefined : normalise(text);
    if (value !== undefined && !pattern.test(value)) this.refuse(column, 'invalid-format', `must be ${what}`);
    return value ?? '';
  }

  name(column: Column): string {
    const text = this.required(column)?.replace(/ {2,}/g, ' ');
    if (text !== undefined && !NAME.test(text)) {
      this.refuse(column, 'invalid-name', "must hold letters, spaces, ', - and . only, at most 100");
    }
    return text ?? '';
  }

  code<T extends string>(column: Column, list: readonly T[]): T {
    const text = this.required(column);
    const known = list.find((code) => code === text);
    if (text !== undefined && !known)
      this.refuse(column, 'unknown-code', `must be one of ${list.join(', ')}`);
    return known ?? ('' as T);
  }

  /** In the order of the list, so that the same codes in another order are the same row. */
  codes<T extends string>(column: Column, list: readonly T[]): T[] {
    const given = this.list(column);
    if (!given.every((code) => (list as readonly string[]).includes(code))) {
      this.refuse(column, 'unknown-code', `must hold codes of this list, separated by |: ${list.join(', ')}`);
    }
    return list.filter((code) => given.includes(code));
  }

  /** Without empty items and repetitions. */
  list(column: Column): string[] {
    const cell = this.row[column] ?? '';
    const items = typeof cell === 'string' ? cell.split('|') : cell;
    return [...new Set(items.map((item) => item.normalize('NFC').trim()))].filter((item) => item !== '');
  }

  date(column: Column): string {
    const text = this.required(column) ?? '';
    if (text === '' || isCalendarDate(text)) return text;
    this.refuse(column, 'invalid-date', 'must be a day that exists, written like 2026-11-20');
    return '';
  }

  country(column: Column): string {
    const text = this.required(column) ?? '';
    // XK is in use but not assigned by ISO 3166-1.
    if (text !== '' && (!/^[A-Z]{2}$/.test(text) || !isCountryCode(text) || text === 'XK')) {
      this.refuse(column, 'unknown-country', 'must be an ISO 3166-1 alpha-2 code in capitals, like PE');
    }
    return text;
  }

  integer(column: Column, max: number): number {
    const text = this.required(column);
    if (text === undefined) return 0;
    if (/^\d{1,6}$/.test(text) && Number(text) <= max) return Number(text);
    this.refuse(column, 'invalid-number', `must be a whole number from 0 to ${max}`);
    return 0;
  }
}
