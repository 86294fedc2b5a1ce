/** Before or after the arrival: announced returns by what consulates and manifests said, all others by their date alone. */
import type { CaseProfile, OfferConditions, ServiceOffer } from '@retorno/contracts';

const DAY_MS = 86_400_000;
/** Lima is UTC-5 all year. */
export const LIMA_OFFSET_MS = -5 * 3_600_000;

/** What of a profile says where the return stands. */
type Return = Pick<CaseProfile, 'arrivalDate' | 'stage' | 'dateUnknown' | 'onManifest'>;

type BookableOffer = Pick<ServiceOffer, 'only' | 'preBook'>;

/** The first instant of a day (`YYYY-MM-DD`) in Lima. */
export function startOfDay(date: string): Date {
  return new Date(Date.parse(`${date}T00:00:00Z`) - LIMA_OFFSET_MS);
}

/** When the arrival comes about by the calendar; undefined when it has to be told. */
export function arrivesAt(profile: Return): Date | undefined {
  const byDate = profile.stage === undefined || (profile.stage === 'expected' && profile.onManifest === true);
  return byDate ? startOfDay(profile.arrivalDate) : undefined;
}

/** True until the returnee has arrived, as far as is known. */
export function isBeforeArrival(profile: Return, now: Date): boolean {
  if (profile.stage === 'arrived') return false;
  const arrival = arrivesAt(profile);
  return arrival === undefined || now < arrival;
}

/** True for a return that a consulate announced and that has not come about: only what belongs before it is done yet. */
export function isAnnounced(profile: Return, now: Date): boolean {
  return profile.stage !== undefined && isBeforeArrival(profile, now);
}

/** The phase and the time since entry that an offer asks for. What serves after an announced arrival waits for it. */
export function isTimely(only: OfferConditions, profile: Return, now: Date): boolean {
  const before = isBeforeArrival(profile, now);
  const { phase, enteredWithinDays } = only;
  if (phase === 'before-arrival' && !before) return false;
  if (phase === 'after-arrival' && before && profile.stage === undefined) return false;
  return (
    enteredWithinDays === undefined || before || daysSince(profile.arrivalDate, now) <= enteredWithinDays
  );
}

function daysSince(date: string, now: Date): number {
  return Math.floor((now.getTime() - startOfDay(date).getTime()) / DAY_MS);
}

/** True when both say the same of the return. */
export function sameReturn(a: Return, b: Return): boolean {
  return (
    a.stage === b.stage &&
    a.arrivalDate === b.arrivalDate &&
    (a.dateUnknown ?? false) === (b.dateUnknown ?? false) &&
    a.onManifest === b.onManifest
  );
}

/** True when a service is not asked for before the arrival of an announced return; undefined stands for one withdrawn since. */
export function awaitsArrival(offer: BookableOffer | undefined, profile: Return, now: Date): boolean {
  if (!isAnnounced(profile, now) || offer?.only?.phase === 'before-arrival') return false;
  return !offer?.preBook || !hasDay(profile);
}

/** The day for which a service is booked ahead (`YYYY-MM-DD`); undefined when it is asked to serve at once. */
export function bookedFor(offer: BookableOffer | undefined, profile: Return, now: Date): string | undefined {
  const ahead = isAnnounced(profile, now) && offer?.only?.phase !== 'before-arrival';
  return ahead && offer?.preBook && hasDay(profile) ? profile.arrivalDate : undefined;
}

/** True while there is a day that somebody can be booked for. */
export function hasDay(profile: Return): boolean {
  return !profile.dateUnknown && profile.stage !== 'not-returning';
}
