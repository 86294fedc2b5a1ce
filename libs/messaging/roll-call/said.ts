/** The words of a roll call, as they travel. */
import { declareEvent, MAX_KEY } from '@retorno/contracts';
import { Type, type Static } from 'typebox';

const RangeSchema = { from: Type.String(), before: Type.Union([Type.String(), Type.Null()]) };
const Place = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });

/** What two services say to each other about how far one has read the other's streams. */
const SaidSchema = Type.Union([
  Type.Object({ kind: Type.Literal('ask-me') }),
  Type.Object({
    kind: Type.Literal('how-far'),
    topic: Type.String(),
    ranges: Type.Optional(Type.Array(Type.Object(RangeSchema))),
  }),
  Type.Object({
    kind: Type.Literal('so-far'),
    topic: Type.String(),
    hashes: Type.Array(Type.Object({ ...RangeSchema, hash: Type.String({ pattern: '^-?[0-9]{1,19}$' }) })),
  }),
  Type.Object({
    kind: Type.Literal('so-far'),
    topic: Type.String(),
    ranges: Type.Array(Type.Object(RangeSchema)),
    positions: Type.Array(Type.Tuple([Type.String({ minLength: 1, maxLength: MAX_KEY }), Place])),
  }),
  Type.Object({
    kind: Type.Union([Type.Literal('lost'), Type.Literal('gone'), Type.Literal('forgot')]),
    lost: Type.Array(
      Type.Object({
        topic: Type.String(),
        key: Type.String({ minLength: 1, maxLength: MAX_KEY }),
        from: Place,
        to: Place,
      }),
    ),
  }),
]);
export type Said = Static<typeof SaidSchema>;

const said = declareEvent('said', 1, SaidSchema);

/** Whether a word makes sense; what it is about may still not be its speaker's to say. */
export function isSaid(body: unknown): body is Said {
  return said.readErrors(body).length === 0;
}
