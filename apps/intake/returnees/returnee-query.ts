/** One returnee, with everything that intake knows. */
import type { Consent } from '@retorno/contracts';
import { Inject, Injectable } from '@nestjs/common';
import { Messaging, type Clock } from '@retorno/messaging';
import { CLOCK, OwnRows, problem, type Rows } from '@retorno/service';
import { ownedBy } from '../registration/authority';
import { standingConsent } from '../consent/consent';
import { feedbackStore, NO_FEEDBACK, type CaseFeedback } from '../registration/feedback';
import { readReturnees } from '../registration/returnee-table';
import { gone } from '../erasure/erasure';
import { isErased, registrationOf, type StoredReturnee } from '../registration/registration';
import type { Registration } from '../manifests/manifest-row';
import { isUuid } from '../fields/uuid';

interface CaseRef {
  returneeId: string;
  caseId: string;
  caseNumber: string;
}

export interface ReturneeView extends Registration, CaseRef {
  consent: Consent;
  caseStatus: CaseFeedback['status'];
  /** Issued by agencies since. */
  documentsObtained: CaseFeedback['documents'];
  /** The other members of the household, as far as they are known. */
  householdMembers: CaseRef[];
  /** Who looks like the same person, 0 to 100. Nothing is merged by itself. */
  duplicates: (CaseRef & { ground: string; score: number })[];
  /** Whose registration stands for the same person since operations made their cases one. */
  mergedInto: { returneeId: string; caseId: string } | null;
}

/** Longest lists beside a returnee; a household or a suspicion that is longer is not one. */
const MOST = 100;

@Injectable()
export class ReturneeQuery {
  constructor(
    private readonly rows: OwnRows,
    private readonly messaging: Messaging,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** With others of the same household, or who look alike, as far as they are of this authority, or all. */
  async get(id: string, authority: string | undefined): Promise<ReturneeView> {
    const rows = this.rows.of(authority);
    const [stored] = isUuid(id) ? await this.read(rows, id) : [];
    if (!stored) throw problem(404, 'not-found', 'No returnee has this id.');
    if (isErased(stored)) throw gone();
    const [feedback, householdMembers, duplicates] = await Promise.all([
      this.feedback(rows, stored.caseId),
      this.householdMembers(rows, id, authority),
      this.duplicates(rows, id, authority),
    ]);
    const { announced: _announced, told: _told, ...registration } = registrationOf(stored);
    return {
      returneeId: stored.id,
      caseId: stored.caseId,
      caseNumber: stored.caseNumber,
      caseStatus: feedback.status,
      ...registration,
      consent: standingConsent(stored.consent, this.clock.now()),
      documentsObtained: feedback.documents,
      householdMembers,
      duplicates,
      mergedInto: stored.mergedInto ?? null,
    };
  }

  private read(rows: Rows, id: string): Promise<StoredReturnee[]> {
    return readReturnees({ tx: rows, keyring: this.messaging.keyring() }, 'where id = $1', [id]);
  }

  private async feedback(rows: Rows, caseId: string): Promise<CaseFeedback> {
    const found: { key: string; body: string }[] = await rows.query(
      'select key, body from case_feedback where key = $1',
      [caseId],
    );
    const [feedback] = await this.messaging.read(feedbackStore, found);
    return feedback ?? NO_FEEDBACK;
  }

  private householdMembers(rows: Rows, id: string, authority: string | undefined): Promise<CaseRef[]> {
    return rows.query(
      `select o.id as "returneeId", o.case_id as "caseId", o.case_number as "caseNumber"
       from returnee r join returnee o using (household)
       where r.id = $1 and o.id <> r.id and ${ownedBy(2, 'o.id')} order by o.seq limit ${MOST}`,
      [id, authority ?? null],
    );
  }

  private duplicates(
    rows: Rows,
    id: string,
    authority: string | undefined,
  ): Promise<(CaseRef & { ground: string; score: number })[]> {
    return rows.query(
      `select o.id as "returneeId", o.case_id as "caseId", o.case_number as "caseNumber", p.ground, p.score
       from duplicate_pair p join returnee o on o.id = case when p.newer_id = $1 then p.older_id else p.newer_id end
       where (p.newer_id = $1 or p.older_id = $1) and ${ownedBy(2, 'o.id')} order by o.seq limit ${MOST}`,
      [id, authority ?? null],
    );
  }
}
