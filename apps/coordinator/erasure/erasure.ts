/** Erasing a person's data: the keys go, here and at every agency, and with them whatever was ever sealed. */
import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { ErasureDecided, FEEDBACK_TOPIC, subjectAt, subjectOfCase } from '@retorno/contracts';
import type { KeyVault, UnitOfWork } from '@retorno/messaging';
import { LOGGER, VAULT } from '@retorno/service';
import type { Logger } from 'pino';
import { DataSource } from 'typeorm';
import { hasEnded, isSent, type CaseState } from '../saga/case';
import { Casework, loadsOf } from '../casework/casework';
import { keepErasure, repeatErasures } from './erased';
import { REFERENCES } from '../restoring/installation';
import { caseLine } from '../casework/merged-cases';
import type { Pairwise } from '../casework/pairwise';
import { caseStore, personStore, type CaseDocument } from '../casework/stores';

/** One of the cases of a person; without `document` it was never opened here. */
interface OneCase {
  readonly id: string;
  readonly document: CaseDocument | undefined;
  readonly returneeId: string | undefined;
}

@Injectable()
export class Erasure implements OnApplicationBootstrap {
  constructor(
    private readonly casework: Casework,
    private readonly dataSource: DataSource,
    @Inject(VAULT) private readonly vault: KeyVault,
    @Inject(REFERENCES) private readonly pairwise: Pairwise,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Before any event is taken in: nobody who was erased is known again. */
  async onApplicationBootstrap(): Promise<void> {
    const keys = await this.dataSource.transaction((tx) => repeatErasures(tx, this.vault));
    if (keys > 0)
      this.logger.warn({ keys }, 'the vault had lost erasures: was it restored? they were repeated');
  }

  /**
   * Erases the person of the case that this unit has loaded, with all cases that were merged into one; or tells intake
   * why not. Then nothing was erased.
   */
  async take(unit: UnitOfWork, caseId: string): Promise<void> {
    const cases = await this.casesWith(unit, await this.casework.holderOf(unit, caseId));
    const result = await this.erase(unit, cases);
    const told = result === 'erased' ? new Set([caseId, ...cases.map(({ id }) => id)]) : [caseId];
    for (const key of told) {
      unit.publish({
        topic: FEEDBACK_TOPIC,
        key,
        contract: ErasureDecided,
        data: { result, at: unit.now.toISOString() },
      });
    }
  }

  /** A case with those that were merged into it, and into those. */
  private async casesWith(unit: UnitOfWork, caseId: string): Promise<OneCase[]> {
    const line = await caseLine(unit, caseId);
    const ids = line.length > 0 ? line.map((state) => state.id) : [caseId];
    await unit.load(ids.flatMap(loadsOf));
    return ids.map((id) => {
      const document = unit.get(caseStore, id);
      const returneeId = unit.get(personStore, id)?.record.returneeId ?? document?.erasedReturnee;
      return { id, document, returneeId };
    });
  }

  private async erase(unit: UnitOfWork, cases: readonly OneCase[]): Promise<ErasureDecided['result']> {
    const documents = cases.flatMap(({ document }) => document ?? []);
    if (documents.length > 0 && documents.every(({ erasedAt }) => erasedAt)) return 'erased';
    if (!documents.every(({ state }) => mayBeErased(state))) return 'case-open';
    const subjects = [...new Set(cases.flatMap((one) => subjectsOf(one, this.pairwise)))];
    if ((await this.vault.erase(unit.tx, subjects)) === 'held') return 'legal-hold';
    await keepErasure(unit.tx, subjects, unit.now);
    for (const one of cases) await forget(unit, one);
    return 'erased';
  }
}

/** Nobody could open what is left any more; what says nothing need not stay. */
async function forget(unit: UnitOfWork, { id, document, returneeId }: OneCase): Promise<void> {
  if (document) {
    const { dueAt: _nothing, erasedAt = unit.now.toISOString(), ...rest } = document;
    unit.set(caseStore, id, { ...rest, erasedAt, ...(returneeId && { erasedReturnee: returneeId }) });
  }
  await unit.tx.query('delete from person where key = $1', [id]);
  await unit.tx.query(
    'update escalation_owner set note = null where escalation_id in (select id from escalation where case_id = $1)',
    [id],
  );
}

/** Ended, and nothing is open at any agency. */
function mayBeErased(state: CaseState): boolean {
  return hasEnded(state) && !state.referrals.some(isSent);
}

/** What the keys of a case are kept under: its own, and its reference at every agency that ever had a referral. */
function subjectsOf({ id, document }: OneCase, pairwise: Pairwise): string[] {
  const referrals = document?.state.referrals ?? [];
  const atAgencies = referrals.map(({ agency, underCase = id }) =>
    subjectAt(agency, pairwise.refFor(agency, underCase)),
  );
  return [subjectOfCase(id), ...atAgencies];
}
