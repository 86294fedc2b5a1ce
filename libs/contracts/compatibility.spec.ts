import fc from 'fast-check';
import { breaksBetween } from './compatibility';

/** A schema with one of everything that our events use. */
const published = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'urn:test',
  title: 'test',
  type: 'object',
  required: ['id', 'services'],
  properties: {
    id: { type: 'string', minLength: 1, maxLength: 40 },
    status: { enum: ['open', 'closed'] },
    at: { type: 'string', format: 'date-time' },
    kind: { const: 'a' },
    count: { type: 'integer', minimum: 1, maximum: 9 },
    services: {
      type: 'array',
      minItems: 1,
      items: {
        type: 'object',
        required: ['code'],
        properties: { code: { type: 'string', pattern: '^[a-z]+$' }, 'a/b~c': { type: 'string' } },
      },
    },
    outcome: { anyOf: [{ type: 'string' }, { type: 'object', properties: { result: { type: 'string' } } }] },
    versions: { type: 'object', patternProperties: { '^.*$': { type: 'integer' } } },
    closed: { type: 'object', additionalProperties: false, properties: { a: { type: 'string' } } },
  },
};
type Mutable = { [key: string]: any };

/** The published schema with one change. */
function changed(change: (schema: Mutable) => void): unknown {
  const copy = structuredClone(published) as Mutable;
  change(copy);
  return copy;
}
const item = (schema: Mutable): Mutable => schema.properties.services.items;

describe('a change that keeps everybody able to read everybody', () => {
  it.each<[string, (schema: Mutable) => void]>([
    ['nothing', () => undefined],
    ['an optional property at the top', (s) => (s.properties.note = { type: 'string' })],
    ['an optional property in a list', (s) => (item(s).properties.title = { type: 'string' })],
    ['an optional property in an alternative', (s) => (s.properties.outcome.anyOf[1].properties.x = {})],
    [
      'an optional object with required members',
      (s) => (s.properties.x = { type: 'object', required: ['y'] }),
    ],
    ['the order of a list of codes', (s) => s.properties.status.enum.reverse()],
    ['the order of required properties', (s) => s.required.reverse()],
    ['a title or a description', (s) => Object.assign(s, { title: 'other', description: 'words' })],
  ])('%s', (_, change) => {
    expect(breaksBetween(published, changed(change))).toEqual([]);
  });
});

describe('a break is named by its place and reason', () => {
  it.each<[string, (schema: Mutable) => void, string, RegExp]>([
    [
      'a required property added',
      (s) => {
        s.properties.note = { type: 'string' };
        s.required.push('note');
      },
      '/required',
      /required property 'note' was added/,
    ],
    [
      'a required property removed',
      (s) => {
        delete s.properties.id;
        s.required.shift();
      },
      '/required',
      /required property 'id' was removed/,
    ],
    ['a property removed', (s) => delete s.properties.at, '/properties/at', /removed/],
    ['an optional property made required', (s) => s.required.push('at'), '/required', /'at' became required/],
    [
      'a required property made optional',
      (s) => s.required.shift(),
      '/required',
      /'id' is no longer required/,
    ],
    ['all requirements dropped', (s) => delete s.required, '/required', /'id' is no longer required/],
    [
      'a type changed',
      (s) => (s.properties.id.type = 'integer'),
      '/properties/id/type',
      /"string" -> "integer"/,
    ],
    [
      'a type widened',
      (s) => (s.properties.id.type = ['string', 'null']),
      '/properties/id/type',
      /type changed/,
    ],
    [
      'a code added',
      (s) => s.properties.status.enum.push('lost'),
      '/properties/status/enum',
      /grew by "lost"/,
    ],
    ['a code removed', (s) => s.properties.status.enum.pop(), '/properties/status/enum', /lost "closed"/],
    [
      'a list of codes dropped',
      (s) => delete s.properties.status.enum,
      '/properties/status/enum',
      /loosened/,
    ],
    ['free text closed to codes', (s) => (s.properties.id.enum = ['a']), '/properties/id/enum', /tightened/],
    [
      'a minimum raised',
      (s) => (s.properties.count.minimum = 2),
      '/properties/count/minimum',
      /tightened: 1 -> 2/,
    ],
    [
      'a minimum lowered',
      (s) => (s.properties.count.minimum = 0),
      '/properties/count/minimum',
      /loosened: 1 -> 0/,
    ],
    ['a maximum raised', (s) => (s.properties.count.maximum = 10), '/properties/count/maximum', /loosened/],
    ['a maximum lowered', (s) => (s.properties.count.maximum = 8), '/properties/count/maximum', /tightened/],
    [
      'a limit added',
      (s) => (s.properties.services.maxItems = 5),
      '/properties/services/maxItems',
      /tightened/,
    ],
    ['a limit removed', (s) => delete s.properties.id.maxLength, '/properties/id/maxLength', /loosened/],
    [
      'a pattern',
      (s) => (item(s).properties.code.pattern = '^a'),
      '/properties/services/items/properties/code/pattern',
      /changed/,
    ],
    ['a format', (s) => (s.properties.at.format = 'date'), '/properties/at/format', /changed/],
    ['a constant', (s) => (s.properties.kind.const = 'b'), '/properties/kind/const', /changed/],
    [
      'a name with special signs',
      (s) => delete item(s).properties['a/b~c'],
      '/properties/services/items/properties/a~1b~0c',
      /removed/,
    ],
    [
      'an alternative added',
      (s) => s.properties.outcome.anyOf.push({ type: 'null' }),
      '/properties/outcome/anyOf',
      /alternatives/,
    ],
    [
      'an alternative changed',
      (s) => (s.properties.outcome.anyOf[0].type = 'null'),
      '/properties/outcome/anyOf/0/type',
      /type/,
    ],
    [
      'the values of a map',
      (s) => (s.properties.versions.patternProperties['^.*$'].type = 'string'),
      '/properties/versions/patternProperties/^.*$/type',
      /type/,
    ],
    [
      'the keys of a map',
      (s) => (s.properties.versions.patternProperties = { '^a$': { type: 'integer' } }),
      '/properties/versions/patternProperties',
      /alternatives/,
    ],
    [
      'an addition to a closed object',
      (s) => (s.properties.closed.properties.b = {}),
      '/properties/closed/properties/b',
      /closed/,
    ],
    ['an object closed', (s) => (s.additionalProperties = false), '/additionalProperties', /tightened/],
    [
      'an object opened',
      (s) => (s.properties.closed.additionalProperties = true),
      '/properties/closed/additionalProperties',
      /changed/,
    ],
    [
      'the schema of a list dropped',
      (s) => delete s.properties.services.items,
      '/properties/services/items',
      /loosened/,
    ],
  ])('%s', (_, change, pointer, reason) => {
    const breaks = breaksBetween(published, changed(change));
    const found = breaks.find((b) => b.pointer === pointer && reason.test(b.reason));
    expect(found ?? breaks).toBe(found);
  });
});

describe('compatibility along a chain of changes', () => {
  const names = fc.subarray(['a', 'b', 'c', 'd', 'e']);
  const grown = (base: readonly string[]) => ({
    type: 'object',
    properties: Object.fromEntries(base.map((name) => [name, { type: 'string' }])),
  });

  it('holds between any two versions of it: what may replace the last may replace the first', () => {
    fc.assert(
      fc.property(names, names, names, (first, second, third) => {
        const [a, b, c] = [
          grown(first),
          grown([...first, ...second]),
          grown([...first, ...second, ...third]),
        ];
        expect([...breaksBetween(a, b), ...breaksBetween(b, c), ...breaksBetween(a, c)]).toEqual([]);
      }),
    );
  });

  it('cannot be cheated: an addition cannot be taken back', () => {
    fc.assert(
      fc.property(names, names, (first, second) => {
        const lost = second.filter((name) => !first.includes(name));
        const pointers = breaksBetween(grown([...first, ...second]), grown(first)).map((b) => b.pointer);
        expect(pointers.toSorted()).toEqual(lost.map((name) => `/properties/${name}`).toSorted());
      }),
    );
  });
});
