import { problem, type Caller } from '@retorno/service';

/** The agency that somebody works for: their login says so, and nothing that they send. */
export function agencyOf({ agency }: Caller): string {
  if (agency === undefined) throw problem(403, 'forbidden', 'This login belongs to no agency.');
  return agency;
}
