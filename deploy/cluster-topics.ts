/** Reading a cluster's topics, and carrying out a plan for them. */
import {
  ConfigResourceTypes,
  ConfigSource,
  type Admin,
  type IResourceConfig,
  type ITopicConfig,
} from 'kafkajs';
import type { DesiredTopic } from './desired-topics';
import { looksLikeOurs, type ExistingCluster, type ExistingTopic, type TopicPlan } from './plan-topics';

/** The cluster's brokers and those of its topics that are ours, or look like it. */
export async function readCluster(admin: Admin): Promise<ExistingCluster> {
  const { brokers } = await admin.describeCluster();
  const names = (await admin.listTopics()).filter(looksLikeOurs).sort();
  if (names.length === 0) return { brokers: brokers.length, topics: [] };
  const metadata = await admin.fetchTopicMetadata({ topics: names });
  const configs = await readConfigs(admin, names);
  const topics = metadata.topics.map(({ name, partitions }): ExistingTopic => ({
    name,
    partitions: partitions.length,
    replication: Math.min(...partitions.map((partition) => partition.replicas.length)),
    config: Object.fromEntries(configs.get(name)?.map((entry) => [entry.name, entry.value]) ?? []),
  }));
  return { brokers: brokers.length, topics };
}

/**
 * Carries out a plan in which nothing is refused. The cluster checks all of it first, so that one bad part
 * changes nothing.
 */
export async function applyTopics(admin: Admin, plan: TopicPlan): Promise<void> {
  if (plan.refused.length > 0) throw new Error('a plan with refusals is not carried out');
  const topics = plan.create.map(toTopic);
  const resources = await altered(admin, plan);
  for (const validateOnly of [true, false]) {
    if (topics.length > 0) await admin.createTopics({ topics, validateOnly, waitForLeaders: !validateOnly });
    if (resources.length > 0) await admin.alterConfigs({ resources, validateOnly });
  }
}

function toTopic(topic: DesiredTopic): ITopicConfig {
  return {
    topic: topic.name,
    numPartitions: topic.partitions,
    replicationFactor: topic.replication,
    configEntries: Object.entries(topic.config).map(([name, value]) => ({ name, value })),
  };
}

/**
 * The whole configuration of each topic that changes. kafkajs has the older request alone, which replaces all of a
 * topic's own settings: those that somebody else has set must go along, or they would be lost.
 */
async function altered(admin: Admin, plan: TopicPlan): Promise<IResourceConfig[]> {
  const names = [...new Set(plan.alter.map((difference) => difference.topic))];
  if (names.length === 0) return [];
  const configs = await readConfigs(admin, names);
  return names.map((name) => {
    const own = configs.get(name)?.filter((entry) => entry.own) ?? [];
    const config = new Map(own.map((entry) => [entry.name, entry.value]));
    for (const { topic, setting, expected } of plan.alter) {
      if (topic === name) config.set(setting, expected);
    }
    const configEntries = [...config].map(([setting, value]) => ({ name: setting, value }));
    return { type: ConfigResourceTypes.TOPIC, name, configEntries };
  });
}

interface Setting {
  readonly name: string;
  readonly value: string;
  /** Set on the topic itself. */
  readonly own: boolean;
}

async function readConfigs(admin: Admin, names: readonly string[]): Promise<Map<string, Setting[]>> {
  const { resources } = await admin.describeConfigs({
    includeSynonyms: false,
    resources: names.map((name) => ({ type: ConfigResourceTypes.TOPIC, name })),
  });
  return new Map(
    resources.map(({ resourceName, configEntries }) => [
      resourceName,
      configEntries.map((entry) => ({
        name: entry.configName,
        value: entry.configValue,
        own: entry.configSource === ConfigSource.TOPIC_CONFIG,
      })),
    ]),
  );
}
