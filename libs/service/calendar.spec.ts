import Holidays from 'date-holidays';
import fc from 'fast-check';
import { mondayOf, peruCalendar, peruHolidays } from './calendar';

const HOUR = 3_600_000;
const calendar = peruCalendar();

/** Lima's wall clock, by another road than the code's: Intl. */
function lima(instant: Date): string {
  return instant.toLocaleString('sv-SE', { timeZone: 'America/Lima' });
}
const limaDate = (instant: Date) => lima(instant).slice(0, 10);
const limaTime = (instant: Date) => lima(instant).slice(11);
function isWorkingDay(instant: Date): boolean {
  const date = limaDate(instant);
  const weekday = new Date(`${date}T12:00:00Z`).getUTCDay();
  return weekday !== 0 && weekday !== 6 && !peruHolidays(Number(date.slice(0, 4))).includes(date);
}

const instants = fc.date({
  min: new Date('2025-01-01T00:00:00Z'),
  max: new Date('2032-06-30T00:00:00Z'),
  noInvalidDate: true,
});
const counts = fc.integer({ min: 1, max: 90 });

describe("Peru's holidays", () => {
  it('are those of date-holidays, 2025 to 2032', () => {
    const reference = new Holidays('PE');
    for (let year = 2025; year <= 2032; year += 1) {
      const expected = reference
        .getHolidays(year)
        .filter((h) => h.type === 'public')
        // The package lists Easter Sunday; the law (DL 713, article 6) does not, and it changes no working day.
        .filter((h) => h.rule !== 'easter')
        .map((h) => h.date.slice(0, 10));
      expect(peruHolidays(year)).toEqual([...new Set(expected)].sort());
    }
  });

  it('are sixteen a year, Holy Thursday and Good Friday included', () => {
    expect(peruHolidays(2026)).toHaveLength(16);
    expect(peruHolidays(2026)).toEqual(expect.arrayContaining(['2026-04-02', '2026-04-03']));
  });
});

describe('a deadline in working days', () => {
  it.each([
    // from (Lima), deadline, due (Lima)
    ['2026-11-20 17:30:00', '1 d', '2026-11-23 17:30:00'], // over a weekend
    ['2026-04-01 09:00:00', '1 d', '2026-04-06 09:00:00'], // over Holy Thursday, Good Friday and the weekend
    ['2026-07-22 08:00:00', '3 d', '2026-07-30 08:00:00'], // 23, 28 and 29 July
    ['2026-12-07 23:59:59', '1 d', '2026-12-10 23:59:59'], // 8 and 9 December
    ['2026-12-31 10:00:00', '1 d', '2027-01-04 10:00:00'], // over a new year
    ['2026-11-21 10:00:00', '1 d', '2026-11-23 10:00:00'], // from a Saturday
    ['2026-11-20 17:30:00', '15 d', '2026-12-15 17:30:00'],
  ])('%s + %s = %s in Lima', (from, deadline, due) => {
    expect(lima(calendar.add(new Date(`${from.replace(' ', 'T')}-05:00`), deadline))).toBe(due);
  });

  it('counts by the date in Lima and not in UTC', () => {
    // 03:00 UTC on Saturday is still Friday evening in Lima: Monday is the next working day, not Tuesday.
    expect(calendar.add(new Date('2026-11-21T03:00:00Z'), '1 d').toISOString()).toBe(
      '2026-11-24T03:00:00.000Z',
    );
  });

  it('ends on a working day at the same clock time, having counted exactly n working days', () => {
    fc.assert(
      fc.property(instants, counts, (from, n) => {
        const due = calendar.add(from, `${n} d`);
        expect(isWorkingDay(due)).toBe(true);
        expect(limaTime(due)).toBe(limaTime(from));
        let counted = 0;
        for (let t = from.getTime() + 24 * HOUR; t <= due.getTime(); t += 24 * HOUR) {
          if (isWorkingDay(new Date(t))) counted += 1;
        }
        expect(counted).toBe(n);
      }),
      { numRuns: 60 },
    );
  });

  it('ends later with every day more', () => {
    fc.assert(
      fc.property(instants, counts, (from, n) => {
        expect(calendar.add(from, `${n + 1} d`).getTime()).toBeGreaterThan(
          calendar.add(from, `${n} d`).getTime(),
        );
      }),
    );
  });

  // From non-working days only the date is monotonic: Saturday 10:00 + 1 d is Monday 10:00, Sunday 09:00 + 1 d is Monday 09:00.
  it('never ends earlier for a later start', () => {
    fc.assert(
      fc.property(instants, fc.integer({ min: 0, max: 60 * 24 * HOUR }), counts, (from, gap, n) => {
        const later = new Date(from.getTime() + gap);
        const [first, second] = [calendar.add(from, `${n} d`), calendar.add(later, `${n} d`)];
        expect(limaDate(first) <= limaDate(second)).toBe(true);
        if (isWorkingDay(from) && isWorkingDay(later))
          expect(first.getTime()).toBeLessThanOrEqual(second.getTime());
      }),
    );
  });

  it('keeps clear of extra holidays from configuration', () => {
    const withBridge = peruCalendar(['2026-11-23']);
    const friday = new Date('2026-11-20T15:00:00Z');
    expect(withBridge.add(friday, '1 d').toISOString()).toBe('2026-11-24T15:00:00.000Z');
  });
});

describe('a deadline in hours', () => {
  it('is elapsed time, weekend or not', () => {
    fc.assert(
      fc.property(instants, fc.integer({ min: 1, max: 9999 }), (from, n) => {
        expect(calendar.add(from, `${n} h`).getTime() - from.getTime()).toBe(n * HOUR);
        expect(calendar.graceEnd(from, `${n} h`).getTime() - from.getTime()).toBe((n * HOUR) / 2);
      }),
    );
  });
});

describe('the grace', () => {
  it.each([
    // due (Lima), deadline, grace ends (Lima)
    ['2026-11-23 09:00:00', '1 h', '2026-11-23 09:30:00'],
    ['2026-11-20 09:00:00', '2 d', '2026-11-23 09:00:00'], // one working day
    ['2026-11-19 09:00:00', '3 d', '2026-11-20 21:00:00'], // one working day and 12 hours
    ['2026-11-19 13:00:00', '3 d', '2026-11-23 01:00:00'], // … which end on a Saturday at 01:00
    ['2026-11-23 09:00:00', '1 d', '2026-11-23 21:00:00'],
    ['2026-11-20 14:00:00', '1 d', '2026-11-23 02:00:00'],
    ['2026-12-07 14:00:00', '1 d', '2026-12-10 02:00:00'], // into 8 and 9 December
  ])('due %s, %s: it ends %s in Lima', (due, deadline, end) => {
    expect(lima(calendar.graceEnd(new Date(`${due.replace(' ', 'T')}-05:00`), deadline))).toBe(end);
  });

  it('always ends after the deadline, on a working day, at the clock time that the days and half days give', () => {
    fc.assert(
      fc.property(instants, counts, (due, n) => {
        const end = calendar.graceEnd(due, `${n} d`);
        expect(end.getTime()).toBeGreaterThan(due.getTime());
        expect(isWorkingDay(end)).toBe(true);
        const halfDay = (n % 2) * 12 * HOUR;
        expect(limaTime(end)).toBe(limaTime(new Date(due.getTime() + halfDay)));
      }),
    );
  });
});

describe('what is no deadline', () => {
  it.each(['', '0 d', '1', 'd', '1d', '1 w', '-1 d', '1.5 h', '01 d', ' 1 d', '1 d ', '10000 d', '1 D'])(
    "'%s' is refused",
    (deadline) => {
      expect(() => calendar.add(new Date(0), deadline)).toThrow(/neither/);
      expect(() => calendar.graceEnd(new Date(0), deadline)).toThrow(/neither/);
    },
  );

  it('an invalid start is refused', () => {
    expect(() => calendar.add(new Date(NaN), '1 d')).toThrow(/invalid date/);
  });

  it.each(['2026-02-31', '20261123', '23/11/2026', ''])("an extra holiday '%s' is refused", (date) => {
    expect(() => peruCalendar([date])).toThrow(/YYYY-MM-DD/);
  });
});

describe('the week', () => {
  it('begins on Monday at midnight in Lima, five hours behind UTC', () => {
    expect(mondayOf(new Date('2026-11-23T04:59:59Z'))).toBe('2026-11-16');
    expect(mondayOf(new Date('2026-11-23T05:00:00Z'))).toBe('2026-11-23');
    expect(mondayOf(new Date('2026-11-30T04:59:59Z'))).toBe('2026-11-23');
    expect(mondayOf(new Date('2027-01-01T12:00:00Z'))).toBe('2026-12-28');
  });
});
