import { Refusal } from '../decision';
import type { CaseCommand } from '../inputs';
import { catalogues, joined, offer, roundtable } from '../../testing/roundtable';
import { Saga } from '../../testing/saga';

const MINISTRIES = roundtable('identity', 'insurance', 'health', 'education', 'employment');
const WITH_CLINIC = joined(
  MINISTRIES,
  catalogues({ clinic: [offer('clinic', { equivalentTo: ['medical-care'] })] }),
);

/** Runs what must be refused and returns the refusal. */
function refusal(act: () => unknown): Refusal {
  try {
    act();
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
  throw new Error('it was not refused');
}

describe('close', () => {
  it.each([
    ['died', 'decided-by-operations'],
    ['left-country', 'decided-by-operations'],
    ['duplicate', 'decided-by-operations'],
    ['wrong-person', 'decided-by-operations'],
    ['unreachable', 'unreachable'],
    ['consent-withdrawn', 'consent-withdrawn'],
  ] as const)('because %s leaves open needs unmet as %s', (reason, unmet) => {
    const saga = new Saga({ needs: ['employment', 'health-care'] }, MINISTRIES);
    saga.when({ type: 'close', reason });
    expect(saga.need('employment')).toEqual({ status: 'unmet', reason: unmet });
    expect(saga.state.status).toBe('closing');
    expect(saga.standing).toEqual([
      'job-placement cancelled',
      'dni-issue cancellation-requested',
      'medical-care cancellation-requested',
    ]);
    saga.answer('dni-issue', 'cancelled');
    expect(saga.state.status).toBe('closing');
    saga.answer('medical-care', 'received', 'cancelled');
    expect(saga.state).toMatchObject({ status: 'closed', closeReason: reason });
    expect(saga.messages.at(-1)).toMatchObject({ type: 'case-ended', data: { status: 'closed' } });
  });

  it('with nothing under way is done at once', () => {
    const saga = new Saga({ vulnerabilities: ['trafficking'] }, MINISTRIES);
    expect(saga.when({ type: 'close', reason: 'died' }).map((f) => f.type)).toEqual([
      'case-closing',
      'need-settled',
      'case-closed',
      'escalation-resolved',
    ]);
  });

  it('what is done first counts as delivered', () => {
    const saga = new Saga({ needs: ['health-care'] }, MINISTRIES);
    saga.answer('medical-care', 'received', 'accepted');
    saga.when({ type: 'close', reason: 'left-country' });
    saga.answer('medical-care', 'completed');
    expect(saga.need('health-care')).toEqual({ status: 'settled', reason: 'delivered-unconfirmed' });
    expect(saga.state.status).toBe('closed');
  });

  it('an answer from before the agency saw the request leaves the request pending', () => {
    const saga = new Saga({ needs: ['health-care'] }, MINISTRIES);
    saga.answer('medical-care', 'received');
    saga.when({ type: 'close', reason: 'left-country' });
    saga.answer('medical-care', 'accepted', 'in-progress');
    expect(saga.referral('medical-care')).toMatchObject({
      status: 'in-progress',
      businessStatus: 'cancellation-requested',
    });
    expect(saga.open).toEqual([]);
    saga.answer('medical-care', 'failed');
    expect(saga.state.status).toBe('closed');
  });

  it('an unanswered request is reminded and escalated', () => {
    const saga = new Saga({ needs: ['health-care'] }, MINISTRIES);
    saga.when({ type: 'close', reason: 'died' });
    saga.days(1);
    expect(saga.messages.at(-1)).toMatchObject({
      type: 'referral-reminded',
      data: { deadline: 'cancellation' },
    });
    saga.days(1);
    expect(saga.escalated).toEqual(['cancellation-overdue']);
    saga.answer('medical-care', 'cancelled');
    expect(saga.open).toEqual([]);
  });

  it('twice is refused', () => {
    const saga = new Saga({ needs: ['health-care'] }, MINISTRIES);
    saga.when({ type: 'close', reason: 'died' });
    expect(refusal(() => saga.when({ type: 'close', reason: 'died' })).code).toBe('case-not-open');
  });
});

describe('reopen', () => {
  it('plans what was unmet anew, prerequisites included', () => {
    const saga = new Saga({ needs: ['employment'] }, MINISTRIES);
    saga.when({ type: 'close', reason: 'unreachable' });
    saga.answer('dni-issue', 'cancelled');
    saga.when({ type: 'reopen' });
    expect(saga.state).not.toHaveProperty('closedAt');
    expect(saga.need('employment')).toEqual({ status: 'open' });
    expect(saga.standing).toEqual([
      'job-placement cancelled',
      'dni-issue cancelled',
      'job-placement awaiting-prerequisite',
      'dni-issue requested',
    ]);
    saga.complete('dni-issue');
    saga.complete('job-placement');
    saga.confirm('job-placement');
    expect(saga.state.status).toBe('completed');
  });

  it('with nothing open waits some days for something to happen, then ends again', () => {
    const saga = new Saga({ needs: ['health-care'] }, MINISTRIES);
    saga.complete('medical-care');
    saga.confirm('medical-care');
    saga.when({ type: 'reopen' });
    saga.days(3);
    expect(saga.state.status).toBe('open');
    saga.when({ type: 'add-need', code: 'emotional-support' });
    expect(saga.referral('mental-health').status).toBe('requested');
    saga.reject('mental-health', 'person-declined');
    expect(saga.state.status).toBe('completed');
    saga.when({ type: 'reopen' });
    saga.days(60);
    expect(saga.state.status).toBe('completed');
  });

  it('stays open although nobody offers what is unmet', () => {
    const saga = new Saga({ needs: ['shelter'] }, MINISTRIES);
    saga.when({ type: 'reopen' });
    expect(saga.state.status).toBe('open');
    expect(saga.need('shelter')).toEqual({ status: 'unmet', reason: 'no-provider' });
    saga.catalogues = joined(MINISTRIES, roundtable('assistance-centre'));
    saga.when({ type: 'catalogue-changed' });
    expect(saga.referral('shelter').status).toBe('requested');
  });

  it('of an open case is refused', () => {
    const saga = new Saga({ needs: ['health-care'] }, MINISTRIES);
    expect(refusal(() => saga.when({ type: 'reopen' })).code).toBe('case-not-ended');
  });
});

describe('needs', () => {
  it('one that was met can be wanted again', () => {
    const saga = new Saga({ needs: ['health-care', 'emotional-support'] }, MINISTRIES);
    saga.complete('medical-care');
    saga.confirm('medical-care');
    saga.when({ type: 'add-need', code: 'health-care' });
    expect(saga.referral('medical-care')).toMatchObject({ status: 'requested', attempt: 2 });
    expect(saga.need('health-care')).toEqual({ status: 'open' });
  });

  it('adding says which are possible', () => {
    const saga = new Saga({ needs: ['health-care'] }, MINISTRIES);
    expect(refusal(() => saga.when({ type: 'add-need', code: 'gold' }))).toMatchObject({
      code: 'bad-need',
      possible: expect.arrayContaining(['shelter']),
    });
    expect(refusal(() => saga.when({ type: 'add-need', code: 'health-care' })).code).toBe('need-open');
  });

  it.each([
    ['person-declined', { status: 'settled', reason: 'person-declined' }],
    ['no-capacity', { status: 'unmet', reason: 'no-capacity' }],
    ['moved in with an aunt', { status: 'unmet', reason: 'decided-by-operations' }],
  ])('settling with %p recalls what was under way', (reason, settled) => {
    const saga = new Saga({ needs: ['employment', 'health-care'] }, MINISTRIES);
    saga.when({ type: 'settle-need', code: 'employment', reason });
    expect(saga.need('employment')).toEqual(settled);
    expect(saga.referral('job-placement').status).toBe('cancelled');
  });

  it('settling ends what waits for a prerequisite that failed', () => {
    const saga = new Saga({ needs: ['employment'] }, MINISTRIES);
    saga.reject('dni-issue', 'not-eligible');
    saga.when({ type: 'settle-need', code: 'employment', reason: 'no papers' });
    expect(saga.state.status).toBe('completed');
  });

  it('settling an unknown one is a miss', () => {
    const saga = new Saga({ needs: ['health-care'] }, MINISTRIES);
    expect(refusal(() => saga.when({ type: 'settle-need', code: 'shelter', reason: 'x' })).code).toBe(
      'unknown-need',
    );
  });
});

describe('waive', () => {
  it('sends a referral before its prerequisites', () => {
    const saga = new Saga({ needs: ['employment'] }, MINISTRIES);
    saga.reject('dni-issue', 'safety');
    const facts = saga.command('job-placement', { type: 'waive', note: 'has a passport' });
    expect(facts[0]).toMatchObject({
      type: 'prerequisite-waived',
      data: { prerequisites: ['id'] },
      restricted: { note: 'has a passport' },
    });
    expect(saga.referral('job-placement').status).toBe('requested');
    expect(saga.escalated).not.toContain('prerequisite-unmet');
  });

  it('of nothing is refused', () => {
    const saga = new Saga({ needs: ['health-care'] }, MINISTRIES);
    expect(refusal(() => saga.command('medical-care', { type: 'waive' }))).toMatchObject({
      code: 'nothing-to-waive',
      possible: ['remind', 'reroute', 'cancel', 'correction'],
    });
  });
});

describe('reroute', () => {
  it('of a silent agency recalls first and sends on when it let go', () => {
    const saga = new Saga({ needs: ['health-care'] }, WITH_CLINIC);
    saga.answer('medical-care', 'received');
    saga.command('medical-care', { type: 'reroute' });
    expect(saga.standing).toEqual(['medical-care cancellation-requested']);
    saga.answer('medical-care', 'cancelled');
    expect(saga.standing).toEqual(['medical-care cancelled', 'clinic requested']);
    expect(saga.need('health-care')).toEqual({ status: 'open' });
  });

  it('is off when the agency was done meanwhile', () => {
    const saga = new Saga({ needs: ['health-care'] }, WITH_CLINIC);
    saga.answer('medical-care', 'received', 'accepted');
    saga.command('medical-care', { type: 'reroute' });
    saga.answer('medical-care', 'completed');
    expect(saga.standing).toEqual(['medical-care delivered-unconfirmed']);
    saga.confirm('medical-care');
    expect(saga.state.status).toBe('completed');
  });

  it('of a failed prerequisite asks the only provider again', () => {
    const saga = new Saga({ needs: ['employment'] }, MINISTRIES);
    saga.answer('dni-issue', 'received', 'accepted', 'failed');
    saga.command('dni-issue', { type: 'reroute', by: 'Gamma', note: 'new photo' });
    expect(saga.facts.at(-2)).toMatchObject({ data: { actor: 'operations' }, restricted: { by: 'Gamma' } });
    expect(saga.open).toEqual([]);
    saga.complete('dni-issue');
    expect(saga.referral('job-placement').status).toBe('requested');
  });

  it('goes to a given agency', () => {
    const saga = new Saga({ needs: ['health-care'] }, WITH_CLINIC);
    saga.reject('medical-care', 'safety');
    saga.command('medical-care', { type: 'reroute', agency: 'health' });
    expect(saga.referral('medical-care')).toMatchObject({ agency: 'health', attempt: 2 });
  });

  it.each<[string, (saga: Saga) => void, string, string]>([
    ['planned', () => undefined, 'job-placement', 'not-reroutable'],
    ['the only provider', () => undefined, 'dni-issue', 'no-provider'],
    ['completed', (saga) => void saga.complete('dni-issue'), 'dni-issue', 'not-reroutable'],
  ])('is refused: %s', (_why, given, service, code) => {
    const saga = new Saga({ needs: ['employment'] }, MINISTRIES);
    given(saga);
    expect(refusal(() => saga.command(service, { type: 'reroute' })).code).toBe(code);
  });
});

describe('cancel', () => {
  it('takes two steps, and leaves the need to the decision', () => {
    const saga = new Saga({ needs: ['health-care', 'emotional-support'] }, MINISTRIES);
    saga.command('medical-care', { type: 'cancel' });
    expect(saga.need('health-care')).toEqual({ status: 'open' });
    expect(refusal(() => saga.command('medical-care', { type: 'cancel' }))).toMatchObject({
      code: 'cancellation-pending',
      possible: ['remind', 'correction'],
    });
    saga.answer('medical-care', 'cancelled');
    expect(saga.need('health-care')).toEqual({ status: 'unmet', reason: 'decided-by-operations' });
  });

  it('of a prerequisite leaves its dependents to a person', () => {
    const saga = new Saga({ needs: ['employment'] }, MINISTRIES);
    saga.command('dni-issue', { type: 'cancel' });
    saga.answer('dni-issue', 'cancelled');
    expect(saga.escalated).toEqual(['prerequisite-unmet']);
  });

  it('of a planned referral is done at once', () => {
    const saga = new Saga({ needs: ['employment', 'health-care'] }, MINISTRIES);
    saga.command('job-placement', { type: 'cancel' });
    expect(saga.need('employment')).toEqual({ status: 'unmet', reason: 'decided-by-operations' });
  });
});

describe('a correction of a final answer', () => {
  it('stands from then on, as a new fact', () => {
    const saga = new Saga({ needs: ['health-care'] }, MINISTRIES);
    saga.reject('medical-care', 'not-eligible');
    saga.command('medical-care', {
      type: 'correct-answer',
      answer: { status: 'accepted' },
      note: 'wrong button',
    });
    expect(saga.referral('medical-care')).toMatchObject({ status: 'accepted' });
    expect(saga.referral('medical-care')).not.toHaveProperty('code');
    expect(saga.open).toEqual([]);
    saga.answer('medical-care', 'completed');
    expect(saga.referral('medical-care').businessStatus).toBe('delivered-unconfirmed');
  });

  it('reopens the need that the wrong answer settled', () => {
    const saga = new Saga({ needs: ['health-care', 'emotional-support'] }, MINISTRIES);
    saga.reject('medical-care', 'person-declined');
    const answer = { status: 'rejected' as const, code: 'not-eligible' as const };
    saga.command('medical-care', { type: 'correct-answer', answer });
    expect(saga.need('health-care')).toEqual({ status: 'open' });
    expect(saga.escalated).toEqual(['rejected']);
  });

  it('of a verification replaces the outcome', () => {
    const saga = new Saga({ needs: ['employment'], documentType: 'dni' }, MINISTRIES);
    saga.complete('dni-verify', 'not-found');
    saga.command('dni-verify', {
      type: 'correct-answer',
      answer: { status: 'completed', outcome: 'verified' },
    });
    expect(saga.referral('job-placement').status).toBe('requested');
  });

  it('stands in for an agency that cannot answer any more, so that a case can end', () => {
    const saga = new Saga({ needs: ['health-care'] }, MINISTRIES);
    saga.when({ type: 'close', reason: 'died' });
    saga.days(30);
    saga.command('medical-care', {
      type: 'correct-answer',
      answer: { status: 'cancelled' },
      note: 'by telephone',
    });
    expect(saga.state.status).toBe('closed');
    expect(saga.open).toEqual([]);
  });

  it.each([
    [{ status: 'accepted' as const }, 'not-final'],
    [{ status: 'rejected' as const }, 'bad-correction'],
  ])('%p while the agency still owes its answer is refused', (answer, code) => {
    const saga = new Saga({ needs: ['health-care'] }, MINISTRIES);
    const act = () => saga.command('medical-care', { type: 'correct-answer', answer });
    expect(refusal(act).code).toBe(code);
  });

  it.each([
    ['names no document', undefined, 'outcome.document is required'],
    ['names an impossible one', { document: '12' }, 'outcome.document must be eight digits'],
  ])('that completes a service, but %s, is refused as it is of the agency', (_what, outcome, detail) => {
    const rules = {
      requires: ['document' as const],
      document: { pattern: '^[0-9]{8}$', inWords: 'eight digits' },
    };
    const issue = offer('dni-issue', { for: ['identity-document'], outcome: rules });
    const saga = new Saga({ needs: ['identity-document'] }, catalogues({ identity: [issue] }));
    const answer = { status: 'completed' as const, ...(outcome ? { outcome } : {}) };
    const refused = refusal(() => saga.command('dni-issue', { type: 'correct-answer', answer }));
    expect(refused).toMatchObject({ code: 'bad-correction', detail: expect.stringContaining(detail) });
  });
});

describe('escalations', () => {
  it('are claimed and resolved once, with the words kept apart', () => {
    const saga = new Saga({ needs: ['health-care'] }, MINISTRIES);
    saga.reject('medical-care', 'safety');
    const { id: escalationId } = saga.open[0] ?? { id: '' };
    saga.when({ type: 'claim-escalation', escalationId, by: 'Delta' });
    expect(saga.open[0]?.claimedAt).toBe(saga.now.toISOString());
    saga.when({ type: 'release-escalation', escalationId, by: 'Delta' });
    expect(saga.open[0]).not.toHaveProperty('claimedAt');
    const facts = saga.when({ type: 'resolve-escalation', escalationId, by: 'Delta', note: 'spoke to her' });
    expect(facts).toMatchObject([{ data: { resolution: 'decided' }, restricted: { note: 'spoke to her' } }]);
    expect(refusal(() => saga.when({ type: 'resolve-escalation', escalationId })).code).toBe(
      'escalation-resolved',
    );
    expect(refusal(() => saga.when({ type: 'claim-escalation', escalationId: 'x' })).code).toBe(
      'unknown-escalation',
    );
  });

  it('come again when the need is forgotten', () => {
    const saga = new Saga({ needs: ['health-care'] }, MINISTRIES);
    saga.reject('medical-care', 'safety');
    saga.resolve('rejected');
    saga.days(7);
    expect(saga.escalated).toEqual(['rejected']);
  });
});

describe('an unknown case or referral', () => {
  it.each<CaseCommand>([
    { type: 'cancel', referralId: 'x' },
    { type: 'waive', referralId: 'x' },
    { type: 'remind', referralId: 'x' },
    { type: 'reroute', referralId: 'x' },
    { type: 'confirmation', referralId: 'x', outcome: 'confirmed' },
    { type: 'supply-information', referralId: 'x', information: 'y' },
    { type: 'correct-answer', referralId: 'x', answer: { status: 'failed' } },
  ])('is a miss: %p', (command) => {
    const saga = new Saga({ needs: ['health-care'] }, MINISTRIES);
    expect(refusal(() => saga.when(command)).code).toBe('unknown-referral');
  });
});
