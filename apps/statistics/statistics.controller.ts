import { Controller, Get, Headers, Query, Res } from '@nestjs/common';
import { ApiOperation, ApiProduces, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { Allow, csvOf, problem } from '@retorno/service';
import { IsIn, IsOptional, Matches } from 'class-validator';
import type { Response } from 'express';
import { DIMENSIONS, POPULATION, type Dimension } from './dimensions';
import { definitionsOf, fieldsOf, GROUPS, type Group, type Words } from './figures';
import { FOLLOW_UP_DIMENSIONS, FOLLOW_UP_GROUPS, WAVE } from './follow-up-figures';
import type { Years } from './counting';
import { ALL_DEFINITIONS, ABOUT } from './definitions';
import { TOTAL, type Item } from './published';
import { StatisticsQueries, type PublishedTable } from './statistics-queries';
import { SMALLEST_CELL } from './suppress';

const NAMES = [...DIMENSIONS.keys()];
const YEAR = /^\d{4}$/;

class StatisticsQuery {
  @ApiPropertyOptional({
    description: `One or two of ${NAMES.join(', ')}; two as sex,region`,
    default: POPULATION,
  })
  @IsOptional()
  @Matches(/^[a-z-]+(,[a-z-]+)?$/, { message: `by must be one or two of ${NAMES.join(', ')}: sex,region` })
  by?: string;

  @ApiPropertyOptional({ description: 'First year of arrival, 2026' })
  @IsOptional()
  @Matches(YEAR, { message: 'from must be a year: 2026' })
  from?: string;

  @ApiPropertyOptional({ description: 'Last year of arrival, 2026' })
  @IsOptional()
  @Matches(YEAR, { message: 'to must be a year: 2026' })
  to?: string;

  @ApiPropertyOptional({ enum: ['json', 'csv'] })
  @IsOptional()
  @IsIn(['json', 'csv'])
  format?: 'json' | 'csv';
}

@ApiTags('statistics')
@Controller('statistics')
export class StatisticsController {
  constructor(private readonly queries: StatisticsQueries) {}

  @Get()
  @Allow('statistics', 'operations', 'auditor')
  @ApiOperation({
    summary:
      'Cases, needs, referrals and times by one dimension, or two crossed; what would identify somebody is null',
  })
  @ApiProduces('application/json', 'text/csv')
  async table(
    @Query() query: StatisticsQuery,
    @Headers('accept') accept: string | undefined,
    @Res({ passthrough: true }) response: Response,
  ): Promise<object | string> {
    const [rows, columns] = dimensionsOf(query.by ?? POPULATION);
    const asked = yearsOf(query);
    const table = await this.queries.table(rows, columns, asked);
    return answer({ ...table, rows, columns, groups: GROUPS, asked }, isCsv(query, accept), response);
  }

  @Get('follow-ups')
  @Allow('statistics', 'operations', 'auditor')
  @ApiOperation({
    summary: 'How returnees fare 1, 3 and 6 months after the arrival, by wave and one dimension',
  })
  @ApiProduces('application/json', 'text/csv')
  async followUps(
    @Query() query: StatisticsQuery,
    @Headers('accept') accept: string | undefined,
    @Res({ passthrough: true }) response: Response,
  ): Promise<object | string> {
    const columns = FOLLOW_UP_DIMENSIONS.get(query.by ?? 'needs-met');
    if (!columns) {
      const names = [...FOLLOW_UP_DIMENSIONS.keys()].join(', ');
      throw problem(422, 'unknown-dimension', `by must be one of ${names}.`);
    }
    const asked = yearsOf(query);
    const table = await this.queries.followUps(columns, asked);
    const followUps = { ...table, rows: WAVE, columns, groups: FOLLOW_UP_GROUPS, asked };
    return answer(followUps, isCsv(query, accept), response);
  }

  @Get('definitions')
  @Allow('statistics', 'operations', 'auditor')
  @ApiOperation({ summary: 'What every header of every table means, as CSV' })
  @ApiProduces('text/csv')
  definitions(@Res({ passthrough: true }) response: Response): string {
    response.type('text/csv; charset=utf-8');
    const rows = Object.entries(ALL_DEFINITIONS).map(([field, { es, en }]) => [field, es, en]);
    return csvOf(['field', 'es', 'en'], rows);
  }

  @Get('summary')
  @Allow('statistics', 'operations', 'auditor')
  @ApiOperation({ summary: 'For a page: totals, arrivals by month, and why needs stay unmet most often' })
  async summary(): Promise<object> {
    const months = await this.queries.table(DIMENSIONS.get('month')!, DIMENSIONS.get(POPULATION)!, {});
    const totals = months.items.find((item) => item.row === TOTAL && item.column === TOTAL)?.figures ?? {};
    const trend = months.items
      .filter((item) => item.row !== TOTAL && item.column === TOTAL)
      .map(({ row, figures }) => ({ month: row, ...figures }));
    const unmetReasons = Object.entries(totals)
      .filter(([name, needs]) => /^unmet[A-Z]/.test(name) && needs !== null && needs > 0)
      .map(([name, needs]) => ({ name, needs: Number(needs) }))
      .sort((a, b) => b.needs - a.needs);
    return {
      asOf: months.asOf,
      years: months.years,
      hiddenBelow: SMALLEST_CELL,
      totals,
      trend,
      unmetReasons,
      definitions: definitionsOf(GROUPS),
    };
  }
}

/** One dimension is crossed with the population, so that return migrants stand apart. */
function dimensionsOf(by: string): [Dimension, Dimension] {
  const [first, second = first === POPULATION ? 'return-type' : POPULATION] = by.split(',');
  const rows = DIMENSIONS.get(first!);
  const columns = DIMENSIONS.get(second);
  if (!rows || !columns || rows === columns) {
    throw problem(422, 'unknown-dimension', `by must be one or two different ones of ${NAMES.join(', ')}.`);
  }
  if (rows.agencyRows && columns.agencyRows) {
    throw problem(
      422,
      'unknown-dimension',
      'by must not be both agency and service: a service names its agency.',
    );
  }
  return [rows, columns];
}

function yearsOf({ from, to }: StatisticsQuery): Years {
  if (from && to && from > to) throw problem(422, 'bad-period', 'from must not be later than to.');
  return { ...(from ? { from: Number(from) } : {}), ...(to ? { to: Number(to) } : {}) };
}

interface Answered extends PublishedTable {
  readonly rows: Dimension;
  readonly columns: Dimension;
  readonly groups: readonly Group[];
  readonly asked: Years;
}

function isCsv({ format }: StatisticsQuery, accept: string | undefined): boolean {
  return format === 'csv' || (format === undefined && accept?.includes('text/csv') === true);
}

function answer(table: Answered, asCsv: boolean, response: Response): object | string {
  const { asOf, years, items, rows, columns, groups, asked } = table;
  const named = items.map((item) => withNames(item, rows, columns));
  if (asCsv) {
    response.type('text/csv; charset=utf-8');
    // What the headers mean, in a table of its own: a line of explanation would be taken for figures.
    response.setHeader('link', '</statistics/definitions>; rel="describedby"; type="text/csv"');
    const header = [rows.name, columns.name, ...fieldsOf(groups)];
    return csvOf(
      [...header, 'years', 'asOf'],
      named.map((item) => [...header.map((field) => item[field] ?? null), years.join(' '), asOf]),
    );
  }
  const words: Record<string, Words> = { [rows.name]: rows.words, [columns.name]: columns.words };
  return {
    by: [rows.name, columns.name],
    ...asked,
    years,
    asOf,
    hiddenBelow: SMALLEST_CELL,
    items: named,
    next: null,
    definitions: { ...words, ...definitionsOf(groups), ...ABOUT },
  };
}

function withNames(item: Item, rows: Dimension, columns: Dimension): Record<string, string | number | null> {
  return { [rows.name]: item.row, [columns.name]: item.column, ...item.figures };
}
