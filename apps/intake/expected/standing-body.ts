/** Where an announced return stands, as JSON: the body of PUT, and a part of a notice. */
import { STAGES } from '@retorno/contracts';
import type { FieldError } from '@retorno/service';
import type { Standing } from './announced';
import { DAY, isCalendarDate, limaDay } from '../fields/dates';
import { FLIGHT, PORT, isPlausibleArrival } from '../manifests/manifest-row';

/** The fields, in the manifest's words where it has them. */
export const STANDING_FIELDS = [
  'stage',
  'place_of_detention',
  'arrival_date',
  'flight',
  'port_of_entry',
] as const;
type Field = (typeof STANDING_FIELDS)[number];

/** What may be said; arrivals are told by manifests. */
export const TOLD_STAGES = STAGES.filter((stage) => stage !== 'arrived');
/** What a first notice may say. */
export const NOTICE_STAGES = ['detained', 'expected'] as const;

const LONGEST_PLACE = 200;
/** So many days late may news come of a return that was ahead: who arrived earlier is on a manifest. */
const LATE_DAYS = 30;

function isPlausibleReturn(day: string, today: Date): boolean {
  return day >= limaDay(new Date(today.getTime() - LATE_DAYS * DAY)) && isPlausibleArrival(day, today);
}

/** The standing, or every wrong field by its JSON pointer. Fields that belong to neither are not looked at. */
export function readStanding<S extends Standing['stage']>(
  body: Record<string, unknown>,
  stages: readonly S[],
  today: Date,
): { standing: Standing & { stage: S } } | { errors: FieldError[] } {
  const errors: FieldError[] = [];
  const refuse = (field: Field, code: string, should: string): undefined => {
    if (!errors.some((e) => e.pointer === `/${field}`))
      errors.push({ pointer: `/${field}`, code, detail: `${field} ${should}` });
    return undefined;
  };
  const text = (field: Field): string | undefined => {
    const value = body[field] ?? '';
    if (typeof value !== 'string') return refuse(field, 'wrong-type', 'must be text');
    return value.normalize('NFC').trim() || undefined;
  };
  const matching = (field: Field, fits: (value: string) => boolean, code: string, what: string) => {
    const value = text(field);
    return value === undefined || fits(value) ? value : refuse(field, code, what);
  };

  const stage = stages.find((known) => known === body['stage']);
  if (!stage) refuse('stage', 'unknown-code', `must be one of ${stages.join(', ')}`);
  const placeOfDetention = matching(
    'place_of_detention',
    (value) => value.length <= LONGEST_PLACE && !/\p{Cc}/u.test(value),
    'invalid-format',
    `must be one line of at most ${LONGEST_PLACE} characters`,
  );
  const arrivalDate = matching(
    'arrival_date',
    isCalendarDate,
    'invalid-date',
    'must be a day that exists, written like 2026-11-20',
  );
  if (arrivalDate && !isPlausibleReturn(arrivalDate, today)) {
    refuse(
      'arrival_date',
      'implausible-date',
      `must lie between ${LATE_DAYS} days ago and two years from now`,
    );
  }
  const flight = matching(
    'flight',
    (value) => FLIGHT.test(value),
    'invalid-format',
    "must be an airline's code and a number, like US431",
  );
  const portOfEntry = matching(
    'port_of_entry',
    (value) => PORT.test(value),
    'invalid-format',
    'must be three capital letters, like LIM',
  );
  if (placeOfDetention && (stage === 'released' || stage === 'not-returning')) {
    refuse('place_of_detention', 'unexpected', `must be left out when the stage is ${stage}`);
  }
  if (arrivalDate && stage === 'not-returning') {
    refuse('arrival_date', 'unexpected', 'must be left out when nobody is returning');
  }
  if (flight && !text('arrival_date')) refuse('arrival_date', 'required', 'must be given with a flight');
  if (errors.length > 0 || !stage) return { errors };
  const known = { placeOfDetention, arrivalDate, flight, portOfEntry };
  const given = Object.entries(known).filter(([, value]) => value !== undefined);
  return { standing: { stage, ...Object.fromEntries(given) } };
}
