/**
 * CloudEvents 1.0 in Kafka's binary mode: attributes as `ce_*` headers, the data as the message's value.
 * https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/kafka-protocol-binding.md
 */
import type { Envelope } from '@retorno/contracts';
import type { IHeaders, Message } from 'kafkajs';

const CONTENT_TYPE = 'content-type';
const PREFIX = 'ce_';

/** A message on its way in, as kafkajs gives it. */
export interface IncomingMessage {
  key: Buffer | null;
  value: Buffer | null;
  headers?: IHeaders | undefined;
}

/** An event as a Kafka message; its key decides the partition. */
export function toMessage(envelope: Envelope): Message & { value: string } {
  const { data, datacontenttype, ...attributes } = envelope;
  const headers: Record<string, string> = { [CONTENT_TYPE]: datacontenttype };
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined) headers[PREFIX + name] = String(value);
  }
  return { key: envelope.partitionkey, value: JSON.stringify(data), headers };
}

/**
 * The event of a message. Whatever else somebody wrote to the topic comes out as an envelope that is refused by name
 * further in, and parked: it must not hold up the events behind it.
 */
export function fromMessage(message: IncomingMessage): Envelope {
  const headers = message.headers ?? {};
  const attributes: Record<string, unknown> = { datacontenttype: textOf(headers[CONTENT_TYPE]) };
  for (const [name, value] of Object.entries(headers)) {
    if (name.startsWith(PREFIX)) attributes[name.slice(PREFIX.length)] = textOf(value);
  }
  if (attributes['keyseq'] !== undefined) attributes['keyseq'] = Number(attributes['keyseq']);
  const value = message.value?.toString('utf8') ?? 'null';
  try {
    return { ...attributes, data: JSON.parse(value) as unknown } as Envelope;
  } catch {
    // Kept as it came, so that a person can look at it; without an id it is no envelope.
    return { ...attributes, id: undefined, data: value } as unknown as Envelope;
  }
}

function textOf(value: IHeaders[string]): string | undefined {
  const one = Array.isArray(value) ? value[0] : value;
  return one?.toString();
}
