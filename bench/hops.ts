/** How long an event takes from its commit in one service to the commit of what it causes in the next. */
import { startTemporaryPostgres, type EmbeddedPostgres } from '../apps/local/postgres';
import type { Meter } from './measure';

/** A temporary server that notes when each transaction committed. */
export function startTimedPostgres(): Promise<EmbeddedPostgres> {
  return startTemporaryPostgres({ track_commit_timestamp: 'on' });
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
