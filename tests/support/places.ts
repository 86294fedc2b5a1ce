/** Every place of a running system that somebody can read, each with what may stand in it. */
import type { TransportRecord } from '@retorno/messaging';
import { Client } from 'pg';
import type { Marker, Place } from './leaks';

/** What an agency may know, by what was sent to it. */
export interface Knows {
  /** By `referral id`, or by the name of a person for all that the agency was sent: the fields by their names in messages. */
  fields(of: string): ReadonlySet<string>;
  /** Restricted codes that it may read: its own services, and health facts where one of them sees those. */
  readonly codes: readonly string[];
}

/** What the story knows of who may see what. */
export interface Rules {
  /** By agency. */
  knows(agency: string): Knows;
  /** Of a referral that was sent: whose it is, and which fields its service may see. */
  referral(id: string): { of: string; fields: ReadonlySet<string>; codes: readonly string[] } | undefined;
}

/** One answer over HTTP. */
export interface Heard {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly headers: string;
  readonly text: string;
}

const nothing = (): boolean => false;
const everything = (): boolean => true;
const isId = ({ field }: Marker): boolean => field === 'id';
const isTyped = ({ field }: Marker): boolean => field === 'typed';

function agencyMay(agency: string, rules: Rules): (marker: Marker) => boolean {
  const knows = rules.knows(agency);
  return ({ field, of }) => (field === 'typed' ? of === agency : knows.fields(of).has(field));
}

interface Row {
  readonly [column: string]: unknown;
}

/** Tables that every service has, whatever it is about. */
const MESSAGING =
  /^(stream_head|event|outbox|stream_cursor|held|parked|skipped|timer|lease|lost|heard|replay_wanted|send_again|migration)$/;
/** What they keep whole events in. */
const WHOLE = ['envelope', 'body'];

/** Every row of every table, and every event with its headers apart from its data. */
export async function keptPlaces(
  url: string,
  services: readonly string[],
  rules: Rules,
  written: (service: string) => Promise<TransportRecord[]>,
): Promise<Place[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const places: Place[] = [];
    for (const service of services) {
      const { rows: tables } = await client.query<{ name: string }>(
        `select table_name as name from information_schema.tables
         where table_schema = $1 and table_type = 'BASE TABLE' order by 1`,
        [service],
      );
      for (const { name } of tables) {
        if (name === 'event') continue;
        const { rows } = await client.query<Row>(`select * from "${service}"."${name}"`);
        places.push(...placesOfTable(service, name, rows, rules));
      }
      // As whoever may read them gets to see them: what the log itself holds is sealed.
      const events = (await written(service)).map(({ topic, envelope }) => ({
        topic,
        key: envelope.partitionkey,
        envelope: JSON.stringify(envelope),
      }));
      places.push(...events.flatMap((event) => placesOfEvent(service, event, rules)));
    }
    return places;
  } finally {
    await client.end();
  }
}

function placesOfTable(service: string, table: string, rows: readonly Row[], rules: Rules): Place[] {
  if (rows.length === 0) return [];
  const where = `table ${service}.${table}`;
  if (MESSAGING.test(table)) {
    const open = rows.map((row) => textOf(row, (column) => !WHOLE.includes(column)));
    // What operations wrote when they skipped it is theirs.
    const may = (marker: Marker): boolean =>
      table === 'skipped' && isTyped(marker) && marker.of === 'operations';
    const ids = ['coordinator', 'intake', 'statistics'].includes(service) ? isId : nothing;
    return [
      { where, text: open.join('\n'), may: (marker) => may(marker) || ids(marker), codes: [] },
      ...rows.flatMap((row) =>
        typeof row['envelope'] === 'string'
          ? placesOfEvent(
              service,
              { topic: String(row['topic']), key: String(row['key']), envelope: row['envelope'] },
              rules,
              where,
            )
          : [],
      ),
    ];
  }
  const text = rows.map((row) => textOf(row, () => true)).join('\n');
  return [{ where, text, ...ruleOfTable(service, table, rules) }];
}

function ruleOfTable(service: string, table: string, rules: Rules): Pick<Place, 'may' | 'codes'> {
  // Who somebody is stands sealed, here and in the coordinator's table of persons.
  if (service === 'intake') return { may: isId, codes: [] };
  if (service === 'coordinator') {
    if (table === 'escalation_owner')
      return {
        may: (marker) => isId(marker) || (isTyped(marker) && marker.of === 'operations'),
        codes: 'all',
      };
    return { may: isId, codes: 'all' };
  }
  // Made from what happened to cases, which says of nobody who it is.
  if (service === 'statistics') return { may: isId, codes: 'all' };
  // What an agency publishes is about its services and not about anybody.
  if (table === 'catalogue') return { may: nothing, codes: 'all' };
  return { may: agencyMay(service, rules), codes: rules.knows(service).codes };
}

/** Bytes as text, so that what stands in a file that was received is found too. */
function textOf(row: Row, wanted: (column: string) => boolean): string {
  const shown = Object.entries(row)
    .filter(([column]) => wanted(column))
    .map(([column, value]) => [column, Buffer.isBuffer(value) ? value.toString('utf8') : value]);
  return JSON.stringify(Object.fromEntries(shown));
}

function placesOfEvent(
  service: string,
  { topic, key, envelope }: { topic: string; key: string; envelope: string },
  rules: Rules,
  at = `${service}'s event log`,
): Place[] {
  const { data, ...attributes } = JSON.parse(envelope) as { data: { referralId?: string } & object };
  const where = `${at}, ${topic}`;
  const ids = topic.startsWith('referrals.') ? nothing : isId;
  return [
    { where: `${where}: headers`, text: `${key} ${JSON.stringify(attributes)}`, may: ids, codes: [] },
    { where: `${where}: data`, text: JSON.stringify(data), ...ruleOfEvent(topic, data, rules) },
  ];
}

function ruleOfEvent(
  topic: string,
  data: { referralId?: string },
  rules: Rules,
): Pick<Place, 'may' | 'codes'> {
  const [, agency, direction] = /^referrals\.([a-z-]+)\.(requests|answers)\.v1$/.exec(topic) ?? [];
  if (agency === undefined) {
    if (topic === 'intake.returnees.v1') return { may: everything, codes: 'all' };
    if (topic === 'agencies.catalogue.v1') return { may: nothing, codes: 'all' };
    // An obtained document goes back to intake, and nothing else.
    if (topic === 'cases.feedback.v1')
      return { may: (marker) => isId(marker) || marker.field === 'documentNumber', codes: [] };
    return { may: isId, codes: 'all' };
  }
  const referral = rules.referral(data.referralId ?? '');
  const isAllowed = ({ field, of }: Marker): boolean =>
    field === 'typed' ? of === agency : referral?.of === of && referral.fields.has(field);
  if (direction === 'requests') return { may: isAllowed, codes: referral?.codes ?? [] };
  // What staff type, and the numbers of what they issue.
  return {
    may: ({ field, of }) => (field === 'typed' ? of === agency : ISSUED.includes(field)),
    codes: [],
  };
}

/** Every answer over HTTP, its headers with it. */
export function heardPlaces(heard: readonly Heard[], rules: Rules): Place[] {
  return heard.map(({ method, path, status, headers, text }) => ({
    where: `${method} ${path.replaceAll(/[0-9a-f-]{32,36}/g, '…')} ${status}`,
    text: `${headers}\n${text}`,
    ...ruleOfAnswer(path.split('?')[0]!, status, text, rules),
  }));
}

function ruleOfAnswer(
  path: string,
  status: number,
  text: string,
  rules: Rules,
): Pick<Place, 'may' | 'codes'> {
  // An error may name a list of codes to choose from, and nothing of anybody.
  if (status >= 400) return { may: nothing, codes: /one of|"possible"/.test(text) ? 'all' : [] };
  const [, agency, rest] = /^\/agencies\/([a-z-]+)(\/.*)?$/.exec(path) ?? [];
  if (agency !== undefined) {
    const knows = rules.knows(agency);
    const isList = rest === '/referrals';
    const own = knows.codes.filter((code) => !isList || !HEALTH.includes(code));
    return { may: agencyMay(agency, rules), codes: own };
  }
  if (/^\/(agencies|roundtable|agreement|statistics|docs)/.test(path)) return { may: nothing, codes: 'all' };
  if (/^\/cases\/[^/]+\/disclosures$/.test(path)) return { may: isId, codes: 'all' };
  // The case itself, for whoever opens it: what was noted, and still not who it is.
  if (/^\/cases\/(?!summary)[^/]+/.test(path))
    return { may: (marker) => isId(marker) || isTyped(marker), codes: 'all' };
  if (path === '/escalations')
    return { may: (marker) => isId(marker) || (isTyped(marker) && marker.of === 'operations'), codes: [] };
  if (/^\/intake\/manifests\/[^/]+\/rows$/.test(path))
    return { may: (marker) => isId(marker) || marker.field === 'externalId', codes: [] };
  if (/^\/intake\/returnees\/[^/]+$/.test(path)) return { may: everything, codes: 'all' };
  return { may: isId, codes: [] };
}

/** What an agency issues goes back with its answer. */
const ISSUED = ['documentNumber', 'certificate'];
const HEALTH = ['pregnant', 'chronic-illness', 'tb-or-hiv', 'mental-distress', 'disability'];

/** A text that is nobody's: logs, figures, traces, the live view. */
export function openPlace(where: string, text: string, ids = true): Place {
  return { where, text, may: ids ? isId : nothing, codes: [] };
}
