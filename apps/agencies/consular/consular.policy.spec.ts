import { asked, type AgencyReferral } from '@retorno/agency';
import { policy } from './consular.policy';

const visit = (changes: Partial<AgencyReferral> = {}) => ({
  service: 'detention-visit',
  returnee: { placeOfDetention: 'Houston' },
  ...changes,
});
const UPDATED = { type: 'updated' } as const;
/** What is remembered of a first place. */
const memo = asked(policy, visit()).memo!;
const elsewhere = { placeOfDetention: 'El Paso' };

describe('a consulate by itself', () => {
  it('visits who is detained before all else, and leaves the visit to its officers', () => {
    const { priority, answers } = asked(policy, visit());
    expect([priority, answers]).toEqual(['urgent', []]);
  });

  it('drops the appointment of a visit when the person is moved, and goes on', () => {
    const scheduled = visit({
      status: 'in-progress',
      businessStatus: 'scheduled',
      memo,
      returnee: elsewhere,
    });
    const moved = asked(policy, scheduled, UPDATED);
    expect(moved.answers).toMatchObject([{ status: 'on-hold' }, { status: 'in-progress' }]);
    expect(moved.memo).not.toEqual(memo);
    const accepted = asked(policy, { ...scheduled, status: 'accepted' }, UPDATED);
    expect(accepted.answers).toMatchObject([{ status: 'in-progress' }]);
  });

  it('keeps the appointment while the person stays', () => {
    const scheduled = visit({ status: 'in-progress', businessStatus: 'scheduled', memo });
    expect(asked(policy, scheduled, UPDATED).answers).toEqual([]);
  });

  it('answers nothing for a transfer where no appointment was made, or the visit is called off', () => {
    for (const changes of [
      { status: 'received' },
      { status: 'received', businessStatus: 'scheduled' },
      { status: 'in-progress' },
      { status: 'in-progress', businessStatus: 'scheduled', cancellationRequested: { reason: 'x', at: 'y' } },
    ] as const) {
      expect(asked(policy, visit({ ...changes, memo, returnee: elsewhere }), UPDATED).answers).toEqual([]);
    }
  });

  it('remembers no place by its name', () => {
    expect(JSON.stringify(memo)).not.toContain('Houston');
  });

  it('defends first who is in custody', () => {
    const defence = (returnee: AgencyReferral['returnee']) =>
      asked(policy, { service: 'legal-defence', returnee }).priority;
    expect(defence({ placeOfDetention: 'Houston' })).toBe('urgent');
    expect(defence({})).toBe('routine');
  });

  it('issues papers to minors first, who need an authorization as well', () => {
    const papers = (dateOfBirth: string) =>
      asked(policy, { service: 'travel-document', returnee: { dateOfBirth } });
    expect(papers('2008-11-24').priority).toBe('urgent');
    expect(papers('2008-11-23').priority).toBe('routine');
    expect(papers('2008-11-24').answers).toEqual([]);
  });
});
