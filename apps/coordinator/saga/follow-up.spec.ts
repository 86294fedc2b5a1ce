import { nextDueAt } from './deadlines';
import { Refusal } from './decision';
import { monthsAfter } from './follow-up';
import { CURRENT_QUESTIONNAIRE } from './questionnaire';
import type { CaseCommand } from './inputs';
import { catalogues, offer } from '../testing/roundtable';
import type { Said } from '../testing/returnees';
import { Saga } from '../testing/saga';

const WORLD = catalogues({
  office: [offer('placement', { for: ['employment'] })],
  clinic: [offer('care', { for: ['health-care'] })],
});
const DAYS = 24;
const { questions } = CURRENT_QUESTIONNAIRE;
const answersAt = (level: 'worst' | 'best'): Record<string, string> =>
  Object.fromEntries(
    questions.map(({ code, choices }) => [code, level === 'worst' ? choices[0]!.code : choices.at(-2)!.code]),
  );

/** Arrived on 20 November 2026. */
const saga = (said: Partial<Said> = {}) =>
  new Saga({ arrivalDate: '2026-11-20', needs: ['employment', 'health-care'], ...said } as Said, WORLD);

function completed(said: Partial<Said> = {}): Saga {
  const s = saga(said);
  for (const service of ['placement', 'care']) s.complete(service);
  s.hours(11 * DAYS);
  expect(s.state.status).toBe('completed');
  return s;
}

function to(s: Saga, day: string): Saga {
  s.hours((Date.parse(`${day}T12:00:00-05:00`) - s.now.getTime()) / 3_600_000);
  return s;
}

const record = (
  s: Saga,
  month: number,
  more: Partial<Extract<CaseCommand, { type: 'record-follow-up' }>> = {},
) =>
  s.when({
    type: 'record-follow-up',
    month,
    version: 1,
    outcome: 'answered',
    answers: answersAt('best'),
    by: 'the returnee',
    channel: 'telephone',
    ...more,
  });

const refused = (act: () => unknown): string => {
  try {
    act();
  } catch (error) {
    if (error instanceof Refusal) return error.code;
    throw error;
  }
  return 'not refused';
};
const followUps = (s: Saga) => s.escalated.filter((reason) => reason.startsWith('follow-up'));

describe('the months after an arrival', () => {
  it.each([
    ['2026-11-20', 1, '2026-12-20'],
    ['2026-08-31', 1, '2026-09-30'],
    ['2026-11-30', 3, '2027-02-28'],
    ['2027-08-31', 6, '2028-02-29'],
    ['2026-12-15', 1, '2027-01-15'],
  ])('%s and %d months is %s in Lima', (date, months, day) => {
    expect(monthsAfter(date, months).toISOString()).toBe(`${day}T05:00:00.000Z`);
  });
});

describe('a follow-up', () => {
  it('that nobody answered in 30 days is escalated, also for a completed case, which stays completed', () => {
    const s = completed();
    expect(nextDueAt(s.state, s.env)?.toISOString()).toBe('2027-01-19T05:00:00.000Z');
    to(s, '2027-01-18');
    expect(followUps(s)).toEqual([]);
    to(s, '2027-01-19');
    expect(s.state.status).toBe('completed');
    expect(s.open).toMatchObject([
      { reason: 'follow-up-overdue', group: 'follow-up-overdue:1', detail: { month: '1' } },
    ]);
    to(s, '2027-07-01');
    expect(followUps(s)).toHaveLength(3);
    expect(nextDueAt(s.state, s.env)).toBeUndefined();
  });

  it('that is answered late ends the escalation', () => {
    const s = to(completed(), '2027-01-25');
    record(s, 1);
    expect(followUps(s)).toEqual([]);
    expect(s.state.escalations.at(-1)).toMatchObject({ reason: 'follow-up-overdue', resolution: 'answered' });
  });

  it('that a person looked at is not raised again', () => {
    const s = to(completed(), '2027-01-25');
    s.resolve('follow-up-overdue');
    to(s, '2027-02-15');
    expect(followUps(s)).toEqual([]);
  });

  it('is recorded with its scores; what was said stays beside the fact', () => {
    const s = to(completed(), '2026-12-21');
    const [fact] = record(s, 1, { note: 'calls on Sundays' });
    expect(fact).toMatchObject({
      type: 'follow-up-recorded',
      data: { month: 1, version: 1, outcome: 'answered', scores: { composite: 1 } },
      restricted: { channel: 'telephone', note: 'calls on Sundays', answers: { work: 'yes' } },
    });
    expect(JSON.stringify(fact!.data)).not.toContain('work');
    expect(s.state.status).toBe('completed');
  });

  it('of somebody who does badly is escalated with the needs to open and the referrals that were to meet them', () => {
    const s = to(completed(), '2026-12-21');
    record(s, 1, { answers: answersAt('worst') });
    const [concern] = s.open;
    expect(concern).toMatchObject({
      reason: 'follow-up-concern',
      detail: { month: '1', composite: '0', dimensions: 'economic,social,psychosocial' },
    });
    const needs = concern!.detail['needs']!.split(',');
    expect(needs).toEqual(expect.arrayContaining(['skills-certification', 'emotional-support']));
    s.resolve('follow-up-concern');
    to(s, '2027-01-10');
    expect(followUps(s)).toEqual([]);
  });

  it('points to what of the plan is still unmet', () => {
    const s = saga();
    s.answer('placement', 'received', 'accepted', 'failed');
    to(s, '2026-12-21');
    record(s, 1, { answers: answersAt('worst') });
    const concern = s.open.find((escalation) => escalation.reason === 'follow-up-concern')!;
    expect(concern.detail['needs']!.split(',')).toEqual(expect.arrayContaining(['employment']));
    expect(concern.detail['needs']).not.toContain('entrepreneurship');
    expect(concern.detail['referrals']).toContain(
      s.state.referrals.find((r) => r.service === 'placement')!.id,
    );
  });

  it('with one dimension very low is a concern, however well the others do', () => {
    const economic = questions.filter((question) => question.dimension === 'economic');
    const low = Object.fromEntries(economic.map((question) => [question.code, question.choices[0]!.code]));
    const s = to(completed(), '2026-12-21');
    record(s, 1, { answers: { ...answersAt('best'), ...low } });
    expect(s.open).toMatchObject([{ reason: 'follow-up-concern', detail: { dimensions: 'economic' } }]);
  });

  it('needs consent: without it nobody is asked and nobody is told', () => {
    for (const purposes of [undefined, ['work' as const, 'health' as const]]) {
      const s = completed();
      s.consent(purposes ? 'granted' : 'withdrawn', s.now.toISOString(), purposes ? { purposes } : {});
      to(s, '2026-12-21');
      expect(refused(() => record(s, 1))).toBe('no-consent');
      to(s, '2027-07-01');
      expect(followUps(s)).toEqual([]);
    }
  });

  it('is for the returnee of a case that was not closed early', () => {
    const s = saga();
    s.when({ type: 'close', reason: 'died' });
    for (const service of ['placement', 'care']) s.answer(service, 'received', 'cancelled');
    to(s, '2027-07-01');
    expect([s.state.status, followUps(s), refused(() => record(s, 6))]).toEqual([
      'closed',
      [],
      'case-closed',
    ]);
  });

  it('has its time, and is recorded once', () => {
    const s = completed();
    expect(refused(() => record(s, 1))).toBe('follow-up-not-due');
    expect(refused(() => record(s, 2))).toBe('unknown-follow-up');
    to(s, '2026-12-21');
    record(s, 1, { outcome: 'unreachable', answers: undefined as never });
    record(s, 1);
    expect(refused(() => record(s, 1))).toBe('follow-up-recorded');
    to(s, '2027-02-21');
    expect(refused(() => record(saga(), 1))).toBe('follow-up-not-due');
    to(s, '2027-05-21');
    expect(refused(() => record(to(completed(), '2027-02-21'), 1))).toBe('follow-up-over');
  });

  it('refuses answers that its questionnaire does not know, by question', () => {
    const s = to(completed(), '2026-12-21');
    expect(refused(() => record(s, 1, { version: 9 }))).toBe('bad-version');
    expect(refused(() => record(s, 1, { answers: { ...answersAt('best'), work: 'maybe' } }))).toBe(
      'bad-answers',
    );
    expect(refused(() => record(s, 1, { outcome: 'declined' }))).toBe('bad-answers');
  });
});
