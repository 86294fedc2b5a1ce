/** What the list of cases is narrowed to: its address says all of it. Pure. */
import { textsIn } from '../frame/query';

/** What is looked for; '' is everything. */
export interface CaseFilter {
  readonly q: string;
  readonly status: string;
  readonly agency: string;
  readonly overdue: 'true' | '';
  /** Completed or closed since this day: `YYYY-MM-DD`. */
  readonly endedSince: string;
  /** Ids of cases, separated by commas; `none` when a search found nobody. */
  readonly ids: string;
  readonly cursor: string;
}

/** The list of cases. */
export const CASES = '/console/cases';

/** A filter as an address has it: what is not one is left out. */
export function filterOf(query: Readonly<Record<string, unknown>>): CaseFilter {
  const text = textsIn(query);
  return {
    q: text('q'),
    status: text('status'),
    agency: text('agency'),
    overdue: text('overdue') === 'true' ? 'true' : '',
    endedSince: /^\d{4}-\d\d-\d\d$/.exec(text('endedSince'))?.[0] ?? '',
    ids: text('ids'),
    cursor: text('cursor'),
  };
}

/** A filter as the query of an address, without what is not set. */
export function queryOf(filter: Partial<CaseFilter>): string {
  return new URLSearchParams(Object.entries(filter).filter(([, value]) => value !== '')).toString();
}

/** What of a filter is worth keeping: not the page, and not the cases of one search. */
export function keptOf({ q, status, agency, overdue, endedSince }: CaseFilter): string {
  return queryOf({ q, status, agency, overdue, endedSince });
}

export function addressOf(query: string): string {
  return query === '' ? CASES : `${CASES}?${query}`;
}
