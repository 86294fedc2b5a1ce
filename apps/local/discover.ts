/** Which agencies there are: every folder of apps/agencies. Adding one needs no line here. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { AgencyDefinition } from '@retorno/agency';

/** The definitions found in `apps/agencies/<slug>/<slug>.agency`, by slug. Throws when a folder has none. */
export function discoverAgencies(folder = join(__dirname, '..', 'agencies')): AgencyDefinition[] {
  const slugs = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
  return slugs.map((slug) => {
    // Loaded by folder name on purpose: a list here would have to be edited for each new agency.
    const loaded = require(join(folder, slug, `${slug}.agency`)) as { agency?: AgencyDefinition };
    if (loaded.agency?.slug !== slug) {
      throw new Error(`apps/agencies/${slug}/${slug}.agency.ts must export const agency with slug '${slug}'`);
    }
    return loaded.agency;
  });
}
