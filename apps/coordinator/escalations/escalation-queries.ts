/** The list of escalations as operations see it, and whose each one is. */
import { Injectable } from '@nestjs/common';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { ESCALATION_REASONS, subjectOfCase } from '@retorno/contracts';
import { Messaging, type UnitOfWork } from '@retorno/messaging';
import { OptionalText, type Page, page, PageQuery, problem, Text } from '@retorno/service';
import { IsBoolean, IsIn, IsOptional, IsString, MaxLength } from 'class-validator';
import { placeOf } from '../cases/case-page';
import { CatalogueShelf } from '../casework/catalogues';
import { beginningOf, OptionalDay } from '../casework/days';
import { maskOf } from '../masking/mask';
import { maskedGroup, restrictedCodes, type RestrictedCodes } from '../saga/restricted';

/** Begins the id of a group. */
export const GROUP = 'group:';
/** Stands for all that whoever asks has claimed. */
export const MINE = 'mine';
/** Nobody offers it; the agency that does is paused; an agency offers by now what an ended case lacked. */
const KINDS = ['', 'paused:', 'offered:'];
/** All groups whose cause a list may not name. */
const RESTRICTED_GROUP = 'no-provider:restricted';

function restrictedGroups(restricted: RestrictedCodes): string[] {
  return [...restricted].flatMap((code) => KINDS.map((kind) => `no-provider:${kind}${code}`));
}
/** Refusal of what somebody else has claimed. */
export const CLAIMED = 'claimed-by-another';
/** Refusal to hand over what one has not claimed. */
export const NOT_YOURS = 'not-claimed-by-you';

export class EscalationListQuery extends PageQuery {
  @ApiPropertyOptional({ enum: ['open', 'claimed', 'resolved'], description: 'Default: open and claimed' })
  @IsOptional()
  @IsIn(['open', 'claimed', 'resolved'])
  status?: string;

  @ApiPropertyOptional({ enum: ESCALATION_REASONS })
  @IsOptional()
  @IsIn(ESCALATION_REASONS)
  reason?: string;

  @ApiPropertyOptional({ description: 'Case id' })
  @IsOptional()
  @IsString()
  @MaxLength(64)
  case?: string;

  @ApiPropertyOptional({ description: 'Cause that many cases share: no-provider:shelter' })
  @IsOptional()
  @IsString()
  @MaxLength(100)
  group?: string;

  @ApiPropertyOptional({ description: 'true: one row for all cases with one cause' })
  @IsOptional()
  @IsIn(['true', 'false'])
  grouped?: 'true' | 'false';

  @ApiPropertyOptional({ enum: ['mine', 'none'], description: 'mine: taken by who asks; none: by nobody' })
  @IsOptional()
  @IsIn(['mine', 'none'])
  owner?: 'mine' | 'none';

  @OptionalDay('Resolved')
  resolvedSince?: string;
}

export class ReleaseBody {
  /** What was done and what is left, for whoever takes it next. */
  @Text(500)
  note!: string;
}

export class ClaimBody {
  @OptionalText(500)
  note?: string;

  @ApiPropertyOptional({ description: 'true: also what somebody else has claimed' })
  @IsOptional()
  @IsBoolean()
  takeOver?: boolean;
}

interface EscalationRow {
  id: string;
  case_id: string;
  case_number: string;
  reason: string;
  group_key: string | null;
  referral_id: string | null;
  detail: string;
  status: string;
  raised_at: Date;
  due_at: Date;
  resolved_at: Date | null;
  resolution: string | null;
  owner: string | null;
  note: string | null;
  /** How many cases the row stands for. */
  group_cases: number;
}

@Injectable()
export class EscalationQueries {
  constructor(
    private readonly messaging: Messaging,
    private readonly catalogues: CatalogueShelf,
  ) {}

  /** Escalations by due time. Those of many cases with one cause (`group`) come as one row when `grouped`. */
  async list(query: EscalationListQuery, asker: string): Promise<Page<object>> {
    const limit = page.limit(query.limit);
    const params: unknown[] = [];
    const param = (value: unknown): string => `$${params.push(value)}`;
    const status = query.status ?? (query.resolvedSince ? 'resolved' : undefined);
    const where = [status === undefined ? `e.status <> 'resolved'` : `e.status = ${param(status)}`];
    if (query.resolvedSince) where.push(`e.resolved_at >= ${param(beginningOf(query.resolvedSince))}`);
    if (query.reason) where.push(`e.reason = ${param(query.reason)}`);
    if (query.case) where.push(`e.case_id = ${param(query.case)}`);
    const restricted = restrictedCodes(this.catalogues.current());
    if (query.group)
      where.push(`e.group_key = any(${param(groupsShownAs(query.group, restricted))}::text[])`);
    if (query.owner === 'mine') where.push(`o.owner = ${param(asker)}`);
    if (query.owner === 'none') where.push('o.owner is null');
    const grouped = query.grouped === 'true';
    const after = placeOf(query.cursor);
    const behind = after ? `(due_at, id) > (${param(after[0])}::timestamptz, ${param(after[1])})` : 'true';
    const most = param(limit + 1);
    const those = (...more: string[]): string => `select e.*, o.owner, o.note from escalation e
      left join escalation_owner o on o.escalation_id = e.id where ${[...where, ...more].join(' and ')}`;
    const pageOf = (rows: string): string =>
      `select * from (${rows}) as listed where ${behind} order by due_at, id limit ${most}`;
    const alone = (...more: string[]): string =>
      pageOf(`select i.*, 1 as group_cases from (${those(...more)}) as i`);
    const sql = grouped
      ? pageOf(`(${alone('e.group_key is null')}) union all ${groupsOf(those, shownAs(restricted, param))}`)
      : alone();
    const found: EscalationRow[] = await this.messaging.dataSource.query(sql, params);
    const listed = page.of(found, limit, (last) => [last.due_at.toISOString(), last.id]);
    const notes = await this.notesOf(
      listed.items.map(({ id, case_id: caseId, note }) => ({ id, caseId, note })),
    );
    return {
      next: listed.next,
      items: listed.items.map((row, i) => ({ ...itemOf(row, grouped, restricted), note: notes[i] })),
    };
  }

  /** What they noted who took them; gone with the case's personal data. */
  async notesOf(rows: readonly Pick<Behind, 'id' | 'caseId' | 'note'>[]): Promise<(string | null)[]> {
    const keyring = this.messaging.keyring();
    await keyring.fetch(rows.filter((row) => row.note).map((row) => subjectOfCase(row.caseId)));
    return rows.map(({ id, caseId, note }) =>
      note === null ? null : (keyring.open(subjectOfCase(caseId), note, placeOfNote(id)) ?? null),
    );
  }

  private groupsBehind(group: string): string[] {
    return group === RESTRICTED_GROUP
      ? restrictedGroups(restrictedCodes(this.catalogues.current()))
      : [group];
  }

  /** The escalations behind an id: one, all open ones of a group, or all of `asker` (`mine`). Throws problem 404. */
  async behind(id: string, asker?: string): Promise<Behind[]> {
    const byGroup = id.startsWith(GROUP);
    const ofAsker = id === MINE && asker !== undefined;
    const rows: Behind[] = await this.messaging.dataSource.query(
      `select e.id, e.case_id as "caseId", o.owner, o.note
       from escalation e left join escalation_owner o on o.escalation_id = e.id
       where ${byGroup ? `e.group_key = any($1) and e.status <> 'resolved'` : ofAsker ? `o.owner = $1 and e.status <> 'resolved'` : 'e.id = $1'}
       order by e.case_id, e.id`,
      [byGroup ? this.groupsBehind(id.slice(GROUP.length)) : ofAsker ? asker : id],
    );
    if (rows.length === 0)
      throw problem(404, 'escalation-not-found', 'There is no open escalation with this id.');
    return rows;
  }

  /**
   * Writes down whose it is, while its case is locked; a note stays until the next one, whoever takes it over. Throws
   * problem 409 when it is somebody else's.
   */
  async own(
    unit: UnitOfWork,
    { id, caseId }: Pick<Behind, 'id' | 'caseId'>,
    by: string,
    { note, takeOver }: ClaimBody,
  ): Promise<void> {
    const sealed = note === undefined ? null : await sealedNote(unit, { id, caseId }, note);
    const taken: unknown[] = await unit.tx.query(
      `insert into escalation_owner as o (escalation_id, owner, note, claimed_at) values ($1, $2, $3, $4)
       on conflict (escalation_id) do update
       set owner = excluded.owner, note = coalesce(excluded.note, o.note), claimed_at = excluded.claimed_at
       where o.owner is null or o.owner = excluded.owner or $5
       returning escalation_id`,
      [id, by, sealed, unit.now.toISOString(), takeOver === true],
    );
    if (taken.length > 0) return;
    throw problem(
      409,
      CLAIMED,
      'Somebody else has claimed this escalation: claim it with takeOver: true to take it over.',
    );
  }

  /** Makes it nobody's again, while its case is locked; the note is for whoever takes it next. Throws problem 409 when it is not `by`'s. */
  async disown(
    unit: UnitOfWork,
    escalation: Pick<Behind, 'id' | 'caseId'>,
    by: string,
    note: string,
  ): Promise<void> {
    const left: unknown[] = await unit.tx.query(
      `update escalation_owner set owner = null, note = $3 where escalation_id = $1 and owner = $2 returning escalation_id`,
      [escalation.id, by, await sealedNote(unit, escalation, note)],
    );
    if ((left[1] as number) > 0) return;
    throw problem(409, NOT_YOURS, 'Only whoever has claimed an escalation can hand it over.');
  }
}

async function sealedNote(
  unit: UnitOfWork,
  { id, caseId }: Pick<Behind, 'id' | 'caseId'>,
  note: string,
): Promise<string> {
  await unit.keyring.fetchOrMake([subjectOfCase(caseId)]);
  return unit.keyring.seal(subjectOfCase(caseId), note, placeOfNote(id));
}

/** Where the seal of a note belongs. */
function placeOfNote(escalationId: string): string {
  return `coordinator|escalation|${escalationId}`;
}

/** The groups that a list shows under this name: none under the name of one that it does not tell. */
function groupsShownAs(group: string, restricted: RestrictedCodes): string[] {
  const untold = restrictedGroups(restricted);
  if (group === RESTRICTED_GROUP) return untold;
  return untold.includes(group) ? [] : [group];
}

/** The name under which a list shows a group: those that may not be named are one, since apart their counts would tell them apart. */
function shownAs(restricted: RestrictedCodes, param: (value: unknown) => string): string {
  const untold = param(restrictedGroups(restricted));
  return `case when group_key = any(${untold}::text[]) then '${RESTRICTED_GROUP}' else group_key end`;
}

/**
 * A row for each group as a list shows it: the first one due, and how many it stands for. Of the others only the index is
 * read: all of them, sorted, took 94 ms with 50,000.
 */
function groupsOf(those: (...more: string[]) => string, shown: string): string {
  return `(select distinct on (shown) first.*, (sum(cases) over (partition by shown))::int as group_cases
    from (select group_key, count(*) as cases, ${shown} as shown
          from (${those('e.group_key is not null')}) as i group by group_key) as g
      cross join lateral (${those('e.group_key = g.group_key')} order by e.due_at, e.id limit 1) as first
    order by shown, due_at, id)`;
}

/** One escalation behind an id, and whose it is. */
export interface Behind {
  id: string;
  caseId: string;
  owner: string | null;
  /** Sealed. */
  note: string | null;
}

function itemOf(row: EscalationRow, grouped: boolean, restricted: RestrictedCodes): object {
  const isUntold = row.group_key !== null && restrictedGroups(restricted).includes(row.group_key);
  const group = isUntold ? RESTRICTED_GROUP : maskedGroup(row.group_key, restricted);
  return {
    id: grouped && group !== null ? `${GROUP}${group}` : row.id,
    reason: row.reason,
    group,
    status: row.status,
    caseId: row.case_id,
    caseNumber: row.case_number,
    cases: row.group_cases,
    referralId: row.referral_id,
    detail: maskOf(restricted)(JSON.parse(row.detail) as Record<string, string>),
    raisedAt: row.raised_at.toISOString(),
    dueAt: row.due_at.toISOString(),
    owner: row.owner,
    resolvedAt: row.resolved_at?.toISOString() ?? null,
    resolution: row.resolution,
  };
}
