/** Working days in Lima, counted apart from the calendar under test. */
import type Holidays from 'date-holidays';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Peru has no summer time. */
const LIMA = -5 * HOUR;
/** Loaded when days are first counted: it is the calendar of the whole world. */
let holidays: Holidays | undefined;

/** The same clock time in Lima `days` working days later. */
export function addWorkingDays(from: Date, days: number): Date {
  let at = from;
  for (let left = days; left > 0;) {
    at = new Date(at.getTime() + DAY);
    if (isWorkingDay(at)) left--;
  }
  return at;
}

function isWorkingDay(at: Date): boolean {
  const lima = new Date(at.getTime() + LIMA);
  if (lima.getUTCDay() === 0 || lima.getUTCDay() === 6) return false;
  return !daysOff(lima.getUTCFullYear()).has(lima.toISOString().slice(0, 10));
}

const known = new Map<number, Set<string>>();

function daysOff(year: number): Set<string> {
  let days = known.get(year);
  if (!days) {
    holidays ??= new (require('date-holidays') as typeof Holidays)('PE');
    const found = holidays.getHolidays(year).filter((day) => day.type === 'public');
    days = new Set(found.map((day) => day.date.slice(0, 10)));
    known.set(year, days);
  }
  return days;
}
