/** Which version of its catalogue an agency publishes at start. */
import { createHash } from 'node:crypto';
import { CATALOGUE_TOPIC, CataloguePublished } from '@retorno/contracts';
import type { Messaging, UnitOfWork } from '@retorno/messaging';
import { catalogueOf, type AgencyDefinition } from './definition';
import { withLimits, type Places } from './places';
import { countPlaces } from './places-table';
import { catalogueStore, placesStore, type PublishedCatalogue } from './stores';

/**
 * The catalogue to publish. Readers take a version that they know as nothing new, so an unchanged definition keeps its
 * version, and a changed one gets a greater one even when whoever changed it forgot to raise it.
 */
export function nextCatalogue(
  definition: AgencyDefinition,
  last: PublishedCatalogue | undefined,
): { catalogue: CataloguePublished; published: PublishedCatalogue } {
  const catalogue = catalogueOf(definition);
  const hash = createHash('sha256')
    .update(JSON.stringify({ ...catalogue, version: 0 }))
    .digest('base64url');
  const version =
    last?.hash === hash
      ? Math.max(last.version, definition.version)
      : Math.max((last?.version ?? 0) + 1, definition.version);
  return { catalogue: { ...catalogue, version }, published: { version, hash } };
}

/**
 * Publishes the catalogue, at every start: a coordinator that came later learns of the agency too. Limits that its
 * offices declare hold from then on.
 */
export async function publishCatalogue(agency: AgencyDefinition, messaging: Messaging): Promise<void> {
  const { slug, offices } = agency;
  const loads = [
    { store: catalogueStore, key: slug },
    { store: placesStore, key: slug },
  ];
  await messaging.command(loads, async (unit) => {
    let places = unit.get(placesStore, slug);
    if (!places && offices?.some((office) => office.capacity)) {
      places = await countPlaces(unit);
      unit.set(placesStore, slug, places);
    }
    publishIn(unit, agency, places);
  });
}

/** Publishes the catalogue with the limits that stand. */
export function publishIn(unit: UnitOfWork, agency: AgencyDefinition, places: Places | undefined): void {
  const { slug } = agency;
  const { catalogue, published } = nextCatalogue(withLimits(agency, places), unit.get(catalogueStore, slug));
  unit.set(catalogueStore, slug, published);
  unit.publish({ topic: CATALOGUE_TOPIC, key: slug, contract: CataloguePublished, data: catalogue });
}
