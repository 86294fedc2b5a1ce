/**
 * Registrations that were lost with a database restored from an older copy. Until the coordinator has said what it knows of
 * them nobody is registered: the same people would be taken for new ones, and given case numbers that others have.
 */
import { problem } from '@retorno/service';
import type { EntityManager } from 'typeorm';

/** After so long without an answer intake goes on: the coordinator is not there, and people arrive. */
const WAITS = `interval '1 hour'`;

/** True while an answer is awaited. */
export async function isRestoring(tx: EntityManager): Promise<boolean> {
  const [found]: { waits: boolean }[] = await tx.query(
    `select exists (select from lost where healed_at is null and found_at > now() - ${WAITS}) as waits`,
  );
  return found!.waits;
}

/** The answer to whoever registers meanwhile. */
export function restoring(): Error {
  const detail =
    'This service was restored from a backup and is asking the coordinator for the registrations that it lacks. ' +
    'Send it again in a minute.';
  return problem(503, 'restoring', detail, { possible: ['send it again in a minute'] });
}
