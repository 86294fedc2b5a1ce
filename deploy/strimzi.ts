/** Topics and users as manifests for Strimzi, which runs Kafka on Kubernetes and makes the users' passwords itself. */
import { stringify } from 'yaml';
import type { Grant } from './access';
import type { DesiredTopic } from './desired-topics';

const API_VERSION = 'kafka.strimzi.io/v1';

export interface StrimziOptions {
  /** Name of the Kafka resource that they belong to. */
  readonly cluster: string;
  /** Stands before each service's name in its user's. */
  readonly userPrefix?: string;
}

/** All manifests in one YAML stream: the topics, then the users. */
export function strimziManifests(
  topics: readonly DesiredTopic[],
  grants: readonly Grant[],
  options: StrimziOptions,
): string {
  const labels = { 'strimzi.io/cluster': options.cluster };
  const services = [...new Set(grants.map((grant) => grant.service))];
  const manifests = [
    ...topics.map((topic) => kafkaTopic(topic, labels)),
    ...services.map((service) => {
      const rights = grants.filter((grant) => grant.service === service);
      return kafkaUser(`${options.userPrefix ?? ''}${service}`, rights, labels);
    }),
  ];
  return manifests.map((manifest) => stringify(manifest, { lineWidth: 0 })).join('---\n');
}

function kafkaTopic(topic: DesiredTopic, labels: Record<string, string>): object {
  return {
    apiVersion: API_VERSION,
    kind: 'KafkaTopic',
    // A topic's name is a name in Kubernetes, too: lower case, with dots.
    metadata: { name: topic.name, labels },
    spec: {
      topicName: topic.name,
      partitions: topic.partitions,
      replicas: topic.replication,
      config: topic.config,
    },
  };
}

function kafkaUser(name: string, grants: readonly Grant[], labels: Record<string, string>): object {
  return {
    apiVersion: API_VERSION,
    kind: 'KafkaUser',
    metadata: { name, labels },
    spec: {
      authentication: { type: 'scram-sha-512' },
      authorization: {
        type: 'simple',
        acls: grants.map((grant) => ({
          resource: { type: grant.resource, name: grant.name, patternType: 'literal' },
          operations: grant.operations,
          host: '*',
        })),
      },
    },
  };
}
