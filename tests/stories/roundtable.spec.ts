import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { manifestCsv, type ManifestRow } from '../support/manifest';
import { differences } from '../support/plans';
import { restOfTheRoundtable } from '../support/roundtable';
import { needOf, openEscalations, referralOf, shown } from '../support/case-view';
import { System } from '../support/system';
import { wildRows } from '../support/wild-rows';

const sample = readFileSync(join(__dirname, '../../apps/local/sample/arrivals-2026-11-20.csv'), 'utf8');
const sampleRows = parse(sample, { columns: true }) as ManifestRow[];
const LANDED = '2026-11-20T20:00:00Z';

describe('five agencies', () => {
  let system: System;
  beforeAll(async () => {
    system = await System.start({ at: LANDED });
  });
  afterAll(() => system.stop());

  it('plan every row of the sample as the rules say', async () => {
    expect(await differences(system, sample, sampleRows)).toEqual([]);
  }, 60_000);

  it('plan other rows as the rules say', async () => {
    const rows = wildRows(300, 11, '2026-11-19');
    expect(await differences(system, manifestCsv(rows), rows)).toEqual([]);
  }, 60_000);
});

describe('the whole roundtable', () => {
  let system: System;
  beforeAll(async () => {
    system = await System.start({ at: LANDED, fixtures: restOfTheRoundtable() });
  });
  afterAll(() => system.stop());

  it('has every agency of the table', async () => {
    expect(await system.all('/agencies')).toHaveLength(17);
  });

  it('plans every row of the sample as the rules say', async () => {
    expect(await differences(system, sample, sampleRows)).toEqual([]);
  }, 60_000);

  it.each([
    ['that have landed', '2026-11-19', 1000, 12],
    ['of a flight that has yet to land', '2026-12-04', 1000, 13],
  ])(
    'plans, holds back, discloses and sets deadlines for rows %s as the rules say',
    async (_what, day, count, seed) => {
      const rows = wildRows(count, seed, day);
      expect(await differences(system, manifestCsv(rows), rows)).toEqual([]);
    },
    180_000,
  );

  it('receives at Lima by the assistance centre, and at every other port by Migraciones', async () => {
    const lima = await system.arrive();
    expect(shown(lima)).toContain('assistance-centre/reception received');
    const tacna = await system.arrive({ port_of_entry: 'TCQ', flight: '' });
    expect(shown(tacna)).toContain('migration/border-reception received');
    expect(referralOf(tacna, 'border-reception')).toMatchObject({ basis: 'legal-obligation' });
  });

  it('goes step by step where one service needs another', async () => {
    const found = await system.arrive({ needs: ['social-programme', 'disability-card', 'returnee-card'] });
    const standing = (of: typeof found) =>
      of.referrals
        .filter((r) => r.status === 'received')
        .map((r) => r.service)
        .toSorted();
    expect(standing(found)).toEqual(['dni-verify', 'medical-care', 'movement-record', 'reception']);
    const known = await system.complete(found, 'dni-verify', 'verified');
    expect(standing(known)).toContain('household-classification');
    expect(standing(known)).not.toContain('returnee-card');
    await system.complete(found, 'movement-record');
    await system.complete(found, 'medical-care', { certificate: 'CERT-77' });
    const after = await system.complete(found, 'household-classification');
    expect(standing(after)).toEqual(['disability-card', 'reception', 'returnee-card', 'social-programme']);
    const { returnee } = await system.seenBy('disability', referralOf(after, 'disability-card'));
    expect(returnee.certificate).toBe('CERT-77');
  });

  it('brings trafficking to Interior with consent, or for a child, and not before', async () => {
    const who = await system.register({ vulnerabilities: ['trafficking'], consent: 'pending' });
    const pending = await system.caseOf(who);
    expect(shown(pending)).toContain('protection/trafficking-care received');
    expect(pending.referrals.map((r) => r.agency)).not.toContain('interior');
    const granted = await system.consent(who, 'granted');
    expect(referralOf(granted, 'trafficking-case')).toMatchObject({ agency: 'interior', status: 'received' });
  });

  it('sends on to charities what the state has no place for', async () => {
    const found = await system.arrive({ needs: ['shelter', 'legal-advice'] });
    const full = { status: 'rejected', code: 'no-capacity' };
    await system.answers(found, 'shelter', full);
    const after = await system.answers(found, 'legal-aid', full);
    expect(referralOf(after, 'temporary-housing')).toMatchObject({
      agency: 'civil-society',
      status: 'received',
    });
    expect(referralOf(after, 'legal-advice')).toMatchObject({ agency: 'civil-society', status: 'received' });
    expect(openEscalations(after)).toEqual([]);
  });

  it('tells Interior and the police nothing of violence, and protection no name', async () => {
    const found = await system.arrive({
      vulnerabilities: ['trafficking', 'gender-based-violence'],
      needs: ['police-record'],
    });
    await system.complete(found, 'dni-verify', 'verified');
    for (const [agency, service] of [
      ['interior', 'trafficking-case'],
      ['police', 'record-certificate'],
    ] as const) {
      const seen = await system.seenBy(agency, referralOf(await system.caseOf(found), service));
      expect(JSON.stringify(seen)).not.toContain('violence');
    }
    const { returnee } = await system.seenBy('protection', referralOf(found, 'womens-emergency-centre'));
    expect(Object.keys(returnee).toSorted()).toEqual(['codeName', 'destinationUbigeo', 'safePhone']);
  });

  it('follows every case up once all its other needs are settled, and then completes it', async () => {
    const found = await system.arrive({ document_type: 'passport', needs: ['shelter'] });
    for (const service of ['reception', 'shelter']) await system.complete(found, service);
    for (const service of ['reception', 'shelter']) {
      expect(shown(await system.caseOf(found))).toHaveLength(2);
      await system.confirm(found, service);
    }
    const followed = await system.caseOf(found);
    expect(shown(followed)).toContain('assistance-centre/follow-up received');
    expect(followed.status).toBe('open');
    await system.complete(found, 'follow-up');
    const ended = await system.confirm(found, 'follow-up');
    expect([ended.status, needOf(ended, 'shelter')]).toEqual(['completed', 'settled/confirmed']);
  });
});
