/** How many cases stand where, and what the open ones wait for. */
import { Injectable } from '@nestjs/common';
import { Messaging } from '@retorno/messaging';
import { KeptBriefly } from '@retorno/service';
import { countEnded } from '../casework/ended-cases';
import { AGENCIES_DUE } from '../casework/open-cases';

/** So many open cases are looked through once for all who ask within KEPT_MS: pages that are open ask at each change. */
const MANY = 10_000;
const KEPT_MS = 2_000;
/** Longest list of causes. */
const CAUSES = 50;

export interface CaseCounts {
  /** RFC 3339. */
  readonly countedAt: string;
  readonly byStatus: Readonly<Record<string, number>>;
  /** Open or closing. */
  readonly open: number;
  /** Of those: an agency is late; somebody has to look at it. */
  readonly overdue: number;
  readonly escalated: number;
  /** Cases by cause, most first. */
  readonly causes: readonly { reason: string; group: string | null; cases: number }[];
  /** Cases by the agency that owes an answer, or by what else they wait for. */
  readonly waitingFor: readonly { what: string; cases: number }[];
  /** Cases by the agency that is late. */
  readonly late: readonly { agency: string; overdue: number }[];
}

/** One line of what open cases have alike. */
interface Alike {
  about: 'status' | 'waits';
  name: string;
  cases: number;
  overdue: number;
  escalated: number;
}

@Injectable()
export class CaseCounting {
  private readonly kept = new KeptBriefly<CaseCounts>(KEPT_MS, undefined, ({ open }) => open > MANY);

  constructor(private readonly messaging: Messaging) {}

  /** As they are now; of many open cases, as they were at most two seconds ago. */
  counts(): Promise<CaseCounts> {
    return this.kept.get(() => this.count());
  }

  private async count(): Promise<CaseCounts> {
    const { dataSource, clock } = this.messaging;
    const countedAt = clock.now().toISOString();
    const [alike, late, causes, ended]: [
      Alike[],
      CaseCounts['late'],
      CaseCounts['causes'],
      Record<string, number>,
    ] = await Promise.all([
      // Many cases wait for the same: they are counted by all of it together, and the few kinds are then taken apart.
      dataSource.query(
        `with alike as materialized (
           select status, agencies, awaits, escalated, overdue_at < $1 as late, count(*) as cases
           from open_case group by 1, 2, 3, 4, 5)
         select 'status' as about, status as name, sum(cases)::int as cases,
           coalesce(sum(cases) filter (where late), 0)::int as overdue,
           coalesce(sum(cases) filter (where escalated), 0)::int as escalated
         from alike group by status
         union all
         select 'waits', name, sum(cases)::int, 0, 0 from alike, unnest(agencies || awaits) as name group by name
         order by cases desc, name`,
        [countedAt],
      ),
      dataSource.query(
        `select agency, count(*)::int as overdue
         from open_case, ${AGENCIES_DUE} where overdue_at < $1 and nullif(due, '')::timestamptz < $1
         group by agency order by overdue desc, agency`,
        [countedAt],
      ),
      dataSource.query(
        `select reason, group_key as "group", count(distinct case_id)::int as cases from escalation
         where status <> 'resolved' group by reason, group_key order by cases desc, reason limit ${CAUSES}`,
      ),
      countEnded(dataSource),
    ]);
    const statuses = alike.filter(({ about }) => about === 'status');
    const all = (column: 'cases' | 'overdue' | 'escalated'): number =>
      statuses.reduce((sum, line) => sum + line[column], 0);
    return {
      countedAt,
      byStatus: { ...Object.fromEntries(statuses.map(({ name, cases }) => [name, cases])), ...ended },
      open: all('cases'),
      overdue: all('overdue'),
      escalated: all('escalated'),
      causes,
      waitingFor: alike
        .filter(({ about }) => about === 'waits')
        .map(({ name: what, cases }) => ({ what, cases })),
      late,
    };
  }
}
