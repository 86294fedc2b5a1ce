import { peruCalendar } from '@retorno/service';
import { discoverAgencies } from '../discover';
import { Breakdown } from './breakdown';
import { LaggingClock } from './lagging-clock';
import { lateSince } from './troubles';

describe('since when the late case waits', () => {
  // A Monday, Wednesday, Saturday and Sunday in Lima, and the day after two holidays.
  const NOWS = ['2026-11-23', '2026-11-25', '2026-11-28', '2026-11-29', '2026-12-10'];

  it('is long enough for its deadline to be over, and not so long that it has gone to a person already', () => {
    const calendar = peruCalendar();
    for (const day of NOWS) {
      for (const time of ['04:30', '15:00', '23:00']) {
        const now = new Date(`${day}T${time}:00Z`);
        const due = calendar.add(lateSince('2 d', now), '2 d');
        expect(due.getTime()).toBeLessThan(now.getTime());
        expect(calendar.graceEnd(due, '2 d').getTime()).toBeGreaterThan(now.getTime() + 3_600_000);
      }
    }
  });
});

describe('the clock of the demonstration', () => {
  it('goes late until it catches up, and wakes whoever waits for time both ways', () => {
    const clock = new LaggingClock();
    let woken = 0;
    const stop = clock.onMoved(() => (woken += 1));
    clock.goBackTo(new Date('2026-01-05T12:00:00Z'));
    expect(clock.now().toISOString()).toMatch(/^2026-01-05T12:00:0/);
    const before = Date.now();
    clock.catchUp();
    expect(clock.now().getTime()).toBeGreaterThanOrEqual(before);
    stop();
    clock.catchUp();
    expect(woken).toBe(2);
  });
});

describe('the fault of the demonstration', () => {
  const agencies = discoverAgencies();
  const health = agencies.find(({ slug }) => slug === 'health')!;
  const justice = agencies.find(({ slug }) => slug === 'justice')!;
  const ask = (agency: typeof health) => () =>
    agency.policy({ service: 'mental-health', status: 'received', history: [] } as never, {
      type: 'requested',
      now: new Date(),
      calendar: peruCalendar(),
    });

  it('is of one agency, while it lasts', () => {
    const breakdown = new Breakdown('health');
    const broken = breakdown.in(health);
    expect(breakdown.in(justice)).toBe(justice);
    expect(ask(broken)).not.toThrow();
    breakdown.begin();
    expect(ask(broken)).toThrow('a fault of the demonstration');
    expect(ask(health)).not.toThrow();
    breakdown.end();
    expect(ask(broken)).not.toThrow();
  });
});
