const DATE = /^(\d{4})-(\d{2})-(\d{2})$/;
const INSTANT =
  /^(\d{4}-\d{2}-\d{2})[Tt]([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,9})?([Zz]|[+-]([01]\d|2[0-3]):[0-5]\d)$/;

/** Milliseconds of a day. */
export const DAY = 86_400_000;

/** True for a day that exists (`2026-02-31` does not), written as ISO 8601. */
export function isCalendarDate(text: string): boolean {
  const [, year, month, day] = (DATE.exec(text) ?? []).map(Number);
  if (year === undefined || month === undefined || day === undefined) return false;
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}

/** Reads an RFC 3339 instant with offset; gives it in UTC (`2026-11-20T13:44:00.000Z`), undefined when it is not one. */
export function parseInstant(text: string): string | undefined {
  const match = INSTANT.exec(text);
  if (!match || !isCalendarDate(match[1] ?? '')) return undefined;
  const time = Date.parse(text.toUpperCase());
  return Number.isNaN(time) ? undefined : new Date(time).toISOString();
}

/** Full years between two calendar dates. */
export function yearsBetween(from: string, to: string): number {
  const years = Number(to.slice(0, 4)) - Number(from.slice(0, 4));
  return to.slice(5) < from.slice(5) ? years - 1 : years;
}

const LIMA_OFFSET_MS = -5 * 3_600_000;

/** The day (`2026-11-20`) that an instant lies in, in Lima: UTC-5 all year. */
export function limaDay(instant: Date): string {
  return new Date(instant.getTime() + LIMA_OFFSET_MS).toISOString().slice(0, 10);
}
