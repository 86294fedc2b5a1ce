/**
 * One line of the disclosure ledger: who received which fields of a person, why and when, and no personal data.
 * Peru's personal-data law asks for it (Ley 29733; DS 016-2024-JUS: the holder's access, a breach notice in 48 hours).
 */
import type { Basis, DisclosedField, Purpose } from '@retorno/contracts';
import { BEGINNING, linkOf } from '@retorno/service';
import type { CaseFact } from '../saga/facts';

/** By which message it was told: the referral itself, a change of it, or the answer to a question. */
export type DisclosureKind = 'requested' | 'updated' | 'information';

/** One transmission of personal data to an agency. Instants are RFC 3339 with milliseconds, UTC. */
export interface Disclosure {
  readonly at: string;
  readonly agency: string;
  readonly service: string;
  readonly referralId: string;
  readonly kind: DisclosureKind;
  /** The fields that the service declared; of an answer to a question, `information`. */
  readonly fields: readonly (DisclosedField | 'information')[];
  /** Those of them that are unknown, and so were not sent. */
  readonly absent: readonly DisclosedField[];
  readonly basis: Basis;
  /** Null where the service declares none. */
  readonly purpose: Purpose | null;
  /** Version of the agency's catalogue: of the information-sharing agreement that was in force. */
  readonly agreement: number;
  /** The place in the case's timeline of what led to it. */
  readonly fact: number;
  /** The same as a code: `returnee-registered`, `answer:completed`, `operations:waive`. */
  readonly cause: string;
}

/** A disclosure in its case's chain. */
export interface LedgerEntry extends Disclosure {
  readonly caseId: string;
  /** From 1, without gaps. */
  readonly place: number;
  /** SHA-256 of this entry and of the hash before it, hex. */
  readonly hash: string;
}

/** How far the chain of a case has come: kept with the case, so that its last entries cannot go unnoticed. */
export interface LedgerHead {
  readonly entries: number;
  readonly hash: string;
}

/** The last of the facts that changed a referral: its place in the timeline, and its cause. `first` is that of the first. */
export function causeOfReferral(
  referralId: string,
  facts: readonly CaseFact[],
  first: number,
): Pick<Disclosure, 'fact' | 'cause'> {
  const index = facts.findLastIndex(
    (fact) => fact.type === 'referral-changed' && fact.data.referral.id === referralId,
  );
  return { fact: first + index, cause: facts[index]?.data.cause ?? '' };
}

/** What an entry vouches for, in a fixed order. */
export function valuesOf(entry: Omit<LedgerEntry, 'hash'>): unknown[] {
  const { caseId, place, at, agency, service, referralId, kind, fields, absent } = entry;
  const { basis, purpose, agreement, fact, cause } = entry;
  const what = [caseId, place, at, agency, service, referralId, kind, fields.join(' '), absent.join(' ')];
  return [...what, basis, purpose, agreement, fact, cause];
}

/** The disclosures as the next entries of a case's chain. */
export function chainedTo(
  caseId: string,
  head: LedgerHead | undefined,
  disclosures: readonly Disclosure[],
): LedgerEntry[] {
  let { entries: place, hash } = head ?? { entries: 0, hash: BEGINNING };
  return disclosures.map((disclosure) => {
    const entry = { ...disclosure, caseId, place: ++place };
    hash = linkOf(valuesOf(entry), hash);
    return { ...entry, hash };
  });
}

/**
 * A seal over every entry since the seal before it: removing a case's last entries with its head, or a whole case, or
 * writing a chain anew, breaks it.
 */
export interface Seal {
  /** From 1, without gaps. */
  readonly number: number;
  readonly at: string;
  /** Ids of the ledger's rows up to which it reaches. */
  readonly upto: string;
  readonly entries: number;
  /** SHA-256 over the hashes of these entries in the order of their ids, hex. */
  readonly digest: string;
}

/** The hash of a seal and of the one before it, hex. */
export function hashOfSeal({ number, at, upto, entries, digest }: Seal, previous: string): string {
  return linkOf([number, at, upto, entries, digest], previous);
}
