/** What every topic should be on the cluster, and why. */
import { CATALOGUE_TOPIC } from '@retorno/contracts';
import { UsageError } from './command';
import type { TopicUse } from './topic-uses';

/** A topic as it should be. */
export interface DesiredTopic {
  readonly name: string;
  readonly partitions: number;
  readonly replication: number;
  /** Kafka's settings of the topic, by Kafka's names. What is not named is left as it is. */
  readonly config: Readonly<Record<string, string>>;
}

const DAY_MS = 86_400_000;

/** Of every topic that carries events. Never changed: another count would move keys; it takes a new topic version. */
const PARTITIONS = 12;

/**
 * How a topic should be on a cluster with so many replicas (3 in production).
 * Events stay 7 days: whoever was away longer has them sent again by their writer, which can for 30 days, and cases.v1
 * can be replayed from the coordinator's log. Catalogues stay for ever: they are few, and a coordinator that comes
 * later reads them from the first. Compacting them instead would leave gaps, which readers hold back as events lost.
 */
export function desiredTopic(use: TopicUse, replication: number): DesiredTopic {
  const isResends = use.kind === 'resends';
  const days = isResends ? 1 : 7;
  return {
    name: use.name,
    partitions: isResends ? 1 : PARTITIONS,
    replication,
    config: {
      'cleanup.policy': 'delete',
      // By the brokers' clock: by the writer's, a clock that is days behind has its events deleted before they are read.
      'message.timestamp.type': 'LogAppendTime',
      // All but one: one broker may be away without stopping anybody, and what is acknowledged survives the loss of one.
      'min.insync.replicas': String(Math.max(1, replication - 1)),
      // Time alone decides what goes, never size.
      'retention.bytes': '-1',
      'retention.ms': use.name === CATALOGUE_TOPIC ? '-1' : String(days * DAY_MS),
      // A broker that missed acknowledged events never leads.
      'unclean.leader.election.enable': 'false',
    },
  };
}

/** How long a topic keeps an event, in words. */
export function keptFor(topic: DesiredTopic): string {
  const days = Number(topic.config['retention.ms']) / DAY_MS;
  if (days < 0) return 'for ever';
  return days === 1 ? '1 day' : `${days} days`;
}

/** Reads `--replication`. Throws UsageError. */
export function copiesOf(option: string): number {
  if (/^[1-9]$/.test(option)) return Number(option);
  throw new UsageError('--replication must be a number of copies: 3, or 1 for a single broker');
}
