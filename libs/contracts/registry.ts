/** Every declared event by its CloudEvents type. */
import * as cases from './case';
import { CataloguePublished } from './catalogue';
import type { EventContract } from './event';
import * as referrals from './referral';
import * as returnees from './returnee';

/** All contracts, in the order of their rooms. */
export const EVENTS: readonly EventContract[] = [
  CataloguePublished,
  returnees.ReturneeRegistered,
  returnees.ReturneeChanged,
  returnees.ConsentChanged,
  returnees.DuplicateSuspected,
  referrals.ReferralRequested,
  referrals.ReferralReminded,
  referrals.ReferralUpdated,
  referrals.InformationSupplied,
  referrals.CancellationRequested,
  referrals.OutcomeConfirmed,
  referrals.OutcomeDisputed,
  referrals.ReferralAnswered,
  ...cases.CASE_EVENTS,
  cases.DocumentObtained,
  cases.CaseEnded,
] as unknown as EventContract[];

const byType = new Map(EVENTS.map((contract) => [contract.type, contract]));

/** Finds the contract of a CloudEvents type; undefined for an unknown type or version. */
export function contractOf(type: string): EventContract | undefined {
  return byType.get(type);
}
