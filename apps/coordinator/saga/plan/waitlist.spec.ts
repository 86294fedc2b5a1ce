import type { ReferralAnswered } from '@retorno/contracts';
import { roundtable } from '../../testing/roundtable';
import { Saga } from '../../testing/saga';
import { caseView } from '../../cases/view';

const MINISTRIES = roundtable('health');
const health = MINISTRIES.get('health')!;
const WITH_OFFICES = new Map(MINISTRIES).set('health', {
  ...health,
  offices: [{ code: 'tacna', name: 'Hospital of Tacna', ubigeoInei: '230101' }],
});

/** The agency answers from one of its offices. */
function answerFrom(saga: Saga, answer: Omit<ReferralAnswered, 'referralId' | 'at'>) {
  const { id, agency } = saga.referral('medical-care');
  const data = { ...answer, referralId: id, at: saga.now.toISOString() };
  return saga.when({ type: 'answered', agency, data });
}

describe('a referral at an office', () => {
  it('is shown with the name of the office, whoever answers later', () => {
    const saga = new Saga({ needs: ['health-care'] }, WITH_OFFICES);
    const office = () => caseView(saga.state, WITH_OFFICES).referrals[0]!.office;
    expect(office()).toBeNull();
    answerFrom(saga, { status: 'received', office: 'tacna' });
    expect(office()).toMatchObject({ code: 'tacna', name: 'Hospital of Tacna' });
    answerFrom(saga, { status: 'accepted', office: 'tacna' });
    saga.answer('medical-care', 'completed');
    expect(office()).toMatchObject({ code: 'tacna', name: 'Hospital of Tacna' });
    const unpublished = caseView(saga.state, MINISTRIES).referrals[0]!.office;
    expect(unpublished).toMatchObject({ code: 'tacna', name: 'tacna' });
  });

  it('waits while none has room, and waits no more once one has', () => {
    const saga = new Saga({ needs: ['health-care'] }, WITH_OFFICES);
    answerFrom(saga, { status: 'received', businessStatus: 'waitlisted' });
    expect(saga.referral('medical-care')).toMatchObject({ status: 'received', businessStatus: 'waitlisted' });
    answerFrom(saga, { status: 'received', office: 'tacna' });
    expect(saga.referral('medical-care')).toMatchObject({ status: 'received', office: 'tacna' });
    expect(saga.referral('medical-care')).not.toHaveProperty('businessStatus');
    expect(saga.escalated).toEqual([]);
  });

  it('may not say the same again', () => {
    const saga = new Saga({ needs: ['health-care'] }, WITH_OFFICES);
    answerFrom(saga, { status: 'received', office: 'tacna' });
    answerFrom(saga, { status: 'received', office: 'tacna' });
    expect(saga.escalated).toEqual(['refused-answer']);
  });

  it('that waits for five working days is escalated, and no more once an office has room', () => {
    const saga = new Saga({ needs: ['health-care'] }, WITH_OFFICES);
    answerFrom(saga, { status: 'received', businessStatus: 'waitlisted' });
    saga.days(6);
    expect(saga.escalated).toEqual([]);
    saga.days(1);
    expect(saga.open).toMatchObject([{ reason: 'waitlisted', detail: { agency: 'health' } }]);
    answerFrom(saga, { status: 'received', office: 'tacna' });
    expect(saga.open).toEqual([]);
    expect(saga.state.escalations[0]?.resolution).toBe('answered');
  });

  it('is escalated at its deadline when that comes before the five days', () => {
    const saga = new Saga({ vulnerabilities: ['pregnant'] }, WITH_OFFICES);
    answerFrom(saga, { status: 'received', businessStatus: 'waitlisted' });
    saga.hours(47);
    expect(saga.escalated).not.toContain('waitlisted');
    saga.hours(1);
    expect(saga.escalated).toContain('waitlisted');
  });

  it('that was asked something meanwhile waits anew from when it waits again', () => {
    const saga = new Saga({ needs: ['health-care'] }, WITH_OFFICES);
    answerFrom(saga, { status: 'received', businessStatus: 'waitlisted' });
    saga.days(4);
    answerFrom(saga, { status: 'received', businessStatus: 'info-requested' });
    answerFrom(saga, { status: 'received', businessStatus: 'waitlisted' });
    saga.days(4);
    expect(saga.escalated).not.toContain('waitlisted');
  });

  it('that waits is still reminded of, and escalated, when it is not done in time', () => {
    const saga = new Saga({ needs: ['health-care'] }, WITH_OFFICES);
    answerFrom(saga, { status: 'received', businessStatus: 'waitlisted' });
    saga.days(45);
    expect(saga.escalated).toEqual(['waitlisted', 'done-overdue']);
  });
});
