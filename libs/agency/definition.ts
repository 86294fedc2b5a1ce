/** What an agency is: the services it offers and a policy, in plain TypeScript. */
import {
  CataloguePublished,
  NEED_CODES,
  PURPOSES,
  VULNERABILITY_CODES,
  type AnswerBody,
  type CorrectionBody,
  type ServiceOffer,
} from '@retorno/contracts';
import type { Calendar } from '@retorno/service';
import type { AgencyReferral, Memo, Priority } from './referral';

/**
 * Why the policy is asked: what the coordinator said, that staff have answered (`answered`), or that it wanted to be
 * (`woken`). A referral that had to wait for an office is `requested` once more when it has got one.
 */
export type PolicyInputType =
  | 'requested'
  | 'reminded'
  | 'updated'
  | 'information-supplied'
  | 'cancellation-requested'
  | 'outcome-disputed'
  | 'answered'
  | 'woken';

/** What happened to the referral, and the time to judge it by. */
export interface PolicyInput {
  readonly type: PolicyInputType;
  readonly now: Date;
  /** Working days in Lima. */
  readonly calendar: Calendar;
}

/** What a policy decides when answers alone do not say it. What is left out stays as it is. */
export interface PolicyDecision {
  /** In order, each possible after the one before. */
  readonly answers?: readonly AnswerBody[];
  readonly priority?: Priority;
  /** Small facts to remember of this referral; no personal data. They come back as `referral.memo`. */
  readonly memo?: Memo;
  /** Asks the policy again then, with type `woken`, also after the end; null: not any more. */
  readonly wakeAt?: Date | null;
  /** Takes back a final answer. */
  readonly correction?: CorrectionBody;
}

/**
 * Decides what the agency can decide by itself, and only what is beyond doubt: its answers in order, each possible
 * after the one before. Empty leaves the referral to the agency's staff. Pure; sees the referral as it is after the input.
 */
export type Policy = (referral: AgencyReferral, input: PolicyInput) => readonly AnswerBody[] | PolicyDecision;

/** The policy of an agency whose staff decide everything. */
export const leaveToStaff: Policy = () => [];

/** A service as an agency declares it: it says what it may see its fields by. */
export type AgencyService = ServiceOffer & Required<Pick<ServiceOffer, 'law' | 'purpose'>>;

/** What an agency's folder declares. */
export interface AgencyDefinition {
  /** Names its folder, topics, schema and path: lower case, digits, hyphens. */
  readonly slug: string;
  readonly name: string;
  /** Raise it with every change. Should that be forgotten, the service counts on from what it published last. */
  readonly version: number;
  readonly services: readonly AgencyService[];
  readonly offices?: NonNullable<CataloguePublished['offices']>;
  readonly contact?: NonNullable<CataloguePublished['contact']>;
  readonly policy: Policy;
  /** Who answers a cancellation request while nobody has begun (status received): staff, or `cancelled` at once. Default: staff. */
  readonly cancellations?: 'automatic' | 'staff';
}

// Their topics, schemas or folders are taken.
const RESERVED = ['intake', 'coordinator', 'console', 'local', 'public'];

/** Checks a definition at load. Throws with every mistake named. */
export function defineAgency(definition: AgencyDefinition): AgencyDefinition {
  const errors = [
    ...CataloguePublished.writeErrors(catalogueOf(definition)),
    ...(RESERVED.includes(definition.slug) ? ['/slug is taken by something that is not an agency'] : []),
    ...definition.services.flatMap((offer, i) => offerErrors(offer, definition.services.slice(0, i), i)),
    ...(definition.offices ?? []).flatMap((_, i) => officeErrors(definition, i)),
  ];
  if (errors.length === 0) return definition;
  throw new Error(`The definition of agency '${definition.slug}' is wrong:\n  ${errors.join('\n  ')}`);
}

/** The definition as it is published. */
export function catalogueOf(definition: AgencyDefinition): CataloguePublished {
  const { slug, name, version, services, offices, contact } = definition;
  return {
    agency: slug,
    name,
    version,
    services: [...services],
    ...(offices && { offices }),
    ...(contact && { contact }),
  };
}

/** What the schema cannot say of an office. */
function officeErrors({ services, offices = [] }: AgencyDefinition, index: number): string[] {
  const office = offices[index]!;
  const at = `/offices/${index}`;
  const offered = services.map(({ code }) => code);
  const unknown = [...(office.services ?? []), ...Object.keys(office.capacity ?? {})];
  const errors = unknown
    .filter((code) => !offered.includes(code))
    .map((code) => `${at} '${code}' is no service of this agency`);
  if (offices.findIndex(({ code }) => code === office.code) < index)
    errors.push(`${at}/code '${office.code}' is an office already`);
  if (!/^[0-9]{6}$/.test(office.ubigeoInei)) errors.push(`${at}/ubigeoInei is no INEI code of six digits`);
  return errors;
}

/** What the schema cannot say. `earlier` are the offers before this one. */
function offerErrors(offer: ServiceOffer, earlier: readonly ServiceOffer[], index: number): string[] {
  const known: readonly string[] = [...NEED_CODES, ...VULNERABILITY_CODES];
  const at = `/services/${index}`;
  const unknown = offer.for.filter((code) => !known.includes(code));
  const errors = unknown.map((code) => `${at}/for '${code}' is neither a need nor a vulnerability code`);
  if (earlier.some((other) => other.code === offer.code))
    errors.push(`${at}/code '${offer.code}' is offered twice`);
  if (!offer.law)
    errors.push(`${at}/law is missing: the law or agreement that lets the agency have these fields`);
  if (!offer.purpose)
    errors.push(`${at}/purpose is missing: what a consent must be given for, one of ${PURPOSES.join(', ')}`);
  if (offer.requires.includes(offer.code)) errors.push(`${at}/requires '${offer.code}' requires itself`);
  return errors;
}
