import { asked } from '@retorno/agency';
import { policy } from './social-inclusion.policy';

const service = 'household-classification';
const complete = { documentType: 'dni', documentNumber: '45871236', destinationUbigeo: '130101' };

const accepted = { service, status: 'accepted' } as const;
const answered = { type: 'answered' } as const;

describe('social inclusion by itself', () => {
  it('asks for the document or the district without which no household is classified', () => {
    const { documentNumber: _number, ...undocumented } = complete;
    const { destinationUbigeo: _district, ...homeless } = complete;
    for (const [returnee, word] of [
      [undocumented, 'identity document'],
      [homeless, 'district'],
    ] as const) {
      const note = expect.stringContaining(word);
      const question = { status: 'accepted', businessStatus: 'info-requested', note };
      expect(asked(policy, { ...accepted, returnee }, answered).answers).toEqual([question]);
    }
  });

  it('goes on when both have come', () => {
    const waiting = { ...accepted, businessStatus: 'info-requested', memo: { asked: true } } as const;
    const updated = { type: 'updated' } as const;
    expect(asked(policy, { ...waiting, returnee: {} }, updated).answers).toEqual([]);
    expect(asked(policy, { ...waiting, returnee: complete }, updated).answers).toEqual([
      { status: 'in-progress' },
    ]);
  });

  it('leaves to staff whether to accept, a complete request, and every programme', () => {
    expect(asked(policy, { service, returnee: {} }).answers).toEqual([]);
    expect(asked(policy, { ...accepted, returnee: complete }, answered).answers).toEqual([]);
    const programme = { ...accepted, service: 'social-programme', returnee: {} };
    expect(asked(policy, programme, answered).answers).toEqual([]);
  });
});
