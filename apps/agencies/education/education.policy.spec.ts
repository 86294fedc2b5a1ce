import { peruCalendar } from '@retorno/service';
import type { AgencyReferral } from '@retorno/agency';
import { policy } from './education.policy';

const now = new Date('2026-11-23T15:00:00Z');

function decide(service: string, returnee: AgencyReferral['returnee']) {
  const at = now.toISOString();
  const referral: AgencyReferral = {
    id: 'r1',
    caseRef: 'c1',
    service,
    basis: 'consent',
    provisional: false,
    status: 'received',
    requestedAt: at,
    ackDueAt: at,
    dueAt: at,
    returnee,
    history: [],
    updatedAt: at,
  };
  return policy(referral, { type: 'requested', now, calendar: peruCalendar() });
}

describe('the ministry of education by itself', () => {
  it('turns away from school enrolment who is an adult or a baby beyond doubt', () => {
    for (const dateOfBirth of ['2006-11-23', '1990-01-01', '2025-11-24']) {
      expect(decide('school-enrolment', { dateOfBirth })).toEqual([
        { status: 'rejected', code: 'not-eligible' },
      ]);
    }
  });

  it('leaves to staff who may have been 3 to 17 at arrival', () => {
    for (const dateOfBirth of ['2006-11-24', '2009-05-01', '2020-03-03', '2024-02-29']) {
      expect(decide('school-enrolment', { dateOfBirth })).toEqual([]);
    }
    expect(decide('school-enrolment', {})).toEqual([]);
  });

  it('leaves the recognition of studies to staff, at any age', () => {
    expect(decide('recognition-of-studies', { dateOfBirth: '1960-01-01' })).toEqual([]);
  });
});
