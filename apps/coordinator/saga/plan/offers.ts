/** What the agencies offer, and to whom: the coordinator's only knowledge of agencies is what they published. */
import type { CaseProfile, CataloguePublished, ServiceOffer } from '@retorno/contracts';
import { createHash } from 'node:crypto';
import { covers } from '../consent';
import { isTimely } from '../phase';

/** Catalogues by agency. A changed catalogue is a new map. */
export type Catalogues = ReadonlyMap<string, CataloguePublished>;

/** A service with the agency that offers it. */
export interface Offer extends ServiceOffer {
  readonly agency: string;
}

/** Every offer in the order of agency slugs. */
export const offersOf = oncePerCatalogues((catalogues): readonly Offer[] =>
  [...catalogues.values()]
    .sort((a, b) => (a.agency < b.agency ? -1 : 1))
    .flatMap(({ agency, services }) => services.map((service) => ({ ...service, agency }))),
);

/** The same function, computed once for each map of catalogues: they change once a day, and decisions come by the hundred. */
export function oncePerCatalogues<T>(compute: (catalogues: Catalogues) => T): (catalogues: Catalogues) => T {
  const known = new WeakMap<Catalogues, { value: T }>();
  return (catalogues) => {
    let entry = known.get(catalogues);
    if (!entry) known.set(catalogues, (entry = { value: compute(catalogues) }));
    return entry.value;
  };
}

/** The same as long as the same is offered, in every process: what a case was last planned with. */
export const fingerprintOf = oncePerCatalogues((catalogues): string => {
  const offered = offersOf(catalogues).map(({ agency, ...service }) => [agency, service]);
  return createHash('sha256').update(JSON.stringify(offered)).digest('base64url').slice(0, 16);
});

/** Finds the offer that a referral was made from; undefined when the agency withdrew it. */
export function findOffer(catalogues: Catalogues, agency: string, service: string): Offer | undefined {
  const offer = catalogues.get(agency)?.services.find((s) => s.code === service);
  return offer && { ...offer, agency };
}

/** An offer in the stead of another agency's: no first choice. */
export function isAlternative(offer: Offer): boolean {
  return (offer.equivalentTo ?? []).length > 0;
}

/**
 * Who can serve a slot: its own service first, then equivalents, each in the order of agency slugs. Equivalence that one
 * side declared holds both ways.
 */
export function providersOf(offers: readonly Offer[], slot: string): Offer[] {
  const own = offers.filter((o) => o.code === slot);
  const declared = own.flatMap((o) => o.equivalentTo ?? []);
  const equivalent = offers.filter(
    (o) => o.code !== slot && (o.equivalentTo?.includes(slot) || declared.includes(o.code)),
  );
  return [...own.filter((o) => !isAlternative(o)), ...own.filter(isAlternative), ...equivalent];
}

/** True when every condition of the offer holds for the returnee. `now` tells the phase and how long ago the entry was. */
export function isEligible(offer: Offer, profile: CaseProfile, home: string, now: Date): boolean {
  const only = offer.only;
  if (!only) return true;
  const checks: boolean[] = [
    only.ageFrom === undefined || profile.age >= only.ageFrom,
    only.ageTo === undefined || profile.age <= only.ageTo,
    only.nationality === undefined ||
      only.nationality === (profile.nationality === home ? 'peruvian' : 'other'),
    only.yearsAbroadFrom === undefined || profile.yearsAbroad >= only.yearsAbroadFrom,
    only.ports === undefined || only.ports.includes(profile.portOfEntry),
    only.portsExcept === undefined || !only.portsExcept.includes(profile.portOfEntry),
    only.documentTypes === undefined || only.documentTypes.includes(profile.documentType),
    only.consentOrUnder === undefined ||
      covers(profile.consent, offer.purpose) ||
      profile.age < only.consentOrUnder,
    isTimely(only, profile, now),
  ];
  return checks.every(Boolean);
}
