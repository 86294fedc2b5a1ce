/**
 * May a published schema be replaced by a changed one under the same version? Only when everybody can still read
 * everybody, old or new (FULL_TRANSITIVE). The rule is deliberately narrow, so that it holds along any chain of
 * changes: optional properties may be added, anywhere in the tree, and nothing else may change.
 */

/** A change that needs a new version of the event. */
export interface Break {
  /** JSON pointer into the schema: `/properties/status/enum`. */
  readonly pointer: string;
  readonly reason: string;
}

type Schema = Readonly<Record<string, unknown>>;

/** Keywords that check nothing. */
const ANNOTATIONS = new Set([
  '$id',
  '$schema',
  '$comment',
  'title',
  'description',
  'examples',
  'default',
  'deprecated',
]);
/** Keywords whose value is a schema, a list of schemas or schemas by name: compared in depth. */
const NESTED = new Set([
  'items',
  'prefixItems',
  'additionalProperties',
  'patternProperties',
  'anyOf',
  'oneOf',
  'allOf',
]);
/** Keywords of which a greater value accepts less. */
const LOWER_LIMITS = new Set([
  'minimum',
  'exclusiveMinimum',
  'minLength',
  'minItems',
  'minProperties',
  'minContains',
]);
/** Keywords of which a greater value accepts more. */
const UPPER_LIMITS = new Set([
  'maximum',
  'exclusiveMaximum',
  'maxLength',
  'maxItems',
  'maxProperties',
  'maxContains',
]);

/** Everything in `declared` that breaks readers or writers of `published`; empty when it may replace it. */
export function breaksBetween(published: unknown, declared: unknown, pointer = ''): Break[] {
  if (!isSchema(published) || !isSchema(declared)) {
    return same(published, declared) ? [] : [{ pointer, reason: 'changed' }];
  }
  const keywords = new Set([...Object.keys(published), ...Object.keys(declared)]);
  return [...keywords].flatMap((keyword) => {
    if (ANNOTATIONS.has(keyword)) return [];
    const at = `${pointer}/${escaped(keyword)}`;
    const before = published[keyword];
    const after = declared[keyword];
    if (keyword === 'properties') return propertyBreaks(published, declared, at);
    if (keyword === 'required') return requiredBreaks(published, declared, at);
    if (keyword === 'enum') return enumBreaks(before, after, at);
    if (NESTED.has(keyword) && before !== undefined && after !== undefined)
      return nestedBreaks(before, after, at);
    return same(before, after) ? [] : [{ pointer: at, reason: constraintReason(keyword, before, after) }];
  });
}

function propertyBreaks(published: Schema, declared: Schema, pointer: string): Break[] {
  const before = asSchema(published['properties']);
  const after = asSchema(declared['properties']);
  // Readers of a closed object refuse every property that they do not know.
  const closed = ['additionalProperties', 'patternProperties', 'unevaluatedProperties', 'propertyNames'].some(
    (keyword) => keyword in published && published[keyword] !== true,
  );
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((name) => {
    const at = `${pointer}/${escaped(name)}`;
    if (!(name in after)) return [{ pointer: at, reason: 'the property was removed' }];
    if (name in before) return breaksBetween(before[name], after[name], at);
    return closed ? [{ pointer: at, reason: 'a property was added to a closed object' }] : [];
  });
}

function requiredBreaks(published: Schema, declared: Schema, pointer: string): Break[] {
  const before = asList(published['required']).map(String);
  const after = asList(declared['required']).map(String);
  const known = asSchema(published['properties']);
  const kept = asSchema(declared['properties']);
  return [
    ...without(after, before).map((name) =>
      name in known ? `the property '${name}' became required` : `a required property '${name}' was added`,
    ),
    ...without(before, after).map((name) =>
      name in kept
        ? `the property '${name}' is no longer required`
        : `a required property '${name}' was removed`,
    ),
  ].map((reason) => ({ pointer, reason }));
}

/** A value less breaks readers of old data, a value more breaks old readers. */
function enumBreaks(published: unknown, declared: unknown, pointer: string): Break[] {
  if (!Array.isArray(published) || !Array.isArray(declared)) {
    return [{ pointer, reason: constraintReason('enum', published, declared) }];
  }
  return [
    ...without(declared, published).map((value) => `the list grew by ${JSON.stringify(value)}`),
    ...without(published, declared).map((value) => `the list lost ${JSON.stringify(value)}`),
  ].map((reason) => ({ pointer, reason }));
}

/** For keywords that hold a schema, a list of schemas, or schemas by pattern. */
function nestedBreaks(before: unknown, after: unknown, pointer: string): Break[] {
  const byName = pointer.endsWith('/patternProperties');
  if (!byName && !Array.isArray(before)) return breaksBetween(before, after, pointer);
  const [old, now] = [Object.entries(before as object), new Map(Object.entries(after as object))];
  if (old.length !== now.size || old.some(([name]) => !now.has(name))) {
    return [{ pointer, reason: 'alternatives were added or removed' }];
  }
  return old.flatMap(([name, schema]) => breaksBetween(schema, now.get(name), `${pointer}/${escaped(name)}`));
}

function constraintReason(keyword: string, before: unknown, after: unknown): string {
  const change = `${show(before)} -> ${show(after)}`;
  if (keyword === 'type') return `the type changed: ${change}`;
  if (before === undefined) return `the constraint was tightened: ${change}`;
  if (after === undefined) return `the constraint was loosened: ${change}`;
  if (typeof before === 'number' && typeof after === 'number') {
    if (LOWER_LIMITS.has(keyword))
      return `the constraint was ${after > before ? 'tightened' : 'loosened'}: ${change}`;
    if (UPPER_LIMITS.has(keyword))
      return `the constraint was ${after < before ? 'tightened' : 'loosened'}: ${change}`;
  }
  return `the constraint changed: ${change}`;
}

function show(value: unknown): string {
  return value === undefined ? 'none' : JSON.stringify(value);
}

function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function asSchema(value: unknown): Schema {
  return isSchema(value) ? value : {};
}

function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function without<T>(list: readonly T[], other: readonly T[]): T[] {
  return list.filter((value) => !other.some((o) => same(o, value)));
}

/** Equal as JSON, whatever the order of an object's members. */
function same(a: unknown, b: unknown): boolean {
  if (!isSchema(a) || !isSchema(b)) {
    if (Array.isArray(a) && Array.isArray(b))
      return a.length === b.length && a.every((v, i) => same(v, b[i]));
    return a === b;
  }
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => name in b && same(a[name], b[name]));
}

function escaped(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}
