/** From records to the lines of a report: pure. */
import { onlyFor } from '../registration/authority';
import type { Row } from './cells';
import { COLUMNS, type Column } from './columns';
import type { CsvFault, CsvRecord } from './csv-records';
import { MAX_RECORD } from './csv-records';
import { readRow, type Registration } from './manifest-row';
import type { ManifestError, ManifestRow } from './manifest-table';
import { withoutGuard } from './refused-rows';
import type { Registered } from '../registration/registrar';

/** A line of the file: accepted, or rejected with its errors. */
export interface ReadLine {
  line: number;
  /** As far as it could be read. */
  externalId: string | null;
  registration?: Registration;
  /** By column, as they were sent. */
  cells?: readonly string[];
  errors: Omit<ManifestError, 'line'>[];
}

/** Reads one record by the order of the columns in its file. */
export function readLine(record: CsvRecord, columns: readonly (Column | null)[], today: Date): ReadLine {
  const { line } = record;
  if (record.fault) return { line, externalId: null, errors: [faultError(record.fault, columns)] };
  const cells = new Map(columns.map((column, i) => [column, withoutGuard(record.cells[i] ?? '')]));
  const inOrder = COLUMNS.map((column) => cells.get(column) ?? '');
  const row: Row = Object.fromEntries(COLUMNS.map((column, i) => [column, inOrder[i]!]));
  const result = readRow(row, today);
  if (result.registration) {
    return {
      line,
      externalId: result.registration.externalId,
      registration: result.registration,
      cells: inOrder,
      errors: [],
    };
  }
  const badId = result.errors.some((error) => error.column === 'external_id');
  return {
    line,
    externalId: badId ? null : String(row.external_id).trim(),
    cells: inOrder,
    errors: result.errors,
  };
}

/** Says what is wrong with a record as a whole. */
export function faultError(
  fault: CsvFault,
  columns: readonly (Column | null)[],
): Omit<ManifestError, 'line'> {
  switch (fault.code) {
    case 'wrong-number-of-cells': {
      const column = columns[Math.min(fault.found, columns.length - 1)] ?? null;
      const message = `the row has ${fault.found} cells, the header ${fault.expected}`;
      return { column, code: fault.code, message };
    }
    case 'unbalanced-quotes': {
      const message =
        'quotes do not match: a cell with a quote or comma stands in quotes, and quotes in it are doubled';
      return { column: null, code: fault.code, message };
    }
    case 'row-too-long':
      return { column: null, code: fault.code, message: `the row is longer than ${MAX_RECORD} characters` };
  }
}

/** Who registers for one authority registers nobody for another; without one, everybody. */
export function rejectOthers(lines: readonly ReadLine[], authority: string | undefined): ReadLine[] {
  return lines.map((line) => {
    const sender = line.registration?.journey.sendingAuthority;
    if (authority === undefined || sender === undefined || sender === authority) return line;
    const error = { column: 'sending_authority', code: 'other-authority', message: onlyFor(authority) };
    return { line: line.line, externalId: line.externalId, errors: [error] };
  });
}

/**
 * An external id counts once per sending authority and file: the first good row takes it, later ones are rejected.
 * `earlier`: lines of identities ("authority\nexternal id") taken by earlier batches.
 */
export function rejectRepetitions(
  lines: readonly ReadLine[],
  earlier: ReadonlyMap<string, number>,
): ReadLine[] {
  const taken = new Map(earlier);
  return lines.map((line) => {
    if (!line.registration) return line;
    const identity = `${line.registration.journey.sendingAuthority}\n${line.registration.externalId}`;
    const first = taken.get(identity);
    if (first === undefined) {
      taken.set(identity, line.line);
      return line;
    }
    const message = `external_id stands in line ${first} already, for the same sending_authority`;
    const errors = [{ column: 'external_id', code: 'duplicate-in-file', message }];
    return { line: line.line, externalId: line.externalId, ...(line.cells && { cells: line.cells }), errors };
  });
}

/** The report's rows and errors. `registered` answers the accepted lines, in their order. */
export function reportOf(
  lines: readonly ReadLine[],
  registered: readonly Registered[],
): { rows: ManifestRow[]; errors: ManifestError[] } {
  const answers = registered.values();
  const rows = lines.map(({ line, externalId, registration, cells }): ManifestRow => {
    const answer = registration && answers.next().value;
    return {
      line,
      externalId,
      sendingAuthority: registration?.journey.sendingAuthority ?? null,
      result: answer?.result ?? 'rejected',
      returneeId: answer?.returneeId ?? null,
      refused: answer || !cells ? null : cells,
    };
  });
  const errors = lines.flatMap(({ line, errors }) => errors.map((error) => ({ line, ...error })));
  return { rows, errors };
}
