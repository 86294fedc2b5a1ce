/** What every agency's service is made of: a definition and a policy become a Nest service. */
export { agencyService } from './agency-service';
export { asked } from './asked';
export { defineAgency, leaveToStaff } from './definition';
export type {
  AgencyDefinition,
  AgencyService,
  Policy,
  PolicyDecision,
  PolicyInput,
  PolicyInputType,
} from './definition';
export { askFor, isUnreachable, urgentFromArrival } from './policy-parts';
export { answer, possibleNext } from './referral';
export type { AgencyReferral, Answer, Refusal } from './referral';
