import type { Role } from '@retorno/service';
import { hiddenFrom } from './sight';

const restricted = new Set(['trafficking']);
const now = new Date('2026-11-23T15:00:00Z');
const later = new Date('2026-11-23T15:00:01Z');
const sees = (role: Role, until?: Date) =>
  hiddenFrom({ roles: new Set([role]) }, restricted, now, until).size === 0;

describe('what is restricted in a case', () => {
  it.each<Role>([
    'operations',
    'operations-lead',
    'auditor',
    'integration',
    'agency-worker',
    'intake',
    'statistics',
  ])('is hidden from %s', (role) => expect(sees(role)).toBe(false));

  it('is shown to the returnee: on their own pages', () => {
    expect(sees('portal')).toBe(true);
  });

  it('is shown to a lead until the end of their unmasking, and not at it', () => {
    expect([sees('operations-lead', later), sees('operations-lead', now)]).toEqual([true, false]);
  });

  it('is shown to nobody else by an unmasking', () => {
    expect([sees('operations', later), sees('auditor', later)]).toEqual([false, false]);
  });
});
