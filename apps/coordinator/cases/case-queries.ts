/** What lists and single cases read. */
import { Injectable } from '@nestjs/common';
import { CASES_TOPIC, MASK, type Envelope } from '@retorno/contracts';
import { Messaging } from '@retorno/messaging';
import { page, problem, type Caller, type Page } from '@retorno/service';
import { personStore, type CaseDocument } from '../casework/stores';
import { CatalogueShelf } from '../casework/catalogues';
import { beginningOf } from '../casework/days';
import { CaseCounting, type CaseCounts } from './case-counts';
import { casePage, type PageFilter } from './case-page';
import { Sights } from '../masking/sights';
import { masked, maskedGroup, restrictedCodes, type RestrictedCodes } from '../saga/restricted';
import { caseView } from './view';

/** Which cases to list. */
export interface CaseFilter extends Omit<PageFilter, 'agencies'> {
  agency?: string;
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
    private readonly counting: CaseCounting,
  ) {}

  /** Cases, newest first; by number, highest first, when the beginning of one is sought. `overdue`: an agency is late with an answer now. */
  async list({ agency, ...filter }: CaseFilter, caller: Caller): Promise<Page<CaseListItem>> {
    this.sights.mustSee(caller, agency);
    const restricted = restrictedCodes(this.catalogues.current());
    // Those that are not named are asked for together.
    const agencies = agency === MASK ? [...restricted] : agency ? [agency] : undefined;
    const limit = page.limit(filter.limit);
    const asked = { ...filter, ...(agencies && { agencies }) };
    const { sql, params, order, placeOf } = casePage(asked, this.messaging.clock.now(), limit + 1);
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
      `select p.key, p.number, f.status, p.opened_at, closed_at, agencies, overdue_at,
         (select count(*)::int from escalation e where e.case_id = p.key and e.status <> 'resolved') as escalations
       from (${sql}) as p join case_file f on f.key = p.key left join open_case o on o.key = p.key
       order by ${order}`,
      [...params],
    );
    const found = page.of(rows, limit, placeOf);
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
    const [counts, completed] = await Promise.all([
      this.counting.counts(),
      since === undefined ? undefined : this.completedSince(since),
    ]);
    const { countedAt, byStatus, open, overdue, escalated, causes, waitingFor, late } = counts;
    return {
      countedAt,
      byStatus,
      open,
      overdue,
      escalated,
      waiting: open - escalated,
      escalations: underMaskedGroups(causes, restrictedCodes(this.catalogues.current())),
      waitingFor,
      late,
      ...(completed !== undefined && { completedSince: completed }),
    };
  }

  private async completedSince(day: string): Promise<number> {
    const rows: { count: number }[] = await this.messaging.dataSource.query(
      `select count(*)::int as count from case_file where closed_at >= $1 and status = 'completed'`,
      [beginningOf(day)],
    );
    return rows[0]!.count;
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
function underMaskedGroups(causes: CaseCounts['causes'], restricted: RestrictedCodes): object[] {
  const groups = new Map<string, { reason: string; group: string | null; cases: number }>();
  for (const { reason, group: key, cases } of causes) {
    const group = maskedGroup(key, restricted);
    const known = groups.get(`${reason} ${group}`);
    if (known) known.cases += cases;
    else groups.set(`${reason} ${group}`, { reason, group, cases });
  }
  return [...groups.values()].sort((a, b) => b.cases - a.cases);
}

function entryOf(envelope: Envelope, note: { note?: string; by?: string; channel?: string }): TimelineEntry {
  const { at, actor, cause, ...detail } = envelope.data as { at: string; actor: string; cause: string };
  const type = envelope.type.replace(/^retorno\./, '').replace(/\.v\d+$/, '');
  return { at, actor, type, cause, detail: { ...detail, ...note } };
}
