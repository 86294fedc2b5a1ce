/** The information-sharing agreement: what each agency may see, what for, and by what right. It is its catalogue, read so. */
import type {
  Basis,
  CataloguePublished,
  DisclosedField,
  Purpose,
  VulnerabilityCode,
} from '@retorno/contracts';

/** What one agency receives; `version` is its catalogue's, as the disclosure ledger names it. */
export interface Agreement {
  readonly agency: string;
  readonly name: string;
  readonly version: number;
  readonly services: readonly AgreedService[];
}

/** What is not declared is null. */
interface AgreedService {
  readonly service: string;
  readonly title: { readonly es: string; readonly en: string } | null;
  readonly purpose: Purpose | null;
  readonly basis: Basis;
  /** Another basis for returnees with any of these vulnerabilities. */
  readonly urgent: { readonly for: readonly VulnerabilityCode[]; readonly basis: Basis } | null;
  readonly law: string | null;
  readonly fields: readonly DisclosedField[];
}

/** The agreement in a catalogue. */
export function agreementOf({
  agency,
  name,
  version,
  services,
}: Pick<CataloguePublished, 'agency' | 'name' | 'version' | 'services'>): Agreement {
  return {
    agency,
    name,
    version,
    services: services.map((offer) => ({
      service: offer.code,
      title: offer.title ?? null,
      purpose: offer.purpose ?? null,
      basis: offer.basis,
      urgent:
        offer.urgent && offer.urgent.basis !== offer.basis
          ? { for: offer.urgent.for, basis: offer.urgent.basis }
          : null,
      law: offer.law ?? null,
      fields: offer.sees,
    })),
  };
}
