/** A table as CSV: RFC 4180, UTF-8, a header line, hidden figures empty. */

/** The lines, ended by CR LF. */
export function csvOf(
  header: readonly string[],
  rows: readonly (readonly (string | number | null)[])[],
): string {
  return [header, ...rows].map((row) => `${row.map(cellOf).join(',')}\r\n`).join('');
}

function cellOf(value: string | number | null): string {
  if (typeof value === 'number') return String(value);
  if (value === null) return '';
  // A spreadsheet takes these, wide or not, for the beginning of a formula; the apostrophe says that it is text (OWASP, CSV
  // injection). Blanks before them change nothing.
  const text = /^\s*[=+\-@\t\r\n＝＋－＠]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
