/** Refused rows as a file that can be corrected in a spreadsheet and sent again. Pure. */
import { COLUMNS, NOTES } from './columns';
import type { ManifestError } from './manifest-table';

/** A refused row: its cells in the order of COLUMNS, or none where it could not be cut into cells. */
export interface RefusedRow {
  readonly line: number;
  readonly cells: readonly string[] | undefined;
  readonly errors: readonly Pick<ManifestError, 'message'>[];
}

/** The header of such a file. */
export function refusedHeader(): string {
  return csvLine([...COLUMNS, ...NOTES]);
}

/** One line of it: the row as it was, where it stood, and what is wrong with it. */
export function refusedLine({ line, cells, errors }: RefusedRow): string {
  const row = cells ?? COLUMNS.map(() => '');
  return csvLine([...row, String(line), errors.map(({ message }) => message).join('; ')]);
}

// What spreadsheets take for the beginning of a formula (OWASP, CSV injection).
const FORMULA = /^[=+\-@\t\r]/;

/** Takes off the guard of a cell that stood in a file of refused rows; no cell of a manifest begins so otherwise. */
export function withoutGuard(cell: string): string {
  return cell.startsWith("'") && FORMULA.test(cell.slice(1)) ? cell.slice(1) : cell;
}

function csvLine(cells: readonly string[]): string {
  return `${cells.map(cellOf).join(',')}\r\n`;
}

function cellOf(text: string): string {
  const guarded = FORMULA.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(guarded) ? `"${guarded.replaceAll('"', '""')}"` : guarded;
}
