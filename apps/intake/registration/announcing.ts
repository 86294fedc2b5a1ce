/** What the coordinator is told of somebody who was registered, or of whom something changed. */
import {
  ConsentChanged,
  RETURNEES_TOPIC,
  ReturneeChanged,
  ReturneeRegistered,
  type Consent,
} from '@retorno/contracts';
import type { UnitOfWork } from '@retorno/messaging';
import type { HouseholdPlace } from './households';
import type { Registration } from '../manifests/manifest-row';
import { announcement, type RowEffect, type StoredReturnee } from './registration';

/** A case begins. */
export function announceNew(
  unit: UnitOfWork,
  ids: Pick<StoredReturnee, 'caseId' | 'caseNumber'> & { returneeId: string },
  row: Registration,
  at: HouseholdPlace | undefined,
): void {
  unit.publish({
    topic: RETURNEES_TOPIC,
    key: ids.caseId,
    contract: ReturneeRegistered,
    data: { caseNumber: ids.caseNumber, ...announcement(ids.returneeId, row, row.consent, at) },
  });
}

/** One event for a changed row: it carries the consent that holds. */
export function announceChange(
  unit: UnitOfWork,
  stored: StoredReturnee,
  row: Registration,
  effect: RowEffect,
  at: HouseholdPlace | undefined,
): void {
  if (effect.detailsChanged) {
    unit.publish({
      topic: RETURNEES_TOPIC,
      key: stored.caseId,
      contract: ReturneeChanged,
      data: announcement(stored.id, row, effect.consent, at),
    });
  } else if (effect.consentChanged) {
    publishConsent(unit, stored, effect.consent);
  }
}

/** Only the consent changed. */
export function publishConsent(unit: UnitOfWork, stored: StoredReturnee, consent: Consent): void {
  unit.publish({
    topic: RETURNEES_TOPIC,
    key: stored.mergedInto?.caseId ?? stored.caseId,
    contract: ConsentChanged,
    data: { returneeId: stored.mergedInto?.returneeId ?? stored.id, consent },
  });
}
