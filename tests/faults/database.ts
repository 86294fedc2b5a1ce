/** The database server of a run: our own, so that it can be killed, and asked directly whatever the line is like. */
import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../../apps/local/postgres';
import { eventually } from '../support/eventually';

/** Longest wait for a server that was killed, ms. */
const BACK_MS = 60_000;

export class Database {
  private constructor(
    private readonly folder: string,
    private server: EmbeddedPostgres,
    private readonly dataFolder: string,
  ) {}

  static async start(folder: string): Promise<Database> {
    const server = await startEmbeddedPostgres(folder, () => undefined);
    const [row] = await query<{ data_directory: string }>(server.adminUrl, 'show data_directory');
    return new Database(folder, server, row!.data_directory);
  }

  /** Superuser's address, past the line. */
  get url(): string {
    return this.server.adminUrl;
  }

  get port(): number {
    return Number(new URL(this.url).port);
  }

  /** The superuser's address through another port. */
  urlThrough(port: number): string {
    const url = new URL(this.url);
    url.port = String(port);
    return url.toString();
  }

  /** Asks past the line; while the server is coming back, asks again. */
  query<Row extends object>(sql: string, params: unknown[] = []): Promise<Row[]> {
    return eventually(async () => ({ rows: await query<Row>(this.url, sql, params) }), BACK_MS).then(
      ({ rows }) => rows,
    );
  }

  /** The same, once. Throws when the server is not there. */
  ask<Row extends object>(sql: string): Promise<Row[]> {
    return query<Row>(this.url, sql);
  }

  /** A connection of its own, for locks. */
  async session(): Promise<Client> {
    const client = new Client({ connectionString: this.url });
    client.on('error', () => undefined);
    await client.connect();
    return client;
  }

  /** SIGQUIT is PostgreSQL's immediate mode; SIGKILL leaves its children to notice. Returns when it is gone. */
  async kill(signal: 'SIGQUIT' | 'SIGKILL'): Promise<void> {
    const file = await readFile(`${this.dataFolder}/postmaster.pid`, 'utf8');
    const pid = Number(file.split('\n')[0]);
    process.kill(pid, signal);
    await eventually(() => !isThere(pid), BACK_MS);
  }

  /** Starts it again, on another port. */
  async restart(): Promise<void> {
    // Children of a killed server hold its memory for a moment.
    this.server = await eventually(
      () =>
        startEmbeddedPostgres(this.folder, () => undefined).catch((error) =>
          pause(200).then(() => Promise.reject(error)),
        ),
      BACK_MS,
    );
  }

  async stop(): Promise<void> {
    await this.server.stop();
  }
}

async function query<Row extends object>(url: string, sql: string, params: unknown[] = []): Promise<Row[]> {
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<Row>(sql, params)).rows;
  } finally {
    await client.end().catch(() => undefined);
  }
}

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
