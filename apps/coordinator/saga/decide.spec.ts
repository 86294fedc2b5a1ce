import { Refusal } from './decision';
import { catalogues, joined, offer, roundtable } from '../testing/roundtable';
import { Saga } from '../testing/saga';

const MINISTRIES = roundtable('identity', 'insurance', 'health', 'education', 'employment');

describe('a case', () => {
  it('runs from notice to completion', () => {
    const saga = new Saga({ needs: ['health-insurance', 'health-care'] }, MINISTRIES);
    expect(saga.standing).toEqual([
      'enrolment awaiting-prerequisite',
      'dni-issue requested',
      'medical-care requested',
    ]);
    saga.complete('dni-issue', { document: '12345678' });
    expect(saga.referral('enrolment').status).toBe('requested');
    saga.complete('enrolment');
    saga.complete('medical-care');
    saga.confirm('enrolment');
    expect(saga.need('health-insurance')).toEqual({ status: 'settled', reason: 'confirmed' });
    expect(saga.state.status).toBe('open');
    saga.confirm('medical-care');
    expect(saga.state).toMatchObject({ status: 'completed', closedAt: saga.now.toISOString() });
    expect(saga.sent()).toEqual([
      'identity/dni-issue',
      'health/medical-care',
      'document-obtained',
      'insurance/enrolment',
      'insurance/enrolment',
      'health/medical-care',
      'case-ended',
    ]);
    expect(saga.open).toEqual([]);
  });

  it('that asks for nothing is completed at once', () => {
    expect(new Saga({}, MINISTRIES).state.status).toBe('completed');
  });

  it('waits for a prerequisite that is still under way', () => {
    const saga = new Saga({ documentType: 'dni' }, MINISTRIES);
    expect(saga.state.status).toBe('open');
    saga.complete('dni-verify', 'verified');
    expect(saga.state.status).toBe('completed');
  });

  it('ends with the follow-up where one is offered', () => {
    const saga = new Saga({ needs: ['shelter'] }, roundtable('assistance-centre'));
    for (const service of ['reception', 'shelter']) {
      saga.complete(service);
      expect(saga.state.referrals).toHaveLength(2);
      saga.confirm(service);
    }
    expect(saga.standing.at(-1)).toBe('follow-up requested');
    expect(saga.state.status).toBe('open');
    saga.complete('follow-up');
    saga.confirm('follow-up');
    expect(saga.state.status).toBe('completed');
  });

  it('records the catalogue versions and the rules that it was planned with', () => {
    const { state } = new Saga({ needs: ['health-care'] });
    expect(state).toMatchObject({ rules: 1, catalogues: { health: 1, 'assistance-centre': 1 } });
  });

  it('says who, when and why of everything', () => {
    const saga = new Saga({ needs: ['health-care'] }, MINISTRIES);
    saga.answer('medical-care', 'received');
    expect(saga.facts.map((f) => [f.type, f.data.actor, f.data.cause])).toEqual([
      ['case-opened', 'intake', 'returnee-registered'],
      ['case-planned', 'intake', 'returnee-registered'],
      ['referral-changed', 'rule:planning', 'returnee-registered'],
      ['referral-changed', 'agency:health', 'answer:received'],
    ]);
  });

  it('keeps names and notes out of what is published', () => {
    const saga = new Saga({ needs: ['identity-document'] }, MINISTRIES);
    saga.answer('dni-issue', 'received', { status: 'accepted', note: 'asked her sister', by: 'Beta' });
    saga.answer('dni-issue', { status: 'completed', outcome: { document: '12345678', certificate: 'C-1' } });
    const published = JSON.stringify(saga.facts.map((f) => f.data));
    for (const secret of ['sister', 'Beta', '12345678', 'C-1', 'Prueba'])
      expect(published).not.toContain(secret);
    expect(saga.facts.map((f) => f.restricted).filter(Boolean)).toEqual([
      { note: 'asked her sister', by: 'Beta' },
      { document: '12345678', certificate: 'C-1' },
    ]);
    expect(JSON.stringify(saga.state)).not.toContain('12345678');
  });

  it.each(['Handed over to her aunt', { result: 'Handed over to her aunt' }])(
    'keeps an outcome in words out of its facts: %p',
    (outcome) => {
      const saga = new Saga({ needs: ['health-care'] }, MINISTRIES);
      saga.complete('medical-care', outcome);
      expect(saga.referral('medical-care')).toMatchObject({ status: 'completed' });
      expect(JSON.stringify(saga.state)).not.toContain('aunt');
    },
  );

  it('registered again changes nothing', () => {
    const saga = new Saga({ needs: ['health-care'] }, MINISTRIES);
    expect(saga.change({})).toEqual([]);
  });
});

describe('id', () => {
  it('a verification that fails leads to a new DNI, once', () => {
    const saga = new Saga({ needs: ['employment'], documentType: 'dni' }, MINISTRIES);
    saga.complete('dni-verify', { result: 'not-found' });
    expect(saga.standing).toEqual([
      'job-placement awaiting-prerequisite',
      'dni-verify completed',
      'dni-issue requested',
    ]);
    saga.complete('dni-issue');
    expect(saga.referral('job-placement').status).toBe('requested');
    expect(saga.escalated).toEqual([]);
  });

  it.each(['verified', { result: 'verified' }])('is met by the outcome %p', (outcome) => {
    const saga = new Saga({ needs: ['employment'], documentType: 'dni' }, MINISTRIES);
    saga.complete('dni-verify', outcome);
    expect(saga.standing).toEqual(['job-placement requested', 'dni-verify completed']);
  });

  it('a rejected verification leads to a new DNI, too, and somebody looks at it', () => {
    const saga = new Saga({ needs: ['employment'], documentType: 'dni' }, MINISTRIES);
    saga.reject('dni-verify', 'not-eligible');
    expect(saga.referral('dni-issue').status).toBe('requested');
    expect(saga.escalated).toEqual(['rejected']);
  });

  it('a renewal is not waited for', () => {
    const saga = new Saga({ needs: ['employment', 'identity-document'], documentType: 'dni' }, MINISTRIES);
    saga.complete('dni-issue');
    expect(saga.referral('job-placement').status).toBe('planned');
    saga.complete('dni-verify', 'verified');
    expect(saga.referral('job-placement').status).toBe('requested');
  });

  it('the renewal that is under way meets it when the verification fails', () => {
    const saga = new Saga({ needs: ['employment', 'identity-document'], documentType: 'dni' }, MINISTRIES);
    saga.complete('dni-verify', 'not-found');
    expect(saga.state.referrals.filter((r) => r.slot === 'dni-issue')).toHaveLength(1);
    saga.complete('dni-issue');
    expect(saga.referral('job-placement').status).toBe('requested');
  });

  it('a foreign spouse needs a card that nobody offers yet, and it is planned when somebody does', () => {
    const saga = new Saga({ needs: ['employment'], nationality: 'CL', documentType: 'passport' }, MINISTRIES);
    expect(saga.standing).toEqual(['job-placement awaiting-prerequisite']);
    expect(saga.open).toMatchObject([
      { reason: 'no-provider', group: 'no-provider:foreigner-card', detail: { service: 'foreigner-card' } },
    ]);
    saga.catalogues = joined(MINISTRIES, roundtable('migration'));
    saga.when({ type: 'catalogue-changed' });
    expect(saga.referral('foreigner-card').status).toBe('requested');
    expect(saga.open).toEqual([]);
    saga.complete('foreigner-card');
    expect(saga.referral('job-placement').status).toBe('requested');
  });
});

describe('provisional insurance', () => {
  const said = { needs: ['health-insurance' as const], vulnerabilities: ['pregnant' as const] };

  it('is sent at once and told when the id is met', () => {
    const saga = new Saga(said, MINISTRIES);
    expect(saga.referral('enrolment')).toMatchObject({
      status: 'requested',
      provisional: true,
      requires: [],
    });
    saga.complete('enrolment');
    saga.complete('dni-issue');
    expect(saga.referral('enrolment').provisional).toBe(false);
    expect(saga.sent('referral-updated')).toEqual(['insurance/enrolment']);
  });

  it('escalates when the id is not met within 45 days', () => {
    const saga = new Saga(said, MINISTRIES);
    for (const service of ['enrolment', 'medical-care', 'dni-issue'])
      saga.answer(service, 'received', 'accepted');
    saga.until('2027-01-07T13:59:59Z');
    expect(saga.escalated).not.toContain('provisional-overdue');
    saga.until('2027-01-07T14:00:00Z');
    expect(saga.escalated).toContain('provisional-overdue');
    saga.answer('dni-issue', 'completed');
    expect(saga.escalated).not.toContain('provisional-overdue');
  });
});

describe('silence', () => {
  it('is reminded at the deadline and escalated after half as much again', () => {
    const saga = new Saga({ needs: ['health-care'], vulnerabilities: ['pregnant'] }, MINISTRIES);
    saga.hours(3.99);
    expect(saga.sent('referral-reminded')).toEqual([]);
    saga.hours(0.01);
    expect(saga.sent('referral-reminded')).toEqual(['health/medical-care']);
    saga.hours(1.99);
    expect(saga.escalated).toEqual([]);
    saga.hours(0.01);
    expect(saga.open).toMatchObject([
      { reason: 'ack-overdue', referralId: saga.referral('medical-care').id, detail: { agency: 'health' } },
    ]);
  });

  it('is not broken by the automatic receipt', () => {
    const saga = new Saga({ needs: ['health-care'] }, MINISTRIES);
    saga.answer('medical-care', 'received');
    saga.days(3);
    expect(saga.escalated).toEqual(['ack-overdue']);
    saga.answer('medical-care', 'accepted');
    expect(saga.state.escalations).toMatchObject([{ reason: 'ack-overdue', resolution: 'answered' }]);
  });

  it('after the acceptance escalates at the other deadline', () => {
    const saga = new Saga({ needs: ['health-care'], vulnerabilities: ['pregnant'] }, MINISTRIES);
    saga.answer('medical-care', 'received', 'accepted');
    saga.hours(71.9);
    expect(saga.escalated).toEqual([]);
    saga.hours(0.1);
    expect(saga.escalated).toEqual(['done-overdue']);
    saga.answer('medical-care', 'in-progress');
    expect(saga.escalated).toEqual(['done-overdue']);
    saga.answer('medical-care', 'completed');
    expect(saga.escalated).toEqual([]);
  });

  it('that goes on after a person looked at it is escalated again', () => {
    const saga = new Saga({ needs: ['health-care'] }, MINISTRIES);
    saga.answer('medical-care', 'received');
    saga.days(3);
    saga.resolve('ack-overdue');
    expect(saga.escalated).toEqual([]);
    saga.days(8);
    expect(saga.escalated).toEqual(['ack-overdue']);
  });

  it('a reminder sent by hand does not stand for the one at the deadline', () => {
    const saga = new Saga({ needs: ['health-care'] }, MINISTRIES);
    saga.command('medical-care', { type: 'remind' });
    saga.days(1);
    expect(saga.sent('referral-reminded')).toHaveLength(2);
  });

  it('after days without the service both steps are made up for', () => {
    const saga = new Saga({ needs: ['health-care'] }, MINISTRIES);
    saga.now = new Date('2026-12-01T14:00:00Z');
    saga.when({ type: 'time-passed' });
    expect(saga.sent('referral-reminded')).toEqual(['health/medical-care']);
    expect(saga.escalated).toEqual(['ack-overdue']);
  });
});

describe('suspension', () => {
  const due = (saga: Saga) => saga.referral('medical-care').dueAt;

  it('moves the done deadline by the time that the agency really waited', () => {
    const saga = new Saga({ needs: ['health-care'] }, MINISTRIES);
    const before = due(saga);
    saga.answer('medical-care', 'received', 'accepted', 'on-hold');
    saga.days(3);
    saga.answer('medical-care', 'in-progress');
    expect(Date.parse(due(saga) ?? '') - Date.parse(before ?? '')).toBe(3 * 86_400_000);
    expect(saga.referral('medical-care')).toMatchObject({ suspendedMs: 3 * 86_400_000 });
  });

  it('lasts at most 10 days in all', () => {
    const saga = new Saga({ needs: ['health-care'] }, MINISTRIES);
    const before = Date.parse(due(saga) ?? '');
    saga.answer('medical-care', 'received', 'accepted', 'on-hold');
    saga.days(8);
    saga.answer('medical-care', 'in-progress', 'on-hold');
    expect(Date.parse(due(saga) ?? '') - before).toBe(10 * 86_400_000);
    saga.days(8);
    saga.answer('medical-care', 'in-progress');
    expect(Date.parse(due(saga) ?? '') - before).toBe(10 * 86_400_000);
  });

  it('a question escalates at once, and the answer to it goes to the agency', () => {
    const saga = new Saga({ needs: ['health-care'] }, MINISTRIES);
    saga.answer('medical-care', 'received', { status: 'received', businessStatus: 'info-requested' });
    expect(saga.escalated).toEqual(['info-requested']);
    saga.days(2);
    saga.command('medical-care', { type: 'supply-information', information: 'blood group A' });
    expect(saga.open).toEqual([]);
    expect(saga.referral('medical-care')).toMatchObject({ suspendedMs: 2 * 86_400_000 });
    expect(saga.messages.at(-1)).toMatchObject({
      type: 'information-supplied',
      agency: 'health',
      data: { information: 'blood group A' },
    });
    expect(JSON.stringify(saga.facts.map((f) => f.data))).not.toContain('blood');
  });

  it('a question is answered by the next status, too', () => {
    const saga = new Saga({ needs: ['health-care'] }, MINISTRIES);
    saga.answer(
      'medical-care',
      'received',
      { status: 'received', businessStatus: 'info-requested' },
      'accepted',
    );
    expect(saga.state.escalations).toMatchObject([{ reason: 'info-requested', resolution: 'answered' }]);
  });
});

describe('a rejection', () => {
  const CLINICS = catalogues({
    beta: [offer('ward', { equivalentTo: ['medical-care'] })],
    alpha: [offer('clinic', { equivalentTo: ['medical-care'] })],
  });
  const withClinics = joined(MINISTRIES, CLINICS);

  it.each(['no-capacity', 'out-of-area', 'wrong-agency'] as const)(
    '%s goes to the next provider, each once, and then to a person',
    (code) => {
      const saga = new Saga({ needs: ['health-care'] }, withClinics);
      saga.reject('medical-care', code);
      expect(saga.standing).toEqual(['medical-care rejected', 'clinic requested']);
      expect(saga.escalated).toEqual([]);
      saga.reject('clinic', code);
      saga.reject('ward', code);
      expect(saga.state.referrals.map((r) => [r.agency, r.slot, r.attempt])).toEqual([
        ['health', 'medical-care', 1],
        ['alpha', 'medical-care', 2],
        ['beta', 'medical-care', 3],
      ]);
      expect(saga.open).toMatchObject([{ reason: 'rejected', detail: { code, agency: 'beta' } }]);
      expect(saga.need('health-care')).toEqual({ status: 'open' });
    },
  );

  it.each(['not-eligible', 'unreachable', 'duplicate', 'safety'] as const)('%s goes to a person', (code) => {
    const saga = new Saga({ needs: ['health-care'] }, withClinics);
    saga.reject('medical-care', code);
    expect(saga.standing).toEqual(['medical-care rejected']);
    expect(saga.open).toMatchObject([{ reason: 'rejected', detail: { code } }]);
  });

  it('person-declined settles the need', () => {
    const saga = new Saga({ needs: ['health-care'] }, MINISTRIES);
    saga.reject('medical-care', 'person-declined');
    expect(saga.need('health-care')).toEqual({ status: 'settled', reason: 'person-declined' });
    expect(saga.state.status).toBe('completed');
  });

  it('without a code is refused', () => {
    const saga = new Saga({ needs: ['health-care'] }, MINISTRIES);
    saga.answer('medical-care', 'received', 'rejected');
    expect(saga.referral('medical-care').status).toBe('received');
    expect(saga.escalated).toEqual(['refused-answer']);
  });

  it('missing-documents: they are got first, then it is sent again', () => {
    const saga = new Saga({ needs: ['health-care'] }, MINISTRIES);
    saga.reject('medical-care', 'missing-documents', ['civil-certificate', 'id']);
    expect(saga.standing).toEqual([
      'medical-care rejected',
      'medical-care awaiting-prerequisite',
      'civil-certificate requested',
      'dni-issue requested',
    ]);
    saga.complete('civil-certificate');
    saga.complete('dni-issue');
    expect(saga.referral('medical-care')).toMatchObject({ status: 'requested', attempt: 2 });
    expect(saga.open).toEqual([]);
  });

  it('missing-documents again and again goes to a person', () => {
    const saga = new Saga({ needs: ['health-care'] }, MINISTRIES);
    for (const attempt of [1, 2, 3]) {
      expect(saga.referral('medical-care').attempt).toBe(attempt);
      saga.reject('medical-care', 'missing-documents', ['civil-certificate']);
      if (attempt === 1) saga.complete('civil-certificate');
    }
    expect(saga.state.referrals.filter((r) => r.slot === 'medical-care')).toHaveLength(3);
    expect(saga.escalated).toEqual(['rejected']);
  });

  it('missing-documents that nobody issues escalates the group of the missing service', () => {
    const saga = new Saga({ needs: ['health-care'] }, MINISTRIES);
    saga.reject('medical-care', 'missing-documents', ['movement-record']);
    expect(saga.open).toMatchObject([
      {
        group: 'no-provider:movement-record',
        detail: { service: 'movement-record', agency: 'health', code: 'missing-documents' },
      },
    ]);
    saga.catalogues = joined(MINISTRIES, roundtable('migration'));
    saga.when({ type: 'catalogue-changed' });
    saga.complete('movement-record');
    expect(saga.referral('medical-care').status).toBe('requested');
  });

  it('missing-documents that would wait for itself goes to a person', () => {
    const saga = new Saga({ needs: ['social-programme'], documentType: 'dni' });
    saga.complete('dni-verify', 'verified');
    saga.reject('household-classification', 'missing-documents', ['social-programme']);
    expect(saga.open).toMatchObject([
      {
        reason: 'prerequisite-unmet',
        detail: {
          service: 'household-classification',
          code: 'missing-documents',
          missing: 'social-programme',
          circular: 'true',
        },
      },
    ]);
  });

  it.each(['id', 'enrolment', 'household-classification'])(
    'missing-documents that wait for `id` (%s) cannot come before the document that meets it',
    (missing) => {
      for (const [documentType, service] of [
        ['none', 'dni-issue'],
        ['dni', 'dni-verify'],
      ] as const) {
        const saga = new Saga({ needs: ['employment'], documentType });
        saga.reject(service, 'missing-documents', [missing]);
        expect(saga.state.referrals.filter((r) => r.service === service)).toHaveLength(1);
        expect(saga.open).toMatchObject([{ detail: { missing, circular: 'true' } }]);
      }
    },
  );

  it('of a prerequisite with no other provider keeps what depends on it waiting', () => {
    const saga = new Saga({ needs: ['employment', 'skills-certification'] }, MINISTRIES);
    saga.reject('dni-issue', 'not-eligible');
    const rejected = saga.referral('dni-issue');
    expect(saga.open).toMatchObject([
      {
        reason: 'prerequisite-unmet',
        referralId: rejected.id,
        detail: {
          service: 'dni-issue',
          referral: rejected.id,
          code: 'not-eligible',
          dependents: 'job-placement,skills-certification',
        },
      },
    ]);
    expect(saga.referral('job-placement').status).toBe('planned');
  });

  it('a failure goes to a person', () => {
    const saga = new Saga({ needs: ['health-care'] }, MINISTRIES);
    saga.answer('medical-care', 'received', 'accepted', 'failed');
    expect(saga.escalated).toEqual(['failed']);
    saga.command('medical-care', { type: 'reroute' });
    expect(saga.state.escalations).toMatchObject([{ reason: 'failed', resolution: 'rerouted' }]);
    expect(saga.referral('medical-care')).toMatchObject({ attempt: 2, status: 'requested' });
  });
});

describe('an impossible answer', () => {
  it.each([
    ['accepted', []],
    ['rejected', []],
    ['in-progress', ['received']],
    ['completed', ['received']],
    ['cancelled', ['received']],
    ['received', ['received']],
    ['accepted', ['received', 'accepted']],
    ['completed', ['received', 'accepted', 'completed']],
    ['failed', ['received', 'accepted', 'completed']],
  ] as const)('%s after %p is recorded, escalated and blocks nothing', (status, before) => {
    const saga = new Saga({ needs: ['health-care'] }, MINISTRIES);
    saga.answer('medical-care', ...before);
    const { status: from } = saga.referral('medical-care');
    const facts = saga.answer('medical-care', {
      status,
      ...(status === 'rejected' ? { code: 'safety' } : {}),
    });
    expect(facts.map((f) => f.type)).toEqual(['answer-refused', 'escalation-raised']);
    expect(facts[0]?.data).toMatchObject({ from, to: status });
    saga.answer('medical-care', { status });
    expect(saga.escalated.filter((reason) => reason === 'refused-answer')).toHaveLength(1);
  });

  it('of another agency, or about an unknown referral, changes nothing', () => {
    const saga = new Saga({ needs: ['health-care'] }, MINISTRIES);
    const at = saga.now.toISOString();
    const { id } = saga.referral('medical-care');
    saga.when({ type: 'answered', agency: 'education', data: { referralId: id, status: 'received', at } });
    saga.when({
      type: 'answered',
      agency: 'health',
      data: { referralId: 'nowhere', status: 'received', at },
    });
    expect(saga.referral('medical-care').status).toBe('requested');
    expect(saga.open).toMatchObject([
      { detail: { from: 'another-agency', agency: 'education' } },
      { detail: { from: 'unknown' } },
    ]);
  });

  it('the same status is possible again with something new to say', () => {
    const saga = new Saga({ needs: ['health-care'] }, MINISTRIES);
    saga.answer('medical-care', 'received', 'accepted');
    saga.answer('medical-care', {
      status: 'accepted',
      businessStatus: 'scheduled',
      scheduledFor: '2026-12-01T14:00:00Z',
    });
    saga.answer('medical-care', { status: 'accepted', businessStatus: 'no-show' });
    expect(saga.referral('medical-care').businessStatus).toBe('no-show');
    saga.answer('medical-care', { status: 'accepted', businessStatus: 'no-show' });
    expect(saga.escalated).toEqual(['refused-answer']);
  });

  it('late in a completed case is recorded and escalated', () => {
    const saga = new Saga({ needs: ['health-care'] }, MINISTRIES);
    saga.complete('medical-care');
    saga.confirm('medical-care');
    saga.answer('medical-care', 'failed');
    expect(saga.state.status).toBe('completed');
    expect(saga.escalated).toEqual(['refused-answer']);
  });
});

describe('confirmation', () => {
  const delivered = () => {
    const saga = new Saga({ needs: ['health-care'] }, MINISTRIES);
    saga.complete('medical-care');
    return saga;
  };

  it('delivered is not yet met', () => {
    const saga = delivered();
    expect(saga.referral('medical-care').businessStatus).toBe('delivered-unconfirmed');
    expect(saga.need('health-care')).toEqual({ status: 'open' });
  });

  it('silence settles it after 10 days, told apart', () => {
    const saga = delivered();
    saga.hours(239.9);
    expect(saga.state.status).toBe('open');
    saga.hours(0.1);
    expect(saga.need('health-care')).toEqual({ status: 'settled', reason: 'delivered-unconfirmed' });
    expect(saga.state.status).toBe('completed');
    expect(saga.messages).toContainEqual(
      expect.objectContaining({
        type: 'outcome-confirmed',
        data: expect.objectContaining({ confirmed: false }),
      }),
    );
    expect(() => saga.confirm('medical-care')).toThrow(Refusal);
  });

  it('a dispute reopens the need and goes to a person, who may send it on', () => {
    const saga = delivered();
    const facts = saga.confirm('medical-care', 'disputed');
    expect(facts.map((f) => f.type)).toEqual(['referral-changed', 'need-reopened', 'escalation-raised']);
    expect(saga.sent('outcome-disputed')).toEqual(['health/medical-care']);
    saga.days(30);
    expect(saga.need('health-care')).toEqual({ status: 'open' });
    saga.command('medical-care', { type: 'reroute' });
    expect(saga.open).toEqual([]);
    saga.complete('medical-care');
    saga.confirm('medical-care');
    expect(saga.state.status).toBe('completed');
  });

  it('a dispute recalls nothing that was sent since', () => {
    const saga = new Saga({ needs: ['identity-document', 'employment'] }, MINISTRIES);
    saga.complete('dni-issue');
    saga.confirm('dni-issue', 'disputed');
    expect(saga.referral('job-placement').status).toBe('requested');
  });

  it('a mere prerequisite needs none', () => {
    const saga = new Saga({ needs: ['employment'] }, MINISTRIES);
    saga.complete('dni-issue');
    expect(saga.referral('dni-issue')).not.toHaveProperty('confirmBy');
    expect(() => saga.confirm('dni-issue')).toThrow(Refusal);
  });
});

describe('a need that nobody offers', () => {
  it('is unmet, escalated in its group, and planned when somebody offers it', () => {
    const saga = new Saga({ needs: ['shelter', 'health-care'] }, MINISTRIES);
    expect(saga.need('shelter')).toEqual({ status: 'unmet', reason: 'no-provider' });
    expect(saga.open).toMatchObject([
      { reason: 'no-provider', group: 'no-provider:shelter', detail: { need: 'shelter' } },
    ]);
    saga.catalogues = joined(MINISTRIES, roundtable('assistance-centre'));
    const facts = saga.when({ type: 'catalogue-changed' });
    expect(facts.map((f) => f.type)).toEqual([
      'need-reopened',
      'case-planned',
      'referral-changed',
      'referral-changed',
      'escalation-resolved',
    ]);
    expect(saga.referral('shelter').status).toBe('requested');
  });

  it('does not hold up completion, and an ended case stays ended', () => {
    const saga = new Saga({ needs: ['shelter'] }, MINISTRIES);
    expect(saga.state.status).toBe('completed');
    expect(saga.escalated).toEqual(['no-provider']);
    saga.catalogues = joined(MINISTRIES, roundtable('assistance-centre'));
    saga.when({ type: 'catalogue-changed' });
    expect(saga.state.status).toBe('completed');
    expect(saga.need('shelter')).toEqual({ status: 'unmet', reason: 'no-provider' });
  });

  it('that is offered later, but not to this returnee, is unmet for that reason', () => {
    const saga = new Saga(
      { needs: ['employment', 'health-care'], dateOfBirth: '2012-01-01' },
      roundtable('health'),
    );
    expect(saga.need('employment')).toEqual({ status: 'unmet', reason: 'no-provider' });
    saga.catalogues = MINISTRIES;
    saga.when({ type: 'catalogue-changed' });
    expect(saga.need('employment')).toEqual({ status: 'unmet', reason: 'not-eligible' });
    expect(saga.open).toEqual([]);
  });

  it('that is offered later, to who refused consent, is unmet for that, and nobody is told to look for a provider', () => {
    const saga = new Saga(
      { needs: ['employment', 'health-care'], vulnerabilities: ['pregnant'], consent: 'refused' },
      roundtable('health'),
    );
    expect(saga.need('employment')).toEqual({ status: 'unmet', reason: 'no-provider' });
    saga.catalogues = MINISTRIES;
    saga.when({ type: 'catalogue-changed' });
    expect(saga.need('employment')).toEqual({ status: 'unmet', reason: 'consent-refused' });
    expect(saga.open).toEqual([]);
  });

  it('of violence or trafficking stays open until a person settles it', () => {
    const saga = new Saga({ vulnerabilities: ['gender-based-violence'] }, MINISTRIES);
    expect(saga.need('gender-based-violence')).toEqual({ status: 'open' });
    expect(saga.escalated).toEqual(['no-provider']);
    saga.when({ type: 'settle-need', code: 'gender-based-violence', reason: 'helped by a church' });
    expect(saga.need('gender-based-violence')).toEqual({ status: 'unmet', reason: 'decided-by-operations' });
    expect(saga.state.status).toBe('completed');
  });
});

describe('a restricted need', () => {
  it('that is offered under a condition only stays open, and somebody is told', () => {
    const saga = new Saga({ vulnerabilities: ['trafficking'], consent: 'pending' }, roundtable('interior'));
    expect(saga.need('trafficking')).toEqual({ status: 'open' });
    expect(saga.escalated).toEqual(['no-provider']);
    saga.consent('granted');
    expect(saga.referral('trafficking-case').status).toBe('requested');
    expect(saga.open).toEqual([]);
  });
});

describe('an unaccompanied child', () => {
  const child = { dateOfBirth: '2014-03-01', relationship: 'unaccompanied' as const };

  it('waits behind a gate that nobody opens, and somebody is told', () => {
    const saga = new Saga({ ...child, needs: ['school-enrolment', 'health-insurance'] }, MINISTRIES);
    expect(saga.standing).toEqual([
      'school-enrolment awaiting-prerequisite',
      'enrolment awaiting-prerequisite',
      'medical-care requested',
      'dni-issue requested',
    ]);
    expect(saga.open).toMatchObject([
      {
        group: 'no-provider:special-protection-unit',
        detail: { service: 'special-protection-unit', need: 'unaccompanied-child' },
      },
    ]);
    saga.days(90);
    expect(saga.referral('school-enrolment').status).toBe('planned');
    saga.catalogues = joined(MINISTRIES, roundtable('protection'));
    saga.when({ type: 'catalogue-changed' });
    saga.complete('special-protection-unit');
    expect(saga.referral('school-enrolment').status).toBe('requested');
    expect(saga.referral('enrolment').status).toBe('requested');
  });

  it('nothing asks for consent where the law obliges', () => {
    const saga = new Saga({ ...child, needs: ['school-enrolment'], consent: 'refused' });
    expect(saga.standing).toEqual(
      expect.arrayContaining([
        'special-protection-unit requested',
        'medical-care requested',
        'dni-issue requested',
      ]),
    );
    expect(saga.need('school-enrolment')).toEqual({ status: 'unmet', reason: 'consent-refused' });
  });

  it('a person may open the gate', () => {
    const saga = new Saga({ ...child, needs: ['school-enrolment'] }, MINISTRIES);
    saga.command('school-enrolment', { type: 'waive' });
    expect(saga.referral('school-enrolment')).toMatchObject({
      status: 'requested',
      waived: ['special-protection-unit'],
    });
  });
});

describe('a catalogue that is wrong', () => {
  it('two services that wait for each other go to a person', () => {
    const loop = catalogues({
      one: [offer('egg', { for: ['shelter'], requires: ['hen'] })],
      two: [offer('hen', { requires: ['egg'] })],
    });
    const saga = new Saga({ needs: ['shelter'] }, loop);
    expect(saga.standing).toEqual(['egg awaiting-prerequisite', 'hen awaiting-prerequisite']);
    expect(saga.open.map((e) => [e.reason, e.detail['circular']])).toEqual([
      ['prerequisite-unmet', 'true'],
      ['prerequisite-unmet', 'true'],
    ]);
    saga.command('egg', { type: 'waive' });
    expect(saga.referral('egg').status).toBe('requested');
    expect(saga.open).toEqual([]);
  });
});

describe('an unaccompanied child whose need a person settles', () => {
  it('keeps the care that the law asks for', () => {
    const saga = new Saga(
      { vulnerabilities: ['unaccompanied-child'], relationship: 'unaccompanied', dateOfBirth: '2016-03-01' },
      MINISTRIES,
    );
    saga.when({ type: 'settle-need', code: 'unaccompanied-child', reason: 'taken in by the unit' });
    expect(saga.referral('medical-care')).toMatchObject({ status: 'requested', basis: 'legal-obligation' });
    expect(saga.referral('medical-care').cancellation).toBeUndefined();
  });
});

describe('a likely duplicate', () => {
  it('shows both cases once and merges nothing', () => {
    const saga = new Saga({ needs: ['health-care'] }, MINISTRIES);
    const data = { otherCaseId: 'x', otherCaseNumber: 'RT-2026-000002', ground: 'same-document' as const };
    saga.when({ type: 'duplicate-suspected', data });
    saga.when({ type: 'duplicate-suspected', data });
    expect(saga.open).toMatchObject([{ reason: 'duplicate-suspected', detail: data }]);
  });

  it('is settled by closing the case as one', () => {
    const saga = new Saga({ needs: ['emotional-support'] }, MINISTRIES);
    saga.when({
      type: 'duplicate-suspected',
      data: { otherCaseId: 'c-2', otherCaseNumber: 'RT-2026-000002', ground: 'same-document' },
    });
    saga.when({ type: 'close', reason: 'duplicate' });
    expect(saga.open).toEqual([]);
  });
});
