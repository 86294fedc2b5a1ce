/**
 * What the system costs while nothing happens: all services in one process with their database.
 *
 *   node dist/bench/idle.js [--seconds 20] [--cases 200]
 *
 * Before it idles it handles some cases, so that their timers are there and its memory is that of a system in use.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { discoverAgencies } from '../apps/local/discover';
import { manifestRows } from '../tests/support/manifest';
import { upload } from './cases';
import { rounded } from './measure';
import { bench, startSystem } from './system';

const { values: options } = parseArgs({
  options: { seconds: { type: 'string', default: '20' }, cases: { type: 'string', default: '200' } },
});

async function idle(): Promise<object> {
  const system = await startSystem(discoverAgencies());
  const { meter, topology } = system;
  try {
    await upload(system, manifestRows({ rows: Number(options.cases) }));
    // The import and what follows from it are over long before; so are garbage collection and the database's own work.
    await pause(10_000);
    const before = await meter.cost();
    await pause(Number(options.seconds) * 1000);
    const after = await meter.cost();
    const rss = meter.rssMb();
    const percent = (cpuMs: number): number => rounded((cpuMs / (after.at - before.at)) * 100, 2);
    const node = percent(after.nodeCpuMs - before.nodeCpuMs);
    const postgres = percent(after.postgresCpuMs - before.postgresCpuMs);
    return {
      bench: 'idle',
      seconds: Number(options.seconds),
      services: topology.services.length,
      cpu_percent: rounded(node + postgres, 2),
      node_cpu_percent: node,
      postgres_cpu_percent: postgres,
      rss_mb: rss.node + rss.postgres,
      node_rss_mb: rss.node,
      postgres_rss_mb: rss.postgres,
      commits_per_s: rounded(((after.commits - before.commits) / (after.at - before.at)) * 1000),
    };
  } finally {
    await system.stop();
  }
}

bench(idle);
