/** What to do so that a cluster's topics are as they should be; and what not to do, because it would lose or move events. */
import { topicMatches, TOPICS, resendsTopic } from '@retorno/contracts';
import type { DesiredTopic } from './desired-topics';

/** A topic as it is. */
export interface ExistingTopic {
  readonly name: string;
  readonly partitions: number;
  /** Fewest replicas of any of its partitions. */
  readonly replication: number;
  /** Settings in force, whether they are the topic's own or the brokers' default. */
  readonly config: Readonly<Record<string, string>>;
}

/** A cluster as it is. */
export interface ExistingCluster {
  readonly brokers: number;
  readonly topics: readonly ExistingTopic[];
}

/** One setting of one topic that differs. */
export interface Difference {
  readonly topic: string;
  readonly setting: string;
  readonly found: string;
  readonly expected: string;
}

/** A difference that is not changed, with the reason and the way out. */
export interface Refusal extends Difference {
  readonly reason: string;
}

export interface TopicPlan {
  readonly create: readonly DesiredTopic[];
  readonly alter: readonly Difference[];
  /** Nothing at all is done while there is one. */
  readonly refused: readonly Refusal[];
  /** Names of the topics that are right. */
  readonly unchanged: readonly string[];
  /** Topics named like ours that no agency here has: never touched. */
  readonly notOurs: readonly string[];
}

/** Compares what should be with what is. */
export function planTopics(desired: readonly DesiredTopic[], existing: ExistingCluster): TopicPlan {
  const found = new Map(existing.topics.map((topic) => [topic.name, topic]));
  const create = desired.filter((topic) => !found.has(topic.name));
  const compared = desired.flatMap((want) => {
    const have = found.get(want.name);
    return have ? [{ name: want.name, ...compare(want, have) }] : [];
  });
  const wanted = new Set(desired.map((topic) => topic.name));
  return {
    create,
    alter: compared.flatMap((topic) => topic.alter),
    refused: [...compared.flatMap((topic) => topic.refused), ...tooFewBrokers(create, existing.brokers)],
    unchanged: compared.filter((t) => t.alter.length === 0 && t.refused.length === 0).map((t) => t.name),
    notOurs: [...found.keys()].filter((name) => !wanted.has(name) && looksLikeOurs(name)).sort(),
  };
}

function compare(want: DesiredTopic, have: ExistingTopic): { alter: Difference[]; refused: Refusal[] } {
  const differences = [
    ['partitions', String(have.partitions), String(want.partitions)] as const,
    ['replication', String(have.replication), String(want.replication)] as const,
    ...Object.entries(want.config).map(
      ([setting, expected]) => [setting, have.config[setting] ?? 'unknown', expected] as const,
    ),
  ]
    .filter(([, is, should]) => is !== should)
    .map(([setting, is, should]): Difference => ({ topic: want.name, setting, found: is, expected: should }));
  const judged = differences.map((difference) => ({ difference, reason: whyNot(difference) }));
  return {
    alter: judged.filter(({ reason }) => reason === undefined).map(({ difference }) => difference),
    refused: judged.flatMap(({ difference, reason }) =>
      reason === undefined ? [] : [{ ...difference, reason }],
    ),
  };
}

/** Why a difference is not for this command to change; undefined when it is. */
function whyNot({ setting, found, expected }: Difference): string | undefined {
  switch (setting) {
    case 'partitions':
      return 'another count moves keys to other partitions and breaks their order: it takes a new version of the topic';
    case 'replication':
      return Number(expected) < Number(found)
        ? `fewer copies are less safe; say --replication ${found} to keep them`
        : `copies are added by kafka-reassign-partitions.sh; say --replication ${found} to leave it`;
    case 'min.insync.replicas':
      return Number(expected) < Number(found)
        ? 'fewer acknowledgements are less safe; raise --replication, or lower it by hand'
        : undefined;
    case 'retention.ms':
    case 'retention.bytes':
      return shorter(expected, found)
        ? 'it deletes events that are kept today; lower it by hand if nobody needs them'
        : undefined;
    case 'cleanup.policy':
      return found === 'compact'
        ? 'what compacting kept would go after its retention; and it has left gaps: change it by hand'
        : undefined;
    default:
      return undefined;
  }
}

/** True when one retention ends before another; -1 never ends. */
function shorter(one: string, other: string): boolean {
  const length = (retention: string): number => (retention === '-1' ? Infinity : Number(retention));
  return length(one) < length(other);
}

/** One refusal for all: it is about the cluster. */
function tooFewBrokers(create: readonly DesiredTopic[], brokers: number): Refusal[] {
  const copies = Math.max(0, ...create.map((topic) => topic.replication));
  if (copies <= brokers) return [];
  return [
    {
      topic: `${create.length} to create`,
      setting: 'brokers',
      found: String(brokers),
      expected: `${copies} or more`,
      reason: `each copy needs a broker of its own; a small cluster takes --replication ${brokers}`,
    },
  ];
}

const OUR_PATTERNS = [...TOPICS.map((topic) => topic.pattern), resendsTopic('*')];

/** True for a topic that this list names, or once may have. */
export function looksLikeOurs(name: string): boolean {
  return OUR_PATTERNS.some((pattern) => topicMatches(pattern, name)) || name.startsWith('referrals.');
}
