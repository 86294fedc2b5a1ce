import type { Role } from '@retorno/service';
import { shownTo } from './masking';
import type { ReturneeView } from './returnee-query';

const view = {
  vulnerabilities: ['trafficking', 'pregnant', 'older-person'],
  needs: ['disability-card', 'shelter'],
  person: { givenNames: 'Ana', relationship: 'unaccompanied' },
} as unknown as ReturneeView;
const to = (...roles: Role[]) => shownTo({ roles: new Set(roles) }, view);

describe('a registration', () => {
  it('is whole for whoever registers', () => {
    expect(to('intake')).toBe(view);
  });

  it('does not say to operations, leads neither, what is restricted, nor how much of it there is', () => {
    for (const role of ['operations', 'operations-lead'] as const) {
      expect(to(role)).toEqual({
        vulnerabilities: ['restricted', 'older-person'],
        needs: ['restricted', 'shelter'],
        person: { givenNames: 'Ana', relationship: 'restricted' },
      });
    }
  });
});
