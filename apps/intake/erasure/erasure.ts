/**
 * How long personal data is kept, and its end: on request (Ley 29733, art. 20), or when its time is over (art. 8). While a
 * legal hold stands, or the case is open, nothing is erased.
 */
import { ErasureRequested, RETURNEES_TOPIC, subjectOfCase } from '@retorno/contracts';
import type { KeyVault, UnitOfWork } from '@retorno/messaging';
import { problem } from '@retorno/service';
import type { EntityManager } from 'typeorm';
import {
  feedbackStore,
  joinedRetention,
  NO_FEEDBACK,
  noting,
  type CaseFeedback,
  type RetentionRecord,
} from '../registration/feedback';

/** Who decided, and why. */
export interface Decided {
  readonly reason: string;
  readonly by?: string;
}

/** Why nothing can be erased now, and what would have to come first; undefined when it can. */
export function obstacle({
  status,
  held,
}: CaseFeedback): { code: string; detail: string; possible: string[] } | undefined {
  if (held) {
    const detail = 'The data is under legal hold: it can be erased once the hold is released.';
    return { code: 'legal-hold', detail, possible: ['release'] };
  }
  if (status !== 'open') return undefined;
  const detail = 'The case is open: its agencies still need to know whom they serve. Close it first.';
  return { code: 'case-open', detail, possible: ['close the case'] };
}

/**
 * The case under which all registrations of one person are kept, held and erased together: since operations made their
 * cases one, the one that goes on. Undefined when there is no such returnee.
 */
export async function caseOfPerson(tx: EntityManager, returneeId: string): Promise<string | undefined> {
  const rows: { case_id: string }[] = await tx.query(
    'select coalesce(merged_case_id, case_id) as case_id from returnee where id = $1',
    [returneeId],
  );
  return rows[0]?.case_id;
}

/** All registrations of a person by the case that goes on, that one's first. */
export function registrationsOf(tx: EntityManager, caseId: string): Promise<Registered[]> {
  return tx.query(
    `select id, case_id as "caseId" from returnee where case_id = $1 or merged_case_id = $1
     order by case_id <> $1, seq`,
    [caseId],
  );
}

interface Registered {
  readonly id: string;
  readonly caseId: string;
}

/**
 * Asks the coordinator to erase the person whose case goes on; once it was asked, asking again changes nothing. Throws
 * problem 409 with what is possible.
 */
export async function requestErasure(
  unit: UnitOfWork,
  caseId: string,
  decided: Decided,
): Promise<CaseFeedback> {
  const feedback = unit.get(feedbackStore, caseId) ?? NO_FEEDBACK;
  if (feedback.erasure) return feedback;
  const stopped = obstacle(feedback);
  if (stopped) throw problem(409, stopped.code, stopped.detail, { possible: stopped.possible });
  const [registered] = await registrationsOf(unit.tx, caseId);
  const at = unit.now.toISOString();
  const requested = noting(
    { ...feedback, erasure: 'requested' },
    { at, what: 'erasure-requested', ...decided },
  );
  unit.set(feedbackStore, caseId, requested);
  unit.publish({
    topic: RETURNEES_TOPIC,
    key: caseId,
    contract: ErasureRequested,
    data: { returneeId: registered!.id, at },
  });
  return requested;
}

/**
 * Puts all data of the person whose case goes on under legal hold, or ends it; as it is already, nothing changes. Throws
 * problem 410 when it is gone.
 */
export async function hold(
  unit: UnitOfWork,
  vault: KeyVault,
  caseId: string,
  held: boolean,
  decided: Decided,
): Promise<CaseFeedback> {
  const feedback = unit.get(feedbackStore, caseId) ?? NO_FEEDBACK;
  if (!(await holdKeys(unit, vault, caseId, held))) throw gone();
  if (Boolean(feedback.held) === held) return feedback;
  const record: RetentionRecord = {
    at: unit.now.toISOString(),
    what: held ? 'held' : 'released',
    ...decided,
  };
  const { held: _before, ...rest } = feedback;
  const after = noting({ ...rest, ...(held ? { held } : {}) }, record);
  unit.set(feedbackStore, caseId, after);
  return after;
}

/**
 * Takes over what was decided about keeping the data of a registration when its case is merged: a hold on either is one on
 * both, and the record goes on with the case.
 */
export async function joinRetention(
  unit: UnitOfWork,
  vault: KeyVault,
  fromCaseId: string,
  intoCaseId: string,
): Promise<void> {
  await unit.load([{ store: feedbackStore, key: intoCaseId }]);
  const [from, into] = [fromCaseId, intoCaseId].map((key) => unit.get(feedbackStore, key) ?? NO_FEEDBACK);
  const joined = joinedRetention(from!, into!);
  if (joined === into) return;
  unit.set(feedbackStore, intoCaseId, joined);
  if (joined.held) await holdKeys(unit, vault, intoCaseId, true);
}

/** False when they are gone. */
async function holdKeys(unit: UnitOfWork, vault: KeyVault, caseId: string, held: boolean): Promise<boolean> {
  let all = true;
  for (const one of await registrationsOf(unit.tx, caseId)) {
    all = (await vault.hold(unit.tx, subjectOfCase(one.caseId), held)) && all;
  }
  return all;
}

/** The answer to whoever asks for what was erased. */
export function gone(): Error {
  const detail =
    'The personal data of this returnee was erased. GET /intake/returnees/{id}/retention says when and why.';
  return problem(410, 'erased', detail, { erased: true });
}

/** What the columns beside the sealed data say of a person: it cannot be opened any more, and need not be found. */
export async function forget(tx: EntityManager, caseId: string): Promise<void> {
  // First, while it is known by what. Rows of manifests that were refused wait to be corrected, sealed as their file was.
  await tx.query(
    `update manifest_row r set refused = null, refused_keys = null, told = null from returnee p
     where p.case_id = $1 and r.refused_keys is not null
       and r.refused_keys && array_remove(array[p.external_id, p.document_key, nullif(p.person_key, '')], null)`,
    [caseId],
  );
  // What the sender calls the person stays as a digest: sent again, it must not bring the person back.
  await tx.query(
    `update returnee set details = '{"sealed":""}', household = null, document_key = null, person_key = ''
     where case_id = $1`,
    [caseId],
  );
  await tx.query('delete from duplicate_key where seq in (select seq from returnee where case_id = $1)', [
    caseId,
  ]);
  await tx.query(
    'delete from reference_lost where returnee_id in (select id from returnee where case_id = $1)',
    [caseId],
  );
  await tx.query(
    'delete from expected_return where returnee_id in (select id from returnee where case_id = $1)',
    [caseId],
  );
}
