import type { CaseProfile, CaseReferral } from '@retorno/contracts';
import { agenciesTouched, agencyRows, caseRow, followUpRows } from './rows';
import { tallied, type CaseTally } from './tally';

const profile: CaseProfile = {
  returnType: 'deportation',
  arrivalDate: '2026-11-20',
  originCountry: 'US',
  portOfEntry: 'LIM',
  yearsAbroad: 3,
  age: 34,
  sex: 'F',
  nationality: 'PE',
  documentType: 'dni',
  region: '15',
  unaccompanied: false,
  vulnerabilities: ['disability'],
  needs: [],
  consent: { status: 'granted' },
};
const origin = { at: '2026-11-20T15:00:00.000Z', actor: 'intake', cause: 'test' };

type Fact = [type: string, data: object];
const opened = (changes: Partial<CaseProfile> = {}): Fact => [
  'case-opened',
  { number: 'RT-2026-000001', profile: { ...profile, ...changes } },
];
const planned = (...codes: string[]): Fact => [
  'case-planned',
  { rules: 1, catalogues: {}, needs: codes.map((code) => ({ code, origin: 'asked', status: 'open' })) },
];
const settled = (code: string, status: string, reason: string): Fact => [
  'need-settled',
  { code, status, reason },
];
const referral = (id: string, changes: Partial<CaseReferral>): Fact => [
  'referral-changed',
  {
    referral: {
      id,
      agency: 'health',
      service: 'medical-care',
      needs: ['health-care'],
      status: 'received',
      ...changes,
    },
  },
];

function given(...facts: Fact[]): CaseTally {
  return facts.reduce<CaseTally | undefined>(
    (tally, [type, data]) => tallied(tally, type, { ...origin, ...data }),
    undefined,
  )!;
}

describe('the row of a case', () => {
  it('has the dimensions as they are by now', () => {
    const tally = given(opened(), ['case-updated', { profile: { ...profile, region: '08', age: 4 } }]);
    expect(caseRow(tally)).toMatchObject({
      region: '08',
      age_group: '0-4',
      month: '2026-11',
      status: 'open',
    });
  });

  it.each([
    [4, '0-4'],
    [5, '5-11'],
    [17, '12-17'],
    [18, '18-29'],
    [59, '30-59'],
    [60, '60+'],
  ])('puts %d years into the group %s', (age, group) => {
    expect(caseRow(given(opened({ age })))).toMatchObject({ age_group: group });
  });

  it('knows a return migrant: a national who resided abroad for a year', () => {
    const isMigrant = (changes: Partial<CaseProfile>) => caseRow(given(opened(changes)))!.migrant;
    expect(isMigrant({})).toBe(true);
    expect(isMigrant({ yearsAbroad: 1 })).toBe(true);
    expect(isMigrant({ yearsAbroad: 0 })).toBe(false);
    expect(isMigrant({ nationality: 'VE' })).toBe(false);
  });

  it('counts each need once, by how it stands in the end', () => {
    const row = caseRow(
      given(
        opened(),
        planned('health-care', 'shelter', 'employment', 'legal-advice', 'police-record'),
        settled('health-care', 'settled', 'confirmed'),
        settled('shelter', 'unmet', 'no-provider'),
        ['need-reopened', { code: 'shelter' }],
        settled('shelter', 'settled', 'delivered-unconfirmed'),
        settled('employment', 'unmet', 'no-provider'),
        settled('legal-advice', 'settled', 'person-declined'),
      ),
    );
    expect(row).toMatchObject({ needs: 5, confirmed: 1, unconfirmed: 1, declined: 1, needs_open: 1 });
    expect(row!.unmet).toEqual(['no-provider']);
  });

  it('counts every attempt, and the days until the first service that was delivered and not disputed', () => {
    const tally = given(
      opened(),
      planned('health-care'),
      referral('a', {
        agency: 'identity',
        needs: [],
        status: 'completed',
        endedAt: '2026-11-21T15:00:00.000Z',
      }),
      referral('b', { status: 'rejected', endedAt: '2026-11-22T15:00:00.000Z' }),
      referral('c', { status: 'completed', businessStatus: 'disputed', endedAt: '2026-11-23T15:00:00.000Z' }),
      referral('d', { status: 'completed', endedAt: '2026-11-25T14:00:00.000Z' }),
      referral('d', {
        status: 'completed',
        businessStatus: 'confirmed',
        endedAt: '2026-11-25T14:00:00.000Z',
      }),
    );
    expect(caseRow(tally)).toMatchObject({
      referrals: 4,
      referrals_completed: 3,
      referrals_rejected: 1,
      service_days: 4,
    });
    expect(agencyRows(tally)).toMatchObject([
      { agency: 'health', referrals: 3, needs: 1, service_days: 4 },
      { agency: 'identity', referrals: 1, needs: 0, service_days: null },
    ]);
  });

  it('tells what each service of an agency did, in one row where it was one service', () => {
    const facts = [opened(), planned('health-care', 'emotional-support'), referral('a', {})];
    expect(agencyRows(given(...facts))).toMatchObject([
      { provider: 'health/medical-care', agency: 'health', whole: true, referrals: 1 },
    ]);
    const both = given(...facts, referral('b', { service: 'mental-health', needs: ['emotional-support'] }));
    expect(agencyRows(both)).toMatchObject([
      { provider: 'health', agency: 'health', whole: true, needs: 2, referrals: 2 },
      { provider: 'health/medical-care', whole: false, needs: 1, referrals: 1 },
      { provider: 'health/mental-health', whole: false, needs: 1, referrals: 1 },
    ]);
  });

  it('has no month of arrival while its day is not known, and the year of the first notice', () => {
    const announced = opened({ arrivalDate: '2025-01-01', dateUnknown: true });
    expect(caseRow(given(announced))).toMatchObject({ year: 2026, month: 'unknown' });
    const landed: Fact = ['case-updated', { profile: { ...profile, arrivalDate: '2027-02-03' } }];
    expect(caseRow(given(announced, landed))).toMatchObject({ year: 2027, month: '2027-02' });
  });

  it('is left alone by what an agency answers on the way, so that nothing is written', () => {
    const sent = given(opened(), planned('health-care'), referral('a', { status: 'requested' }));
    const onTheWay = referral('a', { status: 'on-hold', acknowledgedAt: '2026-11-21T15:00:00.000Z' });
    expect(tallied(sent, onTheWay[0], onTheWay[1])).toBe(sent);
    const ended = referral('a', { status: 'failed', endedAt: '2026-11-22T15:00:00.000Z' });
    expect(caseRow(tallied(sent, ended[0], ended[1])!)).toMatchObject({ referrals_failed: 1 });
  });

  it('is made anew for the agencies that a fact may have changed, and for no others', () => {
    const before = given(
      opened(),
      planned('health-care', 'shelter'),
      referral('a', {}),
      referral('b', { agency: 'identity', service: 'dni-issue', needs: [] }),
      referral('c', { agency: 'civil-society', service: 'temporary-housing', needs: ['shelter'] }),
    );
    const touchedBy = (...[type, data]: Fact) =>
      agenciesTouched(before, tallied(before, type, { ...origin, ...data })!);
    const other: Partial<CaseReferral> = { agency: 'identity', service: 'dni-issue', needs: [] };
    expect(touchedBy(...referral('b', { ...other, status: 'completed' }))).toEqual(new Set(['identity']));
    expect(touchedBy(...referral('d', { agency: 'labour' }))).toEqual(new Set(['labour']));
    expect(touchedBy(...referral('a', { ...other }))).toEqual(new Set(['health', 'identity']));
    expect(touchedBy(...settled('shelter', 'settled', 'confirmed'))).toEqual(new Set(['civil-society']));
    expect(touchedBy('case-completed', {})).toEqual(new Set());
    expect(touchedBy('case-updated', { profile })).toBeUndefined();
    expect(touchedBy('case-merged', { into: 'other' })).toBeUndefined();
    expect(agenciesTouched(undefined, before)).toBeUndefined();
    expect(agencyRows(before, new Set(['identity']))).toMatchObject([{ agency: 'identity' }]);
  });

  it('counts a completed referral that its agency took back as under way again', () => {
    const done = referral('a', { status: 'completed', endedAt: '2026-11-21T15:00:00.000Z' });
    const again = given(opened(), planned('health-care'), done, referral('a', { status: 'in-progress' }));
    expect(caseRow(again)).toMatchObject({ referrals: 1, referrals_completed: 0, service_days: null });
  });

  it('begins to count days at the arrival where the first notice came before', () => {
    const tally = given(
      opened({ arrivalDate: '2026-12-01' }),
      planned('health-care'),
      referral('a', { status: 'completed', endedAt: '2026-12-03T12:00:00.000Z' }),
    );
    expect(caseRow(tally)!.service_days).toBe(2);
  });

  it('is gone once the case was merged into another, and stays with the one that took it in', () => {
    const into = given(opened(), referral('a', {}), ['case-merged', { into: 'other' }]);
    expect([caseRow(into), agencyRows(into), followUpRows(into)]).toEqual([undefined, [], []]);
    expect(caseRow(given(opened(), ['case-merged', { from: 'other' }]))).toBeDefined();
  });

  it('follows the case to its end and back', () => {
    const statusAfter = (...types: string[]) =>
      caseRow(given(opened(), ...types.map((type): Fact => [type, { reason: 'died' }])))!.status;
    expect(statusAfter('case-completed')).toBe('completed');
    expect(statusAfter('case-closing')).toBe('closing');
    expect(statusAfter('case-closing', 'case-closed')).toBe('closed');
    expect(statusAfter('case-completed', 'case-reopened')).toBe('open');
  });
});

it('a follow-up has a row of its own, the last word of each wave', () => {
  const scores = { economic: 0.5, social: 0.5, psychosocial: 0.8, composite: 0.6 };
  const tally = given(
    opened(),
    ['follow-up-recorded', { month: 1, version: 1, outcome: 'unreachable' }],
    ['follow-up-recorded', { month: 1, version: 1, outcome: 'answered', scores }],
    ['follow-up-recorded', { month: 3, version: 1, outcome: 'declined' }],
  );
  expect(followUpRows(tally)).toEqual([
    { wave: 1, outcome: 'answered', ...scores },
    { wave: 3, outcome: 'declined', economic: null, social: null, psychosocial: null, composite: null },
  ]);
});

it('a case that begins with anything but its opening is no case', () => {
  expect(() => tallied(undefined, 'case-completed', {})).toThrow(/cannot begin/);
});
