/** How long an event takes from its commit in one service to the commit of what it causes in the next. */
import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../apps/local/postgres';
import type { Meter } from './measure';
import { Client } from 'pg';

/** A temporary server that notes when each transaction committed. */
export async function startTimedPostgres(): Promise<EmbeddedPostgres> {
  const folder = join(tmpdir(), `retorno-bench-${randomBytes(6).toString('hex')}`);
  const first = await startEmbeddedPostgres(folder, () => undefined);
  const client = new Client({ connectionString: first.adminUrl });
  await client.connect();
  await client.query('alter system set track_commit_timestamp = on');
  await client.end();
  await first.stop();
  const server = await startEmbeddedPostgres(folder, () => undefined);
  return {
    adminUrl: server.adminUrl,
    stop: async () => {
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/**
 * One figure in ms for each event since a moment that made another service write something: between the two commits, by the
 * database's clock.
 */
export async function hopsOf(meter: Meter, services: readonly string[], since: string): Promise<number[]> {
  const events = services.map(
    (service) => `
      select '${service}' as service, pg_xact_commit_timestamp(xmin) as at, body::json ->> 'id' as id,
        body::json ->> 'causationid' as cause
      from "${service}".event where at >= $1`,
  );
  const rows = await meter.query<{ ms: number }>(
    `with event as materialized (${events.join(' union all ')}),
     caused as (select service, cause, min(at) as at from event where cause is not null group by service, cause)
     select extract(epoch from caused.at - event.at)::float8 * 1000 as ms
     from event join caused on caused.cause = event.id and caused.service <> event.service`,
    [since],
  );
  return rows.map((row) => row.ms);
}
