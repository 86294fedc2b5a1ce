import { joined, roundtable } from '../testing/roundtable';
import { Saga } from '../testing/saga';

const MINISTRIES = roundtable('identity', 'insurance', 'health', 'education', 'employment');
const LATER = '2026-11-25T12:00:00Z';

describe('consent pending', () => {
  const pending = () =>
    new Saga({
      needs: ['health-care', 'employment', 'shelter'],
      vulnerabilities: ['pregnant'],
      consent: 'pending',
    });

  it('holds back all that rests on it, and nothing else', () => {
    expect(pending().standing).toEqual([
      'medical-care requested',
      'job-placement awaiting-prerequisite',
      'dni-issue awaiting-consent',
      'shelter requested',
      'reception requested',
    ]);
  });

  it('escalates after 5 working days', () => {
    const saga = pending();
    saga.until('2026-11-30T13:59:59Z');
    expect(saga.escalated).not.toContain('consent-overdue');
    saga.until('2026-11-30T14:00:00Z');
    expect(saga.escalated).toContain('consent-overdue');
    saga.consent('granted');
    expect(saga.escalated).not.toContain('consent-overdue');
  });

  it('then granted lets everything go', () => {
    const saga = pending();
    saga.consent('granted');
    expect(saga.referral('dni-issue')).toMatchObject({ status: 'requested' });
    saga.complete('dni-issue');
    expect(saga.referral('job-placement').status).toBe('requested');
  });

  it('then granted adds what needed it as a condition', () => {
    const saga = new Saga({ vulnerabilities: ['trafficking'], consent: 'pending' });
    expect(saga.standing).not.toContain('trafficking-case requested');
    saga.consent('granted');
    expect(saga.referral('trafficking-case').status).toBe('requested');
  });
});

describe('consent refused', () => {
  const refused = () =>
    new Saga(
      { needs: ['employment', 'health-care'], vulnerabilities: ['pregnant'], consent: 'refused' },
      MINISTRIES,
    );

  it('leaves unmet what rests on it, and makes none of its prerequisites', () => {
    const saga = refused();
    expect(saga.standing).toEqual(['medical-care requested']);
    expect(saga.need('employment')).toEqual({ status: 'unmet', reason: 'consent-refused' });
    expect(saga.need('health-care')).toEqual({ status: 'open' });
  });

  it('then granted reopens and plans it', () => {
    const saga = refused();
    saga.consent('granted');
    expect(saga.need('employment')).toEqual({ status: 'open' });
    expect(saga.referral('dni-issue').status).toBe('requested');
  });

  it('of everything ends the case as completed', () => {
    const saga = new Saga({ needs: ['employment'], consent: 'refused' }, MINISTRIES);
    expect(saga.state.status).toBe('completed');
  });
});

describe('consent withdrawn', () => {
  it('and given again while the case closes: what was stopped goes on once the agencies have let go', () => {
    const saga = new Saga({ needs: ['emotional-support'] }, MINISTRIES);
    saga.answer('mental-health', 'received');
    saga.consent('withdrawn');
    saga.hours(1);
    saga.consent('granted', LATER);
    expect(saga.state.status).toBe('closing');
    saga.answer('mental-health', 'cancelled');
    expect(saga.state.status).toBe('open');
    expect(saga.need('emotional-support')).toEqual({ status: 'open' });
    expect(saga.referral('mental-health')).toMatchObject({ status: 'requested', attempt: 2 });
  });

  it('and given again after the case closed: it is opened again and goes on', () => {
    const saga = new Saga({ needs: ['emotional-support'] }, MINISTRIES);
    saga.consent('withdrawn');
    saga.answer('mental-health', 'received', 'cancelled');
    expect(saga.state.status).toBe('closed');
    saga.hours(1);
    saga.consent('granted', LATER);
    expect(saga.state.status).toBe('open');
    expect(saga.referral('mental-health')).toMatchObject({ status: 'requested', attempt: 2 });
  });

  it('recalls what was sent on it, and closes the case when every agency has let go', () => {
    const saga = new Saga({ needs: ['employment', 'emotional-support'] }, MINISTRIES);
    saga.answer('mental-health', 'received');
    saga.consent('withdrawn');
    expect(saga.standing).toEqual([
      'job-placement cancelled',
      'dni-issue cancellation-requested',
      'mental-health cancellation-requested',
    ]);
    expect(saga.sent('cancellation-requested').sort()).toEqual([
      'health/mental-health',
      'identity/dni-issue',
    ]);
    expect(saga.need('employment')).toEqual({ status: 'unmet', reason: 'consent-withdrawn' });
    expect(saga.state.status).toBe('closing');
    saga.answer('dni-issue', 'cancelled');
    saga.answer('mental-health', 'cancelled');
    expect(saga.state).toMatchObject({ status: 'closed', closeReason: 'consent-withdrawn' });
    expect(saga.open).toEqual([]);
  });

  it('leaves what rests on another basis, and closes after it', () => {
    const saga = new Saga({ needs: ['employment'], vulnerabilities: ['pregnant'] }, MINISTRIES);
    saga.consent('withdrawn');
    expect(saga.referral('medical-care').status).toBe('requested');
    saga.answer('dni-issue', 'cancelled');
    expect(saga.state.status).toBe('open');
    saga.complete('medical-care');
    saga.confirm('medical-care');
    expect(saga.state).toMatchObject({ status: 'closed', closeReason: 'consent-withdrawn' });
  });

  it('what was done already counts as delivered', () => {
    const saga = new Saga({ needs: ['emotional-support'] }, MINISTRIES);
    saga.complete('mental-health');
    saga.consent('withdrawn');
    expect(saga.need('emotional-support')).toEqual({ status: 'settled', reason: 'delivered-unconfirmed' });
    expect(saga.state.status).toBe('closed');
  });

  it('an older consent changes nothing', () => {
    const saga = new Saga({ needs: ['emotional-support'] }, MINISTRIES);
    expect(saga.consent('withdrawn', '2026-11-20T12:59:59Z')).toEqual([]);
    expect(saga.change({ consent: { status: 'pending' } })).toEqual([]);
    expect(saga.referral('mental-health').status).toBe('requested');
  });

  it('and granted again before the agency let go is served again', () => {
    const saga = new Saga({ needs: ['emotional-support'], vulnerabilities: ['pregnant'] }, MINISTRIES);
    saga.consent('withdrawn');
    saga.consent('granted', LATER);
    expect(saga.need('emotional-support')).toEqual({ status: 'open' });
    saga.answer('mental-health', 'cancelled');
    expect(saga.referral('mental-health')).toMatchObject({ status: 'requested', attempt: 2 });
  });
});

describe('a changed row', () => {
  it('plans an added need', () => {
    const saga = new Saga({ needs: ['health-care'] }, MINISTRIES);
    saga.change({ needs: ['health-care', 'employment'] });
    expect(saga.standing).toEqual([
      'medical-care requested',
      'job-placement awaiting-prerequisite',
      'dni-issue requested',
    ]);
  });

  it('recalls what only a removed need wanted', () => {
    const saga = new Saga({ needs: ['health-care', 'emotional-support'] }, MINISTRIES);
    saga.change({ needs: ['health-care'] });
    expect(saga.need('emotional-support')).toEqual({ status: 'settled', reason: 'person-declined' });
    expect(saga.sent('cancellation-requested')).toEqual(['health/mental-health']);
    saga.answer('mental-health', 'cancelled');
    expect(saga.state.referrals).toHaveLength(2);
  });

  it('keeps a referral that serves another need, or that others wait for', () => {
    const saga = new Saga({
      needs: ['health-care', 'disability-card', 'identity-document'],
      vulnerabilities: ['chronic-illness'],
    });
    saga.change({ needs: ['disability-card'] });
    expect(saga.referral('medical-care')).toMatchObject({ status: 'requested', needs: ['chronic-illness'] });
    saga.change({ vulnerabilities: [] });
    expect(saga.referral('medical-care')).toMatchObject({ status: 'requested', needs: [] });
    expect(saga.referral('dni-issue')).toMatchObject({ status: 'requested', needs: [] });
    expect(saga.sent('cancellation-requested')).toEqual([]);
  });

  it('drops the planned prerequisites of a removed need', () => {
    const saga = new Saga({ needs: ['social-programme'] });
    saga.change({ needs: [] });
    expect(saga.standing.slice(0, 3)).toEqual([
      'social-programme cancelled',
      'household-classification cancelled',
      'dni-issue requested',
    ]);
  });

  it('a need that comes back before the agency let go is served again', () => {
    const saga = new Saga({ needs: ['health-care', 'emotional-support'] }, MINISTRIES);
    saga.change({ needs: ['health-care'] });
    saga.change({ needs: ['health-care', 'emotional-support'] });
    expect(saga.need('emotional-support')).toEqual({ status: 'open' });
    saga.answer('mental-health', 'cancelled');
    expect(saga.referral('mental-health')).toMatchObject({ status: 'requested', attempt: 2 });
  });

  it('done wins over the recall of a removed need', () => {
    const saga = new Saga({ needs: ['health-care', 'emotional-support'] }, MINISTRIES);
    saga.answer('mental-health', 'received', 'accepted');
    saga.change({ needs: ['health-care'] });
    saga.answer('mental-health', 'completed');
    expect(saga.need('emotional-support')).toEqual({ status: 'settled', reason: 'delivered-unconfirmed' });
  });

  it('a pregnancy that is learnt of makes planned insurance go at once', () => {
    const saga = new Saga({ needs: ['health-insurance'] }, MINISTRIES);
    saga.change({ vulnerabilities: ['pregnant'] });
    expect(saga.referral('enrolment')).toMatchObject({
      status: 'requested',
      provisional: true,
      requires: [],
    });
    expect(saga.referral('medical-care')).toMatchObject({ status: 'requested', basis: 'vital-interests' });
  });

  it('a corrected age makes a need eligible', () => {
    const saga = new Saga({ needs: ['employment', 'health-care'], dateOfBirth: '2012-01-01' }, MINISTRIES);
    expect(saga.need('employment')).toEqual({ status: 'unmet', reason: 'not-eligible' });
    saga.change({ dateOfBirth: '2002-01-01' });
    expect(saga.referral('job-placement').status).toBe('planned');
  });

  it('a removed need that nobody offered is declined and not waited for', () => {
    const saga = new Saga({ needs: ['health-care', 'shelter'] }, MINISTRIES);
    saga.change({ needs: ['health-care'] });
    expect(saga.need('shelter')).toEqual({ status: 'settled', reason: 'person-declined' });
    expect(saga.open).toEqual([]);
    saga.catalogues = joined(MINISTRIES, roundtable('assistance-centre'));
    saga.when({ type: 'catalogue-changed' });
    expect(saga.need('shelter')).toEqual({ status: 'settled', reason: 'person-declined' });
    expect(saga.standing).not.toContain('shelter requested');
  });

  it('with a new need reopens a case that was completed', () => {
    const saga = new Saga({ needs: ['health-care'] }, MINISTRIES);
    saga.complete('medical-care');
    saga.confirm('medical-care');
    saga.change({ needs: ['health-care', 'emotional-support'] });
    expect(saga.state.status).toBe('open');
    expect(saga.standing).toEqual(['medical-care confirmed', 'mental-health requested']);
  });

  it('updates the profile of a closed case and nothing else', () => {
    const saga = new Saga({ needs: ['health-care'] }, MINISTRIES);
    saga.when({ type: 'close', reason: 'died' });
    saga.answer('medical-care', 'cancelled');
    expect(saga.change({ needs: ['employment'] }).map((f) => f.type)).toEqual(['case-updated']);
  });

  it('a DNI that turns up is verified, and then counts as id', () => {
    const saga = new Saga({ needs: ['employment'] }, MINISTRIES);
    saga.change({ documentType: 'dni' });
    saga.complete('dni-verify', 'verified');
    expect(saga.referral('job-placement').status).toBe('requested');
  });

  it('a DNI that was issued meanwhile needs no verification', () => {
    const saga = new Saga({ needs: ['employment'] }, MINISTRIES);
    saga.complete('dni-issue');
    saga.change({ documentType: 'dni' });
    expect(saga.standing).toEqual(['job-placement requested', 'dni-issue completed']);
  });
});
