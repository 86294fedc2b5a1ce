import { asked } from '@retorno/agency';
import { policy } from './migration.policy';

describe('migration by itself', () => {
  it("gives no foreigner's card to a national", () => {
    const card = (nationality?: string) =>
      asked(policy, { service: 'foreigner-card', returnee: nationality ? { nationality } : {} }).answers;
    expect(card('PE')).toEqual([{ status: 'rejected', code: 'not-eligible' }]);
    expect(card('CO')).toEqual([]);
    expect(card()).toEqual([]);
  });

  it('sends who lands at Lima on to who receives there', () => {
    const received = (portOfEntry: string) =>
      asked(policy, { service: 'border-reception', returnee: { portOfEntry } }, { type: 'updated' }).answers;
    expect(received('LIM')).toEqual([{ status: 'rejected', code: 'wrong-agency' }]);
    for (const port of ['TCQ', 'TUM', 'PUN']) expect(received(port)).toEqual([]);
  });

  it('puts a reception first: at once, or from the day of an arrival that was announced', () => {
    const service = 'border-reception';
    expect(asked(policy, { service }).priority).toBe('urgent');
    const announced = { service, notBefore: '2026-12-04' };
    expect(asked(policy, announced)).toMatchObject({
      priority: 'routine',
      wakeAt: new Date('2026-12-04T00:00:00-05:00'),
    });
    const woken = { type: 'woken', now: new Date('2026-12-04T00:00:00-05:00') } as const;
    expect(asked(policy, announced, woken)).toMatchObject({ priority: 'urgent', wakeAt: null });
  });

  it('leaves the record of entries and exits to its officers', () => {
    expect(asked(policy, { service: 'movement-record' }).answers).toEqual([]);
  });

  it('sends nobody on whom an officer has begun to receive', () => {
    const begun = {
      service: 'border-reception',
      status: 'in-progress',
      returnee: { portOfEntry: 'LIM' },
    } as const;
    expect(asked(policy, begun, { type: 'updated' }).answers).toEqual([]);
  });
});
