/**
 * How long personal data is kept, and its end: on request (Ley 29733, art. 20), or when its time is over (art. 8). While a
 * legal hold stands, or the case is open, nothing is erased.
 */
import { ErasureRequested, RETURNEES_TOPIC, subjectOfCase } from '@retorno/contracts';
import type { KeyVault, UnitOfWork } from '@retorno/messaging';
import { problem } from '@retorno/service';
import type { EntityManager } from 'typeorm';
import { feedbackStore, NO_FEEDBACK, noting, type CaseFeedback, type RetentionRecord } from './feedback';

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
 * Asks the coordinator to erase; once it was asked, asking again changes nothing. Throws problem 409 with what is
 * possible.
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
  const rows: { id: string }[] = await unit.tx.query('select id from returnee where case_id = $1', [caseId]);
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
    data: { returneeId: rows[0]!.id, at },
  });
  return requested;
}

/** Puts the data under legal hold, or ends it; as it is already, nothing changes. Throws problem 410 when it is gone. */
export async function hold(
  unit: UnitOfWork,
  vault: KeyVault,
  caseId: string,
  held: boolean,
  decided: Decided,
): Promise<CaseFeedback> {
  const feedback = unit.get(feedbackStore, caseId) ?? NO_FEEDBACK;
  if (!(await vault.hold(unit.tx, subjectOfCase(caseId), held))) throw gone();
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

/** The answer to whoever asks for what was erased. */
export function gone(): Error {
  const detail =
    'The personal data of this returnee was erased. GET /intake/returnees/{id}/retention says when and why.';
  return problem(410, 'erased', detail, { erased: true });
}

/** What the columns beside the sealed data say of a person: it cannot be opened any more, and need not be found. */
export async function forget(tx: EntityManager, caseId: string): Promise<void> {
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
    'delete from expected_return where returnee_id in (select id from returnee where case_id = $1)',
    [caseId],
  );
}
