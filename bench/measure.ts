/** What a run costs: CPU of this process and of the database's processes, commits, flushes, memory. Linux only. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { Session } from 'node:inspector/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';

/** Counters at one moment; subtract two of them. */
export interface Cost {
  at: number;
  nodeCpuMs: number;
  postgresCpuMs: number;
  /** 0 where there is none. */
  brokerCpuMs: number;
  commits: number;
  /** fsyncs and fdatasyncs of the write-ahead log. */
  flushes: number;
  walBytes: number;
}

/** Reads the counters of a server and of this process. */
export class Meter {
  private constructor(
    private readonly client: Client,
    private readonly postmaster: number,
  ) {}

  static async open(adminUrl: string): Promise<Meter> {
    const client = new Client({ connectionString: adminUrl, application_name: 'bench-meter' });
    await client.connect();
    const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
    return new Meter(client, parentOf(rows[0]!.pid));
  }

  async cost(): Promise<Cost> {
    const at = performance.now();
    const { user, system } = process.cpuUsage();
    const nodeCpuMs = (user + system) / 1000;
    const postgresCpuMs = treeOf(this.postmaster).reduce(
      (sum, pid) => sum + cpuMs(pid, pid === this.postmaster),
      0,
    );
    const { rows } = await this.client.query<{ commits: string; flushes: string; wal: string }>(
      `select (select sum(xact_commit) from pg_stat_database) as commits,
         (select sum(fsyncs) from pg_stat_io where object = 'wal') as flushes,
         (select wal_bytes from pg_stat_wal) as wal`,
    );
    const [row] = rows;
    return {
      at,
      nodeCpuMs,
      postgresCpuMs,
      brokerCpuMs: 0,
      commits: Number(row!.commits),
      flushes: Number(row!.flushes),
      walBytes: Number(row!.wal),
    };
  }

  /** Backends report what they did at most a second late. */
  async settled(): Promise<void> {
    await pause(2_500);
  }

  query<T extends object>(sql: string, params: unknown[] = []): Promise<T[]> {
    return this.client.query<T>(sql, params).then((result) => result.rows);
  }

  /** Resident memory in MB: this process, and the database's processes with shared pages counted once. */
  rssMb(): { node: number; postgres: number } {
    const postgres = treeOf(this.postmaster).reduce((sum, pid) => sum + pssKb(pid), 0);
    return { node: Math.round(process.memoryUsage.rss() / 2 ** 20), postgres: Math.round(postgres / 1024) };
  }

  async close(): Promise<void> {
    await this.client.end();
  }
}

/** Statistics fields of a process behind its name; empty when it is gone. */
function statOf(pid: number): string[] {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return [];
  }
}

function parentOf(pid: number): number {
  return Number(statOf(pid)[1]);
}

/** A process and its children; PostgreSQL's have none of their own. */
function treeOf(root: number): number[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return [root, ...pids.map(Number).filter((pid) => parentOf(pid) === root)];
}

/** What another process has used so far, ms; that of all its threads. */
export function processCpuMs(pid: number): number {
  return cpuMs(pid, false);
}

/** Clock ticks of /proc are 10 ms on every Linux that Node runs on. */
const TICK_MS = 10;

/** User and system time; with that of children that ended, if asked. */
function cpuMs(pid: number, withEnded: boolean): number {
  const fields = statOf(pid).slice(11, withEnded ? 15 : 13);
  return fields.reduce((sum, field) => sum + Number(field), 0) * TICK_MS;
}

function pssKb(pid: number): number {
  try {
    return Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}

/** The value below which a share of the sorted values lies; 0 of nothing. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

/** Rounded for a report. */
export function rounded(value: number, digits = 1): number {
  return Number(value.toFixed(digits));
}

/** Runs the work; with a file name, under the CPU profiler, which costs some per cent. */
export async function profiled(file: string | undefined, work: () => Promise<void>): Promise<void> {
  if (file === undefined) return work();
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.start');
  await work();
  const { profile } = await session.post('Profiler.stop');
  writeFileSync(file, JSON.stringify(profile));
  session.disconnect();
}
