import { Refusal } from '../decision';
import { roundtable } from '../../testing/roundtable';
import { Saga } from '../../testing/saga';

const ID = '0199aaaa-0000-7000-8000-000000000001';
const OTHER = '0199aaaa-0000-7000-8000-000000000002';
const saga = (): Saga => new Saga({ needs: ['health-care'] }, roundtable('identity', 'health'));
const complaints = ({ state }: Saga): object[] =>
  state.escalations.filter(({ reason }) => reason === 'complaint');

describe('a complaint', () => {
  it('is escalated, its words kept apart, and no agency is sent anything', () => {
    const one = saga();
    const { id } = one.state.referrals.find((r) => r.service === 'medical-care')!;
    const sent = one.messages.length;
    const facts = one.when({
      type: 'complain',
      id: ID,
      referralId: id,
      note: 'They shouted',
      by: 'the returnee',
    });
    expect(facts).toMatchObject([
      { type: 'escalation-raised', data: { actor: 'returnee' }, restricted: { note: 'They shouted' } },
    ]);
    expect(JSON.stringify(facts[0]!.data)).not.toContain('shouted');
    expect(complaints(one)).toMatchObject([
      { referralId: id, detail: { complaint: ID, agency: 'health', service: 'medical-care' } },
    ]);
    expect(one.messages).toHaveLength(sent);
  });

  it('that is sent twice is one; another one about the same is another', () => {
    const one = saga();
    one.when({ type: 'complain', id: ID });
    expect(one.when({ type: 'complain', id: ID })).toEqual([]);
    one.when({ type: 'complain', id: OTHER });
    expect(complaints(one)).toHaveLength(2);
  });

  it('waits for a person, also when the case has ended, and does not come back once it is resolved', () => {
    const one = saga();
    one.when({ type: 'close', reason: 'died' });
    one.when({ type: 'complain', id: ID });
    one.when({ type: 'time-passed' });
    const escalation = one.state.escalations.find(({ reason }) => reason === 'complaint')!;
    expect(escalation.resolvedAt).toBeUndefined();
    one.when({ type: 'resolve-escalation', escalationId: escalation.id });
    one.when({ type: 'time-passed' });
    one.when({ type: 'complain', id: ID });
    expect(complaints(one)).toMatchObject([{ resolution: 'decided' }]);
  });

  it('about a referral that the case does not have is refused', () => {
    expect(() => saga().when({ type: 'complain', id: ID, referralId: 'none' })).toThrow(Refusal);
  });
});
