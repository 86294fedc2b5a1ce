import type { CaseReferral } from '@retorno/contracts';
import { isSent, isTerminal } from './case';
import { Refusal } from './decision';
import { elderOf } from './merging';
import type { Message } from './requests';
import type { Said } from '../testing/returnees';
import { roundtable } from '../testing/roundtable';
import { Saga } from '../testing/saga';

const MINISTRIES = roundtable('identity', 'health', 'employment', 'education', 'insurance');
const ELDER = '01930000-0000-7000-8000-00000000000a';
const NEWER = '01930000-0000-7000-8000-00000000000b';
const THIRD = '01930000-0000-7000-8000-00000000000c';

function two(elder: Said, newer: Said): [Saga, Saga] {
  return [new Saga(elder, MINISTRIES, ELDER), new Saga(newer, MINISTRIES, NEWER)];
}

/** Both commands, as the one transaction runs them. */
function merge(into: Saga, from: Saga): void {
  const [before, other] = [into.state, from.state];
  from.when({ type: 'merge-into', other: before, by: 'desk 2', note: 'one passport' });
  into.when({ type: 'merge-from', other, by: 'desk 2', note: 'one passport' });
}

function suspect(saga: Saga, otherCaseId: string): void {
  const data = {
    otherCaseId,
    otherCaseNumber: 'RT-2026-000009',
    ground: 'similar-person',
    score: 91,
  } as const;
  saga.when({ type: 'duplicate-suspected', data });
}

function messagesSince(saga: Saga, count: number): string[] {
  return saga.messages.slice(count).map((m) => `${m.type} ${m.to === 'agency' ? m.service : ''}`.trim());
}

function told(saga: Saga, type: Message['type']): object[] {
  return saga.messages.filter((message) => message.type === type).map((message) => message.data);
}

function refusal(act: () => unknown): Refusal {
  try {
    act();
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
  throw new Error('it was not refused');
}

describe('two cases of one person', () => {
  it('become one: the merged one is closed and points to the other', () => {
    const [into, from] = two(
      { needs: ['health-care'] },
      { needs: ['school-enrolment'], dateOfBirth: '2015-01-01' },
    );
    from.complete('school-enrolment');
    merge(into, from);
    expect(from.state).toMatchObject({
      status: 'closed',
      closeReason: 'duplicate',
      mergedInto: { id: ELDER },
    });
    expect(from.state.referrals).toEqual([]);
    expect(into.state).toMatchObject({ status: 'open', mergedFrom: [{ id: NEWER }] });
    expect(told(from, 'cases-merged')).toMatchObject([{ into: ELDER }]);
    expect(from.open).toEqual([]);
  });

  it('a referral under way goes on under the reference that its agency knows, and is not asked for again', () => {
    const [into, from] = two({ needs: ['health-care'] }, { needs: ['emotional-support'] });
    from.answer('mental-health', 'received', 'accepted');
    const { id } = from.referral('mental-health');
    const before = [into.messages.length, from.messages.length] as const;
    merge(into, from);
    expect(into.referral('mental-health')).toMatchObject({ id, status: 'accepted', underCase: NEWER });
    expect(into.need('emotional-support')).toEqual({ status: 'open' });
    expect(messagesSince(into, before[0])).toEqual([]);
    expect(messagesSince(from, before[1])).toEqual(['cases-merged', 'case-ended']);
    into.answer('mental-health', 'completed');
    into.confirm('mental-health');
    expect(into.need('emotional-support')).toEqual({ status: 'settled', reason: 'confirmed' });
  });

  it('a delivery that waits for the word of the returnee waits for it in the surviving case', () => {
    const [into, from] = two({ needs: ['health-care'] }, { needs: ['emotional-support'] });
    from.complete('mental-health');
    merge(into, from);
    expect(into.need('emotional-support')).toEqual({ status: 'open' });
    into.days(11);
    expect(into.need('emotional-support')).toEqual({ status: 'settled', reason: 'delivered-unconfirmed' });
    expect(told(into, 'outcome-confirmed')).toHaveLength(1);
  });

  it('one that both have under way stays with the surviving case; the other is recalled before the merged case closes', () => {
    const [into, from] = two({ needs: ['health-care'] }, { needs: ['health-care'] });
    const own = into.referral('medical-care').id;
    merge(into, from);
    expect(into.referral('medical-care').id).toBe(own);
    expect(into.state.referrals.filter((r) => r.slot === 'medical-care')).toHaveLength(1);
    expect(from.state.status).toBe('closing');
    expect(told(from, 'cancellation-requested')).toMatchObject([{ reason: 'duplicate' }]);
    from.days(3);
    expect(from.sent('referral-reminded')).toEqual(['health/medical-care']);
    from.answer('medical-care', 'received', 'cancelled');
    expect(from.state).toMatchObject({ status: 'closed', closeReason: 'duplicate' });
  });

  it('one that is only planned gives way to one that was sent, and what waited for it goes', () => {
    const [into, from] = two({ needs: ['employment'], consent: 'pending' }, { needs: ['employment'] });
    expect(into.referral('dni-issue').status).toBe('planned');
    from.complete('dni-issue', { document: '11111111' });
    from.answer('job-placement', 'received');
    merge(into, from);
    expect(into.state.referrals.filter((r) => r.status === 'planned')).toEqual([]);
    expect(into.referral('job-placement')).toMatchObject({
      status: 'received',
      underCase: NEWER,
      attempt: 2,
    });
    expect(into.referral('dni-issue')).toMatchObject({ status: 'completed', underCase: NEWER });
  });

  it('what was only planned in the merged case is planned in the surviving one', () => {
    const [into, from] = two({ needs: ['health-care'] }, { needs: ['employment'] });
    expect(from.referral('job-placement').status).toBe('planned');
    merge(into, from);
    expect(into.referral('job-placement')).toMatchObject({ status: 'planned', needs: ['employment'] });
    expect(into.referral('job-placement')).not.toHaveProperty('underCase');
    into.complete('dni-issue', { document: '11111111' });
    expect(into.referral('job-placement').status).toBe('requested');
  });

  it('a prerequisite that the merged case had met counts', () => {
    const [into, from] = two({ needs: ['employment'] }, { documentType: 'dni', needs: ['health-care'] });
    from.complete('dni-verify', 'verified');
    merge(into, from);
    expect(into.referral('job-placement').status).toBe('requested');
    expect(into.state.profile.documentType).toBe('dni');
  });

  it('needs that were settled stay settled; one that either gave up is open when the other asks for it', () => {
    const [into, from] = two(
      { needs: ['health-care', 'emotional-support'] },
      { needs: ['health-care', 'emotional-support', 'employment'] },
    );
    into.when({ type: 'settle-need', code: 'emotional-support', reason: 'unreachable' });
    into.answer('mental-health', 'received', 'cancelled');
    from.when({ type: 'settle-need', code: 'employment', reason: 'unreachable' });
    from.complete('medical-care');
    from.confirm('medical-care');
    merge(into, from);
    expect(into.need('emotional-support')).toEqual({ status: 'open' });
    expect(into.referral('mental-health')).toMatchObject({ underCase: NEWER, status: 'requested' });
    expect(into.need('employment')).toEqual({ status: 'unmet', reason: 'unreachable' });
    // Its own agency still has it.
    expect(into.need('health-care')).toEqual({ status: 'open' });
    expect(into.referral('medical-care')).not.toHaveProperty('underCase');
  });

  it('the later consent holds for both, also when it is a refusal', () => {
    const [into, from] = two({ needs: ['health-care'] }, { needs: ['employment', 'emotional-support'] });
    from.answer('mental-health', 'received');
    into.consent('refused');
    merge(into, from);
    expect(into.referral('mental-health')).toMatchObject({
      underCase: NEWER,
      cancellation: { reason: 'consent-refused' },
    });
    expect(into.need('employment')).toEqual({ status: 'unmet', reason: 'consent-refused' });
    const [mine, other] = two({ needs: ['health-care'] }, { needs: ['employment'], consent: 'pending' });
    other.consent('refused');
    other.when({ type: 'reopen' });
    merge(mine, other);
    expect(mine.state.profile.consent.status).toBe('refused');
    expect(mine.referral('medical-care').cancellation?.reason).toBe('consent-refused');
  });

  it('escalations about what came along move with their times, and none is raised twice', () => {
    const [into, from] = two({ needs: ['health-care'] }, { needs: ['emotional-support'] });
    from.answer('mental-health', { status: 'completed' });
    from.answer('mental-health', 'received', 'accepted', {
      status: 'accepted',
      businessStatus: 'info-requested',
    });
    suspect(from, THIRD);
    const escalationId = from.open.find((e) => e.reason === 'refused-answer')?.id ?? '';
    from.when({ type: 'claim-escalation', escalationId, by: 'Delta' });
    const raisedAt = from.now.toISOString();
    into.hours(2);
    merge(into, from);
    expect(from.open).toEqual([]);
    expect(into.escalated.sort()).toEqual(['duplicate-suspected', 'info-requested', 'refused-answer']);
    for (const escalation of into.open) expect(escalation.raisedAt).toBe(raisedAt);
    expect(into.open.find((e) => e.reason === 'refused-answer')?.claimedAt).toBeDefined();
  });

  it('a chain of merges keeps the reference under which an agency knows a referral', () => {
    const [into, from] = two({ needs: ['health-care'] }, { needs: ['emotional-support'] });
    const third = new Saga({ needs: ['recognition-of-studies'] }, MINISTRIES, THIRD);
    merge(into, from);
    merge(third, into);
    expect(third.referral('mental-health').underCase).toBe(NEWER);
    expect(third.referral('medical-care').underCase).toBe(ELDER);
  });

  it('rows and consents of the merged case change nothing there any more', () => {
    const [into, from] = two({ needs: ['employment'] }, { needs: ['health-care'] });
    merge(into, from);
    const state = from.state;
    expect(from.change({ needs: ['shelter'] })).toEqual([]);
    expect(from.consent('withdrawn')).toEqual([]);
    expect(from.state).toBe(state);
  });

  it.each([
    ['itself', (into: Saga) => [into, into], 'same-case'],
    [
      'one that ended',
      (into: Saga, from: Saga) => {
        from.when({ type: 'close', reason: 'died' });
        from.answer('medical-care', 'received', 'cancelled');
        return [into, from];
      },
      'case-not-open',
    ],
    [
      'one that is closing',
      (into: Saga, from: Saga) => {
        from.when({ type: 'close', reason: 'died' });
        return [from, into];
      },
      'case-not-open',
    ],
    [
      'one that was merged',
      (into: Saga, from: Saga) => {
        merge(into, from);
        return [into, from];
      },
      'case-merged',
    ],
  ] as const)('a case and %s cannot be merged', (_name, prepared, code) => {
    const [into, from] = two({ needs: ['emotional-support'] }, { needs: ['health-care'] });
    const [a, b] = prepared(into, from) as [Saga, Saga];
    expect(refusal(() => a.when({ type: 'merge-from', other: b.state })).code).toBe(code);
    expect(refusal(() => b.when({ type: 'merge-into', other: a.state })).code).toBe(code);
  });

  it('a merged case is not reopened, and says where it went on', () => {
    const [into, from] = two({ needs: ['health-care'] }, { needs: ['employment'] });
    merge(into, from);
    expect(refusal(() => from.when({ type: 'reopen' }))).toMatchObject({
      code: 'case-merged',
      possible: [into.state.number],
    });
  });

  it('the one that was opened first survives by default, of two at one instant the lower number', () => {
    const [a, b] = two({}, {});
    const later = { ...a.state, openedAt: '2026-12-01T00:00:00.000Z' };
    expect(elderOf(later, b.state)).toBe(b.state);
    const second = { ...b.state, number: 'RT-2026-000002' };
    expect(elderOf(second, a.state)).toBe(a.state);
  });
});

describe('two people after all', () => {
  it('are not suspected again, whatever else is found', () => {
    const [saga] = two({}, {});
    suspect(saga, NEWER);
    saga.when({ type: 'different', others: [NEWER], by: 'desk 2', note: 'twins' });
    expect(saga.open).toEqual([]);
    expect(saga.state.escalations[0]?.resolution).toBe('different');
    suspect(saga, NEWER);
    expect(saga.open).toEqual([]);
    suspect(saga, THIRD);
    expect(saga.open).toMatchObject([{ detail: { otherCaseId: THIRD, score: '91' } }]);
  });

  it('a case is not suspected of what was merged into it', () => {
    const [into, from] = two({ needs: ['health-care'] }, { needs: ['employment'] });
    merge(into, from);
    suspect(into, NEWER);
    expect(into.open).toEqual([]);
  });
});

describe('whatever happened in both', () => {
  it('every referral that was sent is in one of them, once', () => {
    const [into, from] = two(
      { needs: ['health-care', 'employment', 'emotional-support'], documentType: 'dni' },
      { needs: ['health-care', 'employment', 'recognition-of-studies'], documentType: 'dni' },
    );
    from.complete('dni-verify', 'verified');
    from.answer('job-placement', 'received', 'accepted');
    into.complete('medical-care');
    const sent = (r: CaseReferral) => isSent(r) || r.status === 'completed';
    const before = [...into.state.referrals, ...from.state.referrals].filter(sent).map((r) => r.id);
    merge(into, from);
    const after = [...into.state.referrals, ...from.state.referrals].filter(sent).map((r) => r.id);
    expect(after.filter((id) => before.includes(id)).sort()).toEqual(before.sort());
    expect(new Set(after).size).toBe(after.length);
    const live = into.state.referrals.filter((r) => !isTerminal(r)).map((r) => r.slot);
    expect(new Set(live).size).toBe(live.length);
  });
});
