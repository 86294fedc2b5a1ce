/**
 * What a case costs, and how long lists take, with so many cases stored already: the main job on top of copies of real ones.
 *
 *   node dist/bench/stored.js [--sizes 1000,10000,100000,1000000] [--cases 300] [--warmup 100] [--rounds 2]
 *     [--timelines 200000] [--most-gb 25] [--services coordinator,intake] [--folder folder] [--json file]
 *
 * Nine of ten stored cases are completed; the others are open, half of them wait for an agency and a tenth is late, half have
 * an escalation. All are older than 30 days, so that of their events only the timelines are left, and beyond `--timelines` cases
 * not those either, as when they were archived. All services run in one process: what is stored is the database's matter and no
 * transport's. With `--services` only their documents are stored, without streams and timelines: for the times of their lists. Between two sizes the tables are vacuumed and the database checkpoints. A size that would not fit is made smaller.
 * With `--folder` the database is kept there, and the next run with the same folder goes on with what is stored in it.
 */
import { writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Client } from 'pg';
import { Api, type ListPage } from '../apps/local/api';
import { startEmbeddedPostgres, startTemporaryPostgres, type EmbeddedPostgres } from '../apps/local/postgres';
import { freshSecrets, secretsOf, type Secrets } from '../apps/local/secrets';
import { feed, latenciesOf, measured, spread, verifyCompleted, verify } from './cases';
import { benchAgencies, benchRows } from './fixtures';
import { timeLists, timeScreens } from './lists';
import { rounded } from './measure';
import { StoredCases } from './stored-cases';
import { bench, startSystem, type System } from './system';

const { values: options } = parseArgs({
  options: {
    sizes: { type: 'string', default: '1000,10000,100000,1000000' },
    cases: { type: 'string', default: '300' },
    warmup: { type: 'string', default: '100' },
    rounds: { type: 'string', default: '2' },
    timelines: { type: 'string', default: '200000' },
    'most-gb': { type: 'string', default: '25' },
    services: { type: 'string' },
    folder: { type: 'string' },
    json: { type: 'string' },
  },
});
const cases = Number(options.cases);
const sizes = options.sizes.split(',').map(Number);
const timelines = Number(options.timelines);
const mostBytes = Number(options['most-gb']) * 2 ** 30;

const ORIGINALS = 100;
const OPEN = 10;
/** Of the open ones: nobody offers one of their needs, so that they are escalated. */
const ESCALATED = 5;
const INFLIGHT = 100;
/** Another one in each run, so that a kept database gets new cases. */
let seed = Math.floor(Date.now() / 1000);
let secrets: Secrets;

async function stored(): Promise<object> {
  const { folder } = options;
  secrets = folder ? await secretsOf(folder) : freshSecrets();
  const note = (text: string): void => void process.stderr.write(`${text}\n`);
  const postgres = folder ? await startEmbeddedPostgres(folder, note) : await startTemporaryPostgres();
  try {
    const originals = (await StoredCases.kept(postgres.adminUrl)) ?? (await makeOriginals(postgres));
    const results: Result[] = [];
    for (const size of sizes) {
      const last = results.at(-1);
      const fits = last ? Math.floor(last.stored * (mostBytes / last.database_bytes)) : size;
      const now = Math.min(size, Math.floor(fits / ORIGINALS) * ORIGINALS);
      const result = await measure(postgres, originals, now);
      results.push(result);
      process.stderr.write(`${JSON.stringify(result)}\n`);
      if (options.json) writeFileSync(options.json, JSON.stringify(results, undefined, 2));
    }
    const [first] = results;
    return {
      bench: 'stored',
      cases,
      timelines,
      results,
      cpu_growth: results.map((r) => rounded(r.best_cpu_ms_per_case / first!.best_cpu_ms_per_case, 2)),
    };
  } finally {
    await postgres.stop();
  }
}

/** Cases as they are in the end: confirmed and completed, but for a few. */
async function makeOriginals(postgres: EmbeddedPostgres): Promise<StoredCases> {
  const system = await startSystem(benchAgencies(), untouched(postgres), secrets);
  try {
    const rows = benchRows(ORIGINALS, seed++);
    for (const row of rows.slice(0, ESCALATED)) row.needs += '|employment';
    await feed(system, rows, INFLIGHT);
    await verify(system, ORIGINALS);
    const api = new Api(system.url, system.bearers);
    const { items } = await api.get<ListPage<{ id: string }>>('/cases?status=open&limit=200');
    const escalated = await api.get<ListPage<{ caseId: string }>>('/escalations?limit=200');
    const open = new Set(escalated.items.map((escalation) => escalation.caseId));
    for (const { id } of items) if (open.size < OPEN) open.add(id);
    for (const { id } of items) if (!open.has(id)) await confirmAll(api, id);
    await makeSomeLate(system, [...open]);
  } finally {
    await system.stop();
  }
  const slugs = benchAgencies().map((agency) => agency.slug);
  return StoredCases.of(
    postgres.adminUrl,
    slugs,
    ORIGINALS,
    Math.max(...sizes),
    options.services?.split(','),
  );
}

async function confirmAll(api: Api, id: string): Promise<void> {
  const { referrals } = await api.get<{ referrals: { id: string }[] }>(`/cases/${id}`);
  for (const referral of referrals) {
    await api.post(`/cases/${id}/referrals/${referral.id}/confirmation`, {
      outcome: 'confirmed',
      by: 'the returnee',
      channel: 'telephone',
    });
  }
}

/** Only in the columns that lists read. */
async function makeSomeLate({ meter }: System, open: readonly string[]): Promise<void> {
  const waiting = open.slice(OPEN - ESCALATED);
  await meter.query(
    `update coordinator.open_case set agencies = '{bench-2}', agencies_due = '{""}',
       overdue_at = case when key = $2 then now() - interval '1 day' else now() + interval '5 years' end
     where key = any($1)`,
    [waiting, waiting[0]],
  );
  await meter.query(
    `with chosen as (select key, row_number() over (order by key) as place from "bench-2".referral limit $1)
     update "bench-2".referral r set status = 'accepted',
       due_at = case when place = 1 then now() - interval '1 day' else now() + interval '5 years' end
     from chosen where chosen.key = r.key`,
    [waiting.length],
  );
}

interface Result {
  stored: number;
  with_timeline: number;
  rounds: Record<string, number>[];
  best_cpu_ms_per_case: number;
  lists: object;
  screens: object;
  forget_ms: number;
  database_bytes: number;
  kb_per_case: object;
  load_average: number;
}

async function measure(postgres: EmbeddedPostgres, originals: StoredCases, size: number): Promise<Result> {
  await fill(postgres, originals, size);
  const system = await startSystem(benchAgencies(), untouched(postgres), secrets);
  try {
    await feed(system, benchRows(Number(options.warmup), seed++), INFLIGHT);
    const rounds: Record<string, number>[] = [];
    for (let i = 0; i < Number(options.rounds); i++) rounds.push(await mainJob(system));
    const some = await someCases(system);
    const lists = await timeLists(system, some);
    const screens = await timeScreens(system, some);
    const began = performance.now();
    await system.topology.services.find(({ name }) => name === 'coordinator')!.messaging.care.forgetSent();
    const forgetMs = performance.now() - began;
    const tables = await tableSizes(system);
    return {
      stored: size,
      with_timeline: Math.min(size, timelines),
      rounds,
      best_cpu_ms_per_case: Math.min(...rounds.map((round) => round['cpu_ms_per_case']!)),
      lists,
      screens,
      forget_ms: Math.round(forgetMs),
      database_bytes: tables.reduce((sum, table) => sum + table.bytes, 0),
      kb_per_case: Object.fromEntries(
        tables.filter((t) => t.bytes / size > 50).map((t) => [t.name, rounded(t.bytes / size / 1024, 2)]),
      ),
      load_average: rounded(loadavg()[1]!),
    };
  } finally {
    await system.stop();
  }
}

async function fill(postgres: EmbeddedPostgres, originals: StoredCases, size: number): Promise<void> {
  // Only what is measured must be durable.
  const settings = ['fsync', 'full_page_writes', 'autovacuum'];
  const began = performance.now();
  await administered(postgres, [
    ...settings.map((name) => `alter system set ${name} = off`),
    'select pg_reload_conf()',
  ]);
  await originals.fill(size, timelines);
  await administered(postgres, [
    ...settings.map((name) => `alter system reset ${name}`),
    'select pg_reload_conf()',
    'vacuum (analyze)',
    'checkpoint',
  ]);
  process.stderr.write(`${size} cases stored after ${Math.round((performance.now() - began) / 1000)} s\n`);
}

async function administered(postgres: EmbeddedPostgres, statements: readonly string[]): Promise<void> {
  const client = new Client({ connectionString: postgres.adminUrl });
  await client.connect();
  for (const statement of statements) await client.query(statement);
  await client.end();
}

async function mainJob(system: System): Promise<Record<string, number>> {
  const { since, figures } = await measured(system, cases, () =>
    feed(system, benchRows(cases, seed++), INFLIGHT),
  );
  await verifyCompleted(system.meter, since, cases);
  return { ...figures, ...spread('', await latenciesOf(system.meter, since)) };
}

function someCases({ meter }: System): Promise<{ id: string; number: string }[]> {
  return meter.query(
    `select key as id, number from coordinator.case_file tablesample bernoulli(5) limit 500`,
  );
}

async function tableSizes({ meter }: System): Promise<{ name: string; bytes: number }[]> {
  const rows = await meter.query<{ name: string; bytes: string }>(
    `select case when schemaname like 'bench-%' then 'an agency' else schemaname end || '.' || relname as name,
       sum(pg_total_relation_size(relid)) as bytes
     from pg_stat_user_tables where schemaname <> 'original' group by 1 order by 2 desc`,
  );
  return rows.map((row) => ({ name: row.name, bytes: Number(row.bytes) }));
}

/** One that the system does not end. */
function untouched({ adminUrl }: EmbeddedPostgres): EmbeddedPostgres {
  return { adminUrl, stop: () => pause(0) };
}

bench(stored);
