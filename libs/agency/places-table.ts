/** The places of an agency's offices in its database. */
import type { Messaging, UnitOfWork } from '@retorno/messaging';
import type { AgencyDefinition } from './definition';
import { NO_PLACES, type Places } from './places';
import { OPEN_STATUSES } from './referral';

/** The places as they were last committed; undefined while there are no limits. */
export async function readPlaces(
  { dataSource }: Messaging,
  agency: Pick<AgencyDefinition, 'slug' | 'offices'>,
): Promise<Places | undefined> {
  if (!agency.offices?.length) return undefined;
  const rows: { body: string }[] = await dataSource.query('select body from places where key = $1', [
    agency.slug,
  ]);
  return rows[0] && (JSON.parse(rows[0].body) as Places);
}

/**
 * The places taken now, for when the first limit is set. Whoever handles a referral has locked its row before looking
 * for the places: while this lock is held none is under way, and those that come later find what this unit writes.
 */
export async function countPlaces(unit: UnitOfWork): Promise<Places> {
  await unit.tx.query('lock table referral in exclusive mode');
  const rows: { office: string; service: string; count: number }[] = await unit.tx.query(
    `select office, service, count(*)::int as count from referral
     where office is not null and status = any($1::text[]) group by office, service`,
    [[...OPEN_STATUSES]],
  );
  const taken: Record<string, Record<string, number>> = {};
  for (const { office, service, count } of rows) (taken[office] ??= {})[service] = count;
  return { ...NO_PLACES, taken };
}
