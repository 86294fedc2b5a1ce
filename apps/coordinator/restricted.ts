/**
 * What lists and the live view never show: violence, trafficking, children alone and health, and the services that
 * would say as much. They stand in the case itself, for whoever opens it.
 */
import { oncePerCatalogues, offersOf } from './offers';
import { RULES } from './rules';

/** Health facts, and the need that says one. */
const HEALTH: readonly string[] = [
  'tb-or-hiv',
  'pregnant',
  'chronic-illness',
  'mental-distress',
  'disability',
  'disability-card',
];

/** What a list shows instead. */
const MASK = 'restricted';

/** The codes that lists do not show. */
export type RestrictedCodes = ReadonlySet<string>;

/**
 * Restricted needs, health facts, and services and agencies that are only for those. A service that also answers an ordinary need
 * (`medical-care` for health-care, `mental-health` for emotional-support) says nothing about the returnee and is shown.
 * The services that the rules name are restricted even while nobody offers them.
 */
export const restrictedCodes = oncePerCatalogues((catalogues): RestrictedCodes => {
  const codes = new Set([...RULES.restrictedNeeds, ...HEALTH, RULES.child.gate, ...RULES.child.atOnce]);
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

/** The details of an escalation as a list may show them; a value may be several codes (`dependents`). */
export function maskedDetail(
  detail: Readonly<Record<string, string>>,
  restricted: RestrictedCodes,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(detail).map(([name, codes]) => [name, maskedEach(codes, ',', restricted)]),
  );
}

/** A group's key (`no-provider:shelter`) as a list may show it. */
export function maskedGroup(group: string | null, restricted: RestrictedCodes): string | null {
  return group === null ? null : maskedEach(group, ':', restricted);
}

function maskedEach(codes: string, separator: string, restricted: RestrictedCodes): string {
  return codes
    .split(separator)
    .map((code) => masked(code, restricted))
    .join(separator);
}
