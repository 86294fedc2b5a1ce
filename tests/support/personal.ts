/** What must not be found in a text that is not for everybody. */
import type { ManifestRow } from './manifest';

/** Everything in these rows that tells who somebody is, whole and in the parts that would do. */
export function personalValues(rows: readonly ManifestRow[]): Set<string> {
  const values = rows.flatMap((row) => [
    row.external_id,
    row.family_names,
    ...row.family_names.split(' '),
    row.given_names,
    ...row.given_names.split(' '),
    row.date_of_birth,
    row.document_number,
    row.household,
    row.phone,
    row.phone.replace(/^\+51/, ''),
    row.email,
    row.email.split('@')[0]!,
    row.destination_ubigeo,
    row.flight,
  ]);
  return new Set(values.filter((value) => value.length > 1));
}

const WORD = /[\p{L}\p{N}]+/gu;

/** The values that stand in a text as words of their own; an id may hold the same digits by chance. */
export function foundIn(text: string, values: Iterable<string>): string[] {
  const words = new Set(text.match(WORD));
  return [...values].filter(
    (value) => text.includes(value) && (value.match(WORD) ?? []).every((part) => words.has(part)),
  );
}
