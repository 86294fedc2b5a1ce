/** The documents of an agency's service. Each agency has its own schema, so these hold only its own. */
import { documentStore } from '@retorno/messaging';
import type { AgencyReferral } from './referral';

/** An answer that was taken under an Idempotency-Key, so that asking again gets the same response. */
export interface IdempotencyRecord {
  /** SHA-256 of the referral and the answer. */
  readonly hash: string;
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
    service: { type: 'text', of: (r) => r.service },
    case_ref: { type: 'text', of: (r) => r.caseRef },
    requested_at: { type: 'timestamptz', of: (r) => r.requestedAt },
    ack_due_at: { type: 'timestamptz', of: (r) => r.ackDueAt },
    due_at: { type: 'timestamptz', of: (r) => r.dueAt },
    updated_at: { type: 'timestamptz', of: (r) => r.updatedAt },
  },
});

export const idempotencyStore = documentStore<IdempotencyRecord>({
  name: 'idempotency',
  table: 'idempotency',
  columns: { stored_at: { type: 'timestamptz', of: (r) => r.storedAt } },
});

export const catalogueStore = documentStore<PublishedCatalogue>({ name: 'catalogue', table: 'catalogue' });

/** In the order in which they are locked: a referral first, so that two equal answers wait for each other there. */
export const agencyStores = [referralStore, idempotencyStore, catalogueStore];
