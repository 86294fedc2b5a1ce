/**
 * Business time in Lima: Peru's public holidays and the arithmetic of deadlines. Works on day numbers (days since
 * 1970-01-01 in Lima), without Intl: this runs several times for every referral.
 */

/** Turns an agency's deadlines (`n d`, `n h`) into instants. */
export interface Calendar {
  /**
   * `n d`: the same clock time n working days later in Lima (UTC-5, no daylight saving); `n h`: n elapsed hours.
   * Throws on anything else.
   */
  add(from: Date, deadline: string): Date;
  /**
   * The instant 50 % of the same deadline after `due`, where the grace ends. `n h`: n/2 hours. `n d`: floor(n/2)
   * working days later, and for an odd n another 12 elapsed hours, moved to the same clock time of the next working
   * day when that ends on a non-working day.
   */
  graceEnd(due: Date, deadline: string): Date;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Lima is UTC-5 all year: Peru has kept no daylight saving since 1994. */
const LIMA_OFFSET_MS = -5 * HOUR_MS;

/**
 * National holidays of fixed date, as month and day. Decreto Legislativo 713, article 6, as amended; they are kept on
 * the date itself and never moved to a Monday (article 7 in the wording of Ley 26331).
 */
const FIXED_HOLIDAYS: readonly (readonly [month: number, day: number])[] = [
  [1, 1], // Año Nuevo: DL 713
  [5, 1], // Día del Trabajo: DL 713
  [6, 7], // Batalla de Arica y Día de la Bandera: Ley 31788, kept since 2024
  [6, 29], // San Pedro y San Pablo: DL 713
  [7, 23], // Día de la Fuerza Aérea del Perú: Ley 31822, since 2023
  [7, 28], // Fiestas Patrias: DL 713
  [7, 29], // Fiestas Patrias: DL 713
  [8, 6], // Batalla de Junín: Ley 31530, since 2022
  [8, 30], // Santa Rosa de Lima: DL 713
  [10, 8], // Combate de Angamos: DL 713
  [11, 1], // Todos los Santos: DL 713
  [12, 8], // Inmaculada Concepción: DL 713
  [12, 9], // Batalla de Ayacucho: Ley 31381, since 2022
  [12, 25], // Navidad del Señor: DL 713
];

/** Jueves Santo and Viernes Santo (DL 713, article 6), as days from Easter Sunday. */
const EASTER_HOLIDAYS = [-3, -2] as const;

/**
 * The calendar of Peru's public administration: Monday to Friday without national holidays. Extra holidays
 * (`YYYY-MM-DD`: days that a decree declares non-working) come from configuration; throws when one is no date.
 */
export function peruCalendar(extraHolidays: readonly string[] = []): Calendar {
  const extra = new Set(extraHolidays.map(dayOfDate));
  // One entry per day ever asked for: looking the year's holidays up each time costs several times as much.
  const workingDays = new Map<number, boolean>();

  function isWorkingDay(day: number): boolean {
    let working = workingDays.get(day);
    if (working === undefined) {
      // Day 0 was a Thursday: 2 is a Saturday, 3 a Sunday.
      const weekday = ((day % 7) + 7) % 7;
      const year = new Date(day * DAY_MS).getUTCFullYear();
      working = weekday !== 2 && weekday !== 3 && !holidaysOf(year).has(day) && !extra.has(day);
      workingDays.set(day, working);
    }
    return working;
  }

  function addWorkingDays(from: number, count: number): number {
    const start = limaDay(from);
    let day = start;
    for (let left = count; left > 0;) if (isWorkingDay(++day)) left -= 1;
    return from + (day - start) * DAY_MS;
  }

  function add(from: Date, deadline: string): Date {
    const { count, unit } = parse(deadline);
    const start = timeOf(from);
    return new Date(unit === 'h' ? start + count * HOUR_MS : addWorkingDays(start, count));
  }

  function graceEnd(due: Date, deadline: string): Date {
    const { count, unit } = parse(deadline);
    const start = timeOf(due);
    if (unit === 'h') return new Date(start + (count * HOUR_MS) / 2);
    const end = addWorkingDays(start, Math.floor(count / 2)) + (count % 2) * 12 * HOUR_MS;
    return new Date(isWorkingDay(limaDay(end)) ? end : addWorkingDays(end, 1));
  }

  return { add, graceEnd };
}

/** Peru's national holidays of a year, as `YYYY-MM-DD` in order. */
export function peruHolidays(year: number): string[] {
  return [...holidaysOf(year)].sort((a, b) => a - b).map(dateOfDay);
}

function holidaysOf(year: number): ReadonlySet<number> {
  const easter = easterSunday(year);
  return new Set([
    ...FIXED_HOLIDAYS.map(([month, day]) => Date.UTC(year, month - 1, day) / DAY_MS),
    ...EASTER_HOLIDAYS.map((days) => easter + days),
  ]);
}

/** Easter Sunday of the Gregorian calendar as a day number (the anonymous algorithm of Meeus, Jones and Butcher). */
function easterSunday(year: number): number {
  const a = year % 19;
  const b = Math.floor(year / 100);
  const c = year % 100;
  const g = Math.floor((8 * b + 13) / 25);
  const h = (19 * a + b - Math.floor(b / 4) - g + 15) % 30;
  const l = (32 + 2 * (b % 4) + 2 * Math.floor(c / 4) - h - (c % 4)) % 7;
  const m = Math.floor((a + 11 * h + 22 * l) / 451);
  const marchDay = h + l - 7 * m + 21; // 0 is 1 March
  return Date.UTC(year, 2, 1 + marchDay) / DAY_MS;
}

/** The Monday on which the week began in Lima that this moment is in: `YYYY-MM-DD`. */
export function mondayOf(moment: Date): string {
  const day = limaDay(timeOf(moment));
  // Day 0 was a Thursday.
  return dateOfDay(day - ((day + 3) % 7));
}

function dateOfDay(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}

function limaDay(time: number): number {
  return Math.floor((time + LIMA_OFFSET_MS) / DAY_MS);
}

function timeOf(instant: Date): number {
  const time = instant.getTime();
  if (Number.isNaN(time)) throw new RangeError('a deadline was to be counted from an invalid date');
  return time;
}

function dayOfDate(date: string): number {
  const time = /^\d{4}-\d{2}-\d{2}$/.test(date) ? Date.parse(`${date}T00:00:00Z`) : NaN;
  // Date.parse takes 31 February for 3 March; a typing error must not become another holiday.
  if (Number.isNaN(time) || new Date(time).toISOString().slice(0, 10) !== date) {
    throw new Error(`extra holiday '${date}' is not a date written YYYY-MM-DD`);
  }
  return time / DAY_MS;
}

function parse(deadline: string): { count: number; unit: 'd' | 'h' } {
  const parts = /^([1-9][0-9]{0,3}) ([dh])$/.exec(deadline);
  if (!parts) throw new Error(`deadline '${deadline}' is neither 'n d' (working days) nor 'n h' (hours)`);
  return { count: Number(parts[1]), unit: parts[2] as 'd' | 'h' };
}
