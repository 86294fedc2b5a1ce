import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { discoverAgencies } from '../../apps/local/discover';
import { manifestCsv, manifestRows, type ManifestRow } from '../support/manifest';
import { differences } from '../support/plans';
import { restOfTheRoundtable } from '../support/roundtable';
import { needOf, openEscalations, referralOf, shown, System } from '../support/system';

const sample = readFileSync(join(__dirname, '../../apps/local/sample/arrivals-2026-11-20.csv'), 'utf8');
const sampleRows = parse(sample, { columns: true }) as ManifestRow[];
const LANDED = '2026-11-20T20:00:00Z';

/** Made-up rows with what the sample lacks: children alone of all kinds, consent pending, police records. */
function moreRows(seed: number, arrivalDate: string): ManifestRow[] {
  return manifestRows({ rows: 250, seed, arrivalDate });
}

describe('five agencies', () => {
  let system: System;
  beforeAll(async () => {
    system = await System.start({ at: LANDED });
  }, 60_000);
  afterAll(() => system.stop(), 60_000);

  it('plan every row of the sample as domain.md says', async () => {
    expect(await differences(system, sample, sampleRows)).toEqual([]);
  }, 60_000);

  it('plan other rows as domain.md says', async () => {
    const rows = moreRows(11, '2026-11-19');
    expect(await differences(system, manifestCsv(rows), rows)).toEqual([]);
  }, 60_000);
});

describe('the whole roundtable', () => {
  let system: System;
  beforeAll(async () => {
    system = await System.start({ at: LANDED, fixtures: restOfTheRoundtable(discoverAgencies()) });
  }, 60_000);
  afterAll(() => system.stop(), 60_000);

  it('has every agency of the table', async () => {
    expect(await system.all('/agencies')).toHaveLength(17);
  });

  it('plans every row of the sample as domain.md says', async () => {
    expect(await differences(system, sample, sampleRows)).toEqual([]);
  }, 60_000);

  it('plans other rows as domain.md says, also of a flight that has yet to land', async () => {
    const rows = moreRows(12, '2026-12-04');
    expect(await differences(system, manifestCsv(rows), rows)).toEqual([]);
  }, 60_000);
});
