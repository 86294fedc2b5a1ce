/** A return from the consulate's first notice to the plan at home, through the public interface. */
import { needOf, openEscalations, referralOf, shown, type Case } from '../support/case-view';
import { agency, offer } from '../support/fixtures';
import { manifestCsv, type ManifestRow } from '../support/manifest';
import { asCells, returneeBody, type ReturneeBody } from '../support/returnee';
import { restOfTheRoundtable } from '../support/roundtable';
import { System, type Registered } from '../support/system';

let system: System;
beforeAll(async () => {
  const booked = agency('appointments', offer('check-up', { for: ['health-care'], preBook: true }));
  system = await System.start({ fixtures: [...restOfTheRoundtable(), booked] });
});
afterAll(() => system.stop());

/** A notice about a person of their own: only what a consulate knows. */
function notice(changes: Record<string, unknown> = {}) {
  const { external_id, sending_authority, family_names, given_names, date_of_birth, sex, phone } =
    returneeBody();
  return {
    external_id,
    sending_authority,
    family_names,
    given_names,
    date_of_birth,
    sex,
    phone,
    stage: 'detained',
    origin_country: 'US',
    consent: 'granted',
    consent_at: '2026-11-23T09:00:00-05:00',
    ...changes,
  };
}

type Notice = ReturnType<typeof notice>;

async function announce(body: Notice): Promise<Registered> {
  const { status, body: ids } = await system.call('POST', '/intake/notices', body);
  if (status !== 201) throw new Error(`the notice was answered ${status}: ${JSON.stringify(ids)}`);
  await system.settle();
  return ids as Registered;
}

async function tell(of: Registered, standing: object): Promise<Case> {
  const { status, body } = await system.call('PUT', `/intake/notices/${of.returneeId}`, standing);
  if (status !== 200) throw new Error(`the news were answered ${status}: ${JSON.stringify(body)}`);
  await system.settle();
  return system.caseOf(of);
}

/** The person of a notice as a row of the flight's manifest. */
function rowOf(said: Notice, changes: Partial<ReturneeBody> = {}): ManifestRow {
  const { family_names, given_names, date_of_birth, sex } = said;
  const body = returneeBody({
    family_names,
    given_names,
    date_of_birth,
    sex,
    document_type: 'none',
    ...changes,
  });
  return asCells(body) as ManifestRow;
}

async function land(...rows: ManifestRow[]): Promise<{ result: string; caseId: string }[]> {
  const report = await system.manifest(manifestCsv(rows));
  return system.all(`/intake/manifests/${report.id}/rows`);
}

const today = () => new Date(system.clock.now().getTime() - 5 * 3_600_000).toISOString().slice(0, 10);
const stateOf = (of: Case, service: string) => {
  const { status, businessStatus } = referralOf(of, service);
  return businessStatus ?? status;
};

/** Somebody is asked where the returnee is. Other agencies may be late at the same time. */
const isLookedFor = (of: Case) => openEscalations(of).includes('arrival-overdue');

describe('a compatriot who is detained', () => {
  it('is looked after abroad, comes home, and goes on in the same case', async () => {
    const said = notice({
      place_of_detention: 'Krome',
      needs: ['legal-advice', 'employment', 'health-care'],
    });
    const ids = await announce(said);
    let found = await system.caseOf(ids);
    expect(found).toMatchObject({ number: ids.caseNumber, stage: 'detained', arrivalDate: null });
    expect(shown(found).filter((line) => line.endsWith('received'))).toEqual([
      'consular/detention-visit received',
      'consular/legal-defence received',
      'consular/travel-document received',
    ]);
    for (const service of ['legal-aid', 'reception', 'check-up', 'dni-issue', 'job-placement'])
      expect([service, stateOf(found, service)]).toEqual([service, 'awaiting-arrival']);
    const visit = referralOf(found, 'detention-visit');
    expect((await system.seenBy('consular', visit)).returnee.placeOfDetention).toBe('Krome');

    await system.advance('1 h');
    found = await tell(ids, { stage: 'detained', place_of_detention: 'Eloy' });
    expect((await system.seenBy('consular', visit)).returnee.placeOfDetention).toBe('Eloy');
    await system.complete(found, 'detention-visit');
    await system.answers(found, 'legal-defence', { status: 'accepted' });

    const flight = { flight: 'US431', arrival_date: '2026-12-03' };
    found = await tell(ids, { stage: 'expected', place_of_detention: 'Eloy', ...flight });
    const booked = referralOf(found, 'check-up');
    expect(booked).toMatchObject({ status: 'received', notBefore: '2026-12-03' });
    const appointment = {
      status: 'accepted',
      businessStatus: 'scheduled',
      scheduledFor: '2026-12-04T14:00:00Z',
    };
    await system.answers(found, 'check-up', appointment);
    expect((await system.get(`/intake/flights/US431/2026-12-03`)).items).toMatchObject([
      { caseId: ids.caseId, stage: 'expected', onManifest: false },
    ]);

    await system.moveTo('2026-12-03T20:00:00Z');
    const rows = await land(rowOf(said, { needs: ['employment', 'shelter'], ...flight }));
    expect(rows).toMatchObject([{ result: 'updated', caseId: ids.caseId }]);
    found = await system.caseOf(ids);
    expect(found).toMatchObject({ status: 'open', stage: 'arrived', arrivalDate: '2026-12-03' });
    for (const service of ['reception', 'shelter', 'legal-aid', 'dni-issue'])
      expect([service, stateOf(found, service)]).toEqual([service, 'received']);
    for (const service of ['legal-defence', 'travel-document'])
      expect([service, referralOf(found, service).cancellation?.reason]).toEqual([service, 'arrived']);
    expect(stateOf(found, 'check-up')).toBe('scheduled');
    expect(needOf(found, 'detained-abroad')).toBe('settled/delivered-unconfirmed');
    expect(needOf(found, 'legal-advice')).toBe('open');

    await system.answers(found, 'legal-defence', { status: 'cancelled' });
    await system.answers(found, 'travel-document', { status: 'cancelled' });
    await system.complete(found, 'legal-aid');
    found = await system.confirm(found, 'legal-aid');
    expect(needOf(found, 'legal-advice')).toBe('settled/confirmed');
    expect(isLookedFor(found)).toBe(false);

    // The notice again, and the manifest again, change nothing.
    expect((await system.call('POST', '/intake/notices', said)).status).toBe(200);
    await system.settle();
    expect(await system.caseOf(ids)).toEqual(found);
  }, 60_000);

  it('is not visited any more once released, and the case closes when nobody returns', async () => {
    const ids = await announce(notice());
    let found = await tell(ids, { stage: 'released' });
    expect(referralOf(found, 'detention-visit').cancellation?.reason).toBe('released');
    found = await tell(ids, { stage: 'not-returning' });
    expect(found.status).toBe('closing');
    await system.answers(found, 'detention-visit', { status: 'cancelled' });
    found = await system.answers(found, 'travel-document', { status: 'cancelled' });
    expect(found).toMatchObject({ status: 'closed', closeReason: 'not-returning' });
  });

  it('and is said not to return gets urgent care on arriving, before any agency has acknowledged', async () => {
    const said = notice({ stage: 'expected', arrival_date: '2026-12-18', vulnerabilities: ['pregnant'] });
    const ids = await announce(said);
    expect((await tell(ids, { stage: 'not-returning' })).status).toBe('closing');
    const row = rowOf(said, { arrival_date: today(), vulnerabilities: ['pregnant'] });
    expect(await land(row)).toMatchObject([{ result: 'updated', caseId: ids.caseId }]);
    const found = await system.caseOf(ids);
    expect(found).toMatchObject({ status: 'open', stage: 'arrived' });
    expect(stateOf(found, 'travel-document')).toBe('cancellation-requested');
    expect(needOf(found, 'pregnant')).toBe('open');
    expect(stateOf(found, 'medical-care')).toBe('received');
  });
});

describe('a flight', () => {
  const flight = { stage: 'expected', flight: 'ES254', arrival_date: '2026-12-18' };
  const document = { document_type: 'passport', document_number: 'X7700001' };

  it('that is cancelled gives up its bookings, which are made again for the next', async () => {
    const ids = await announce(notice({ ...flight, ...document, needs: ['health-care'] }));
    expect(referralOf(await system.caseOf(ids), 'check-up').notBefore).toBe('2026-12-18');
    const cancelled = await system.call('POST', '/intake/flights/ES254/2026-12-18/cancel', {
      reason: 'storm',
    });
    expect(cancelled.body).toMatchObject({ changed: 1 });
    await system.settle();
    let found = await system.caseOf(ids);
    expect(found).toMatchObject({ stage: 'expected', arrivalDate: null });
    expect(referralOf(found, 'check-up').cancellation?.reason).toBe('arrival-unknown');
    found = await system.answers(found, 'check-up', { status: 'cancelled' });
    expect(stateOf(found, 'check-up')).toBe('awaiting-arrival');
    found = await tell(ids, { ...flight, arrival_date: '2026-12-20' });
    expect(referralOf(found, 'check-up')).toMatchObject({ status: 'received', notBefore: '2026-12-20' });
    found = await tell(ids, { ...flight, arrival_date: '2026-12-21' });
    const seen = await system.seenBy('appointments', referralOf(found, 'check-up'));
    expect(seen).toMatchObject({ notBefore: '2026-12-21', dueAt: referralOf(found, 'check-up').dueAt });
  });

  it('whose manifest leaves somebody out has it looked into, until the person is named', async () => {
    const [aboard, left] = [notice({ ...flight, flight: 'ES300' }), notice({ ...flight, flight: 'ES300' })];
    await announce(aboard);
    const ids = await announce(left);
    await land(rowOf(aboard, { flight: 'ES300', arrival_date: '2026-12-18' }));
    const found = await system.caseOf(ids);
    expect(isLookedFor(found)).toBe(true);
    await land(rowOf(left, { flight: 'ES300', arrival_date: '2026-12-18' }));
    expect(isLookedFor(await system.caseOf(ids))).toBe(false);
  });

  it('that lands without news of who was on it has it looked into a working day later', async () => {
    const said = notice({
      ...flight,
      flight: 'ES301',
      document_type: 'passport',
      document_number: 'X7700002',
    });
    const ids = await announce(said);
    await system.moveTo('2026-12-21T04:00:00Z');
    expect(isLookedFor(await system.caseOf(ids))).toBe(false);
    await system.moveTo('2026-12-22T05:00:00Z');
    expect(isLookedFor(await system.caseOf(ids))).toBe(true);
    await land(rowOf(said, { arrival_date: today() }));
    const found = await system.caseOf(ids);
    expect(isLookedFor(found)).toBe(false);
    expect(found).toMatchObject({ stage: 'arrived' });
  });
});

describe('a manifest ahead of its flight', () => {
  it('sends at once, and recalls what was for before the arrival when its day has come', async () => {
    const day = new Date(system.clock.now().getTime() + 3 * 86_400_000).toISOString().slice(0, 10);
    let found = await system.arrive({ arrival_date: day, document_type: 'none', needs: ['legal-advice'] });
    expect(shown(found)).toEqual(
      expect.arrayContaining(['consular/legal-defence received', 'assistance-centre/reception received']),
    );
    await system.moveTo(`${day}T05:00:00Z`);
    found = await system.caseOf(found);
    expect(stateOf(found, 'legal-defence')).toBe('cancellation-requested');
    expect(stateOf(found, 'travel-document')).toBe('cancellation-requested');
    expect(stateOf(found, 'legal-aid')).toBe('received');
  });
});

describe('what a consulate tells', () => {
  it('stands in no case, list, or message to those who need not know', async () => {
    const ids = await announce(notice({ place_of_detention: 'Sanchez-Palomar', needs: ['legal-advice'] }));
    const texts = [await system.get(`/cases/${ids.caseId}`), await system.get('/cases?limit=200')];
    expect(JSON.stringify(texts)).not.toContain('Sanchez-Palomar');
    const found = await system.caseOf(ids);
    const document = await system.seenBy('consular', referralOf(found, 'travel-document'));
    expect(JSON.stringify(document)).not.toContain('Sanchez-Palomar');
  });
});
