/** A phone that the returnee gave after the manifest: rows that repeat the old one must not undo it. Pure. */
import type { Registration } from '../manifests/manifest-row';

/** The registration with the phone that its returnee gives now (E.164). */
export function withPhone(known: Registration, phone: string): Registration {
  const instead = known.told ? known.told.instead : known.person.phone;
  return {
    ...known,
    person: { ...known.person, phone },
    told: { phone, ...(instead === undefined ? {} : { instead }) },
  };
}

/** What a row makes of a registration, with the phone that the returnee gave unless the row says a new one. */
export function withToldPhone({ told }: Registration, next: Registration): Registration {
  if (!told || next.told) return next;
  const repeats = next.person.phone === told.instead || next.person.phone === told.phone;
  return repeats ? { ...next, person: { ...next.person, phone: told.phone }, told } : next;
}
