import { NEED_CODES, VULNERABILITY_CODES } from '@retorno/contracts';
import { manifestRows, type ManifestRow } from './manifest';
import { chanceOf } from './random';

/** Made-up rows in which anything may meet anything: what the sample lacks, and what hardly ever happens. */
export function wildRows(rows: number, seed: number, arrivalDate: string): ManifestRow[] {
  const chance = chanceOf(seed);
  return manifestRows({ rows, seed, arrivalDate }).map((row) => ({
    ...row,
    consent: chance.pick(['granted', 'granted', 'pending', 'refused']),
    consent_at: '2026-11-01T08:00:00-05:00',
    relationship: chance.happens(0.3) ? 'unaccompanied' : row.relationship,
    nationality: chance.happens(0.25) ? 'CO' : 'PE',
    vulnerabilities: chance.some(VULNERABILITY_CODES, 0.15).join('|'),
    needs: chance.some(NEED_CODES, 0.25).join('|'),
  }));
}
