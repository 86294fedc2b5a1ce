/**
 * Every topic, who writes it, who reads it and what it carries, and so every declared event. A stream is (topic, key) and
 * has exactly one writer: an event from any other source is refused and parked. Access lists are generated from this.
 */
import * as cases from './case';
import { CataloguePublished } from './catalogue';
import { sourceOf, type Envelope } from './envelope';
import type { EventContract } from './event';
import * as feedback from './feedback';
import * as referrals from './referral';
import * as restoring from './restoring';
import * as returnees from './returnee';
import {
  ALL_ANSWERS,
  CASES_TOPIC,
  CATALOGUE_TOPIC,
  FEEDBACK_TOPIC,
  RETURNEES_TOPIC,
  agencyOf,
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
      feedback.DocumentObtained,
      feedback.CaseEnded,
      feedback.CasesMerged,
      feedback.ErasureDecided,
      restoring.RegistrationRestored,
    ],
  },
] as unknown as readonly TopicDeclaration[];

/** A topic by its real name, with the agency that the star of its pattern stands for. */
interface KnownTopic {
  readonly declaration: TopicDeclaration;
  readonly agency?: string;
}

// Asked for each event.
const known = new Map<string, KnownTopic>();

/** Finds a topic by its real name; undefined for one that nobody declared. */
function findTopic(topic: string): KnownTopic | undefined {
  const found = known.get(topic);
  if (found) return found;
  const declaration = TOPICS.find(({ pattern }) => topicMatches(pattern, topic));
  const agency = agencyOf(topic);
  // What was made up is not remembered: there is no end of it.
  if (!declaration || declaration.pattern.includes('*') !== (agency !== undefined)) return undefined;
  const made = { declaration, ...(agency === undefined ? {} : { agency }) };
  known.set(topic, made);
  return made;
}

/** The service that may write this stream; undefined for a topic that nobody declared. */
export function writerOf(topic: string, key: string): string | undefined {
  const { declaration, agency = key } = findTopic(topic) ?? {};
  return declaration?.writer === 'agency' ? agency : declaration?.writer;
}

/** True when the event's source is the one that owns its stream. */
export function ownsStream(topic: string, envelope: Pick<Envelope, 'source' | 'partitionkey'>): boolean {
  const writer = writerOf(topic, envelope.partitionkey);
  return writer !== undefined && envelope.source === sourceOf(writer);
}

/** The services that read a topic by its real name; empty for one that nobody reads, or nobody declared. */
export function readersOf(topic: string): readonly string[] {
  const { declaration, agency = '' } = findTopic(topic) ?? {};
  return (declaration?.readers ?? []).map((reader) => (reader === 'agency' ? agency : reader));
}

/** Services that are no agencies and write nothing. */
const READS_ONLY: readonly string[] = ['statistics', 'portal', 'console'];

/** The topics that a service writes whatever other services there are; any name that is none of ours is an agency's. */
export function topicsOf(service: string): readonly string[] {
  if (READS_ONLY.includes(service)) return [];
  const isOurs = TOPICS.some(({ writer }) => writer === service);
  return TOPICS.flatMap(({ pattern, writer }) => {
    if (isOurs) return writer === service && !pattern.includes('*') ? [pattern] : [];
    return writer === 'agency' ? [pattern.replace('*', service)] : [];
  });
}

/** All contracts, in the order of their topics. */
export const EVENTS: readonly EventContract[] = TOPICS.flatMap((topic) => topic.events);

const byType = new Map(EVENTS.map((contract) => [contract.type, contract]));

/** Finds the contract of a CloudEvents type; undefined for an unknown type or version. */
export function contractOf(type: string): EventContract | undefined {
  return byType.get(type);
}
