/** A returnee as JSON: the columns of a manifest and its rules. */
import type { FieldError } from '@retorno/service';
import type { Cell, Row, RowError } from '../manifests/cells';
import { COLUMNS, columnFacts, isColumn } from '../manifests/columns';
import { readRow, type Registration } from '../manifests/manifest-row';

/** The registration, or every wrong field by its JSON pointer. */
export function readReturneeBody(
  body: unknown,
  today: Date,
): { registration: Registration } | { errors: FieldError[] } {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    return {
      errors: [
        { pointer: '', code: 'wrong-type', detail: "the body must be an object of the manifest's columns" },
      ],
    };
  }
  const unknown = Object.keys(body).filter((name) => !isColumn(name));
  const { row, errors } = rowOf(body as Record<string, unknown>);
  const result = readRow(row, today);
  const wrongType = new Set(errors.map((error) => error.column));
  const found = [...errors, ...(result.errors ?? []).filter((error) => !wrongType.has(error.column))];
  if (result.registration && found.length + unknown.length === 0)
    return { registration: result.registration };
  return {
    errors: [
      ...unknown.map((name) => ({
        pointer: pointerTo(name),
        code: 'unknown-field',
        detail: 'is not a field of a returnee',
      })),
      ...found.map(({ column, code, message }) => ({ pointer: `/${column}`, code, detail: message })),
    ],
  };
}

/** The fields as cells; those of a wrong type are noted and count as empty. */
function rowOf(body: Record<string, unknown>): { row: Row; errors: RowError[] } {
  const row: Row = {};
  const errors: RowError[] = [];
  for (const column of COLUMNS) {
    const list = columnFacts(column).list === true;
    const cell = cellOf(body[column] ?? '', list, column === 'years_abroad');
    if (cell !== undefined) row[column] = cell;
    else
      errors.push({
        column,
        code: 'wrong-type',
        message: `${column} must be ${list ? 'a list of texts' : 'text'}`,
      });
  }
  return { row, errors };
}

function cellOf(value: unknown, list: boolean, number: boolean): Cell | undefined {
  if (value === '') return value;
  if (list)
    return Array.isArray(value) && value.every((item) => typeof item === 'string') ? value : undefined;
  if (number && typeof value === 'number') return String(value);
  return typeof value === 'string' ? value : undefined;
}

// RFC 6901.
function pointerTo(name: string): string {
  return `/${name.slice(0, 60).replaceAll('~', '~0').replaceAll('/', '~1')}`;
}
