import { Controller, Get, Injectable, Param, Query } from '@nestjs/common';
import { ApiOperation, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { MASK } from '@retorno/contracts';
import { Messaging } from '@retorno/messaging';
import { Allow, AllowKnown, page, type Page, PageQuery, problem, Who, type Caller } from '@retorno/service';
import { IsISO8601, IsOptional, Matches } from 'class-validator';
import { agreementOf } from '../casework/agreement';
import { placeOf } from '../cases/case-page';
import { CaseQueries } from '../cases/case-queries';
import { CatalogueShelf } from '../casework/catalogues';
import { maskOf } from '../masking/mask';
import { Sights } from '../masking/sights';
import { restrictedCodes } from '../saga/restricted';
import type { CaseDocument } from '../casework/stores';
import type { Disclosure } from './entry';
import { ENTRY_COLUMNS, entryOf, type EntryRow } from './ledger.store';

class DisclosureQuery extends PageQuery {
  @ApiPropertyOptional({ description: 'Slug of the agency that was told' })
  @IsOptional()
  @Matches(/^[a-z][a-z0-9-]{0,62}$/, { message: 'agency must be the slug of an agency' })
  agency?: string;

  @ApiPropertyOptional({ description: 'From this instant on, RFC 3339' })
  @IsOptional()
  @IsISO8601({ strict: true }, { message: 'from must be an RFC 3339 instant: 2026-11-20T00:00:00Z' })
  from?: string;

  @ApiPropertyOptional({ description: 'Before this instant, RFC 3339' })
  @IsOptional()
  @IsISO8601({ strict: true }, { message: 'to must be an RFC 3339 instant: 2026-11-21T00:00:00Z' })
  to?: string;
}

/** A transmission as lists show it; the field names are those of the information-sharing agreement. */
interface DisclosureView extends Omit<Disclosure, 'absent'> {
  readonly caseId: string;
  /** The fields that were known, and so were sent. */
  readonly sent: readonly string[];
}

@Injectable()
export class DisclosureQueries {
  constructor(
    private readonly messaging: Messaging,
    private readonly catalogues: CatalogueShelf,
  ) {}

  /** What was told of one case, newest first. */
  async ofCase(caseId: string, query: PageQuery): Promise<Page<DisclosureView>> {
    const limit = page.limit(query.limit);
    const [before] = page.decode(query.cursor) ?? [2 ** 31 - 1];
    if (!Number.isInteger(before)) {
      throw problem(400, 'bad-cursor', 'cursor must be the `next` of an earlier answer of the same list.');
    }
    const rows: EntryRow[] = await this.messaging.dataSource.query(
      `select ${ENTRY_COLUMNS} from disclosure where case_id = $1 and place < $2 order by place desc limit $3`,
      [caseId, before, limit + 1],
    );
    const found = page.of(rows, limit, (last) => [last.place]);
    return { next: found.next, items: found.items.map((row) => viewOf(row)) };
  }

  /**
   * What was told to one agency, or to all, newest first. Like every list it does not name services that say what a
   * returnee suffered.
   */
  async list(query: DisclosureQuery): Promise<Page<DisclosureView>> {
    const limit = page.limit(query.limit);
    const [at, id] = placeOf(query.cursor) ?? [null, null];
    const restricted = restrictedCodes(this.catalogues.current());
    const rows: EntryRow[] = await this.messaging.dataSource.query(
      // A look-up per agency, each of the newest few: no order over all rows is needed.
      `select ${ENTRY_COLUMNS} from (select key from catalogue where $1::text[] is null or key = any($1)) as c(told)
       cross join lateral (
         select * from disclosure
         where agency = told and at >= coalesce($2::timestamptz, '-infinity')
           and at < coalesce($3::timestamptz, 'infinity')
           and (at, id) < (coalesce($4::timestamptz, 'infinity'), coalesce($5::bigint, 9223372036854775807))
         order by at desc, id desc limit $6) as d
       order by at desc, id desc limit $6`,
      [
        query.agency === undefined ? null : query.agency === MASK ? [...restricted] : [query.agency],
        query.from ?? null,
        query.to ?? null,
        at,
        id === null ? null : idOf(id),
        limit + 1,
      ],
    );
    const found = page.of(rows, limit, (last) => [last.at.toISOString(), last.id]);
    // Who may ask for an agency by name is shown it.
    const mask = maskOf(query.agency === undefined || query.agency === MASK ? restricted : new Set());
    return { next: found.next, items: found.items.map((row) => mask(viewOf(row))) };
  }
}

@ApiTags('disclosures')
@Controller()
export class DisclosuresController {
  constructor(
    private readonly disclosures: DisclosureQueries,
    private readonly cases: CaseQueries,
    private readonly catalogues: CatalogueShelf,
    private readonly sights: Sights,
  ) {}

  @Get('cases/:id/disclosures')
  @Allow('operations', 'auditor', 'portal')
  @ApiOperation({ summary: 'Who was told what of this case, why and when; newest first' })
  async ofCase(
    @Param('id') idOrNumber: string,
    @Query() query: PageQuery,
    @Who() caller: Caller,
  ): Promise<object> {
    const { id, body } = await this.cases.find(idOrNumber);
    const { mask } = await this.sights.of(caller, (JSON.parse(body) as CaseDocument).state);
    return mask(await this.disclosures.ofCase(id, query));
  }

  @Get('disclosures')
  @Allow('operations', 'auditor')
  @ApiOperation({ summary: 'What was told to an agency, or to all, in a time; newest first' })
  list(@Query() query: DisclosureQuery, @Who() caller: Caller): Promise<object> {
    this.sights.mustSee(caller, query.agency);
    return this.disclosures.list(query);
  }

  @Get('agreement')
  @AllowKnown()
  @ApiOperation({
    summary: 'The information-sharing agreement: what each agency sees, what for, by what right',
  })
  agreement(@Query() query: PageQuery): object {
    const limit = page.limit(query.limit);
    const after = String(page.decode(query.cursor)?.[0] ?? '');
    const rows = [...this.catalogues.current().values()]
      .filter((catalogue) => catalogue.agency > after)
      .sort((a, b) => (a.agency < b.agency ? -1 : 1))
      .map(agreementOf);
    return page.of(rows.slice(0, limit + 1), limit, (last) => [last.agency]);
  }
}

function viewOf(row: EntryRow): DisclosureView {
  const { absent, place: _place, hash: _hash, ...entry } = entryOf(row);
  const unknown: readonly string[] = absent;
  return { ...entry, sent: entry.fields.filter((field) => !unknown.includes(field)) };
}

function idOf(text: string): string {
  if (/^\d{1,18}$/.test(text)) return text;
  throw problem(400, 'bad-cursor', 'cursor must be the `next` of an earlier answer of the same list.');
}
