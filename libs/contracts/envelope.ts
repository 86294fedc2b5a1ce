/** CloudEvents 1.0 with our extensions. No personal data stands in any attribute but `data`. */
import { Type, type Static } from 'typebox';
import { declareEvent } from './event';
import { Instant } from './vocabulary';

/** Characters of a stream's key. */
export const MAX_KEY = 200;

const EnvelopeSchema = Type.Object({
  specversion: Type.Literal('1.0'),
  id: Type.String({ minLength: 1, maxLength: 64 }),
  /** `/retorno/<service>`: the service that wrote it. */
  source: Type.String({ pattern: '^/retorno/[a-z][a-z0-9-]*$' }),
  type: Type.String({ minLength: 1, maxLength: 200 }),
  time: Instant,
  dataschema: Type.String({ minLength: 1 }),
  datacontenttype: Type.Literal('application/json'),
  /** The stream's key within its topic. */
  partitionkey: Type.String({ minLength: 1, maxLength: MAX_KEY }),
  /** Position within the stream, from 1, without gaps. */
  keyseq: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }),
  /** The id of the event that caused this one; left out where it would join two agencies' files. */
  causationid: Type.Optional(Type.String()),
  correlationid: Type.Optional(Type.String()),
  traceparent: Type.Optional(Type.String()),
  data: Type.Unknown(),
});

/** An event on its way: CloudEvents attributes and the data. `D` is the data's type. */
export type Envelope<D = unknown> = Omit<Static<typeof EnvelopeSchema>, 'data'> & { data: D };

const contract = declareEvent('envelope', 1, EnvelopeSchema);

/** What is wrong with an envelope's attributes; empty when they are good. The data is not checked here. */
export function envelopeErrors(envelope: unknown): string[] {
  return contract.readErrors(envelope);
}

/** The `source` attribute of a service. */
export function sourceOf(service: string): string {
  return `/retorno/${service}`;
}
