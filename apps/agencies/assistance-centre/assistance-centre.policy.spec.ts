import { asked } from '@retorno/agency';
import { policy } from './assistance-centre.policy';

describe('the assistance centre by itself', () => {
  it('sends who lands elsewhere on to who receives there', () => {
    const received = (portOfEntry: string) =>
      asked(policy, { service: 'reception', returnee: { portOfEntry } }).answers;
    expect(received('TCQ')).toEqual([{ status: 'rejected', code: 'wrong-agency' }]);
    expect(received('LIM')).toEqual([]);
    expect(asked(policy, { service: 'reception' }).answers).toEqual([]);
  });

  it('marks who needs an interpreter at the airport', () => {
    const interpreter = (languages?: string[]) =>
      asked(policy, { service: 'reception', returnee: languages ? { languages } : {} }).memo?.['interpreter'];
    expect(interpreter(['qu'])).toBe(true);
    expect(interpreter(['qu', 'es'])).toBe(false);
    expect(interpreter()).toBe(false);
  });

  it.each(['reception', 'shelter'])(
    'puts %s first: at once, or on the day that it was booked for',
    (service) => {
      expect(asked(policy, { service }).priority).toBe('urgent');
      expect(asked(policy, { service, notBefore: '2026-12-04' }).priority).toBe('routine');
      const onTheDay = { type: 'woken', now: new Date('2026-12-04T12:00:00Z') } as const;
      expect(asked(policy, { service, notBefore: '2026-12-04' }, onTheDay).priority).toBe('urgent');
    },
  );

  it('asks how to reach who is to be followed up', () => {
    const call = { service: 'follow-up', status: 'accepted' } as const;
    expect(asked(policy, call, { type: 'answered' }).answers).toMatchObject([
      { status: 'accepted', businessStatus: 'info-requested' },
    ]);
    const reachable = { ...call, returnee: { phone: '+51940000001' } };
    expect(asked(policy, reachable, { type: 'answered' }).answers).toEqual([]);
  });

  it('brings a follow-up to the top of the list in its last three days', () => {
    const dueAt = '2027-01-05T15:00:00.000Z';
    const call = { service: 'follow-up', dueAt, returnee: { phone: '+51940000001' } };
    expect(asked(policy, call).wakeAt).toEqual(new Date('2027-01-02T15:00:00Z'));
    expect(asked(policy, call, { type: 'woken' })).toMatchObject({ priority: 'urgent', answers: [] });
  });
});
