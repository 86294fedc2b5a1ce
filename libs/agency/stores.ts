/** The documents of an agency's service. Each agency has its own schema, so these hold only its own. */
import { subjectAt } from '@retorno/contracts';
import { documentStore, type DocumentKey } from '@retorno/messaging';
import type { AgencyDefinition } from './definition';
import type { Places } from './places';
import type { AgencyReferral } from './referral';

/** An answer that was taken under an Idempotency-Key, so that asking again gets the same response. */
export interface IdempotencyRecord {
  /** SHA-256 of the referral and the answer. */
  readonly hash: string;
  /** The agency's reference of the case. */
  readonly caseRef: string;
  readonly response: unknown;
  readonly storedAt: string;
}

/** What the agency published last. */
export interface PublishedCatalogue {
  readonly version: number;
  readonly hash: string;
}

export const referralStore = documentStore<AgencyReferral>({
  name: 'referral',
  table: 'referral',
  columns: {
    status: { type: 'text', of: (r) => r.status },
    business_status: { type: 'text', of: (r) => r.businessStatus },
    code: { type: 'text', of: (r) => r.code },
    service: { type: 'text', of: (r) => r.service },
    // Urgent ones come first in an ascending order.
    routine: { type: 'boolean', of: (r) => r.priority !== 'urgent' },
    office: { type: 'text', of: (r) => r.office },
    case_ref: { type: 'text', of: (r) => r.caseRef },
    requested_at: { type: 'timestamptz', of: (r) => r.requestedAt },
    ack_due_at: { type: 'timestamptz', of: (r) => r.ackDueAt },
    due_at: { type: 'timestamptz', of: (r) => r.dueAt },
    updated_at: { type: 'timestamptz', of: (r) => r.updatedAt },
  },
  dueAt: ({ wakeAt }) => (wakeAt === undefined ? undefined : new Date(wakeAt)),
  personal: {
    properties: ['returnee', 'note', 'information', 'outcome', 'history'],
    subject: ({ caseRef }, _id, agency) => subjectAt(agency, caseRef),
    erased: (rest) => ({ ...(rest as AgencyReferral), returnee: {}, history: [], erased: true }),
  },
});

export const idempotencyStore = documentStore<IdempotencyRecord>({
  name: 'idempotency',
  table: 'idempotency',
  columns: { stored_at: { type: 'timestamptz', of: (r) => r.storedAt } },
  personal: {
    properties: ['response'],
    subject: ({ caseRef }, _key, agency) => subjectAt(agency, caseRef),
  },
});

export const catalogueStore = documentStore<PublishedCatalogue>({ name: 'catalogue', table: 'catalogue' });

/** One document, under the agency's slug, once a limit was set for one of its offices. */
export const placesStore = documentStore<Places>({ name: 'places', table: 'places' });

/** In the order in which they are locked: a referral first, so that two equal answers wait for each other there. */
export const agencyStores = [referralStore, idempotencyStore, catalogueStore, placesStore];

/** What handling a referral needs; agencies without offices have no places to look at. */
export function documentsOf(agency: Pick<AgencyDefinition, 'slug' | 'offices'>, id: string): DocumentKey[] {
  const places = agency.offices?.length ? [{ store: placesStore, key: agency.slug }] : [];
  return [{ store: referralStore, key: id }, ...places];
}
