/** Erasing a case's personal data: the keys go, here and at every agency, and with them whatever was ever sealed. */
import { Inject, Injectable } from '@nestjs/common';
import { ErasureDecided, FEEDBACK_TOPIC, subjectAt, subjectOfCase } from '@retorno/contracts';
import type { KeyVault, UnitOfWork } from '@retorno/messaging';
import { VAULT } from '@retorno/service';
import { hasEnded, isSent, type CaseState } from './case';
import { REFERENCES } from './installation';
import { caseLine } from './merged-cases';
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
    if (unit.get(caseStore, caseId)?.erasedAt) return 'erased';
    // What was merged into it is about the same person.
    const line = await caseLine(unit, caseId);
    if (!line.every(mayBeErased)) return 'case-open';
    const subjects = line.flatMap((state) => subjectsOf(state, this.pairwise));
    if ((await this.vault.erase(unit.tx, [subjectOfCase(caseId), ...subjects])) === 'held')
      return 'legal-hold';
    const ids = [caseId, ...line.map(({ id }) => id)];
    for (const { id } of line) {
      const { dueAt: _nothing, ...rest } = unit.get(caseStore, id)!;
      unit.set(caseStore, id, { ...rest, erasedAt: unit.now.toISOString() });
    }
    // Nobody could open them any more; what says nothing need not stay.
    await unit.tx.query('delete from person where key = any($1)', [ids]);
    await unit.tx.query(
      `update escalation_owner set note = null
       where escalation_id in (select id from escalation where case_id = any($1))`,
      [ids],
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
function subjectsOf({ id, referrals }: CaseState, pairwise: Pairwise): string[] {
  const cases = [id, ...referrals.flatMap((referral) => referral.underCase ?? [])];
  const atAgencies = referrals.map(({ agency, underCase = id }) =>
    subjectAt(agency, pairwise.refFor(agency, underCase)),
  );
  return [...new Set([...cases.map(subjectOfCase), ...atAgencies])];
}
