/** Topics, groups and transports of one test's own at a broker that others use too. */
import { randomBytes } from 'node:crypto';
import { kafkaClient, KafkaTransport, type KafkaOptions } from '@retorno/messaging';
import type { Admin } from 'kafkajs';
import { eventually } from '../support/eventually';
import { PATIENCE } from './basket';

export class Ground {
  readonly run = `t${randomBytes(4).toString('hex')}`;
  readonly groupPrefix = `${this.run}.`;
  private readonly made = new Set<string>();
  private readonly transports: KafkaTransport[] = [];

  private constructor(
    readonly brokers: readonly string[],
    readonly admin: Admin,
  ) {}

  static async open(brokers: readonly string[]): Promise<Ground> {
    const admin = kafkaClient({ brokers, clientId: 'ground' }).admin();
    await admin.connect();
    return new Ground(brokers, admin);
  }

  topic = (name: string): string => `${this.run}.${name}.v1`;
  resendsTopic = (service: string): string => `resends.${this.run}-${service}.v1`;
  group = (consumer: string): string => `${this.groupPrefix}${consumer}`;

  /** Returns when every broker knows them. */
  async make(...topics: string[]): Promise<void> {
    await this.admin.createTopics({
      topics: topics.map((topic) => ({ topic, numPartitions: 3 })),
      // Its own wait gives up at once when a broker has not heard of a topic yet.
      waitForLeaders: false,
    });
    for (const topic of topics) this.made.add(topic);
    await eventually(() => this.admin.fetchTopicMetadata({ topics }).then(() => true), PATIENCE);
  }

  /** A transport that is stopped in the end; where it is depends on the test. */
  transport(options: Partial<KafkaOptions> = {}): KafkaTransport {
    const transport = new KafkaTransport({
      brokers: this.brokers,
      clientId: 'ground',
      groupPrefix: this.groupPrefix,
      resendsTopic: this.resendsTopic,
      writerOf: () => 'mill',
      ...options,
    });
    this.transports.push(transport);
    return transport;
  }

  /** Offsets that a consumer has noted, of all partitions together. */
  async noted(consumer: string, topic: string): Promise<number> {
    const [offsets] = await this.admin.fetchOffsets({ groupId: this.group(consumer), topics: [topic] });
    return offsets!.partitions.reduce((sum, { offset }) => sum + Math.max(0, Number(offset)), 0);
  }

  /** Names under which the group knows its members. */
  async members(consumer: string): Promise<string[]> {
    const { groups } = await this.admin.describeGroups([this.group(consumer)]);
    return groups[0]!.members.map((member) => member.memberId);
  }

  async dispose(): Promise<void> {
    await Promise.all(this.transports.map((transport) => transport.stop()));
    // A broker that has just been brought back may not know its topics yet.
    await eventually(async () => {
      const existing = new Set(await this.admin.listTopics());
      const topics = [...this.made].filter((topic) => existing.has(topic));
      if (topics.length > 0) await this.admin.deleteTopics({ topics });
      return true;
    }, PATIENCE);
    await this.admin.disconnect();
  }
}

/** What keeps this process from ending. */
export function openResources(): string {
  const kinds = process.getActiveResourcesInfo();
  const count = (kind: string): number => kinds.filter((one) => one === kind).length;
  return `${count('TCPSocketWrap')} connections, ${count('Timeout')} timers`;
}

/** As after SIGKILL: its connections are gone, it leaves no group and says nothing more. */
export function drop(transport: KafkaTransport): void {
  const { members } = transport as unknown as { members: Map<string, Set<Droppable>> };
  for (const member of [...members.values()].flatMap((all) => [...all])) {
    member.gate.isClosed = true;
    member.life?.client.cut();
  }
}

interface Droppable {
  gate: { isClosed: boolean };
  life?: { client: { cut(): void } };
}
