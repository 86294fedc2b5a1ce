/** Which services there are on a cluster. */
import { discoverAgencies } from '../apps/local/discover';
import { UsageError } from './command';

/** The services that every installation has, beside its agencies. */
export const OWN_SERVICES = ['intake', 'coordinator', 'statistics', 'portal', 'console'] as const;

const SLUG = /^[a-z][a-z0-9-]*$/;

/**
 * The agencies of an installation, in order: those listed as `a,b`, or without a list those of apps/agencies.
 * Throws when a name cannot be an agency's.
 */
export function agenciesOf(list: string | undefined): string[] {
  if (list === undefined) return discoverAgencies().map((agency) => agency.slug);
  const agencies = [...new Set(list.split(',').map((name) => name.trim()))].sort();
  for (const name of agencies) {
    if (SLUG.test(name) && !OWN_SERVICES.some((own) => own === name)) continue;
    throw new UsageError(
      `--agencies: '${name}' is no agency's name: lower-case letters, digits and hyphens, as in health,identity`,
    );
  }
  return agencies;
}
