import type { Caller } from '@retorno/service';
import { parse } from 'node-html-parser';
import type { Setting } from '../frame/page';
import { stepsOf, tourPage, type Seen } from './tour';

const caller: Caller = { subject: 'x', name: 'Ana', roles: new Set(['operations']) };
const setting: Setting = { language: 'en', caller, address: '/console/tour', now: new Date() };
const NOTED = { caseNumber: 'RT-2026-000001', hadParked: true };
const FRESH: Seen = {
  late: {
    referrals: [{ attempt: 1, acknowledgedAt: null }],
    timeline: [{ cause: 'returnee-registered' }, { cause: 'operations:confirmation' }],
  },
  parked: 3,
  imported: false,
  visited: false,
};
const doneOf = (seen: Partial<Seen>) =>
  stepsOf(NOTED, { ...FRESH, ...seen })
    .filter(({ done }) => done)
    .map(({ name }) => name);
const late = (attempt: number, acknowledgedAt: string | null, ...causes: string[]) => ({
  referrals: [...FRESH.late!.referrals, { attempt, acknowledgedAt }],
  timeline: causes.map((cause) => ({ cause })),
});

describe('the tour', () => {
  it('has nothing done at first, though returnees have confirmed other things meanwhile', () => {
    expect(doneOf({})).toEqual([]);
  });

  it('counts a step as done when the services say so', () => {
    expect(doneOf({ late: late(1, null, 'operations:remind') })).toEqual(['find']);
    expect(doneOf({ late: late(2, null, 'operations:reroute') })).toEqual(['find', 'reroute']);
    expect(doneOf({ late: late(2, '2026-11-23T15:00:00Z', 'operations:reroute') })).toEqual([
      'find',
      'reroute',
      'watch',
    ]);
    expect(doneOf({ parked: 0 })).toEqual(['redrive']);
    expect(doneOf({ imported: true, visited: true })).toEqual(['import', 'visit']);
  });

  it('leaves out what this demonstration does not hold, and says so when it holds nothing', () => {
    const names = stepsOf({ caseNumber: null, hadParked: true }, FRESH).map(({ name }) => name);
    expect(names).toEqual(['redrive', 'import', 'visit']);
    const page = parse(tourPage(setting, { caseNumber: null, hadParked: false }, FRESH).body.text);
    expect(page.querySelector('.empty')!.text).toContain('no demonstration data');
    expect(page.querySelectorAll('li')).toEqual([]);
  });

  it('says of each step whether it is done, and how many are', () => {
    const page = parse(tourPage(setting, NOTED, { ...FRESH, parked: 0 }).body.text);
    expect(page.querySelector('[role=status]')!.text).toBe('Done: 1 of 6.');
    expect(page.querySelectorAll('li > span').map((one) => one.text)).toEqual([
      'to do',
      'to do',
      'to do',
      'done',
      'to do',
      'to do',
    ]);
  });
});
