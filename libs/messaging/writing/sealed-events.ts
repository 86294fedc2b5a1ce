/** Events as they are written, sent, held and parked: what is personal in them is sealed; the handlers see it open. */
import type { Envelope, EventContract } from '@retorno/contracts';
import type { StreamEvent } from '../reading/cursors';
import { asWrittenHere, type PendingEvent } from './outbox';
import { isSealed, openProperties, sealProperties, type Sealed } from '../vault/sealed-properties';
import { UnfitEvent } from '../parking/unfit-event';
import type { Keyring } from '../vault/key-vault';

/** An event that waits to be written, with the names of its data's personal properties. */
export interface PersonalEvent extends PendingEvent {
  readonly personal: readonly string[];
}

interface Options {
  contractOf(type: string): EventContract | undefined;
  subjectOf(topic: string, key: string): string;
}

/** The events as they may be written down: one new key for each subject that has none. */
export async function sealEvents(
  events: readonly PersonalEvent[],
  keyring: Keyring,
  { subjectOf }: Options,
): Promise<PendingEvent[]> {
  const personal = events.filter((event) => event.personal.length > 0);
  await keyring.fetchOrMake(personal.map(({ topic, envelope }) => subjectOf(topic, envelope.partitionkey)));
  return events.map(({ topic, envelope, personal }) => {
    if (personal.length === 0) return { topic, envelope };
    const subject = subjectOf(topic, envelope.partitionkey);
    const about = placeOf(topic, envelope);
    const data = sealProperties(envelope.data as object, personal, (text) =>
      keyring.seal(subject, text, about),
    );
    return { topic, envelope: { ...envelope, data } };
  });
}

/**
 * The events that can be handled, open. Of an erased subject there is what is not personal, where the contract can do
 * without the rest; else the event is passed over: what it told is gone. Throws UnfitEvent for what cannot be read.
 */
export async function openEvents(
  events: readonly StreamEvent[],
  keyring: Keyring,
  options: Options,
): Promise<StreamEvent[]> {
  const { subjectOf } = options;
  for (const { envelope } of events) {
    if (!options.contractOf(envelope.type)) {
      throw new UnfitEvent(`unknown event type or version ${envelope.type}`);
    }
  }
  const sealed = events.filter(({ envelope }) => isSealed(envelope.data) && !asWrittenHere(envelope));
  await keyring.fetch(sealed.map(({ topic, envelope }) => subjectOf(topic, envelope.partitionkey)));
  return events.flatMap((event) => {
    const { topic, envelope } = event;
    const known = asWrittenHere(envelope);
    if (known) return [{ topic, envelope: known }];
    const errorsOf = (data: unknown): string[] => options.contractOf(envelope.type)!.readErrors(data);
    let open: StreamEvent = event;
    if (wasSealed(envelope.data)) {
      const subject = subjectOf(topic, envelope.partitionkey);
      const about = placeOf(topic, envelope);
      const { object, isErased } = openProperties(envelope.data, (text) =>
        keyring.open(subject, text, about),
      );
      open = { topic, envelope: { ...envelope, data: object } };
      if (isErased) return errorsOf(object).length > 0 ? [] : [open];
    }
    const errors = errorsOf(open.envelope.data);
    if (errors.length > 0) throw new UnfitEvent(`data does not fit ${envelope.type}: ${errors.join('; ')}`);
    return [open];
  });
}

/** Where the seal belongs: in another stream or another event it does not open. */
export function placeOf(topic: string, { partitionkey, id }: Pick<Envelope, 'partitionkey' | 'id'>): string {
  return `${topic}|${partitionkey}|${id}`;
}

/** Sealed, or written when its subject was erased already. */
function wasSealed(data: unknown): data is Sealed {
  return data !== null && typeof data === 'object' && typeof (data as Partial<Sealed>).sealed === 'string';
}
