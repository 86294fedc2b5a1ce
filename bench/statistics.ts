/**
 * How long statistics take over many cases. The rows are generated where the figures are summed; nothing else is there.
 *
 *   node dist/bench/statistics.js [--cases 200000]
 */
import { parseArgs } from 'node:util';
import { Api } from '../apps/local/api';
import { percentile, rounded } from './measure';
import { bench, startSystem } from './system';

const { values: options } = parseArgs({
  options: { cases: { type: 'string', default: '200000' }, asked: { type: 'string', default: '7' } },
});

const ASKED = [
  'sex',
  'region',
  'vulnerability',
  'agency',
  'service',
  'region,origin-country',
  'agency,vulnerability',
  'month,agency',
];

/** Cases that are filled in at a time. */
const PART = 50_000;

const COUNTS = `1 + k % 4 as needs, k % 2 as confirmed, k / 2 % 2 as unconfirmed, 0 as declined, k / 4 % 2 as needs_open,
  case when k % 9 = 0 then array['no-provider'] else '{}' end as unmet, 2 + k % 7 as referrals,
  k % 3 as referrals_completed, k % 2 as referrals_rejected, 0, 0, nullif(k % 40, 0) as service_days`;

async function statistics(): Promise<object> {
  const system = await startSystem([]);
  try {
    const cases = Number(options.cases);
    const { dataSource } = system.topology.services.find(({ name }) => name === 'statistics')!.messaging;
    const began = performance.now();
    // In parts, none of which takes longer than a service waits for its database.
    for (let first = 1; first <= cases; first += PART) {
      await dataSource.query(
        `with c as (
           insert into case_row
           select gen_random_uuid()::text, 2024 + k % 1000 / 365, to_char(date '2024-01-01' + (k % 1000), 'YYYY-MM'),
             (array['F','M','X'])[1 + k % 9 / 4],
             (array['0-4','5-11','12-17','18-29','30-59','60+'])[1 + k % 6], chr(65 + k % 26) || 'S', (array['PE','VE'])[1 + k % 17 / 16],
             (array['deportation','voluntary','assisted-voluntary'])[1 + k % 3], lpad((1 + k % 25)::text, 2, '0'),
             case when k % 5 = 0 then array['pregnant','disability'] when k % 5 = 1 then array['chronic-illness'] else '{}' end,
             k % 4 > 0, (array['open','completed','completed','closed'])[1 + k % 4], ${COUNTS}
           from generate_series($1::int, $2::int) as s(n), lateral (select (n::bigint * 2654435761 % 1000003)::int as k offset 0) as x
           returning key)
         insert into agency_row
         select key, 'agency-' || a || '/service', 'agency-' || a, true, ${COUNTS}
         from c, lateral (select (hashtext(key) & 1048575) as k offset 0) as x, generate_series(k % 5, k % 5 + 3) as a`,
        [first, Math.min(cases, first + PART - 1)],
      );
    }
    await dataSource.query('vacuum analyze case_row');
    await dataSource.query('vacuum analyze agency_row');
    const filledS = rounded((performance.now() - began) / 1000);
    const api = new Api(system.url, system.bearers);
    const times: Record<string, [first: number, p50: number, p95: number]> = {};
    for (const by of ASKED) {
      const taken: number[] = [];
      for (let i = 0; i < Number(options.asked); i++) {
        // Another period each time, so that nothing is given from what was counted before.
        const from = 2010 + i;
        const asked = performance.now();
        await api.get(`/statistics?by=${by}&from=${from}`);
        taken.push(performance.now() - asked);
      }
      times[by] = [rounded(taken[0]!), rounded(percentile(taken, 0.5)), rounded(percentile(taken, 0.95))];
    }
    const kept: number[] = [];
    for (let i = 0; i < 50; i++) {
      const asked = performance.now();
      await api.get('/statistics?by=region');
      kept.push(performance.now() - asked);
    }
    return {
      bench: 'statistics',
      cases,
      filled_s: filledS,
      ms_first_p50_p95: times,
      asked_again_ms_p95: rounded(percentile(kept, 0.95)),
    };
  } finally {
    await system.stop();
  }
}

bench(statistics);
