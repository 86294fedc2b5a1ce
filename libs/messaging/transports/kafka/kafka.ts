/**
 * Services on many machines, over Apache Kafka. At least once and in order for each key; the readers' cursors make the
 * effect once. Nest's own Kafka server is not used: it handles one message at a time and has no dead letters.
 */
import { resendsTopic, writerOf } from '@retorno/contracts';
import type { KafkaMessage } from 'kafkajs';
import type {
  Lag,
  ResendRequest,
  Subscriber,
  Subscription,
  Transport,
  TransportRecord,
  Word,
} from '../../transport';
import { ownClient, type KafkaConnection, type OwnClient } from './client';
import { fromMessage, toMessage } from './cloud-events';
import { GroupMember } from './group-member';
import { Sender } from './sending';

export interface KafkaOptions extends KafkaConnection {
  /** Stands before the consumer's name in its group's; access lists name it. Default `retorno.`. */
  groupPrefix?: string;
  /** Who writes a stream; the default knows Retorno's topics. */
  writerOf?: (topic: string, key: string) => string | undefined;
  /** Where a service is asked to send again; default `resends.<service>.v1`. */
  resendsTopic?: (service: string) => string;
  /** How often topics are looked for that are not there yet, ms; default 10 s. */
  discoverMs?: number;
}

/** A failed send that nobody tried again for so long says nothing any more: another instance sends now, ms. */
const TROUBLE_MS = 60_000;

type Resender = (request: ResendRequest) => Promise<void>;

export class KafkaTransport implements Transport {
  readonly name = 'kafka';
  private readonly open: () => OwnClient;
  private readonly sender: Sender;
  private readonly resendsTopic: (service: string) => string;
  private readonly members = new Map<string, Set<GroupMember>>();
  private readonly resenders = new Map<string, Resender>();
  private readonly listeners = new Map<string, (word: Word) => Promise<void>>();
  private stopped = true;
  /** Why and when the last publish failed; undefined once one succeeded. */
  private trouble: { why: string; at: number } | undefined;

  constructor(private readonly options: KafkaOptions) {
    this.open = () => ownClient(options);
    this.sender = new Sender(this.open);
    this.resendsTopic = options.resendsTopic ?? resendsTopic;
  }

  async publish(records: readonly TransportRecord[]): Promise<void> {
    if (this.stopped) throw new Error('the transport is stopped');
    try {
      await this.sender.send(records.map(({ topic, envelope }) => ({ topic, message: toMessage(envelope) })));
      this.trouble = undefined;
    } catch (error) {
      this.trouble = { why: error instanceof Error ? error.message : 'unknown error', at: performance.now() };
      throw error;
    }
  }

  subscribe(subscriber: Subscriber): Subscription {
    const member = this.addMember(subscriber.consumer, subscriber.topics, (topic, messages) =>
      subscriber.deliver(messages.map((message) => ({ topic, envelope: fromMessage(message) }))),
    );
    return {
      pause: () => member.pause(),
      resume: () => member.resume(),
      close: async () => {
        await member.close();
        this.members.get(subscriber.consumer)?.delete(member);
      },
    };
  }

  async requestResend(request: ResendRequest): Promise<void> {
    const isRange = 'key' in request;
    const writer = (this.options.writerOf ?? writerOf)(request.topic, isRange ? request.key : '');
    if (!writer && !isRange) throw new Error(`no service alone writes ${request.topic}`);
    if (!writer) return;
    if (this.stopped) throw new Error('the transport is stopped');
    const message = { key: isRange ? request.key : request.topic, value: JSON.stringify(request) };
    await this.sender.send([{ topic: this.resendsTopic(writer), message }]);
  }

  onResendRequested(writer: string, listener: Resender): void {
    this.resenders.set(writer, listener);
    if (!this.stopped) this.addResendersWithoutMember();
  }

  /** On the same topic as what is asked to be sent again. */
  async tell(service: string, word: Word): Promise<boolean> {
    if (this.stopped) return false;
    const message = { key: word.from, value: JSON.stringify({ word }) };
    await this.sender.send([{ topic: this.resendsTopic(service), message }]);
    return true;
  }

  onTold(service: string, listener: ((word: Word) => Promise<void>) | undefined): void {
    if (listener) this.listeners.set(service, listener);
    else this.listeners.delete(service);
  }

  async start(): Promise<void> {
    this.stopped = false;
    this.addResendersWithoutMember();
    for (const member of this.allMembers()) member.start();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await Promise.all([...this.allMembers().map((member) => member.close()), this.sender.close()]);
    this.members.clear();
  }

  health(): { ok: boolean; detail: string } {
    if (this.stopped) return { ok: false, detail: 'the transport is stopped' };
    const members = this.allMembers().map((member) => member.health());
    const ill = members.find((health) => !health.ok);
    if (ill) return ill;
    if (this.trouble && performance.now() - this.trouble.at < TROUBLE_MS) {
      return { ok: false, detail: `cannot send: ${this.trouble.why}` };
    }
    return { ok: true, detail: members.map((health) => health.detail).join('; ') || 'writes only' };
  }

  lag(consumer: string): Lag {
    const lags = [...(this.members.get(consumer) ?? [])].map((member) => member.lag());
    return {
      events: lags.reduce((sum, lag) => sum + lag.events, 0),
      seconds: Math.max(0, ...lags.map((lag) => lag.seconds)),
    };
  }

  /** A consumer also reads what is asked of it as a writer: one group, one connection. */
  private addMember(
    consumer: string,
    topics: readonly string[],
    take: (topic: string, messages: readonly KafkaMessage[]) => Promise<void>,
  ): GroupMember {
    const resends = this.resendsTopic(consumer);
    const member = new GroupMember(this.open, {
      groupId: `${this.options.groupPrefix ?? 'retorno.'}${consumer}`,
      topics: [...topics, resends],
      neverPaused: resends,
      discoverMs: this.options.discoverMs ?? 10_000,
      take: (topic, messages) =>
        topic === resends ? this.resend(consumer, messages) : take(topic, messages),
    });
    const members = this.members.get(consumer) ?? new Set<GroupMember>();
    this.members.set(consumer, members.add(member));
    if (!this.stopped) member.start();
    return member;
  }

  /** A service that writes and reads nothing can be asked to send again, too. */
  private addResendersWithoutMember(): void {
    for (const writer of this.resenders.keys()) {
      if (!this.members.get(writer)?.size) this.addMember(writer, [], async () => undefined);
    }
  }

  private async resend(writer: string, messages: readonly KafkaMessage[]): Promise<void> {
    for (const message of messages) {
      const word = wordOf(message);
      if (word) await this.listeners.get(writer)?.(word);
      const request = requestOf(message);
      if (request) await this.resenders.get(writer)?.(request);
    }
  }

  private allMembers(): GroupMember[] {
    return [...this.members.values()].flatMap((members) => [...members]);
  }
}

/** What a message says; undefined when it is no word. */
function wordOf(message: KafkaMessage): Word | undefined {
  try {
    const { word } = JSON.parse(message.value?.toString('utf8') ?? '') as { word?: Word };
    return typeof word?.from === 'string' ? word : undefined;
  } catch {
    return undefined;
  }
}

/** What a message asks for; undefined when it asks for nothing that makes sense. */
function requestOf(message: KafkaMessage): ResendRequest | undefined {
  try {
    const said = JSON.parse(message.value?.toString('utf8') ?? '') as Record<string, unknown>;
    const { topic, key, from, to } = said;
    if (typeof topic !== 'string') return undefined;
    if (key === undefined) return { topic };
    return typeof key === 'string' && Number.isSafeInteger(from) && Number.isSafeInteger(to)
      ? { topic, key, from: from as number, to: to as number }
      : undefined;
  } catch {
    return undefined;
  }
}
