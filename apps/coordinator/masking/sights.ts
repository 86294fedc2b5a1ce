/** What each caller sees of each case: the decision (sight.ts) with what it needs to know. */
import { Injectable } from '@nestjs/common';
import { Messaging } from '@retorno/messaging';
import { problem, type Caller } from '@retorno/service';
import type { CaseState } from '../saga/case';
import { CatalogueShelf } from '../casework/catalogues';
import { restrictedCodes, type RestrictedCodes } from '../saga/restricted';
import { maskOf, type Mask } from './mask';
import { hiddenFrom, UNMASKED_FOR_MS } from './sight';

/** How somebody sees one case. */
export interface Sight {
  readonly hidden: RestrictedCodes;
  readonly mask: Mask;
  /** Until when what is restricted is shown to them, RFC 3339; null while it is not, and for whom it always is. */
  readonly unmaskedUntil: string | null;
}

@Injectable()
export class Sights {
  constructor(
    private readonly messaging: Messaging,
    private readonly catalogues: CatalogueShelf,
  ) {}

  /** How this caller sees this case now. */
  async of(caller: Caller, state: CaseState): Promise<Sight> {
    const now = this.messaging.clock.now();
    const until = caller.roles.has('operations-lead')
      ? await this.unmaskedUntil(caller, state.id)
      : undefined;
    const hidden = hiddenFrom(caller, restrictedCodes(this.catalogues.current()), now, until);
    const isUnmasked = until !== undefined && now < until;
    return { hidden, mask: maskOf(hidden, state), unmaskedUntil: isUnmasked ? until.toISOString() : null };
  }

  /** What this caller does not see where no case is named. */
  ofLists(caller: Caller): RestrictedCodes {
    return hiddenFrom(caller, restrictedCodes(this.catalogues.current()), this.messaging.clock.now());
  }

  /**
   * Throws problem 403 for who asks which cases or referrals an agency has whose name says what somebody suffered. Its own
   * people know.
   */
  mustSee(caller: Caller, agency: string | undefined): void {
    if (agency === undefined || agency === caller.agency || !this.ofLists(caller).has(agency)) return;
    throw problem(
      403,
      'restricted-agency',
      'Which cases this agency has is restricted; agency=restricted lists those of all such agencies together.',
    );
  }

  /** From now on a lead sees what is restricted in this case. Gives until when. */
  async unmask({ subject }: Caller, caseId: string): Promise<Date> {
    const now = this.messaging.clock.now();
    const until = new Date(now.getTime() + UNMASKED_FOR_MS);
    await this.messaging.dataSource.query(
      `with over as (delete from unmasking where until <= $4::timestamptz and (case_id, subject) <> ($1, $2))
       insert into unmasking (case_id, subject, until) values ($1, $2, $3)
       on conflict (case_id, subject) do update set until = excluded.until`,
      [caseId, subject, until.toISOString(), now.toISOString()],
    );
    return until;
  }

  private async unmaskedUntil({ subject }: Caller, caseId: string): Promise<Date | undefined> {
    const [row]: { until: Date }[] = await this.messaging.dataSource.query(
      'select until from unmasking where case_id = $1 and subject = $2',
      [caseId, subject],
    );
    return row?.until;
  }
}
