/** OpenAPI schemas of what intake takes and answers; the columns' own come from the one list of columns. */
import { CONSENT_GIVERS, CONSENT_STATUSES, PURPOSES } from '@retorno/contracts';
import { COLUMNS, columnFacts, type Column } from '../manifests/columns';

type Schema = Record<string, unknown>;

const text: Schema = { type: 'string' };
const integer: Schema = { type: 'integer' };
const uuid: Schema = { type: 'string', format: 'uuid' };
const instant: Schema = { type: 'string', format: 'date-time' };

function object(properties: Record<string, Schema>): Schema {
  return { type: 'object', properties };
}

function nullable(schema: Schema): Schema {
  return { ...schema, nullable: true };
}

function listOf(items: Schema): Schema {
  return object({ items: { type: 'array', items }, next: nullable(text) });
}

/** RFC 9457. */
export const problemSchema = object({
  type: text,
  title: text,
  status: integer,
  detail: text,
  errors: { type: 'array', items: object({ pointer: text, code: text, detail: text }) },
});

const error = object({
  line: { ...integer, description: 'Physical line where the record starts; the header is line 1' },
  column: nullable(text),
  code: text,
  message: text,
});

const summary: Record<string, Schema> = {
  id: uuid,
  status: { type: 'string', enum: ['processing', 'done', 'failed'] },
  receivedAt: instant,
  finishedAt: nullable(instant),
  bytes: integer,
  progress: object({ line: integer, lines: integer }),
  rows: integer,
  created: integer,
  updated: integer,
  unchanged: integer,
  rejected: integer,
  refusedUntil: { ...nullable(instant), description: 'Until when GET …/refused has its refused rows' },
};

export const manifestListSchema = listOf(object(summary));
export const errorListSchema = listOf(error);
export const manifestSchema = object({
  ...summary,
  errors: { type: 'array', items: error },
  errorsNext: nullable(text),
});
export const rowListSchema = listOf(
  object({
    line: integer,
    externalId: nullable(text),
    result: { type: 'string', enum: ['created', 'updated', 'unchanged', 'rejected'] },
    returneeId: nullable(uuid),
    caseId: nullable(uuid),
    caseNumber: nullable({ ...text, example: 'RT-2026-000123' }),
  }),
);

export const registeredSchema = object({ returneeId: uuid, caseId: uuid, caseNumber: text });

const consent: Record<string, Schema> = {
  status: { type: 'string', enum: [...CONSENT_STATUSES] },
  at: instant,
  by: { type: 'string', enum: [...CONSENT_GIVERS] },
  purposes: { type: 'array', items: { type: 'string', enum: [...PURPOSES] } },
  until: instant,
};
/** A consent; fields left out: said by the returnee, for everything, for good. */
export const consentSchema = object(consent);
const consentView = Object.fromEntries(Object.entries(consent).map(([name, of]) => [name, nullable(of)]));
export const consentHistorySchema = object({
  ...consentView,
  history: {
    type: 'array',
    items: object({
      ...consentView,
      source: { type: 'string', enum: ['manifest', 'interface', 'restored'] },
      held: { type: 'boolean', description: 'It became the one that counts' },
      receivedAt: instant,
    }),
  },
});

/** One returnee as JSON: the manifest's columns. */
export const returneeSchema: Schema = {
  type: 'object',
  required: COLUMNS.filter((column) => columnFacts(column).required),
  properties: Object.fromEntries(COLUMNS.map((column) => [column, columnSchema(column)])),
};

function columnSchema(column: Column): Schema {
  const { about, example, list, codes } = columnFacts(column);
  const item = { ...text, ...(codes && { enum: [...codes] }) };
  if (column === 'years_abroad') return { ...integer, description: about, example: Number(example) };
  if (!list) return { ...item, description: about, example };
  return { type: 'array', items: item, description: about, example: example.split('|') };
}
