/** How the ledger is written: rows are added, in the transaction of the message that they tell of, and never changed. */
import type { DisclosedField } from '@retorno/contracts';
import { prepared, type StateStore, type UnitOfWork } from '@retorno/messaging';
import { caseStore } from '../casework/stores';
import { chainedTo, type Disclosure, type LedgerEntry } from './entry';

/** What a unit of work adds to the ledger, by case. Nothing is read: the case knows how far its chain has come. */
export const ledgerStore: StateStore<readonly LedgerEntry[]> = {
  name: 'disclosure',
  load: () => Promise.resolve(new Map()),
  async save({ tx }, changes) {
    const entries = changes.flatMap((change) => change.after);
    await prepared(tx, INSERT, [
      entries.map((e) => e.caseId),
      entries.map((e) => e.place),
      entries.map((e) => e.at),
      entries.map((e) => e.agency),
      entries.map((e) => e.service),
      entries.map((e) => e.referralId),
      entries.map((e) => e.kind),
      entries.map((e) => e.fields.join(' ')),
      entries.map((e) => e.absent.join(' ')),
      entries.map((e) => e.basis),
      entries.map((e) => e.purpose),
      entries.map((e) => e.agreement),
      entries.map((e) => e.fact),
      entries.map((e) => e.cause),
      entries.map((e) => `\\x${e.hash}`),
    ]);
  },
};

const INSERT = `
  insert into disclosure (case_id, place, at, agency, service, referral_id, kind, fields, absent, basis, purpose,
    agreement, fact, cause, hash)
  select * from unnest($1::uuid[], $2::int[], $3::timestamptz[], $4::text[], $5::text[], $6::uuid[], $7::text[],
    $8::text[], $9::text[], $10::text[], $11::text[], $12::int[], $13::int[], $14::text[], $15::bytea[])`;

/** Adds to the chain of a case what its agencies are told by this unit of work. */
export function record(unit: UnitOfWork, caseId: string, disclosures: readonly Disclosure[]): void {
  const document = unit.get(caseStore, caseId);
  if (disclosures.length === 0 || !document) return;
  const entries = chainedTo(caseId, document.disclosed, disclosures);
  const { place, hash } = entries.at(-1)!;
  unit.set(ledgerStore, caseId, [...(unit.get(ledgerStore, caseId) ?? []), ...entries]);
  unit.set(caseStore, caseId, { ...document, disclosed: { entries: place, hash } });
}

/** A row of the ledger, as `ENTRY_COLUMNS` reads it. */
export interface EntryRow {
  id: string;
  case_id: string;
  place: number;
  at: Date;
  agency: string;
  service: string;
  referral_id: string;
  kind: string;
  fields: string;
  absent: string;
  basis: string;
  purpose: string | null;
  agreement: number;
  fact: number;
  cause: string;
  hash: string;
}

export const ENTRY_COLUMNS = `id, case_id, place, at, agency, service, referral_id, kind, fields, absent, basis, purpose,
  agreement, fact, cause, encode(hash, 'hex') as hash`;

/** The entry that a row holds. */
export function entryOf(row: EntryRow): LedgerEntry {
  return {
    caseId: row.case_id,
    place: row.place,
    at: row.at.toISOString(),
    agency: row.agency,
    service: row.service,
    referralId: row.referral_id,
    kind: row.kind as LedgerEntry['kind'],
    fields: words(row.fields) as LedgerEntry['fields'],
    absent: words(row.absent) as DisclosedField[],
    basis: row.basis as LedgerEntry['basis'],
    purpose: row.purpose as LedgerEntry['purpose'],
    agreement: row.agreement,
    fact: row.fact,
    cause: row.cause,
    hash: row.hash,
  };
}

function words(text: string): string[] {
  return text === '' ? [] : text.split(' ');
}
