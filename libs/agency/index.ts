/** What every agency's service is made of: a definition and a policy become a Nest service. */
export { agencyService } from './agency-service';
export { defineAgency, leaveToStaff } from './definition';
export type { AgencyDefinition, Policy, PolicyDecision, PolicyInput, PolicyInputType } from './definition';
export { answer, possibleNext } from './referral';
export type { AgencyReferral, Answer, Refusal } from './referral';
