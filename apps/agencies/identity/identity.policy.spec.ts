import { peruCalendar } from '@retorno/service';
import type { AgencyReferral } from '@retorno/agency';
import { policy } from './identity.policy';

const now = new Date('2026-11-23T15:00:00Z');

function decide(
  service: string,
  returnee: AgencyReferral['returnee'],
  status: AgencyReferral['status'] = 'received',
) {
  const at = now.toISOString();
  const referral: AgencyReferral = {
    id: 'r1',
    caseRef: 'c1',
    service,
    basis: 'consent',
    provisional: false,
    status,
    requestedAt: at,
    ackDueAt: at,
    dueAt: at,
    returnee,
    history: [],
    updatedAt: at,
  };
  return policy(referral, { type: 'requested', now, calendar: peruCalendar() });
}

describe('the identity registry by itself', () => {
  it('finds no person under a number that cannot be a DNI', () => {
    for (const documentNumber of ['1234567', '1234567A', '']) {
      expect(decide('dni-verify', { documentType: 'dni', documentNumber })).toEqual([
        { status: 'accepted' },
        { status: 'completed', outcome: 'not-found' },
      ]);
    }
    expect(decide('dni-verify', {})).toHaveLength(2);
  });

  it('leaves every well-formed DNI to its staff', () => {
    expect(decide('dni-verify', { documentType: 'dni', documentNumber: '45871236' })).toEqual([]);
  });

  it('leaves its other services, and what staff have begun, to staff', () => {
    expect(decide('dni-issue', {})).toEqual([]);
    expect(decide('dni-verify', {}, 'in-progress')).toEqual([]);
  });
});
