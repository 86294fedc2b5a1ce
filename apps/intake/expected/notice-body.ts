/** A consulate's notice as JSON: one returnee, of whom little may be known yet, and where the return stands. */
import { UNKNOWN_DISTRICT, VULNERABILITY_CODES } from '@retorno/contracts';
import type { FieldError } from '@retorno/service';
import type { Standing } from './announced';
import type { Column } from '../manifests/columns';
import { limaDay } from '../fields/dates';
import type { Registration } from '../manifests/manifest-row';
import { readReturneeBody } from '../returnees/returnee-body';
import { NOTICE_STAGES, readStanding } from './standing-body';

/** What must be known of somebody to be looked after at all. */
export const NOTICE_REQUIRED = [
  'external_id',
  'sending_authority',
  'stage',
  'origin_country',
  'family_names',
  'given_names',
  'date_of_birth',
  'sex',
] as const;

/** What is taken for fields that a notice leaves out. */
const NOTICE_DEFAULTS = {
  nationality: 'PE',
  document_type: 'none',
  relationship: 'single',
  port_of_entry: 'LIM',
  years_abroad: '0',
  consent: 'pending',
} as const satisfies Partial<Record<Column, string>>;

// Stands in while the columns are checked; any district would do.
const SOME_DISTRICT = '150101';

/** The registration with its stage, or every wrong field by its JSON pointer. */
export function readNoticeBody(
  body: unknown,
  now: Date,
): { registration: Registration } | { errors: FieldError[] } {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return readReturneeBody(body, now);
  const given = Object.fromEntries(
    Object.entries(body).filter(([, value]) => value !== '' && value !== null),
  );
  const stood = readStanding(given, NOTICE_STAGES, now);
  const { stage: _stage, place_of_detention: _place, ...columns } = given;
  const read = readReturneeBody(
    {
      ...NOTICE_DEFAULTS,
      return_type: given['stage'] === 'detained' ? 'deportation' : 'voluntary',
      arrival_date: limaDay(now),
      destination_ubigeo: SOME_DISTRICT,
      ...columns,
    },
    now,
  );
  const errors = [...('errors' in stood ? stood.errors : []), ...('errors' in read ? read.errors : [])];
  if ('errors' in stood || 'errors' in read) {
    return { errors: errors.filter((e, i) => errors.findIndex((o) => o.pointer === e.pointer) === i) };
  }
  return { registration: noticeOf(read.registration, stood.standing, 'destination_ubigeo' in columns) };
}

function noticeOf(
  read: Registration,
  { stage, placeOfDetention, arrivalDate }: Standing,
  hasDistrict: boolean,
): Registration {
  const detained = stage === 'detained';
  return {
    ...read,
    person: hasDistrict ? read.person : { ...read.person, destinationUbigeo: UNKNOWN_DISTRICT },
    journey: {
      ...read.journey,
      stage,
      ...(arrivalDate === undefined && { dateUnknown: true }),
      ...(placeOfDetention && { placeOfDetention }),
    },
    vulnerabilities: VULNERABILITY_CODES.filter(
      (code) => read.vulnerabilities.includes(code) || (detained && code === 'detained-abroad'),
    ),
  };
}
