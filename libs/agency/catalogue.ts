/** Which version of its catalogue an agency publishes at start. */
import { createHash } from 'node:crypto';
import { CATALOGUE_TOPIC, CataloguePublished } from '@retorno/contracts';
import type { Messaging } from '@retorno/messaging';
import { catalogueOf, type AgencyDefinition } from './definition';
import { catalogueStore, type PublishedCatalogue } from './stores';

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

/** Publishes the catalogue, at every start: a coordinator that came later learns of the agency too. */
export async function publishCatalogue(definition: AgencyDefinition, messaging: Messaging): Promise<void> {
  const { slug } = definition;
  await messaging.command([{ store: catalogueStore, key: slug }], (unit) => {
    const { catalogue, published } = nextCatalogue(definition, unit.get(catalogueStore, slug));
    unit.set(catalogueStore, slug, published);
    unit.publish({ topic: CATALOGUE_TOPIC, key: slug, contract: CataloguePublished, data: catalogue });
  });
}
