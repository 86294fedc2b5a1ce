/** Who may do what on the cluster: each service what the list of topics gives it, and nothing more. */
import { topicUses } from './topic-uses';

/** A service's right to something on the cluster, which always has a full name: no pattern, no star. */
export interface Grant {
  /** Also the name of its user. */
  readonly service: string;
  readonly resource: 'topic' | 'group';
  readonly name: string;
  readonly operations: readonly Operation[];
}

/** Kafka's own names. */
export type Operation = 'Describe' | 'Read' | 'Write';

/** The consumer group of a service. */
export function groupOf(service: string): string {
  return `retorno.${service}`;
}

/**
 * All rights of an installation with these agencies, sorted by service. No service may create, alter or delete anything.
 * Writing in sequence (idempotent) needs no right of its own since Kafka 2.8: the right to write implies it.
 */
export function accessOf(agencies: readonly string[]): Grant[] {
  const topics = topicUses(agencies);
  const services = [...new Set(topics.flatMap((topic) => [...topic.writers, ...topic.readers]))].sort();
  return services.flatMap((service): Grant[] => {
    const may = (operation: 'Read' | 'Write', users: 'readers' | 'writers'): Grant[] =>
      topics
        .filter((topic) => topic[users].includes(service))
        .map(({ name }) => ({ service, resource: 'topic', name, operations: ['Describe', operation] }));
    const group: Grant = {
      service,
      resource: 'group',
      name: groupOf(service),
      operations: ['Describe', 'Read'],
    };
    return [...may('Write', 'writers'), ...may('Read', 'readers'), group];
  });
}
