/** What the tests of transports publish, and a consumer to look into. */
import type { Envelope } from '@retorno/contracts';
import type { Subscription, Transport, TransportRecord } from '@retorno/messaging';
import { eventually } from '../support/eventually';

/** Longest wait for a condition, ms. */
export const PATIENCE = 45_000;

/** A consumer that keeps what it accepted. */
export class Basket {
  readonly accepted: TransportRecord[] = [];
  /** How often something was delivered. */
  deliveries = 0;
  readonly subscription: Subscription;
  /** Called before records are accepted; throwing rejects them. */
  onDeliver: (records: readonly TransportRecord[]) => Promise<void> | void = () => undefined;

  constructor(transport: Transport, consumer: string, topics: readonly string[]) {
    this.subscription = transport.subscribe({
      consumer,
      topics,
      deliver: async (records) => {
        this.deliveries++;
        await this.onDeliver(records);
        this.accepted.push(...records);
      },
    });
  }

  /** Sequences of a stream in the order in which they were accepted, again as often as they were. */
  all(topic: string, key: string): number[] {
    const mine = this.accepted.filter((r) => r.topic === topic && r.envelope.partitionkey === key);
    return mine.map((r) => r.envelope.keyseq);
  }

  /** The same, each at its first time. */
  sequences(topic: string, key: string): number[] {
    return [...new Set(this.all(topic, key))];
  }

  async has(topic: string, key: string, count: number): Promise<void> {
    await eventually(() => this.sequences(topic, key).length >= count, PATIENCE);
  }
}

/** Records `from` to `to` of a stream. */
export function stream(
  topic: string,
  key: string,
  from: number,
  to: number,
  data: unknown = {},
): TransportRecord[] {
  return range(from, to).map((keyseq) => ({ topic, envelope: envelope(key, keyseq, data) }));
}

function envelope(key: string, keyseq: number, data: unknown): Envelope {
  return {
    specversion: '1.0',
    id: `${key}-${keyseq}`,
    source: '/retorno/mill',
    type: 'retorno.grain-milled.v1',
    time: '2026-11-23T12:00:00.000Z',
    dataschema: 'urn:retorno:schema:grain-milled:v1',
    datacontenttype: 'application/json',
    partitionkey: key,
    keyseq,
    correlationid: key,
    data,
  };
}

export function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, i) => from + i);
}

/** Publishes as the relay does: again until the transport has it. */
export async function publish(transport: Transport, records: readonly TransportRecord[]): Promise<void> {
  await eventually(() => transport.publish(records).then(() => true), PATIENCE);
}
