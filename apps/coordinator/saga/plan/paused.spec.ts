import { evolveStanding } from '../standing';
import type { Said } from '../../testing/returnees';
import { Saga } from '../../testing/saga';

const LEGAL: Said = { needs: ['legal-advice'] };
const CARE: Said = { needs: ['emotional-support'] };

function paused(saga: Saga, ...agencies: string[]): void {
  saga.standings = new Map(
    agencies.map((agency) => {
      const at = saga.now.toISOString();
      return [agency, evolveStanding(agency, undefined, { type: 'paused', at, by: 'lead', reason: 'down' })];
    }),
  );
}

/** The open escalations about an agency. */
const about = (saga: Saga, agency: string) => saga.open.filter(({ detail }) => detail['agency'] === agency);
const remindersTo = (saga: Saga, agency: string) =>
  saga.sent('referral-reminded').filter((to) => to.startsWith(`${agency}/`));

/** A case that is registered while agencies are paused. */
function registered(said: Said, ...agencies: string[]): Saga {
  const saga = new Saga({ needs: [] });
  paused(saga, ...agencies);
  saga.change(said);
  return saga;
}

describe('an agency that is paused', () => {
  it('is sent nothing new: what is ready waits and says since when', () => {
    const saga = registered(CARE, 'health');
    expect(saga.referral('mental-health')).toMatchObject({
      status: 'planned',
      pausedSince: saga.now.toISOString(),
    });
    expect(saga.sent('referral-requested')).not.toContain('health/mental-health');
    expect(saga.need('emotional-support')).toEqual({ status: 'open' });
  });

  it('goes on with what it was sent before', () => {
    const saga = new Saga(CARE);
    paused(saga, 'health');
    saga.complete('mental-health');
    saga.confirm('mental-health');
    expect(saga.need('emotional-support')).toMatchObject({ status: 'settled' });
  });

  it('is sent what waited, by itself, once it is resumed, with deadlines from then on', () => {
    const saga = registered(CARE, 'health');
    saga.hours(5);
    saga.standings = new Map();
    saga.when({ type: 'time-passed' });
    const sent = saga.referral('mental-health');
    expect(sent).toMatchObject({ status: 'requested', requestedAt: saga.now.toISOString() });
    expect(sent.pausedSince).toBeUndefined();
    expect(saga.sent('referral-requested')).toContain('health/mental-health');
  });

  it('is passed over where somebody else serves the same', () => {
    const saga = registered(LEGAL, 'justice');
    const { agency, status } = saga.referral('legal-aid');
    expect([agency, status]).toEqual(['civil-society', 'requested']);
    expect(saga.sent('referral-requested')).not.toContain('justice/legal-aid');
  });

  it('that was passed over was not tried: it is asked when the other turns the person down', () => {
    const saga = registered(LEGAL, 'justice');
    saga.standings = new Map();
    saga.reject('legal-aid', 'no-capacity');
    expect(saga.referral('legal-aid')).toMatchObject({ agency: 'justice', status: 'requested', attempt: 3 });
  });

  it('keeps the need waiting where everybody who serves it is paused', () => {
    const saga = registered(LEGAL, 'justice', 'civil-society');
    expect(saga.referral('legal-aid')).toMatchObject({ agency: 'justice', status: 'planned', attempt: 1 });
  });

  it('is the last choice when somebody turns a person down', () => {
    const saga = new Saga(LEGAL);
    paused(saga, 'civil-society');
    saga.reject('legal-aid', 'no-capacity');
    expect(saga.referral('legal-aid')).toMatchObject({ agency: 'civil-society', status: 'planned' });
    expect(saga.referral('legal-aid').pausedSince).toBeDefined();
  });

  it('is named to operations after as long as it would have had to accept: one group for all cases', () => {
    const saga = registered(CARE, 'health');
    expect(about(saga, 'health')).toEqual([]);
    saga.days(2);
    expect(about(saga, 'health')).toMatchObject([
      {
        reason: 'no-provider',
        group: 'no-provider:paused:health',
        detail: { agency: 'health', service: 'mental-health', paused: 'true' },
      },
    ]);
    saga.standings = new Map();
    saga.when({ type: 'time-passed' });
    expect(about(saga, 'health')).toEqual([]);
  });

  it('holds back nothing that waits for something else: that is said first', () => {
    const saga = registered(
      { needs: ['employment'], documentType: 'dni', documentNumber: '12345678' },
      'employment',
    );
    expect(saga.referral('job-placement')).toMatchObject({ businessStatus: 'awaiting-prerequisite' });
    saga.complete('dni-verify', 'verified');
    const waiting = saga.referral('job-placement');
    expect([waiting.status, waiting.businessStatus]).toEqual(['planned', undefined]);
    expect(waiting.pausedSince).toBeDefined();
  });

  it('does not keep a waiver from whoever is asked in its stead', () => {
    const saga = new Saga(LEGAL);
    saga.reject('legal-aid', 'missing-documents', ['civil-certificate']);
    paused(saga, 'justice');
    saga.command('legal-aid', { type: 'waive' });
    expect(saga.referral('legal-aid')).toMatchObject({ agency: 'civil-society', status: 'requested' });
  });

  it('keeps a case from ending early, and is given up with the need', () => {
    const saga = registered(CARE, 'health');
    saga.when({ type: 'settle-need', code: 'emotional-support', reason: 'person-declined' });
    expect(saga.referral('mental-health').status).toBe('cancelled');
  });
});

describe('the maintenance that an agency has announced', () => {
  const within = (saga: Saga, hours: number): void => {
    const at = (h: number) => new Date(saga.now.getTime() + h * 3_600_000).toISOString();
    const said = { at: at(0), by: 'operations', reason: 'new servers', from: at(1), until: at(hours) };
    const standing = evolveStanding('health', undefined, { type: 'maintenance-announced', ...said });
    saga.standings = new Map([['health', standing]]);
  };

  it('holds reminders back until its end, and moves no deadline', () => {
    const saga = new Saga(CARE);
    const { ackDueAt } = saga.referral('mental-health');
    within(saga, 30);
    const end = saga.standings.get('health')!.maintenance!.until;
    saga.until(new Date(Date.parse(end) - 1));
    expect(remindersTo(saga, 'health')).toEqual([]);
    saga.until(end);
    expect(remindersTo(saga, 'health')).toEqual(['health/mental-health']);
    expect(saga.referral('mental-health')).toMatchObject({ ackDueAt, remindedAck: end });
  });

  it('holds no escalation back: it says that there is one, and until when', () => {
    const saga = new Saga(CARE);
    within(saga, 24 * 6);
    saga.days(3);
    const { until } = saga.standings.get('health')!.maintenance!;
    expect(about(saga, 'health')).toMatchObject([{ reason: 'ack-overdue', detail: { maintenance: until } }]);
    expect(remindersTo(saga, 'health')).toEqual([]);
    expect(remindersTo(saga, 'assistance-centre')).not.toEqual([]);
  });

  it('leaves escalations standing once it is over, until there is an answer', () => {
    const saga = new Saga(CARE);
    within(saga, 24 * 4);
    saga.days(5);
    expect(about(saga, 'health').map(({ reason }) => reason)).toEqual(['ack-overdue']);
    saga.answer('mental-health', 'received', 'accepted');
    expect(about(saga, 'health')).toEqual([]);
  });

  it('changes nothing of deadlines outside of it', () => {
    const saga = new Saga(CARE);
    within(saga, 2);
    saga.until(saga.referral('mental-health').ackDueAt!);
    expect(remindersTo(saga, 'health')).toEqual(['health/mental-health']);
  });
});
