import { updatesFor } from '../saga/requests';
import { roundtable } from '../testing/roundtable';
import { Saga } from '../testing/saga';
import { caseView } from './view';

const MINISTRIES = roundtable('identity', 'insurance', 'health', 'education', 'employment');

function view(saga: Saga) {
  return caseView(saga.state, saga.catalogues);
}

describe('a case as it is shown', () => {
  it('names who meets each prerequisite', () => {
    const requires = (saga: Saga) =>
      view(saga).referrals.find((r) => r.service === 'job-placement')?.requires;
    expect(requires(new Saga({ needs: ['employment'] }, MINISTRIES))).toEqual(['identity/dni-issue']);
    const verified = new Saga({ needs: ['employment'], documentType: 'dni' }, MINISTRIES);
    expect(requires(verified)).toEqual(['identity/dni-verify']);
    verified.complete('dni-verify', 'not-found');
    expect(requires(verified)).toEqual(['identity/dni-issue']);
  });

  it('names the service alone when nobody offers it', () => {
    const saga = new Saga({ needs: ['employment'], nationality: 'CL' }, MINISTRIES);
    expect(view(saga).referrals).toMatchObject([
      {
        agency: 'employment',
        service: 'job-placement',
        status: 'planned',
        businessStatus: 'awaiting-prerequisite',
        requires: ['foreigner-card'],
        requestedAt: null,
      },
    ]);
  });

  it('shows needs with their reasons and escalations with their state', () => {
    const saga = new Saga({ needs: ['shelter', 'health-care'] }, MINISTRIES);
    expect(view(saga)).toMatchObject({
      number: 'RT-2026-000001',
      status: 'open',
      closedAt: null,
      needs: [
        { code: 'shelter', status: 'unmet', reason: 'no-provider' },
        { code: 'health-care', status: 'open', reason: null },
      ],
      escalations: [{ reason: 'no-provider', status: 'open', group: 'no-provider:shelter' }],
    });
  });
});

describe('a changed field', () => {
  it('goes to open referrals whose service sees it, and to nobody else', () => {
    const saga = new Saga(
      { needs: ['employment', 'health-care', 'birth-registration', 'school-enrolment'] },
      MINISTRIES,
    );
    saga.complete('birth-registration');
    const updates = (field: 'district' | 'document' | 'flight' | 'contact') =>
      updatesFor(saga.state, [field], MINISTRIES, saga.now).map((m) => m.service);
    expect(updates('document')).toEqual(['dni-issue']);
    expect(updates('contact')).toEqual(['dni-issue', 'medical-care']);
    expect(updates('flight')).toEqual([]);
  });
});
