import { COLUMNS, isColumn, NOTES, type Column } from './columns';

/** What is wrong with a header; column is null when it is about the whole line. */
export interface HeaderError {
  column: string | null;
  code: string;
  message: string;
}

/** The columns of this file in their order, null for one that is not read; or everything that is wrong with the header. Order is free. */
export function readHeader(
  cells: readonly string[],
): { columns: (Column | null)[]; errors?: never } | { errors: HeaderError[]; columns?: never } {
  const names = cells.map((cell) => cell.trim());
  const known = names.filter(isColumn);
  if (new Set(known).size < COLUMNS.length / 2) return { errors: [noHeader(names)] };
  const errors = [
    ...COLUMNS.filter((column) => !known.includes(column)).map((column) => missing(column)),
    ...[...new Set(known.filter((name, i) => known.indexOf(name) !== i))].map((column) => duplicated(column)),
    ...names.flatMap((name, i) => (isColumn(name) || isNote(name) ? [] : [unknown(name, i)])),
  ];
  return errors.length > 0 ? { errors } : { columns: names.map((name) => (isColumn(name) ? name : null)) };
}

function isNote(name: string): boolean {
  return (NOTES as readonly string[]).includes(name);
}

// A first line that is no header is somebody's data: none of it is repeated.
function noHeader(names: readonly string[]): HeaderError {
  const [first = ''] = names;
  if (names.length === 1 && /[;\t]/.test(first)) {
    return {
      column: null,
      code: 'wrong-delimiter',
      message: 'columns must be separated by commas (RFC 4180)',
    };
  }
  const message = `the first line must be a header with the columns ${COLUMNS.join(', ')}`;
  return { column: null, code: 'missing-header', message };
}

function missing(column: Column): HeaderError {
  return { column, code: 'missing-column', message: `the header lacks the column ${column}` };
}

function duplicated(column: Column): HeaderError {
  return { column, code: 'duplicate-column', message: `the header names the column ${column} twice` };
}

function unknown(name: string, index: number): HeaderError {
  const shown = /^[A-Za-z][A-Za-z0-9_ -]{0,39}$/.test(name) ? name : null;
  const which = shown === null ? `column ${index + 1}` : `column ${shown}`;
  return {
    column: shown,
    code: 'unknown-column',
    message: `the header's ${which} is not a column of a manifest`,
  };
}
