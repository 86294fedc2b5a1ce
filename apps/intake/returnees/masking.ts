/** What of a registration is shown to whom. Pure. */
import { MASK, RESTRICTED_FACTS } from '@retorno/contracts';
import type { Caller } from '@retorno/service';
import type { ReturneeView } from './returnee-query';

/** A registration as it may be answered: masked. */
type ShownReturnee = Omit<ReturneeView, 'vulnerabilities' | 'needs' | 'person'> & {
  readonly vulnerabilities: readonly string[];
  readonly needs: readonly string[];
  readonly person: object;
};

/**
 * Whoever registers sees what they registered, to correct it. Others (operations) do not see what is restricted: that a case
 * says to a lead with a reason (`POST /cases/{id}/unmasking`).
 */
export function shownTo({ roles }: Pick<Caller, 'roles'>, view: ReturneeView): ShownReturnee {
  if (roles.has('intake')) return view;
  const { person } = view;
  const isAlone = person.relationship === 'unaccompanied';
  return {
    ...view,
    vulnerabilities: masked(view.vulnerabilities),
    needs: masked(view.needs),
    person: { ...person, ...(isAlone ? { relationship: MASK } : {}) },
  };
}

/** How many are hidden would tell some apart. */
function masked(codes: readonly string[]): string[] {
  return [...new Set(codes.map((code) => (RESTRICTED_FACTS.includes(code) ? MASK : code)))];
}
