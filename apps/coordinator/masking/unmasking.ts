/** What is called restricted in a case, in plain. Pure. */
import type { CaseState } from '../saga/case';
import type { Catalogues } from '../saga/plan/offers';
import { restrictedCodes } from '../saga/restricted';
import { caseView, type ReferralView } from '../cases/view';

/** JSON of `POST /cases/{id}/unmasking`: of each kind only what is hidden elsewhere. */
export interface Unmasked {
  readonly id: string;
  readonly number: string;
  /** What was noted of the person: codes. */
  readonly vulnerabilities: readonly string[];
  /** Codes. */
  readonly needs: readonly string[];
  readonly referrals: readonly Pick<ReferralView, 'id' | 'agency' | 'agencyName' | 'service' | 'title'>[];
}

/** What a mask hides of this case. */
export function unmasked(state: CaseState, catalogues: Catalogues): Unmasked {
  const restricted = restrictedCodes(catalogues);
  const { id, number, needs, referrals } = caseView(state, catalogues);
  return {
    id,
    number,
    vulnerabilities: state.profile.vulnerabilities.filter((code) => restricted.has(code)),
    needs: needs.map(({ code }) => code).filter((code) => restricted.has(code)),
    referrals: referrals
      .filter((referral) => referral.restricted)
      .map((referral) => ({
        id: referral.id,
        agency: referral.agency,
        agencyName: referral.agencyName,
        service: referral.service,
        title: referral.title,
      })),
  };
}
