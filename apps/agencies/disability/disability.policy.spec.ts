import { asked } from '@retorno/agency';
import { policy } from './disability.policy';

const service = 'disability-card';
const returnee = { certificate: 'CERT-77' };

describe('the register of disabilities by itself', () => {
  it('waits for the medical certificate', () => {
    expect(asked(policy, { service }).answers).toMatchObject([
      { status: 'received', businessStatus: 'info-requested' },
    ]);
  });

  it('opens the file when the certificate is disclosed, and not before', () => {
    const waiting = { service, businessStatus: 'info-requested', memo: { asked: true } } as const;
    expect(asked(policy, waiting, { type: 'updated' }).answers).toEqual([]);
    const arrived = asked(policy, { ...waiting, returnee }, { type: 'updated' });
    expect(arrived.answers).toEqual([{ status: 'accepted' }]);
  });

  it('leaves a referral with its certificate to the registrars', () => {
    expect(asked(policy, { service, returnee }).answers).toEqual([]);
  });

  it('says no more when the referral is being called off', () => {
    const off = { service, cancellationRequested: { reason: 'x', at: 'y' } };
    expect(asked(policy, off).answers).toEqual([]);
  });
});
