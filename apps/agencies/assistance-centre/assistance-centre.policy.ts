import { askFor, isUnreachable, urgentFromArrival, type AgencyReferral, type Policy } from '@retorno/agency';

const LIMA = 'LIM';
/** What the staff at the airport speak. */
const SPOKEN = ['es', 'en'];
const DAY_MS = 86_400_000;

/** Who lands elsewhere is sent on; who lands here or needs a bed comes first; who is to be called must be reachable. */
export const policy: Policy = (referral, { type, now }) => {
  switch (referral.service) {
    case 'reception': {
      const { portOfEntry } = referral.returnee;
      const isNew = referral.status === 'received' && !referral.cancellationRequested;
      if (isNew && portOfEntry && portOfEntry !== LIMA) return [{ status: 'rejected', code: 'wrong-agency' }];
      return { ...urgentFromArrival(referral, now), memo: { interpreter: needsInterpreter(referral) } };
    }
    case 'shelter':
      return urgentFromArrival(referral, now);
    default:
      return type === 'woken' ? { priority: 'urgent', wakeAt: null } : followUp(referral, type);
  }
};

/** A call is asked for a month ahead: in its last days it comes to the top of the list. */
function followUp(referral: AgencyReferral, type: Parameters<Policy>[1]['type']) {
  const missing = isUnreachable(referral)
    ? 'A telephone number or an email address is needed to follow up.'
    : undefined;
  const last = new Date(Date.parse(referral.dueAt) - 3 * DAY_MS);
  return { ...askFor(referral, type, missing), ...(type === 'requested' && { wakeAt: last }) };
}

function needsInterpreter({ returnee }: AgencyReferral): boolean {
  const { languages = [] } = returnee;
  return languages.length > 0 && !languages.some((language) => SPOKEN.includes(language));
}
