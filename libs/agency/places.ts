/**
 * Which office of the agency serves a referral, and who waits when none has room. Pure.
 * A place is taken by every open referral that an office has, and is free again when it ends.
 */
import { servesAt } from '@retorno/service';
import type { Office } from '@retorno/contracts';
import type { AgencyDefinition } from './definition';
import { isOpen, type AgencyReferral } from './referral';

/** The agency's one document about its offices; there is none until a limit is set. */
export interface Places {
  /** Limits set by the installation, by office and service; null lifts a declared one. */
  readonly limits: Counts<number | null>;
  /** Open referrals that each office has, by office and service. */
  readonly taken: Counts<number>;
  readonly waiting: readonly Waiting[];
}

/** A referral that waits for a place. */
export interface Waiting {
  readonly id: string;
  readonly service: string;
  /** As ranked by the coordinator. */
  readonly offices: readonly string[];
  readonly since: string;
  readonly urgent: boolean;
}

type Counts<V> = Readonly<Record<string, Readonly<Record<string, V>>>>;
type WithOffices = Pick<AgencyDefinition, 'offices'>;

export const NO_PLACES: Places = { limits: {}, taken: {}, waiting: [] };

/** The offices that could serve, the best first; those of the agency in their order when none was named. */
export function suitable(agency: WithOffices, service: string, ranked: readonly string[] = []): Office[] {
  const serving = (agency.offices ?? []).filter((office) => servesAt(office, service));
  const named = ranked.flatMap((code) => serving.filter((office) => office.code === code));
  return named.length > 0 ? named : serving;
}

/** How many open referrals to a service an office can have; undefined: any number. */
export function limitOf(places: Places, office: Office, service: string): number | undefined {
  const set = places.limits[office.code]?.[service];
  return (set === undefined ? office.capacity?.[service] : set) ?? undefined;
}

/** Places that are free now; undefined: any number. Never less than none. */
export function freeAt(places: Places, office: Office, service: string): number | undefined {
  const limit = limitOf(places, office, service);
  return limit === undefined ? undefined : Math.max(0, limit - takenAt(places, office.code, service));
}

/** Who of those that wait can go where now: urgent ones first, then who has waited longest. */
export function turns(agency: WithOffices, places: Places): ReadonlyMap<string, string> {
  const given = new Map<string, string>();
  const used = new Map<string, number>();
  for (const one of [...places.waiting].sort(byTurn)) {
    const at = (office: Office) => `${office.code} ${one.service}`;
    const office = suitable(agency, one.service, one.offices).find((candidate) => {
      const free = freeAt(places, candidate, one.service);
      return free === undefined || free > (used.get(at(candidate)) ?? 0);
    });
    if (!office) continue;
    given.set(one.id, office.code);
    used.set(at(office), (used.get(at(office)) ?? 0) + 1);
  }
  return given;
}

/** The office that a new referral goes to; undefined when it has to wait, or when the agency has none. */
export function officeFor(
  agency: WithOffices,
  places: Places | undefined,
  referral: AgencyReferral,
): string | undefined {
  if (!places) return suitable(agency, referral.service, referral.offices)[0]?.code;
  const waiting = [...places.waiting, waitingOf(referral, referral.requestedAt)];
  return turns(agency, { ...places, waiting }).get(referral.id);
}

/** The places after a referral changed: what it held is free, what it holds is taken, and it waits only while it must. */
export function follow(places: Places, before: AgencyReferral | undefined, after: AgencyReferral): Places {
  const counted = count(count(places.taken, before, -1), after, 1);
  const others = places.waiting.filter((one) => one.id !== after.id);
  const since = waits(after) ? after.waitingSince : undefined;
  return {
    ...places,
    taken: counted,
    waiting: since === undefined ? others : [...others, waitingOf(after, since)],
  };
}

/** The places with another limit. */
export function withLimit(places: Places, office: string, service: string, limit: number | null): Places {
  return { ...places, limits: put(places.limits, office, service, limit) };
}

/** An agency as it is published: its offices with the limits that stand. */
export function withLimits<A extends WithOffices>(agency: A, places: Places | undefined): A {
  if (!places || !agency.offices) return agency;
  const offices = agency.offices.map((office) => {
    const services = new Set([
      ...Object.keys(office.capacity ?? {}),
      ...Object.keys(places.limits[office.code] ?? {}),
    ]);
    const limits = [...services].sort().flatMap((service) => {
      const limit = limitOf(places, office, service);
      return limit === undefined ? [] : [[service, limit] as const];
    });
    const { capacity: _declared, ...rest } = office;
    return limits.length > 0 ? { ...rest, capacity: Object.fromEntries(limits) } : rest;
  });
  return { ...agency, offices };
}

/** Whether a referral waits for a place. */
export function waits(referral: AgencyReferral): boolean {
  const { waitingSince, office, cancellationRequested } = referral;
  return isOpen(referral) && waitingSince !== undefined && office === undefined && !cancellationRequested;
}

function waitingOf(referral: AgencyReferral, since: string): Waiting {
  const { id, service, offices = [], priority } = referral;
  return { id, service, offices, since, urgent: priority === 'urgent' };
}

function byTurn(a: Waiting, b: Waiting): number {
  if (a.urgent !== b.urgent) return a.urgent ? -1 : 1;
  if (a.since !== b.since) return a.since < b.since ? -1 : 1;
  return a.id < b.id ? -1 : 1;
}

function takenAt(places: Places, office: string, service: string): number {
  return places.taken[office]?.[service] ?? 0;
}

function count(taken: Places['taken'], referral: AgencyReferral | undefined, by: 1 | -1): Places['taken'] {
  if (!referral?.office || !isOpen(referral)) return taken;
  const { office, service } = referral;
  return put(taken, office, service, (taken[office]?.[service] ?? 0) + by);
}

function put<V>(counts: Counts<V>, office: string, service: string, value: V): Counts<V> {
  return { ...counts, [office]: { ...counts[office], [service]: value } };
}
