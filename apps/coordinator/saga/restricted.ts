/**
 * What lists and the live view never show: violence, trafficking, children alone and health, and the services that
 * would say as much. Of one case they are shown to whom masking/sight.ts says.
 */
import { MASK, RESTRICTED_FACTS } from '@retorno/contracts';
import { oncePerCatalogues, offersOf } from './plan/offers';
import { RULES } from './plan/rules';

/** The codes that lists do not show, nor cases while they are masked. */
export type RestrictedCodes = ReadonlySet<string>;

/**
 * Restricted needs, health facts, and services and agencies that are only for those. A service that also answers an ordinary need
 * (`medical-care` for health-care, `mental-health` for emotional-support) says nothing about the returnee and is shown.
 * The services that the rules name are restricted even while nobody offers them.
 */
export const restrictedCodes = oncePerCatalogues((catalogues): RestrictedCodes => {
  const codes = new Set([
    ...RESTRICTED_FACTS,
    ...RULES.restrictedNeeds,
    RULES.child.gate,
    ...RULES.child.atOnce,
  ]);
  const offers = offersOf(catalogues).filter((offer) => !offer.every && !offer.forDocuments?.length);
  const addIfOnly = (service: string, served: readonly string[]): void => {
    if (served.length > 0 && served.every((code) => codes.has(code))) codes.add(service);
  };
  for (const offer of offers) addIfOnly(offer.code, offer.for);
  // What serves in the stead of a restricted service says the same.
  for (const offer of offers) if (offer.for.length === 0) addIfOnly(offer.code, offer.equivalentTo ?? []);
  // So does the agency that offers nothing else.
  for (const { agency, services } of catalogues.values()) {
    if (services.every(({ code }) => codes.has(code))) codes.add(agency);
  }
  return codes;
});

/** A code as a list may show it. */
export function masked(code: string, restricted: RestrictedCodes): string {
  return restricted.has(code) ? MASK : code;
}

/** A group's key (`no-provider:shelter`) as a list may show it. */
export function maskedGroup(group: string | null, restricted: RestrictedCodes): string | null {
  const each = (codes: string) => codes.split(':').map((code) => masked(code, restricted));
  return group === null ? null : each(group).join(':');
}
