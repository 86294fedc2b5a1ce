/** Before arrival: what is done abroad, what waits, what is booked ahead, and how the same case goes on at home. */
import { updatesFor } from './requests';
import { catalogues, joined, offer, preBooked, roundtable } from '../testing/roundtable';
import type { Said } from '../testing/returnees';
import { Saga } from '../testing/saga';

// The saga begins on Monday, 23 November 2026, 9:00 in Lima.
const DETAINED: Said = {
  stage: 'detained',
  arrivalDate: '2026-11-23',
  dateUnknown: true,
  placeOfDetention: 'Krome',
  vulnerabilities: ['detained-abroad'],
};
const EXPECTED: Said = { stage: 'expected', arrivalDate: '2026-12-03', flight: 'US431' };
const here = (arrivalDate: string): Said =>
  ({ stage: undefined, dateUnknown: undefined, onManifest: undefined, arrivalDate }) as unknown as Said;

function given(said: Said, offered = roundtable()): Saga {
  return new Saga(said, offered);
}

describe('before an announced arrival', () => {
  it('keeps what a child alone gets whatever was asked, whatever else is said of it meanwhile', () => {
    const saga = given({ ...EXPECTED, dateOfBirth: '2018-02-02', relationship: 'unaccompanied' });
    expect(saga.referral('dni-issue').businessStatus).toBe('awaiting-arrival');
    saga.change({ flight: 'US777', needs: ['school-enrolment'] });
    saga.change({ needs: [] });
    expect(saga.referral('dni-issue').businessStatus).toBe('awaiting-arrival');
    saga.change({ relationship: 'child' });
    expect(saga.referral('dni-issue').status).toBe('cancelled');
  });

  it('asks consulates and nobody else; all other services wait for the arrival', () => {
    const saga = given({ ...DETAINED, needs: ['legal-advice', 'employment'] });
    expect(saga.standing.toSorted()).toEqual([
      'detention-visit requested',
      'dni-issue awaiting-arrival',
      'job-placement awaiting-arrival',
      'legal-aid awaiting-arrival',
      'legal-defence requested',
      'reception awaiting-arrival',
      'travel-document requested',
    ]);
    expect(saga.sent()).toHaveLength(3);
  });

  it('asks for a travel document only for who has none', () => {
    expect(given({ ...EXPECTED, documentType: 'passport' }).sent()).toEqual([]);
    expect(given({ ...EXPECTED, documentType: 'none' }).sent()).toEqual(['consular/travel-document']);
  });

  it('does not complete the case, whatever is settled', () => {
    const saga = given({ ...DETAINED, documentType: 'passport' }, roundtable('consular'));
    saga.complete('detention-visit');
    saga.confirm('detention-visit');
    expect(saga.state.needs.map((n) => n.status)).toEqual(['settled']);
    expect(saga.state.status).toBe('open');
  });

  it('does not chase a consent that nothing waits for yet', () => {
    const saga = given({ ...EXPECTED, documentType: 'passport', consent: 'pending', needs: ['employment'] });
    saga.until('2026-12-02T12:00:00Z');
    expect(saga.escalated).toEqual([]);
    saga.change(here('2026-12-02'));
    expect(saga.escalated).toEqual(['consent-overdue']);
  });

  it('plans the return of a manifest with a day ahead as it always did', () => {
    const saga = given({ arrivalDate: '2026-12-03', needs: ['shelter'] });
    expect(saga.sent()).toEqual(
      expect.arrayContaining(['assistance-centre/shelter', 'assistance-centre/reception']),
    );
    expect(saga.standing.join()).not.toContain('awaiting-arrival');
  });
});

describe('what may be booked before the arrival', () => {
  const BOOKED = preBooked(roundtable(), 'reception', 'medical-care');

  it('is asked for at once, to be done from the day of arrival on', () => {
    const saga = given({ ...EXPECTED, needs: ['health-care'], documentType: 'passport' }, BOOKED);
    expect(saga.referral('medical-care')).toMatchObject({
      status: 'requested',
      notBefore: '2026-12-03',
      requestedAt: '2026-11-23T14:00:00.000Z',
      ackDueAt: '2026-11-24T14:00:00.000Z',
      // 14 working days from the first instant of 3 December in Lima; the 8th, 9th and 25th are holidays.
      dueAt: '2026-12-28T05:00:00.000Z',
    });
    expect(saga.referral('reception').dueAt).toBe('2026-12-04T05:00:00.000Z');
    expect(saga.messages.at(-1)).toMatchObject({
      type: 'referral-requested',
      data: { notBefore: '2026-12-03' },
    });
  });

  it('waits while no day is known, and is asked for when there is one', () => {
    const saga = given({ ...DETAINED, needs: ['health-care'], documentType: 'passport' }, BOOKED);
    expect(saga.referral('medical-care').businessStatus).toBe('awaiting-arrival');
    saga.change({ ...EXPECTED, dateUnknown: false });
    expect(saga.referral('medical-care')).toMatchObject({ status: 'requested', notBefore: '2026-12-03' });
  });

  it('moves with the expected day, and the agency is told', () => {
    const saga = given({ ...EXPECTED, documentType: 'passport' }, BOOKED);
    saga.answer('reception', 'received', 'accepted');
    saga.change({ arrivalDate: '2026-12-05' });
    expect(saga.referral('reception')).toMatchObject({
      status: 'accepted',
      notBefore: '2026-12-05',
      dueAt: '2026-12-06T05:00:00.000Z',
    });
    expect(saga.messages.at(-1)).toMatchObject({
      type: 'referral-updated',
      service: 'reception',
      data: { notBefore: '2026-12-05', dueAt: '2026-12-06T05:00:00.000Z' },
    });
  });

  it('is recalled when the flight is cancelled, and asked for again for the next one', () => {
    const saga = given({ ...EXPECTED, documentType: 'passport' }, BOOKED);
    for (const day of ['2026-12-10', '2026-12-11', '2026-12-14', '2026-12-15']) {
      saga.answer('reception', 'received');
      saga.change({ dateUnknown: true });
      expect(saga.referral('reception').cancellation).toMatchObject({ reason: 'arrival-unknown' });
      saga.answer('reception', 'cancelled');
      expect(saga.referral('reception').businessStatus).toBe('awaiting-arrival');
      saga.change({ dateUnknown: false, arrivalDate: day });
      expect(saga.referral('reception')).toMatchObject({ status: 'requested', notBefore: day });
    }
  });

  it('is no reason to ask again on arrival', () => {
    const saga = given({ ...EXPECTED, documentType: 'passport' }, BOOKED);
    saga.answer('reception', 'received', 'accepted');
    saga.until('2026-12-02T20:00:00Z');
    saga.change(here('2026-12-02'));
    expect(saga.sent('referral-requested')).toEqual(['assistance-centre/reception']);
    expect(saga.referral('reception').notBefore).toBe('2026-12-02');
  });
});

describe('on arrival', () => {
  it('sends what waited, and recalls what was only of use abroad', () => {
    const saga = given({ ...DETAINED, needs: ['employment'] });
    saga.answer('detention-visit', 'received', 'accepted');
    saga.until('2026-12-02T20:00:00Z');
    saga.change(here('2026-12-02'));
    expect(saga.standing.toSorted()).toEqual([
      'detention-visit cancellation-requested',
      'dni-issue requested',
      'job-placement awaiting-prerequisite',
      'reception requested',
      'travel-document cancellation-requested',
    ]);
    expect(saga.referral('detention-visit').cancellation?.reason).toBe('arrived');
    expect(saga.need('detained-abroad')).toEqual({ status: 'unmet', reason: 'not-eligible' });
    expect(saga.referral('dni-issue').requestedAt).toBe('2026-12-02T20:00:00.000Z');
    saga.answer('detention-visit', 'cancelled');
    saga.answer('travel-document', 'received', 'cancelled');
    expect(saga.state.referrals).toHaveLength(5);
  });

  it('lets a need go on with the provider at home', () => {
    const saga = given({ ...EXPECTED, documentType: 'passport', needs: ['legal-advice'] });
    saga.answer('legal-defence', 'received', 'accepted');
    saga.change(here('2026-11-23'));
    expect(saga.referral('legal-aid').status).toBe('requested');
    expect(saga.need('legal-advice')).toEqual({ status: 'open' });
    saga.answer('legal-defence', 'cancelled');
    expect(saga.sent('referral-requested')).not.toContain('civil-society/legal-advice');
    saga.complete('legal-aid');
    saga.confirm('legal-aid');
    expect(saga.need('legal-advice')).toEqual({ status: 'settled', reason: 'confirmed' });
  });

  it('settles a need as not eligible that nobody at home serves', () => {
    const saga = given({ ...EXPECTED, needs: ['legal-advice'] }, roundtable('consular'));
    saga.change(here('2026-11-23'));
    expect(saga.need('legal-advice')).toEqual({ status: 'unmet', reason: 'not-eligible' });
  });

  it('keeps what was done abroad', () => {
    const saga = given({ ...DETAINED, documentType: 'passport' });
    saga.complete('detention-visit');
    saga.change(here('2026-11-23'));
    expect(saga.need('detained-abroad')).toEqual({ status: 'settled', reason: 'delivered-unconfirmed' });
    expect(saga.sent('cancellation-requested')).toEqual([]);
  });

  it('takes ages and ports as they are on the real day', () => {
    const saga = given({
      ...EXPECTED,
      documentType: 'passport',
      dateOfBirth: '2008-12-10',
      needs: ['school-enrolment', 'employment'],
    });
    expect(saga.referral('school-enrolment').businessStatus).toBe('awaiting-arrival');
    expect(saga.need('employment')).toEqual({ status: 'unmet', reason: 'not-eligible' });
    saga.until('2026-12-11T20:00:00Z');
    saga.change({ ...here('2026-12-11'), portOfEntry: 'TCQ' });
    expect(saga.need('school-enrolment')).toEqual({ status: 'unmet', reason: 'not-eligible' });
    expect(saga.referral('school-enrolment').status).toBe('cancelled');
    expect(saga.need('employment')).toEqual({ status: 'open' });
    expect(saga.referral('border-reception')).toMatchObject({ agency: 'migration', status: 'requested' });
  });

  it('completes a case that nothing is left to do for', () => {
    const saga = given({ ...DETAINED, documentType: 'passport' }, roundtable('consular'));
    saga.complete('detention-visit');
    saga.confirm('detention-visit');
    saga.change(here('2026-11-23'));
    expect(saga.state.status).toBe('completed');
  });

  it('comes by the calendar for a manifest that was ahead of its flight', () => {
    const saga = given({ arrivalDate: '2026-12-03', needs: ['legal-advice'] });
    expect(saga.standing).toContain('legal-defence requested');
    saga.until('2026-12-03T04:59:59Z');
    expect(saga.sent('cancellation-requested')).toEqual([]);
    saga.until('2026-12-03T05:00:00Z');
    expect(saga.sent('cancellation-requested').toSorted()).toEqual([
      'consular/legal-defence',
      'consular/travel-document',
    ]);
    expect(saga.state.profile.stage).toBe('arrived');
    expect(saga.facts.find((f) => f.type === 'case-updated')?.data.actor).toBe('rule:arrival');
  });

  it('comes by the calendar for who was announced and is named by a manifest', () => {
    const saga = given({ ...EXPECTED, onManifest: true });
    saga.until('2026-12-03T04:59:59Z');
    expect(saga.referral('reception').businessStatus).toBe('awaiting-arrival');
    saga.until('2026-12-03T05:00:00Z');
    expect(saga.referral('reception').status).toBe('requested');
  });

  it('counts before anything that is told later the same day, however late the timer', () => {
    const saga = given({ arrivalDate: '2026-12-03' });
    saga.now = new Date('2026-12-03T15:00:00Z');
    saga.consent('granted', '2026-12-03T14:00:00Z');
    expect(saga.state.profile.stage).toBe('arrived');
    expect(saga.sent('cancellation-requested')).toEqual(['consular/travel-document']);
  });

  it('stays, whatever a row leaves out afterwards', () => {
    const saga = given({ ...EXPECTED });
    saga.change(here('2026-11-23'));
    saga.change({ phone: '+51987654321' });
    expect(saga.state.profile.stage).toBe('arrived');
  });

  it('opens services that are only for who has arrived', () => {
    const late = joined(
      roundtable('consular'),
      catalogues({ late: [offer('welcome', { for: ['shelter'], only: { phase: 'after-arrival' } })] }),
    );
    const announced = given({ ...EXPECTED, needs: ['shelter'] }, late);
    expect(announced.referral('welcome').businessStatus).toBe('awaiting-arrival');
    const ahead = given({ arrivalDate: '2026-12-03', needs: ['shelter'] }, late);
    expect(ahead.need('shelter')).toEqual({ status: 'unmet', reason: 'not-eligible' });
    ahead.until('2026-12-03T05:00:00Z');
    expect(ahead.referral('welcome').status).toBe('requested');
  });
});

describe('news of an announced return', () => {
  it('ends the visits to who was released', () => {
    const saga = given({ ...DETAINED, needs: ['legal-advice'] });
    saga.change({ stage: 'released', placeOfDetention: undefined } as unknown as Said);
    expect(saga.referral('detention-visit').cancellation?.reason).toBe('released');
    expect(saga.need('detained-abroad')).toEqual({ status: 'unmet', reason: 'not-eligible' });
    expect(saga.referral('legal-defence').cancellation).toBeUndefined();
  });

  it('visits again who is detained again', () => {
    const saga = given({ ...DETAINED });
    saga.change({ stage: 'released' });
    saga.answer('detention-visit', 'received', 'cancelled');
    saga.change({ stage: 'detained' });
    expect(saga.need('detained-abroad')).toEqual({ status: 'open' });
    expect(saga.referral('detention-visit')).toMatchObject({ attempt: 2, status: 'requested' });
  });

  it('reaches the services that see the place of detention', () => {
    const saga = given({ ...DETAINED, needs: ['legal-advice'] });
    const updates = updatesFor(saga.state, ['place-of-detention'], saga.catalogues, saga.now);
    expect(updates.map((m) => m.service).toSorted()).toEqual(['detention-visit', 'legal-defence']);
  });

  it('closes the case of who does not return, once every agency has acknowledged', () => {
    const saga = given({ ...DETAINED, needs: ['employment'] });
    saga.change({ stage: 'not-returning' });
    expect([saga.state.status, saga.state.closeReason]).toEqual(['closing', 'not-returning']);
    expect(saga.sent('cancellation-requested').toSorted()).toEqual([
      'consular/detention-visit',
      'consular/travel-document',
    ]);
    saga.answer('detention-visit', 'received', 'cancelled');
    saga.answer('travel-document', 'received', 'cancelled');
    expect(saga.state.status).toBe('closed');
  });

  it.each(['closing', 'closed'])(
    'goes on with a case that is %s when the person returns after all',
    (when) => {
      const saga = given({ ...EXPECTED, needs: ['employment'] });
      saga.change({ stage: 'not-returning' });
      if (when === 'closed') saga.answer('travel-document', 'received', 'cancelled');
      saga.hours(1);
      saga.change({ stage: 'expected' });
      if (when === 'closing') saga.answer('travel-document', 'received', 'cancelled');
      expect(saga.state.status).toBe('open');
      expect(saga.need('employment')).toEqual({ status: 'open' });
      saga.change(here('2026-11-23'));
      expect(saga.standing).toContain('reception requested');
    },
  );

  it('does not reopen what operations closed', () => {
    const saga = given({ ...EXPECTED, documentType: 'passport' });
    saga.when({ type: 'close', reason: 'not-returning' });
    saga.change({ phone: '+51987654321' });
    expect(saga.state.status).toBe('closed');
  });
});

describe('somebody who was expected and did not come', () => {
  const overdue = (saga: Saga) => saga.open.filter((e) => e.reason === 'arrival-overdue');

  it('is told of one working day after the day, and no more once arrived', () => {
    // Thursday, 3 December; the day passes on Friday 0:00, so that Monday 0:00 is one working day later.
    const saga = given({ ...EXPECTED, documentType: 'passport' });
    saga.until('2026-12-07T04:59:59Z');
    expect(overdue(saga)).toEqual([]);
    saga.until('2026-12-07T05:00:00Z');
    expect(overdue(saga)).toMatchObject([{ detail: { stage: 'expected', expected: '2026-12-03' } }]);
    saga.change(here('2026-12-07'));
    expect(saga.state.escalations.at(-1)).toMatchObject({ resolution: 'arrived' });
  });

  it.each([
    ['a new day', { arrivalDate: '2026-12-20' } as Said, 'announced-anew'],
    ['the day being given up', { dateUnknown: true } as Said, 'announced-anew'],
    ['the case being closed', { stage: 'not-returning' } as Said, 'case-closed'],
  ])('is told of until %s', (_what, news, resolution) => {
    const saga = given({ ...EXPECTED, documentType: 'passport' });
    saga.until('2026-12-08T05:00:00Z');
    expect(overdue(saga)).toHaveLength(1);
    saga.change(news);
    expect(overdue(saga)).toEqual([]);
    expect(saga.state.escalations.at(-1)?.resolution).toBe(resolution);
  });

  it('is told of at once when the manifest of the flight does not name the person', () => {
    const saga = given({ ...EXPECTED, documentType: 'passport' });
    saga.change({ onManifest: false });
    expect(overdue(saga)).toMatchObject([{ detail: { manifest: 'not-named' } }]);
    saga.change({ onManifest: true });
    expect(overdue(saga)).toEqual([]);
  });

  it('is asked about after thirty working days without news when no day is known', () => {
    const saga = given({ ...DETAINED, documentType: 'passport' });
    saga.until('2027-01-08T13:59:59Z');
    expect(overdue(saga)).toEqual([]);
    saga.until('2027-01-08T14:00:00Z');
    expect(overdue(saga)).toMatchObject([{ detail: { stage: 'detained' } }]);
  });
});
