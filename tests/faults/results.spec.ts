import { brokenIn, tableOf, type Round } from './results';

const report = {
  ok: false,
  streams: 1,
  events: 1,
  cases: 1,
  referrals: 1,
  inFlight: 0,
  parked: 0,
  held: 0,
  skipped: 0,
  lostByRestore: 0,
};

describe('the report of a fault run', () => {
  it('counts what the checker found by the promise that was broken', () => {
    const problems = [
      'intake.returnees.v1/a at coordinator: event 2 is lost: the cursor passed it and it was not handled',
      'intake.returnees.v1/a at coordinator: event 2 was handled twice',
      'intake.returnees.v1/a at coordinator: event 3 was handled before event 2: out of order',
      'case RET-2026-1: is open, waits for no moment, and nobody is told: forgotten',
    ];
    expect(brokenIn(problems)).toEqual({ lost: 1, doubled: 1, inverted: 1, other: 1 });
  });

  it('holds a broken round against every kind of fault that was in it', () => {
    const fault = { round: 1, what: '', at: 0, tookMs: 0, inFlight: 7 };
    const round: Round = {
      round: 1,
      kinds: ['kill', 'line'],
      restMs: 2_000,
      parkedByFaults: [],
      report: { ...report, problems: ['x: event 2 was handled twice'] },
      stall: { what: 'health outbox 3', silent: true, curedByRestart: false },
    };
    const faults = [
      { ...fault, kind: 'kill' as const },
      { ...fault, kind: 'line' as const },
      { ...fault, kind: 'clock' as const },
    ];
    const lines = tableOf({ faults, rounds: [round] }).split('\n');
    expect(lines.slice(2)).toEqual([
      '| kill | 1 | 7 | 7 | 2.0 | 0 | 1 | 0 | 0 | 1 | 0 |',
      '| line | 1 | 7 | 7 | 2.0 | 0 | 1 | 0 | 0 | 1 | 0 |',
      '| clock | 1 | 7 | 7 | 0.0 | 0 | 0 | 0 | 0 | 0 | 0 |',
      '| all | 3 | 7 | 7 | 2.0 | 0 | 1 | 0 | 0 | 1 | 0 |',
    ]);
  });
});
