import { urgentFromArrival, type Policy } from '@retorno/agency';

/** Nationals have a DNI; the card is for everybody else (Decreto Legislativo 1350). */
const HOME = 'PE';
/** Arrivals at Lima's airport are received by the assistance centre. */
const LIMA = 'LIM';

/** Says who is at the wrong desk, and puts receptions first on their day. All else is looked up or done by officers. */
export const policy: Policy = (referral, { now }) => {
  const { service, status, returnee, cancellationRequested } = referral;
  const isNew = status === 'received' && !cancellationRequested;
  switch (service) {
    case 'foreigner-card':
      return isNew && returnee.nationality === HOME ? [{ status: 'rejected', code: 'not-eligible' }] : [];
    case 'border-reception':
      if (isNew && returnee.portOfEntry === LIMA) return [{ status: 'rejected', code: 'wrong-agency' }];
      return urgentFromArrival(referral, now);
    default:
      return [];
  }
};
