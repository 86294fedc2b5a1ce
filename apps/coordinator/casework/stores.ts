/** The coordinator's documents: the case, the person (restricted), and the agencies' catalogues. */
import { subjectOfCase, type CataloguePublished } from '@retorno/contracts';
import { documentStore, type Change } from '@retorno/messaging';
import type { EntityManager } from 'typeorm';
import type { CaseState, EscalationState } from '../saga/case';
import type { PersonRecord } from '../saga/disclosure';
import { followedFrom, followedUpTo } from '../follow-ups/due-follow-ups';
import { writeEnded } from './ended-cases';
import type { LedgerHead } from '../ledger/entry';
import { writeOpenCases } from './open-cases';
import { RULES } from '../saga/plan/rules';

/** A case with the number of its facts (the next fact's place in the timeline) and when it must be looked at again. */
export interface CaseDocument {
  readonly state: CaseState;
  readonly facts: number;
  /** RFC 3339; absent when no time has to pass for anything. */
  readonly dueAt?: string;
  /** Services or needs that it waits for and that nobody offers. */
  readonly unoffered: readonly string[];
  /** What was offered when it was planned: the fingerprint of the catalogues. Where it has caught up since, its line says so. */
  readonly offers?: string;
  /** How far its chain of disclosures has come; absent while nothing was disclosed. */
  readonly disclosed?: LedgerHead;
  /** Since when nobody can say any more whose case it was. */
  readonly erasedAt?: string;
  /** Of an erased case: the id that intake knew them by, and may have lost. */
  readonly erasedReturnee?: string;
}

/** Free text and names that came with a fact; `fact` is its place in the timeline. */
export interface FactNote {
  readonly fact: number;
  readonly note?: string;
  readonly by?: string;
  readonly channel?: string;
  readonly answers?: Readonly<Record<string, string>>;
}

/** Everything personal that the coordinator keeps of a case. */
export interface PersonDocument {
  readonly record: PersonRecord;
  readonly notes: readonly FactNote[];
}

export const caseStore = documentStore<CaseDocument>({
  name: 'case',
  table: 'case_file',
  columns: {
    number: { type: 'text', of: ({ state }) => state.number },
    status: { type: 'text', of: ({ state }) => state.status },
    opened_at: { type: 'timestamptz', of: ({ state }) => state.openedAt },
    closed_at: { type: 'timestamptz', of: ({ state }) => state.closedAt },
    unoffered: { type: 'text[]', of: ({ unoffered }) => unoffered },
    follow_up: {
      type: 'date',
      of: ({ state, erasedAt }) => (erasedAt ? undefined : followedFrom(state, RULES)),
    },
    followed_up: { type: 'int2', of: ({ state }) => followedUpTo(state) },
  },
  dueAt: ({ dueAt }) => (dueAt === undefined ? undefined : new Date(dueAt)),
  alsoWrite: async (tx, changes) => {
    await writeOpenCases(tx, changes);
    await writeEnded(tx, changes);
    await writeEscalations(tx, changes);
  },
});

export const personStore = documentStore<PersonDocument>({
  name: 'person',
  table: 'person',
  personal: { properties: ['record', 'notes'], subject: (_open, caseId) => subjectOfCase(caseId) },
});

export const catalogueStore = documentStore<CataloguePublished>({ name: 'catalogue', table: 'catalogue' });

async function writeEscalations(tx: EntityManager, changes: readonly Change<CaseDocument>[]): Promise<void> {
  const rows = changes.flatMap(({ key, before, after }) => {
    const known = new Set<EscalationState>(before?.state.escalations);
    return after.state.escalations
      .filter((escalation) => !known.has(escalation))
      .map((escalation) => ({ key, number: after.state.number, escalation }));
  });
  if (rows.length === 0) return;
  await tx.query(
    `insert into escalation (id, case_id, case_number, reason, group_key, referral_id, detail, status, raised_at,
       due_at, resolved_at, resolution)
     select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[],
       $8::text[], $9::timestamptz[], $10::timestamptz[], $11::timestamptz[], $12::text[])
     on conflict (id) do update set status = excluded.status, resolved_at = excluded.resolved_at,
       resolution = excluded.resolution, due_at = excluded.due_at, detail = excluded.detail`,
    [
      rows.map((r) => r.escalation.id),
      rows.map((r) => r.key),
      rows.map((r) => r.number),
      rows.map((r) => r.escalation.reason),
      rows.map((r) => r.escalation.group ?? null),
      rows.map((r) => r.escalation.referralId ?? null),
      rows.map((r) => JSON.stringify(r.escalation.detail)),
      rows.map((r) => statusOf(r.escalation)),
      rows.map((r) => r.escalation.raisedAt),
      rows.map((r) => r.escalation.dueAt),
      rows.map((r) => r.escalation.resolvedAt ?? null),
      rows.map((r) => r.escalation.resolution ?? null),
    ],
  );
}

/** An escalation's status as lists show it. */
function statusOf(escalation: EscalationState): 'open' | 'claimed' | 'resolved' {
  if (escalation.resolvedAt) return 'resolved';
  return escalation.claimedAt ? 'claimed' : 'open';
}
