import { Body, Controller, Get, HttpCode, Inject, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiPropertyOptional, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Clock } from '@retorno/messaging';
import {
  Allow,
  CLOCK,
  invalidFields,
  OptionalText,
  page,
  PageQuery,
  problem,
  Who,
  type Caller,
  type Page,
} from '@retorno/service';
import { IsOptional, Matches } from 'class-validator';
import { DataSource } from 'typeorm';
import { PEPPER } from '../duplicates/duplicates';
import { problemSchema } from '../returnees/openapi';
import { conditionsOf, findCases, MOST_FOUND, type FoundCase } from './search';

class SearchBody {
  @OptionalText(200)
  names?: string;

  @ApiPropertyOptional({ format: 'date' })
  @IsOptional()
  @Matches(/^\d{4}-\d{2}-\d{2}$/, { message: 'born must be a date: 1990-06-15' })
  born?: string;

  @OptionalText(40)
  document?: string;
}

interface SearchMade {
  seq: string;
  at: Date;
  by_name: string;
  fields: string[];
  found: number;
}

/** Looking for a person, which is written down: who looked, when, and by what, but not for whom. */
@ApiTags('intake')
@Controller('intake/searches')
export class SearchController {
  constructor(
    private readonly dataSource: DataSource,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(PEPPER) private readonly pepper: Buffer,
  ) {}

  @Post()
  @Allow('operations')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Find the case of a person',
    description:
      'By the number of a document, by a first name and the surnames, or by some of the names and the date of birth. ' +
      'Accents, order and spelling of names do not matter. Every search is written down without what was looked for.',
  })
  @ApiResponse({
    status: 422,
    description: 'The question fits too many to be about one person',
    schema: problemSchema,
  })
  async search(
    @Body() body: SearchBody,
    @Who() caller: Caller,
  ): Promise<{ items: FoundCase[]; more: boolean }> {
    const conditions = conditionsOf(body, this.pepper);
    if (conditions.length === 0) {
      const detail =
        'a first name with the surnames, or one of the names with born, or document must be given';
      throw invalidFields([{ pointer: '/names', code: 'too-little', detail }]);
    }
    return this.dataSource.transaction(async (tx) => {
      const found = await findCases(tx, conditions);
      const items = found.slice(0, MOST_FOUND);
      const fields = (['names', 'born', 'document'] as const).filter((name) => body[name] !== undefined);
      await tx.query(
        'insert into person_search (at, by_subject, by_name, fields, found) values ($1, $2, $3, $4, $5)',
        [this.clock.now(), caller.subject, caller.name, fields, items.length],
      );
      return { items, more: found.length > MOST_FOUND };
    });
  }

  @Get()
  @Allow('auditor')
  @ApiOperation({
    summary: 'Who looked for somebody, by what, and how many cases they were shown; newest first',
  })
  async made(@Query() { cursor, limit: rawLimit }: PageQuery): Promise<Page<object>> {
    const limit = page.limit(rawLimit);
    const after = page.decode(cursor)?.[0] ?? null;
    if (after !== null && !/^\d{1,18}$/.test(String(after))) {
      throw problem(400, 'bad-cursor', 'cursor must be the `next` of an earlier answer of the same list.');
    }
    const rows: SearchMade[] = await this.dataSource.query(
      `select seq, at, by_name, fields, found from person_search
       where $1::bigint is null or seq < $1 order by seq desc limit $2`,
      [after, limit + 1],
    );
    const { items, next } = page.of(rows, limit, (last) => [last.seq]);
    return {
      items: items.map(({ at, by_name: by, fields, found }) => ({ at: at.toISOString(), by, fields, found })),
      next,
    };
  }
}
