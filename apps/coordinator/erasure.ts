/** Erasing a case's personal data: the keys go, here and at every agency, and with them whatever was ever sealed. */
import { Inject, Injectable } from '@nestjs/common';
import { ErasureDecided, FEEDBACK_TOPIC, subjectAt, subjectOfCase } from '@retorno/contracts';
import type { KeyVault, UnitOfWork } from '@retorno/messaging';
import { VAULT } from '@retorno/service';
import { hasEnded, isSent, type CaseState } from './case';
import { REFERENCES } from './installation';
import type { Pairwise } from './pairwise';
import { caseStore } from './stores';

@Injectable()
export class Erasure {
  constructor(
    @Inject(VAULT) private readonly vault: KeyVault,
    @Inject(REFERENCES) private readonly pairwise: Pairwise,
  ) {}

  /** Erases the case that this unit has loaded, or tells intake why not. */
  async take(unit: UnitOfWork, caseId: string): Promise<void> {
    const result = await this.erase(unit, caseId);
    unit.publish({
      topic: FEEDBACK_TOPIC,
      key: caseId,
      contract: ErasureDecided,
      data: { result, at: unit.now.toISOString() },
    });
  }

  private async erase(unit: UnitOfWork, caseId: string): Promise<ErasureDecided['result']> {
    const document = unit.get(caseStore, caseId);
    if (document?.erasedAt) return 'erased';
    if (document && !mayBeErased(document.state)) return 'case-open';
    const subjects = subjectsOf(caseId, document?.state, this.pairwise);
    if ((await this.vault.erase(unit.tx, subjects)) === 'held') return 'legal-hold';
    if (document) {
      const { dueAt: _nothing, ...rest } = document;
      unit.set(caseStore, caseId, { ...rest, erasedAt: unit.now.toISOString() });
    }
    // Nobody could open them any more; what says nothing need not stay.
    await unit.tx.query('delete from person where key = $1', [caseId]);
    await unit.tx.query(
      'update escalation_owner set note = null where escalation_id in (select id from escalation where case_id = $1)',
      [caseId],
    );
    return 'erased';
  }
}

/** Ended, and nothing is open at any agency. */
function mayBeErased(state: CaseState): boolean {
  return hasEnded(state) && !state.referrals.some(isSent);
}

/**
 * Everything that the keys of a case are kept under: its own, and its reference at every agency that ever had a referral,
 * also under a case that was merged into it.
 */
function subjectsOf(caseId: string, state: CaseState | undefined, pairwise: Pairwise): string[] {
  const referrals = state?.referrals ?? [];
  const cases = [caseId, ...referrals.flatMap((referral) => referral.underCase ?? [])];
  const atAgencies = referrals.map(({ agency, underCase = caseId }) =>
    subjectAt(agency, pairwise.refFor(agency, underCase)),
  );
  return [...new Set([...cases.map(subjectOfCase), ...atAgencies])];
}
