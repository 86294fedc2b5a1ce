/** Every word on consent: who said what, when, and by which way we heard of it. */
import type { Consent } from '@retorno/contracts';
import type { UnitOfWork } from '@retorno/messaging';
import type { Rows } from '@retorno/service';
import { consentText } from './consent';

/** A word on one returnee's consent; `held`: it became the one that counts. */
interface Word {
  readonly returneeId: string;
  readonly said: Consent;
  readonly held: boolean;
}

/** One entry of a history. `by` is null where nobody was asked. */
export interface ConsentEntry {
  status: Consent['status'];
  at: string | null;
  by: Consent['by'] | null;
  /** Null: everything. */
  purposes: readonly string[] | null;
  until: string | null;
  /** `manifest`, or `interface` for what was told by itself; `restored`: by which way it came is lost. */
  source: string;
  held: boolean;
  receivedAt: string;
}

/** A history that is longer is shown by its newest entries. */
const MOST = 100;

/** Keeps what was said of consent, in the order given. The same word again adds nothing. */
export async function recordConsents(
  unit: UnitOfWork,
  source: 'manifest' | 'interface' | 'restored',
  words: readonly Word[],
): Promise<void> {
  if (words.length === 0) return;
  await unit.tx.query(
    `insert into consent_given (returnee_id, consent, source, held, received_at)
     select x.id, x.consent, $1, x.held, $2
     from unnest($3::uuid[], $4::text[], $5::boolean[]) with ordinality as x(id, consent, held, n) order by n
     on conflict do nothing`,
    [
      source,
      unit.now,
      words.map((word) => word.returneeId),
      words.map((word) => consentText(word.said)),
      words.map((word) => word.held),
    ],
  );
}

/** What was said of a returnee's consent, the newest first. */
export async function consentHistory(from: Rows, returneeId: string): Promise<ConsentEntry[]> {
  const rows: { consent: string; source: string; held: boolean; received_at: Date }[] = await from.query(
    `select consent, source, held, received_at from consent_given where returnee_id = $1 order by seq desc limit ${MOST}`,
    [returneeId],
  );
  return rows.map(({ consent, source, held, received_at }) => ({
    ...consentView(JSON.parse(consent) as Consent),
    source,
    held,
    receivedAt: received_at.toISOString(),
  }));
}

/** A consent with what it leaves open as null. */
export function consentView(
  consent: Consent,
): Pick<ConsentEntry, 'status' | 'at' | 'by' | 'purposes' | 'until'> {
  const { status, at, by, purposes, until } = consent;
  return {
    status,
    at: at ?? null,
    by: by ?? (status === 'pending' ? null : 'self'),
    purposes: purposes ?? null,
    until: until ?? null,
  };
}
