import { Controller, Get, Headers, Query, Res } from '@nestjs/common';
import { ApiOperation, ApiProduces, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { Allow, problem } from '@retorno/service';
import { IsIn, IsOptional, Matches } from 'class-validator';
import type { Response } from 'express';
import { csvOf } from './csv';
import { DIMENSIONS, POPULATION, type Dimension } from './dimensions';
import { definitionsOf, fieldsOf, GROUPS, type Group, type Words } from './figures';
import { FOLLOW_UP_DIMENSIONS, FOLLOW_UP_GROUPS, WAVE } from './follow-up-figures';
import { TOTAL, type Item } from './published';
import { StatisticsQueries, type Period } from './statistics-queries';
import { SMALLEST_CELL } from './suppress';

const NAMES = [...DIMENSIONS.keys()];
const MONTH = /^\d{4}-(0[1-9]|1[0-2])$/;

class StatisticsQuery {
  @ApiPropertyOptional({
    description: `One or two of ${NAMES.join(', ')}; two as sex,region`,
    default: POPULATION,
  })
  @IsOptional()
  @Matches(/^[a-z-]+(,[a-z-]+)?$/, { message: `by must be one or two of ${NAMES.join(', ')}: sex,region` })
  by?: string;

  @ApiPropertyOptional({ description: 'First month of arrival, 2026-01' })
  @IsOptional()
  @Matches(MONTH, { message: 'from must be a month: 2026-01' })
  from?: string;

  @ApiPropertyOptional({ description: 'Last month of arrival, 2026-12' })
  @IsOptional()
  @Matches(MONTH, { message: 'to must be a month: 2026-12' })
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
    const period = periodOf(query);
    const { asOf, items } = await this.queries.table(rows, columns, period);
    return answer({ asOf, items, rows, columns, groups: GROUPS, period }, isCsv(query, accept), response);
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
    const period = periodOf(query);
    const { asOf, items } = await this.queries.followUps(columns, period);
    const table = { asOf, items, rows: WAVE, columns, groups: FOLLOW_UP_GROUPS, period };
    return answer(table, isCsv(query, accept), response);
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
  return [rows, columns];
}

function periodOf({ from, to }: StatisticsQuery): Period {
  if (from && to && from > to) throw problem(422, 'bad-period', 'from must not be later than to.');
  return { ...(from ? { from } : {}), ...(to ? { to } : {}) };
}

interface Answered {
  readonly asOf: string;
  readonly items: readonly Item[];
  readonly rows: Dimension;
  readonly columns: Dimension;
  readonly groups: readonly Group[];
  readonly period: Period;
}

function isCsv({ format }: StatisticsQuery, accept: string | undefined): boolean {
  return format === 'csv' || (format === undefined && accept?.includes('text/csv') === true);
}

function answer(table: Answered, asCsv: boolean, response: Response): object | string {
  const { asOf, items, rows, columns, groups, period } = table;
  const named = items.map((item) => withNames(item, rows, columns));
  if (asCsv) {
    response.type('text/csv; charset=utf-8');
    const header = [rows.name, columns.name, ...fieldsOf(groups)];
    return csvOf(
      header,
      named.map((item) => header.map((field) => item[field] ?? null)),
    );
  }
  const words: Record<string, Words> = { [rows.name]: rows.words, [columns.name]: columns.words };
  return {
    by: [rows.name, columns.name],
    ...period,
    asOf,
    hiddenBelow: SMALLEST_CELL,
    items: named,
    next: null,
    definitions: { ...words, ...definitionsOf(groups) },
  };
}

function withNames(item: Item, rows: Dimension, columns: Dimension): Record<string, string | number | null> {
  return { [rows.name]: item.row, [columns.name]: item.column, ...item.figures };
}
