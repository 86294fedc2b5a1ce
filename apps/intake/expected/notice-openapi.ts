/** OpenAPI schemas of notices and flights. */
import { COLUMNS } from '../manifests/columns';
import { NOTICE_REQUIRED } from './notice-body';
import { returneeSchema } from '../returnees/openapi';
import { NOTICE_STAGES, TOLD_STAGES } from './standing-body';

const text = { type: 'string' };
const uuid = { type: 'string', format: 'uuid' };
const date = { type: 'string', format: 'date' };

const columns = returneeSchema['properties'] as Record<(typeof COLUMNS)[number], object>;
const placeOfDetention = {
  ...text,
  maxLength: 200,
  description: 'Where the person is held, as the consulate names it',
  example: 'Krome Service Processing Center',
};

/** A manifest's columns, most of them optional, and where the return stands. */
export const noticeBodySchema = {
  type: 'object',
  required: [...NOTICE_REQUIRED],
  properties: {
    stage: { ...text, enum: [...NOTICE_STAGES] },
    place_of_detention: placeOfDetention,
    ...columns,
  },
};

export const standingSchema = {
  type: 'object',
  required: ['stage'],
  properties: {
    stage: { ...text, enum: [...TOLD_STAGES] },
    place_of_detention: placeOfDetention,
    arrival_date: columns.arrival_date,
    flight: columns.flight,
    port_of_entry: columns.port_of_entry,
  },
};

const ids = { returneeId: uuid, caseId: uuid, caseNumber: text };

export const noticeSchema = {
  type: 'object',
  properties: {
    ...ids,
    sendingAuthority: text,
    externalId: text,
    stage: { ...text, enum: [...TOLD_STAGES, 'arrived'], nullable: true },
    placeOfDetention: { ...text, nullable: true },
    arrivalDate: { ...date, nullable: true },
    flight: { ...text, nullable: true },
    portOfEntry: text,
    onManifest: { type: 'boolean', nullable: true },
  },
};

export const flightSchema = {
  type: 'object',
  properties: {
    flight: text,
    date,
    cancelled: {
      type: 'object',
      nullable: true,
      properties: { reason: text, at: { type: 'string', format: 'date-time' } },
    },
    items: {
      type: 'array',
      items: {
        type: 'object',
        properties: { ...ids, stage: { ...text, nullable: true }, onManifest: { type: 'boolean' } },
      },
    },
    next: { ...text, nullable: true },
  },
};

export const cancelledSchema = {
  type: 'object',
  properties: { flight: text, date, changed: { type: 'integer' } },
};
