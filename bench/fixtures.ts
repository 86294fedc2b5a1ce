/** Eight agencies that answer at once: what the main job's figures are made with. */
import { defineAgency, type AgencyDefinition, type Policy } from '@retorno/agency';
import type { NeedCode } from '@retorno/contracts';
import { manifestRows, type ManifestRow } from '../tests/support/manifest';

/** Received (by itself), accepted, completed: three answers for each referral. */
const acceptAndComplete: Policy = (_referral, { type }) =>
  type === 'requested' ? [{ status: 'accepted' }, { status: 'completed' }] : [];

/** One need each, so that every case has eight referrals; the first service is required by the others. */
const SERVED: readonly NeedCode[] = [
  'civil-certificate',
  'health-insurance',
  'health-care',
  'emotional-support',
  'recognition-of-studies',
  'social-programme',
  'shelter',
  'legal-advice',
];

export const REFERRALS_PER_CASE = SERVED.length;

/** The agencies: `bench-1` comes before the rest. Each sees what a typical ministry sees. */
export function benchAgencies(): AgencyDefinition[] {
  return SERVED.map((need, i) =>
    defineAgency({
      slug: `bench-${i + 1}`,
      name: `Agency ${i + 1} of the benchmark`,
      version: 1,
      services: [
        {
          code: `service-${i + 1}`,
          for: [need],
          requires: i === 0 ? [] : ['service-1'],
          ack: '3 d',
          done: '30 d',
          basis: 'consent',
          purpose: 'social',
          law: 'Law of the benchmark',
          sees: ['name', 'birth', 'sex', 'district', 'contact'],
        },
      ],
      policy: acceptAndComplete,
    }),
  );
}

/** Returnees who need all eight services and have consented. */
export function benchRows(count: number, seed = 1): ManifestRow[] {
  return manifestRows({ rows: count, seed }).map((row) => ({
    ...row,
    relationship: 'single',
    document_type: 'none',
    document_number: '',
    vulnerabilities: '',
    needs: SERVED.join('|'),
    consent: 'granted',
    consent_at: `${row.arrival_date}T08:00:00-05:00`,
  }));
}
