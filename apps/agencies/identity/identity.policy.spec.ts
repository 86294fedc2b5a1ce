import { peruCalendar } from '@retorno/service';
import { answer, type AgencyReferral, type PolicyInput } from '@retorno/agency';
import { agency } from './identity.agency';
import { policy, SEVERAL } from './identity.policy';

const now = new Date('2026-11-23T15:00:00Z');

function referralTo(
  service: string,
  returnee: AgencyReferral['returnee'],
  status: AgencyReferral['status'] = 'received',
): AgencyReferral {
  const at = now.toISOString();
  return {
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
}

function decide(...asked: Parameters<typeof referralTo>) {
  return policy(referralTo(...asked), { type: 'requested', now, calendar: peruCalendar() });
}

describe('the identity registry by itself', () => {
  it('finds no person under a number that cannot be a DNI', () => {
    for (const documentNumber of ['1234567', '1234567A', '10117410-3', '']) {
      expect(decide('dni-verify', { documentType: 'dni', documentNumber })).toEqual([
        { status: 'accepted' },
        { status: 'completed', outcome: 'not-found' },
      ]);
    }
    expect(decide('dni-verify', {})).toHaveLength(2);
  });

  it('leaves every well-formed DNI to its staff', () => {
    for (const documentNumber of ['45871236', '10117410-2', '10117410G']) {
      expect(decide('dni-verify', { documentType: 'dni', documentNumber })).toEqual([]);
    }
  });

  it('leaves its other services, and what staff have begun, to staff', () => {
    expect(decide('dni-issue', {})).toEqual([]);
    expect(decide('dni-verify', {}, 'in-progress')).toEqual([]);
  });
});

describe('the identity registry, when several persons fit', () => {
  const known = { documentType: 'dni', documentNumber: '45871236' };
  const found = { ...referralTo('dni-verify', known, 'in-progress'), outcome: SEVERAL };
  const on = (referral: AgencyReferral, type: PolicyInput['type']) =>
    policy(referral, { type, now, calendar: peruCalendar() });

  it('picks nobody: it asks for what tells them apart', () => {
    for (const outcome of [SEVERAL, { result: SEVERAL }]) {
      expect(on({ ...found, outcome }, 'answered')).toMatchObject({
        answers: [{ status: 'on-hold', businessStatus: 'info-requested' }],
      });
    }
  });

  it('goes on when that has come', () => {
    const asked = { ...referralTo('dni-verify', known, 'on-hold'), memo: { asked: SEVERAL } };
    expect(on(asked, 'information-supplied')).toMatchObject({ answers: [{ status: 'in-progress' }] });
  });

  it('leaves to staff what they asked themselves', () => {
    expect(on(referralTo('dni-verify', known, 'on-hold'), 'information-supplied')).toEqual([]);
  });

  it('does not go on with what is to be cancelled', () => {
    const cancellationRequested = { reason: 'consent-withdrawn', at: now.toISOString() };
    expect(on({ ...found, cancellationRequested }, 'answered')).toEqual([]);
  });

  it('takes none of them for an answer: verified or not-found', () => {
    const rules = agency.services.find(({ code }) => code === 'dni-verify')?.outcome;
    const refused = answer(found, { status: 'completed', outcome: SEVERAL }, now, rules);
    expect(refused).toMatchObject({ refused: 'invalid-answer', errors: [{ pointer: '/outcome' }] });
    expect(answer(found, { status: 'completed', outcome: 'verified' }, now, rules)).not.toHaveProperty(
      'refused',
    );
  });
});

describe('a DNI that was issued', () => {
  it('has a number, or it is not completed', () => {
    const rules = agency.services.find(({ code }) => code === 'dni-issue')?.outcome;
    const begun = referralTo('dni-issue', {}, 'accepted');
    for (const outcome of [undefined, 'issued', { result: 'issued' }, { document: ' ' }]) {
      const body = { status: 'completed' as const, ...(outcome === undefined ? {} : { outcome }) };
      expect(answer(begun, body, now, rules)).toMatchObject({
        refused: 'invalid-answer',
        errors: [{ pointer: '/outcome/document' }],
      });
    }
    const done = answer(begun, { status: 'completed', outcome: { document: '70000001' } }, now, rules);
    expect(done).toMatchObject({ referral: { status: 'completed' } });
    expect(answer(begun, { status: 'failed' }, now, rules)).not.toHaveProperty('refused');
  });

  it('has the eight digits of a DNI: later referrals carry what was typed here', () => {
    const rules = agency.services.find(({ code }) => code === 'dni-issue')?.outcome;
    const begun = referralTo('dni-issue', {}, 'accepted');
    for (const document of ['12', '7000000A', '700000012', '70 000001', ' 70000001']) {
      expect(answer(begun, { status: 'completed', outcome: { document } }, now, rules)).toMatchObject({
        refused: 'invalid-answer',
        errors: [{ pointer: '/outcome/document', detail: 'must be the number of a DNI: eight digits' }],
      });
    }
  });
});
