/** What lists and single cases read. */
import { Injectable } from '@nestjs/common';
import { CASES_TOPIC, MASK, type Envelope } from '@retorno/contracts';
import { Messaging } from '@retorno/messaging';
import { page, problem, type Caller, type Page } from '@retorno/service';
import { personStore, type CaseDocument } from './stores';
import { CatalogueShelf } from './catalogues';
import { beginningOf } from './days';
import { Sights } from './masking/sights';
import { AGENCIES_DUE } from './open-cases';
import { masked, maskedGroup, restrictedCodes, type RestrictedCodes } from './restricted';
import { caseView } from './view';

/** Which cases to list. */
export interface CaseFilter {
  status?: string;
  agency?: string;
  overdue?: boolean;
  /** Completed or closed since this day in Lima: `YYYY-MM-DD`. */
  endedSince?: string;
  q?: string;
  /** Separated by commas. */
  ids?: string;
  cursor?: string;
  limit?: string;
}

export interface CaseListItem {
  id: string;
  number: string;
  status: string;
  openedAt: string;
  closedAt: string | null;
  agencies: string[];
  overdueAt: string | null;
  escalations: number;
}

interface TimelineEntry {
  at: string;
  actor: string;
  type: string;
  cause: string;
  detail: Record<string, unknown>;
}

@Injectable()
export class CaseQueries {
  constructor(
    private readonly messaging: Messaging,
    private readonly catalogues: CatalogueShelf,
    private readonly sights: Sights,
  ) {}

  /** Cases, newest first. `overdue`: an agency is late with an answer now. `q`: the beginning of a number, or an id. */
  async list(filter: CaseFilter, caller: Caller): Promise<Page<CaseListItem>> {
    this.sights.mustSee(caller, filter.agency);
    const restricted = restrictedCodes(this.catalogues.current());
    // Those that are not named are asked for together.
    const agencies = filter.agency === MASK ? [...restricted] : [filter.agency];
    const limit = page.limit(filter.limit);
    const params: unknown[] = [];
    const param = (value: unknown): string => `$${params.push(value)}`;
    const where: string[] = [];
    // Who owes an answer, and lateness, are of open cases only.
    const from =
      filter.agency || filter.overdue
        ? 'open_case o join case_file f on f.key = o.key'
        : 'case_file f left join open_case o on o.key = f.key';
    const by = filter.agency || filter.overdue ? 'o' : 'f';
    if (filter.status) where.push(`${by}.status = ${param(filter.status)}`);
    if (filter.agency) where.push(`o.agencies && ${param(agencies)}::text[]`);
    if (filter.overdue) {
      const now = param(this.messaging.clock.now().toISOString());
      where.push(`o.overdue_at < ${now}`);
      // Late is the agency that is asked for, not another one of the case.
      if (filter.agency) {
        where.push(
          `exists (select from ${AGENCIES_DUE} where agency = any(${param(agencies)}::text[]) and nullif(due, '')::timestamptz < ${now})`,
        );
      }
    }
    if (filter.endedSince) where.push(`f.closed_at >= ${param(beginningOf(filter.endedSince))}`);
    if (filter.q)
      where.push(
        `(f.number like ${param(`${likePrefix(filter.q.toUpperCase())}%`)} or f.key = ${param(filter.q)})`,
      );
    if (filter.ids) where.push(`f.key = any(${param(filter.ids.split(','))}::text[])`);
    const after = placeOf(filter.cursor);
    if (after)
      where.push(`(${by}.opened_at, ${by}.key) < (${param(after[0])}::timestamptz, ${param(after[1])})`);
    const rows: {
      key: string;
      number: string;
      status: string;
      opened_at: Date;
      closed_at: Date | null;
      agencies: string[] | null;
      overdue_at: Date | null;
      escalations: number;
    }[] = await this.messaging.dataSource.query(
      `select f.key, number, f.status, f.opened_at, closed_at, agencies, overdue_at,
         (select count(*)::int from escalation e where e.case_id = f.key and e.status <> 'resolved') as escalations
       from ${from} ${where.length > 0 ? `where ${where.join(' and ')}` : ''}
       order by ${by}.opened_at desc, ${by}.key desc limit ${param(limit + 1)}`,
      params,
    );
    const found = page.of(rows, limit, (last) => [last.opened_at.toISOString(), last.key]);
    return {
      next: found.next,
      items: found.items.map((row) => ({
        id: row.key,
        number: row.number,
        status: row.status,
        openedAt: row.opened_at.toISOString(),
        closedAt: row.closed_at?.toISOString() ?? null,
        agencies: [...new Set((row.agencies ?? []).map((agency) => masked(agency, restricted)))],
        overdueAt: row.overdue_at?.toISOString() ?? null,
        escalations: row.escalations,
      })),
    };
  }

  /** One case by id or number, as this caller may see it. Throws problem 404. */
  async get(idOrNumber: string, caller: Caller): Promise<object> {
    const { id, body } = await this.find(idOrNumber);
    const [events, people]: [{ key_seq: string; envelope: string }[], { key: string; body: string }[]] =
      await Promise.all([
        this.messaging.dataSource.query(
          'select key_seq, envelope from event_log where topic = $1 and key = $2 order by key_seq',
          [CASES_TOPIC, id],
        ),
        this.messaging.dataSource.query('select key, body from person where key = $1', [id]),
      ]);
    const document = JSON.parse(body) as CaseDocument;
    const [person] = await this.messaging.read(personStore, people);
    const notes = new Map(person?.notes.map((note) => [note.fact, note]));
    const timeline = events.map(({ key_seq, envelope }) => {
      const { fact: _fact, ...note } = notes.get(Number(key_seq)) ?? { fact: 0 };
      return entryOf(JSON.parse(envelope) as Envelope, note);
    });
    const erased = document.erasedAt === undefined ? {} : { erasedAt: document.erasedAt };
    const { mask, unmaskedUntil } = await this.sights.of(caller, document.state);
    const view = caseView(document.state, this.catalogues.current());
    return { ...mask({ ...view, ...erased, timeline }), unmaskedUntil };
  }

  /**
   * The code of a need by its id in the case, or by its code. A code that is hidden from the caller is unknown to them,
   * whether the case has such a need or not. Throws problem 404 when there is no such case.
   */
  async needOf(idOrNumber: string, need: string, caller: Caller): Promise<string> {
    const { state } = JSON.parse((await this.find(idOrNumber)).body) as CaseDocument;
    if (/^\d{1,3}$/.test(need)) return state.needs[Number(need) - 1]?.code ?? need;
    return masked(need, (await this.sights.of(caller, state)).hidden);
  }

  /** The id of a case by its id or number. Throws problem 404. */
  async idOf(idOrNumber: string): Promise<string> {
    return (await this.find(idOrNumber)).id;
  }

  /** The id of the case that a case, by its id or number, has become by merging; its own when it was not merged. Throws problem 404. */
  async survivorOf(idOrNumber: string): Promise<string> {
    const { id, body } = await this.find(idOrNumber);
    const { mergedInto } = (JSON.parse(body) as CaseDocument).state;
    return mergedInto ? this.survivorOf(mergedInto.id) : id;
  }

  /**
   * How many cases stand where, how many an agency is late with, and what keeps the others waiting; how many have completed
   * since a day in Lima when one is given.
   */
  async summary(since?: string): Promise<object> {
    const query = (sql: string, params: unknown[] = []): Promise<Record<string, string | number>[]> =>
      this.messaging.dataSource.query(sql, params);
    const now = this.messaging.clock.now().toISOString();
    const [statuses, overdue, escalated, escalations, waitingFor, late, completed] = await Promise.all([
      query('select status, count(*)::int as count from case_file group by status'),
      query(`select count(*)::int as count from open_case where overdue_at < $1`, [now]),
      query(`select count(distinct case_id)::int as count from escalation e join open_case o on o.key = e.case_id
             where e.status <> 'resolved'`),
      query(`select reason, group_key as "group", count(distinct case_id)::int as cases from escalation
             where status <> 'resolved' group by reason, group_key order by cases desc, reason limit 50`),
      query(`select agency as what, count(*)::int as cases
             from (select unnest(agencies || awaits) as agency from open_case) as a
             group by agency order by cases desc, agency`),
      query(
        `select agency, count(*)::int as overdue
         from open_case, ${AGENCIES_DUE} where nullif(due, '')::timestamptz < $1
         group by agency order by overdue desc, agency`,
        [now],
      ),
      since === undefined
        ? undefined
        : query(
            `select count(*)::int as count from case_file where closed_at >= $1 and status = 'completed'`,
            [beginningOf(since)],
          ),
    ]);
    const byStatus = Object.fromEntries(statuses.map((row) => [row['status'], Number(row['count'])]));
    const open = (byStatus['open'] ?? 0) + (byStatus['closing'] ?? 0);
    const inEscalation = Number(escalated[0]?.['count'] ?? 0);
    return {
      byStatus,
      open,
      overdue: Number(overdue[0]?.['count'] ?? 0),
      escalated: inEscalation,
      waiting: open - inEscalation,
      escalations: underMaskedGroups(escalations, restrictedCodes(this.catalogues.current())),
      waitingFor,
      late,
      ...(completed && { completedSince: Number(completed[0]?.['count'] ?? 0) }),
    };
  }

  /** Id and stored state of a case by its id or number. Throws problem 404. */
  async find(idOrNumber: string): Promise<{ id: string; body: string }> {
    const rows: { key: string; body: string }[] = await this.messaging.dataSource.query(
      'select key, body from case_file where key = $1 or number = $1',
      [idOrNumber.slice(0, 64)],
    );
    if (!rows[0]) throw problem(404, 'case-not-found', 'There is no case with this id or number.');
    return { id: rows[0].key, body: rows[0].body };
  }
}

/** Groups that a list may not name are counted together. */
function underMaskedGroups(
  rows: readonly Record<string, string | number>[],
  restricted: RestrictedCodes,
): object[] {
  const groups = new Map<string, { reason: string; group: string | null; cases: number }>();
  for (const row of rows) {
    const reason = String(row['reason']);
    const group = maskedGroup(row['group'] === null ? null : String(row['group']), restricted);
    const known = groups.get(`${reason} ${group}`);
    if (known) known.cases += Number(row['cases']);
    else groups.set(`${reason} ${group}`, { reason, group, cases: Number(row['cases']) });
  }
  return [...groups.values()].sort((a, b) => b.cases - a.cases);
}

function entryOf(envelope: Envelope, note: { note?: string; by?: string; channel?: string }): TimelineEntry {
  const { at, actor, cause, ...detail } = envelope.data as { at: string; actor: string; cause: string };
  const type = envelope.type.replace(/^retorno\./, '').replace(/\.v\d+$/, '');
  return { at, actor, type, cause, detail: { ...detail, ...note } };
}

function likePrefix(text: string): string {
  return text.replace(/[\\%_]/g, '\\$&');
}

/** The place in a list ordered by time and id that a cursor stands for; throws problem 400 when it is none. */
export function placeOf(cursor: string | undefined): [at: string, id: string] | undefined {
  const values = page.decode(cursor);
  if (!values) return undefined;
  const [time, id] = values;
  const at = new Date(String(time));
  // The database's years and ours end in different places.
  if (Number.isNaN(at.getTime()) || Math.abs(at.getUTCFullYear()) > 9999 || typeof id !== 'string') {
    throw problem(400, 'bad-cursor', 'cursor must be the `next` of an earlier answer of the same list.');
  }
  return [at.toISOString(), id];
}
