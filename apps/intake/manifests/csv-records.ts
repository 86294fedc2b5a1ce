/**
 * Records of a CSV file (RFC 4180) out of a stream of UTF-8 text, in flat memory. One broken record costs its own line
 * only: after a quote that is never closed, or a record whose lines do not fit together, reading goes on with the next line.
 */
import { parse } from 'csv-parse/sync';

/** A record and the physical line (from 1) where it starts; or what kept it from being one. */
export type CsvRecord =
  { line: number; cells: string[]; fault?: never } | { line: number; fault: CsvFault; cells?: never };

export type CsvFault =
  | { code: 'wrong-number-of-cells'; found: number; expected: number }
  | { code: 'unbalanced-quotes' | 'row-too-long' };

/** Longest record, in characters. */
export const MAX_RECORD = 65_536;

interface Line {
  number: number;
  /** Without its line feed; undefined when it was longer than a record may be. */
  text: string | undefined;
}

/** Reads records; the first one (the header) says how many cells each must have. Empty lines are skipped. */
export async function* readRecords(source: AsyncIterable<Uint8Array>): AsyncGenerator<CsvRecord> {
  const lines = new Lines(physicalLines(source));
  let width: number | undefined;
  for (let line = await lines.next(); line; line = await lines.next()) {
    if (line.text !== undefined && withoutReturn(line.text).trim() === '') continue;
    const record = await readRecord(line, lines, width);
    width ??= record.cells?.length;
    yield record;
  }
}

async function readRecord(first: Line, lines: Lines, width: number | undefined): Promise<CsvRecord> {
  const line = first.number;
  if (first.text === undefined) return { line, fault: { code: 'row-too-long' } };
  const more = await restOfRecord(first.text, lines);
  if (more === undefined) return { line, fault: { code: 'unbalanced-quotes' } };
  const cells = split([first.text, ...more.map((m) => m.text)].join('\n'));
  if (cells && (width === undefined || cells.length === width)) return { line, cells };
  // The lines may belong together only because of stray quotes: the others get a reading of their own.
  lines.putBack(more);
  if (!cells) return { line, fault: { code: 'unbalanced-quotes' } };
  return { line, fault: { code: 'wrong-number-of-cells', found: cells.length, expected: width ?? 0 } };
}

/** The further lines of a record whose first line leaves a quote open; undefined when nothing closes it. */
async function restOfRecord(text: string, lines: Lines): Promise<Line[] | undefined> {
  const more: Line[] = [];
  let open = quotes(text) % 2 === 1;
  let length = text.length;
  while (open) {
    const next = await lines.next();
    if (next) more.push(next);
    length += next?.text?.length ?? MAX_RECORD;
    if (next?.text === undefined || length > MAX_RECORD) {
      lines.putBack(more);
      return undefined;
    }
    open = (quotes(next.text) % 2 === 1) !== open;
  }
  return more;
}

/** The cells of one record; undefined when its quotes are misplaced. */
function split(raw: string): string[] | undefined {
  const text = withoutReturn(raw);
  if (!text.includes('"')) return text.split(',');
  try {
    const records = parse(text, { relax_column_count: true, record_delimiter: ['\r\n', '\n'] });
    return records.length === 1 ? records[0] : undefined;
  } catch {
    return undefined;
  }
}

function withoutReturn(text: string): string {
  return text.endsWith('\r') ? text.slice(0, -1) : text;
}

function quotes(text: string): number {
  let n = 0;
  for (let at = text.indexOf('"'); at >= 0; at = text.indexOf('"', at + 1)) n++;
  return n;
}

/** Lines with a way back for those that were read ahead. */
class Lines {
  private ahead: Line[] = [];

  constructor(private readonly source: AsyncGenerator<Line>) {}

  async next(): Promise<Line | undefined> {
    const line = this.ahead.pop();
    if (line) return line;
    const { value, done } = await this.source.next();
    return done ? undefined : value;
  }

  /** In reading order; never more than one record's worth. */
  putBack(lines: readonly Line[]): void {
    for (const line of lines.toReversed()) this.ahead.push(line);
  }
}

/** Cuts at line feeds; a byte order mark at the start is dropped. */
async function* physicalLines(source: AsyncIterable<Uint8Array>): AsyncGenerator<Line> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let number = 1;
  let rest = '';
  let tooLong = false;
  for await (const piece of source) {
    const parts = (rest + decoder.decode(piece, { stream: true })).split('\n');
    rest = parts.pop() ?? '';
    for (const part of parts) {
      yield { number: number++, text: tooLong || part.length > MAX_RECORD ? undefined : part };
      tooLong = false;
    }
    if (rest.length > MAX_RECORD) {
      tooLong = true;
      rest = '';
    }
  }
  rest += decoder.decode();
  if (tooLong || rest !== '') yield { number, text: tooLong ? undefined : rest };
}
