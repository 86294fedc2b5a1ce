/** Every topic of an installation by its real name, with the services at both ends: the list of libs/contracts × the agencies. */
import { resendsTopic, TOPICS, type TopicDeclaration } from '@retorno/contracts';
import { OWN_SERVICES } from './services';

/** A topic that exists, or should. */
export interface TopicUse {
  readonly name: string;
  readonly kind: 'events' | 'resends';
  /** Services, sorted. Events have several writers only where each has keys of its own. */
  readonly writers: readonly string[];
  /** Services, sorted; none where the list of topics says so. */
  readonly readers: readonly string[];
}

/** All topics of an installation with these agencies: those that carry events, then those that ask to send them again. */
export function topicUses(
  agencies: readonly string[],
  topics: readonly TopicDeclaration[] = TOPICS,
): TopicUse[] {
  const events = topics.flatMap((topic) =>
    topic.pattern.includes('*')
      ? agencies.map((agency) => use(topic, topic.pattern.replace('*', agency), [agency]))
      : [use(topic, topic.pattern, agencies)],
  );
  const resends = [...OWN_SERVICES, ...agencies].map((service): TopicUse => {
    const askers = events.filter((topic) => topic.writers.includes(service)).flatMap((t) => t.readers);
    // Whose streams it reads asks it how far it is.
    const asked = events.filter((topic) => topic.readers.includes(service)).flatMap((t) => t.writers);
    const writers = sorted([...askers, ...asked]);
    return { name: resendsTopic(service), kind: 'resends', writers, readers: [service] };
  });
  return [...events, ...resends];
}

function use(topic: TopicDeclaration, name: string, agencies: readonly string[]): TopicUse {
  const services = (role: TopicDeclaration['readers'][number]): readonly string[] =>
    role === 'agency' ? agencies : [role];
  return {
    name,
    kind: 'events',
    writers: sorted(services(topic.writer)),
    readers: sorted(topic.readers.flatMap(services)),
  };
}

function sorted(names: readonly string[]): string[] {
  return [...new Set(names)].sort();
}
