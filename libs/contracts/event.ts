/** One declaration per event: from it come the TypeScript type, the runtime check and the published schema. */
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import type { Static, TSchema } from 'typebox';

const ajv = new Ajv({ allErrors: true, strict: true, allowUnionTypes: true });
(addFormats as unknown as (a: Ajv) => void)(ajv);
const isInstant = (ajv.formats['date-time'] as { validate: (text: string) => boolean }).validate;
/** As our services write it, on a day that every month has: most instants by far, told in a sixth of the time. */
const PLAIN_INSTANT =
  /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{3}Z$/;
ajv.addFormat('date-time', (text: string) => PLAIN_INSTANT.test(text) || isInstant(text));

/**
 * What is wrong with data: where (JSON pointer), and what was expected, in English and for programs: `code` is the keyword of
 * JSON Schema that does not hold, `expected` what it asks for. Never the value: it may be personal.
 */
export interface Fault {
  readonly pointer: string;
  readonly detail: string;
  readonly code: string;
  readonly expected?: string;
}

/** An event as declared: `type` is its CloudEvents type, version included. */
export interface EventContract<S extends TSchema = TSchema> {
  readonly name: string;
  readonly version: number;
  /** CloudEvents `type`, e.g. `retorno.referral-requested.v1`. */
  readonly type: string;
  /** CloudEvents `dataschema`: where the published JSON Schema of `data` lives. */
  readonly dataschema: string;
  readonly schema: S;
  /** The top-level properties of the data that are personal: they travel and are kept sealed (docs/decisions/0010). */
  readonly personal: readonly string[];
  /** Which of them this data has, and so what is to be sealed. */
  personalIn(data: object): string[];
  /** Errors of data that we write: unknown fields are errors. Empty when it is good. */
  writeErrors(data: unknown): string[];
  /** The same for programs. */
  writeFaults(data: unknown): Fault[];
  /** Errors of data that we read: unknown fields are ignored. Empty when it is good. */
  readErrors(data: unknown): string[];
}

/** The TypeScript type of an event's data. */
export type DataOf<C> = C extends EventContract<infer S> ? Static<S> : never;

/** What a declaration may say beside its schema. */
export interface EventOptions {
  /** Top-level properties of the data that are personal. */
  personal?: readonly string[];
  /** True for a value of such a property that is not: `by`, where a rule answered. */
  isHarmless?: (property: string, value: unknown) => boolean;
}

/** Declares an event once. Throws when the schema itself is wrong. */
export function declareEvent<S extends TSchema>(
  name: string,
  version: number,
  schema: S,
  { personal = [], isHarmless = () => false }: EventOptions = {},
): EventContract<S> {
  const read = lazily(() => ajv.compile(schema));
  const write = lazily(() => ajv.compile(closed(schema) as object));
  return {
    name,
    version,
    type: `retorno.${name}.v${version}`,
    dataschema: dataschemaOf(`retorno.${name}.v${version}`),
    schema,
    personal,
    personalIn: (data) =>
      personal.filter((property) => {
        const value = (data as Record<string, unknown>)[property];
        return value !== undefined && !isHarmless(property, value);
      }),
    writeErrors: (data) => faultsOf(write(), data).map(inWords),
    writeFaults: (data) => faultsOf(write(), data),
    readErrors: (data) => faultsOf(read(), data).map(inWords),
  };
}

/** The `dataschema` of a CloudEvents type: `urn:retorno:schema:<name>:v<version>`. */
export function dataschemaOf(type: string): string {
  const [, name, version] = type.split('.');
  return `urn:retorno:schema:${name}:${version}`;
}

/** Compiles a check for a schema that is not an event (an HTTP body that carries an event's data). */
export function schemaErrors(schema: TSchema): (data: unknown) => ErrorObject[] {
  const check = lazily(() => ajv.compile(closed(schema) as object));
  return (data) => (check()(data) ? [] : [...(check().errors ?? [])]);
}

/** The same schema with every object closed to unknown properties. */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed);
  if (schema === null || typeof schema !== 'object') return schema;
  const copy: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(schema)) copy[name] = closed(value);
  if (copy['type'] === 'object' && copy['properties'] && !('additionalProperties' in copy)) {
    copy['additionalProperties'] = false;
  }
  return copy;
}

function faultsOf(check: ValidateFunction, data: unknown): Fault[] {
  if (check(data)) return [];
  return (check.errors ?? []).map(({ keyword, params, instancePath, message = 'is wrong' }) => {
    const { limit, ...other } = params as Record<string, unknown>;
    const asked = limit ?? Object.values(other)[0];
    const expected = asked === undefined ? {} : { expected: [asked].flat().join(', ') };
    const named = keyword === 'additionalProperties' ? ` '${expected.expected}'` : '';
    return { pointer: instancePath || '/', detail: message + named, code: keyword, ...expected };
  });
}

function inWords({ pointer, detail }: Fault): string {
  return `${pointer} ${detail}`;
}

// Compiling all checks at start costs about 150 ms a service; most are never used by that service.
function lazily<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}
