import type { CaseFact } from '../saga/facts';
import { isHappening } from '../cases/happenings';
import { changeOf, shownChange } from './live';

function changed(status: string, actor: string, service = 'medical-care'): CaseFact {
  const referral = { id: 'r', agency: 'health', service, status };
  const data = { at: '2026-11-23T15:00:00.000Z', actor, cause: 'answer', referral };
  return { type: 'referral-changed', caseId: 'c', data } as unknown as CaseFact;
}

describe('what is told of as having happened', () => {
  it('is what somebody answered, not the steps that a referral goes through by itself', () => {
    expect(isHappening(changed('accepted', 'agency:health'))).toBe(true);
    expect(isHappening(changed('cancelled', 'operations'))).toBe(true);
    expect(isHappening(changed('requested', 'rule:planning'))).toBe(false);
    expect(isHappening(changed('received', 'agency:health'))).toBe(false);
    // A reminder changes nothing that the agency said.
    expect(isHappening(changed('accepted', 'rule:reminder'))).toBe(false);
  });
});

describe('a change as lists show it', () => {
  it('names neither a restricted service nor the agency that offers it', () => {
    const change = changeOf(
      changed('accepted', 'agency:health', 'trafficking-care'),
      'RT-1',
      () => undefined,
    );
    const shown = shownChange(change, new Set(['trafficking-care']));
    expect(shown.referral).toMatchObject({ agency: 'restricted', service: 'restricted', status: 'accepted' });
    expect(JSON.stringify(shown)).not.toMatch(/health|trafficking/);
  });

  it('says of an escalation why, also when it is resolved', () => {
    const data = { at: '2026-11-23T15:00:00.000Z', id: 'e', resolution: 'decided' };
    const fact = { type: 'escalation-resolved', caseId: 'c', data } as unknown as CaseFact;
    expect(changeOf(fact, 'RT-1', () => 'rejected').escalation).toEqual({ id: 'e', reason: 'rejected' });
  });
});
