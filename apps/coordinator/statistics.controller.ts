import { Controller, Get, Query } from '@nestjs/common';
import { ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import { Messaging } from '@retorno/messaging';
import { problem } from '@retorno/service';
import { SMALLEST_CELL, suppress, type Cell } from './statistics';

/** What cases can be broken down by: SQL over a case's document `c`, one or several values a case. */
const DIMENSIONS: Record<string, string> = {
  sex: `array[profile->>'sex']`,
  'age-group': `array[case when (profile->>'age')::int < 5 then '0-4' when (profile->>'age')::int < 12 then '5-11'
    when (profile->>'age')::int < 18 then '12-17' when (profile->>'age')::int < 30 then '18-29'
    when (profile->>'age')::int < 60 then '30-59' else '60+' end]`,
  'origin-country': `array[profile->>'originCountry']`,
  nationality: `array[profile->>'nationality']`,
  'return-type': `array[profile->>'returnType']`,
  region: `array[profile->>'region']`,
  vulnerability: `array(select jsonb_array_elements_text(profile->'vulnerabilities'))`,
  disability: `array[case when profile->'vulnerabilities' ? 'disability' then 'yes' else 'no' end]`,
  agency: `array(select distinct r->>'agency' from jsonb_array_elements(state->'referrals') as r)`,
  month: `array[to_char(opened_at at time zone 'America/Lima', 'YYYY-MM')]`,
};

@ApiTags('statistics')
@Controller('statistics')
export class StatisticsController {
  constructor(private readonly messaging: Messaging) {}

  @Get()
  @ApiOperation({ summary: 'Cases, needs and outcomes by one dimension; cells under five are null' })
  @ApiQuery({ name: 'by', enum: Object.keys(DIMENSIONS) })
  async by(@Query('by') by = 'return-type'): Promise<object> {
    const values = Object.hasOwn(DIMENSIONS, by) ? DIMENSIONS[by] : undefined;
    if (values === undefined) {
      throw problem(422, 'unknown-dimension', `by must be one of ${Object.keys(DIMENSIONS).join(', ')}.`);
    }
    const cells: Cell[] = await this.messaging.dataSource.query(
      `with file as (
         select status, opened_at, body::jsonb->'state' as state, body::jsonb->'state'->'profile' as profile from case_file),
       counted as (
         select ${values} as dimension, status,
           (select count(*) from jsonb_array_elements(state->'needs')) as needs,
           (select count(*) from jsonb_array_elements(state->'needs') n where n->>'status' = 'settled') as met,
           (select count(*) from jsonb_array_elements(state->'needs') n where n->>'status' = 'unmet') as unmet
         from file)
       select coalesce(value, 'unknown') as value, count(*)::int as cases,
         (count(*) filter (where status = 'completed'))::int as completed,
         sum(needs)::int as needs, sum(met)::int as met, sum(unmet)::int as unmet
       from counted, unnest(dimension) as value group by 1 order by 1`,
    );
    return { by, hiddenBelow: SMALLEST_CELL, items: suppress(cells), next: null };
  }
}
