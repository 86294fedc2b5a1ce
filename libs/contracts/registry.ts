/** Every topic with what it carries, and so every declared event. */
import * as cases from './case';
import { CataloguePublished } from './catalogue';
import type { EventContract } from './event';
import * as referrals from './referral';
import * as restoring from './restoring';
import * as returnees from './returnee';
import {
  ALL_ANSWERS,
  CASES_TOPIC,
  CATALOGUE_TOPIC,
  FEEDBACK_TOPIC,
  RETURNEES_TOPIC,
  requestsTopic,
  topicMatches,
} from './topics';

/** One topic, or one per agency where the pattern has a star. */
export interface TopicDeclaration {
  readonly pattern: string;
  /** The service that writes it; `agency`: the one that the pattern's star stands for, or that is the key. */
  readonly writer: 'intake' | 'coordinator' | 'agency';
  /** The services that read it, `agency` as above. */
  readonly readers: readonly (TopicDeclaration['writer'] | 'statistics')[];
  readonly events: readonly EventContract[];
}

/** All topics. An event is carried by exactly one of them. */
export const TOPICS = [
  { pattern: CATALOGUE_TOPIC, writer: 'agency', readers: ['coordinator'], events: [CataloguePublished] },
  {
    pattern: RETURNEES_TOPIC,
    writer: 'intake',
    readers: ['coordinator'],
    events: [
      returnees.ReturneeRegistered,
      returnees.ReturneeChanged,
      returnees.ConsentChanged,
      returnees.DuplicateSuspected,
      returnees.ErasureRequested,
      restoring.RegistrationLost,
    ],
  },
  {
    pattern: requestsTopic('*'),
    writer: 'coordinator',
    readers: ['agency'],
    events: [
      referrals.ReferralRequested,
      referrals.ReferralReminded,
      referrals.ReferralUpdated,
      referrals.InformationSupplied,
      referrals.CancellationRequested,
      referrals.OutcomeConfirmed,
      referrals.OutcomeDisputed,
      referrals.ReferralCorrected,
      restoring.RecordsRestored,
    ],
  },
  {
    pattern: ALL_ANSWERS,
    writer: 'agency',
    readers: ['coordinator'],
    events: [referrals.ReferralAnswered, referrals.AnswerCorrected, restoring.RecordsLost],
  },
  // What happened to each case, without personal data: for statistics and displays outside the coordinator.
  { pattern: CASES_TOPIC, writer: 'coordinator', readers: ['statistics'], events: cases.CASE_EVENTS },
  {
    pattern: FEEDBACK_TOPIC,
    writer: 'coordinator',
    readers: ['intake'],
    events: [
      cases.DocumentObtained,
      cases.CaseEnded,
      cases.CasesMerged,
      cases.ErasureDecided,
      restoring.RegistrationRestored,
    ],
  },
] as unknown as readonly TopicDeclaration[];

/** The services that read a topic by its real name; empty for one that nobody reads, or nobody declared. */
export function readersOf(topic: string): readonly string[] {
  const declared = TOPICS.find(({ pattern }) => topicMatches(pattern, topic));
  // The star of a pattern is the second part of the name, and the agency's.
  const [, agency = ''] = topic.split('.');
  return (declared?.readers ?? []).map((reader) => (reader === 'agency' ? agency : reader));
}

/** All contracts, in the order of their topics. */
export const EVENTS: readonly EventContract[] = TOPICS.flatMap((topic) => topic.events);

const byType = new Map(EVENTS.map((contract) => [contract.type, contract]));

/** Finds the contract of a CloudEvents type; undefined for an unknown type or version. */
export function contractOf(type: string): EventContract | undefined {
  return byType.get(type);
}
