import { asked } from '@retorno/agency';
import { policy } from './police.policy';

const accepted = { service: 'record-certificate', status: 'accepted' } as const;
const answered = { type: 'answered' } as const;

describe('the police by itself', () => {
  it('searches no record by name alone: it asks for the document', () => {
    for (const returnee of [{ familyNames: 'Quispe' }, { documentType: 'none' }]) {
      expect(asked(policy, { ...accepted, returnee }, answered).answers).toMatchObject([
        { status: 'accepted', businessStatus: 'info-requested' },
      ]);
    }
  });

  it('goes on when the number comes', () => {
    const returnee = { documentType: 'dni', documentNumber: '45871236' };
    const waiting = {
      ...accepted,
      businessStatus: 'info-requested',
      memo: { asked: true },
      returnee,
    } as const;
    expect(asked(policy, waiting, { type: 'updated' }).answers).toEqual([{ status: 'in-progress' }]);
  });

  it('certifies nothing by itself, by DNI or by passport', () => {
    for (const documentType of ['dni', 'passport']) {
      const returnee = { documentType, documentNumber: '45871236' };
      expect(asked(policy, { ...accepted, returnee }, answered).answers).toEqual([]);
      expect(asked(policy, { service: 'record-certificate', returnee }).answers).toEqual([]);
    }
  });
});
