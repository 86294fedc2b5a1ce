/**
 * Cases that this database knows nothing of any more, and that intake has not told again: both were restored from older
 * copies at once. Their agencies still have them, and are the only ones who know whose they are.
 */
import { Body, Controller, Get, HttpCode, Inject, Injectable, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { CASES_TOPIC, requestsTopic } from '@retorno/contracts';
import { Messaging } from '@retorno/messaging';
import { Allow, page, PageQuery, problem, type Page } from '@retorno/service';
import { ReasonBody } from '../cases/case-bodies';
import { CatalogueShelf } from '../casework/catalogues';
import { REFERENCES } from './installation';
import type { Pairwise } from '../casework/pairwise';

/** A case that nobody knows but the agencies that were asked in it. */
interface LostCase {
  readonly caseId: string;
  /** When it was found to be lost, RFC 3339. */
  readonly since: string;
  /** How many facts of it were lost. */
  readonly events: number;
  /** Who was asked: each knows the case by a reference of its own. */
  readonly agencies: readonly { readonly agency: string; readonly caseRef: string }[];
}

/** Lost from its first fact on, and not there again. */
export const LOST_CASES = `from lost l where l.topic = '${CASES_TOPIC}' and l.healed_at is null
  and not exists (select from case_file c where c.key = l.key)`;

@Injectable()
export class LostCases {
  constructor(
    private readonly messaging: Messaging,
    private readonly catalogues: CatalogueShelf,
    @Inject(REFERENCES) private readonly pairwise: Pairwise,
  ) {}

  /** In the order of their ids: the oldest case first. */
  async list(query: PageQuery): Promise<Page<LostCase>> {
    const limit = page.limit(query.limit);
    const [after = ''] = page.decode(query.cursor) ?? [];
    const rows: { key: string; since: Date; events: number }[] = await this.messaging.dataSource.query(
      `select l.key, min(l.found_at) as since, sum(l.to_seq - l.from_seq + 1)::int as events ${LOST_CASES}
       and l.key > $1 group by l.key order by l.key limit $2`,
      [String(after), limit + 1],
    );
    const { items, next } = page.of(rows, limit, (last) => [last.key]);
    const asked = await this.askedIn(items.map(({ key }) => key));
    return {
      next,
      items: items.map(({ key, since, events }) => ({
        caseId: key,
        since: since.toISOString(),
        events,
        agencies: asked
          .filter(({ caseId }) => caseId === key)
          .map(({ agency, caseRef }) => ({ agency, caseRef })),
      })),
    };
  }

  /** Nothing of it is waited for any more. Throws problem 404. */
  async settle(caseId: string): Promise<void> {
    await this.messaging.command([], async ({ tx }) => {
      const known: unknown[] = await tx.query(`select ${LOST_CASES} and l.key = $1 limit 1`, [caseId]);
      if (known.length === 0) throw problem(404, 'lost-case-not-found', 'No case with this id is lost.');
      const asked = await this.askedIn([caseId]);
      for (const key of [caseId, ...asked.map(({ caseRef }) => caseRef)]) await this.messaging.heal(tx, key);
    });
  }

  /** The agencies to whose streams of these cases something was lost: what was sent to them. */
  private async askedIn(
    caseIds: readonly string[],
  ): Promise<{ caseId: string; agency: string; caseRef: string }[]> {
    const agencies = [...this.catalogues.current().keys()].toSorted();
    const pairs = caseIds.flatMap((caseId) =>
      agencies.map((agency) => ({ caseId, agency, caseRef: this.pairwise.refFor(agency, caseId) })),
    );
    const found: { topic: string; key: string }[] = await this.messaging.dataSource.query(
      `select distinct topic, key from lost join unnest($1::text[], $2::text[]) as x(topic, key) using (topic, key)
       where healed_at is null`,
      [pairs.map(({ agency }) => requestsTopic(agency)), pairs.map(({ caseRef }) => caseRef)],
    );
    const lost = new Set(found.map(({ topic, key }) => `${topic} ${key}`));
    return pairs.filter(({ agency, caseRef }) => lost.has(`${requestsTopic(agency)} ${caseRef}`));
  }
}

@ApiTags('cases')
@Controller('cases/lost')
export class LostCasesController {
  constructor(private readonly lostCases: LostCases) {}

  @Get()
  @Allow('operations', 'auditor')
  @ApiOperation({
    summary: 'Cases that were lost by us and by intake at once, with the agencies that were asked in them',
    description:
      'Empty unless both databases were restored: docs/how-to/restore-a-backup.md says what to do.',
  })
  list(@Query() query: PageQuery): Promise<Page<LostCase>> {
    return this.lostCases.list(query);
  }

  @Post(':id/settle')
  @Allow('operations')
  @HttpCode(204)
  @ApiOperation({
    summary: 'Say that nothing of a lost case is waited for any more: its person has a new one',
  })
  settle(@Param('id') id: string, @Body() _why: ReasonBody): Promise<void> {
    return this.lostCases.settle(id);
  }
}
