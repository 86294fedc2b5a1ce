/** All services' tables at one moment: one read-only transaction over every schema of the database. */
import { Client } from 'pg';

/** Rows of one page: the checker's memory stays flat in what is only passed through. */
const PAGE = 20_000;

export class Snapshot {
  private constructor(
    private readonly client: Client,
    /** Schemas that have messaging's tables: a service each. */
    readonly services: readonly string[],
  ) {}

  /** `url` is of a role that may read every service's schema. */
  static async take(url: string): Promise<Snapshot> {
    const client = new Client({ connectionString: url });
    await client.connect();
    await client.query('begin transaction isolation level repeatable read read only');
    const { rows } = await client.query<{ schema: string }>(
      `select table_schema as schema from information_schema.tables
       where table_name in ('event_log', 'stream_cursor') group by table_schema having count(*) = 2 order by 1`,
    );
    return new Snapshot(
      client,
      rows.map((row) => row.schema),
    );
  }

  /** Runs a query with a service's tables in the search path. */
  async rows<T extends object>(service: string, sql: string, params: unknown[] = []): Promise<T[]> {
    await this.client.query(`select set_config('search_path', $1, true)`, [quoted(service)]);
    return (await this.client.query<T>(sql, params)).rows;
  }

  /** The same, row by row, for what may be large. */
  async *each<T extends object>(service: string, sql: string): AsyncGenerator<T> {
    await this.rows(service, `declare passing no scroll cursor for ${sql}`);
    for (;;) {
      const { rows } = await this.client.query<T>(`fetch ${PAGE} from passing`);
      yield* rows;
      if (rows.length < PAGE) break;
    }
    await this.client.query('close passing');
  }

  /** Whether a service has a table. */
  async has(service: string, table: string): Promise<boolean> {
    const found = await this.rows<{ known: boolean }>(
      service,
      'select to_regclass($1) is not null as known',
      [`${quoted(service)}.${table}`],
    );
    return found[0]?.known === true;
  }

  async close(): Promise<void> {
    await this.client.end();
  }
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
