/** How long the data of a case's person is kept, and what a lead may decide about it. Pure. */

/** What intake answers to `GET /intake/returnees/{id}/retention`. Instants are RFC 3339. */
export interface Retention {
  readonly returneeId: string;
  readonly registrations: readonly string[];
  readonly erased: boolean;
  readonly erasure: 'requested' | 'erased' | null;
  readonly held: boolean;
  /** When it is erased by itself; null while the case is open. */
  readonly keptUntil: string | null;
  /** Code of why it cannot be erased now. */
  readonly obstacle: string | null;
  readonly record: readonly {
    readonly at: string;
    readonly what: string;
    readonly reason: string;
    readonly by?: string;
  }[];
}

export const DECISIONS = ['hold', 'release', 'erasure'] as const;
export type Decision = (typeof DECISIONS)[number];

/** What can be decided now; intake decides it again. */
export function possibleDecisions({ erasure, held, obstacle }: Retention): Decision[] {
  if (erasure !== null) return [];
  return [held ? 'release' : 'hold', ...(obstacle === null ? (['erasure'] as const) : [])];
}

export function retentionAddress(number: string): string {
  return `/console/cases/${encodeURIComponent(number)}/retention`;
}
