/** The working week in Lima. Pure. */

const DAY_MS = 86_400_000;
/** Lima is UTC-5 all year. */
const LIMA_OFFSET_MS = -5 * 3_600_000;

/** The Monday on which the week began in Lima that this moment is in: `YYYY-MM-DD`. */
export function mondayOf(moment: Date): string {
  const day = Math.floor((moment.getTime() + LIMA_OFFSET_MS) / DAY_MS);
  // 1970-01-01 was a Thursday.
  const sinceMonday = (day + 3) % 7;
  return new Date((day - sinceMonday) * DAY_MS).toISOString().slice(0, 10);
}
