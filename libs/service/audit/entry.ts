/** What is written down of a request, and of which requests anything is. Pure. */
import { v7 as uuidv7 } from 'uuid';
import type { Caller, Role } from '../access/caller';

/** Why somebody was refused. */
export const REFUSALS = ['not-logged-in', 'not-allowed', 'of-another', 'too-many'] as const;
export type Refused = (typeof REFUSALS)[number];

/** What an id of a route is the id of. */
export type Kind =
  'case' | 'returnee' | 'referral' | 'escalation' | 'manifest' | 'notice' | 'message' | 'link' | 'agency';

/** One row of the audit: who did or saw what, when, and how it ended. No personal data but that of staff. */
export interface AuditEntry {
  /** UUIDv7. */
  readonly id: string;
  /** RFC 3339. */
  readonly at: string;
  /** Null for whoever is not known. */
  readonly subject: string | null;
  /** As the login said it. */
  readonly name: string | null;
  readonly roles: readonly string[];
  readonly agency: string | null;
  readonly authority: string | null;
  /** Method and template of the route: `POST /cases/:id/close`; an agency's own are `/agencies/:agency/…`. */
  readonly action: string;
  /** `case:RT-2026-000123`, `referral:<uuid>`: from the route's parameters. */
  readonly about: readonly string[];
  /** HTTP status; 499 when whoever asked left before the answer. */
  readonly status: number;
  readonly refused: Refused | null;
  /** Why somebody wanted to see what is hidden. */
  readonly reason: string | null;
  /** How many equal ones this row stands for. */
  readonly times: number;
}

/** A request that was answered, as far as the audit looks at it. */
export interface Answered {
  readonly caller?: Caller | undefined;
  readonly method: string;
  /** Template of the route; undefined when none fits. */
  readonly route: string | undefined;
  readonly params: Readonly<Record<string, unknown>>;
  /** What it was about beside the ids in its address, as rows have it. */
  readonly alsoAbout?: readonly string[];
  readonly status: number;
  /** Said by who refused it; otherwise the status says it. */
  readonly refused?: Refused | undefined;
}

/** `refusals`: whatever else is done here is a request to another service, which writes it down. */
export type Scope = 'all' | 'refusals';

const CHANGES = ['POST', 'PUT', 'PATCH', 'DELETE'];
/** Whose data is one person's or one case's: opening it is written down. */
const PERSONAL: readonly Kind[] = ['case', 'returnee', 'referral', 'escalation', 'manifest', 'notice'];
/** What is of no one case, and shows words of events as they are. */
const OPEN_WORDS = ['/parked/:id/message'];
/** Roles that systems have. */
const OF_SYSTEMS: readonly Role[] = ['integration', 'portal'];
const OF_OFFICES: readonly Role[] = ['operations', 'operations-lead', 'intake', 'statistics', 'auditor'];

/** What `:id` means below the first part of an address. */
const ID_OF: Readonly<Record<string, Kind>> = {
  cases: 'case',
  'follow-ups': 'case',
  escalations: 'escalation',
  returnees: 'returnee',
  manifests: 'manifest',
  notices: 'notice',
  parked: 'message',
  links: 'link',
};
const PARAMS: Readonly<Record<string, Kind>> = {
  rid: 'referral',
  otherId: 'case',
  number: 'case',
  agency: 'agency',
  slug: 'agency',
};

const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;
const CASE_NUMBER = /^[A-Z]{2}-\d{4}-\d{1,9}$/i;
const SLUG = /^[a-z][a-z0-9-]{0,62}$/;

/** What to write of an answered request; undefined for nothing. */
export function entryOf(answered: Answered, at: Date, scope: Scope): AuditEntry | undefined {
  const { caller, method, status } = answered;
  const refused = answered.refused ?? refusedBy(status);
  const about = [...new Set([...aboutOf(answered), ...(answered.alsoAbout ?? [])])];
  if (!refused) {
    if (scope === 'refusals' || !caller || isProgram(caller)) return undefined;
    const opens = isReading(method) && status < 400 && isPersonal(answered, about);
    // What is not there was not changed: services are asked in turn whose a message is.
    const changes = CHANGES.includes(method) && status !== 404;
    if (!opens && !changes) return undefined;
  }
  return {
    ...whoIs(caller),
    id: uuidv7(),
    at: at.toISOString(),
    action: actionOf(answered),
    // Whoever is not known can name any number of ids, and none of them means anything.
    about: caller ? about : [],
    status,
    refused: refused ?? null,
    reason: null,
    times: 1,
  };
}

/**
 * Whether a program asks: its changes are in the events already. A login of a person that has a system's role beside an
 * office's is a person all the same.
 */
export function isProgram({ isSystem, roles }: Pick<Caller, 'isSystem' | 'roles'>): boolean {
  if (isSystem) return true;
  return OF_SYSTEMS.some((role) => roles.has(role)) && !OF_OFFICES.some((role) => roles.has(role));
}

/** Who sent a request, as a row has it. */
function whoIs(
  caller: Caller | undefined,
): Pick<AuditEntry, 'subject' | 'name' | 'roles' | 'agency' | 'authority'> {
  return {
    subject: caller ? storable(caller.subject) : null,
    name: caller ? storable(caller.name) : null,
    roles: [...(caller?.roles ?? [])],
    agency: caller?.agency ?? null,
    authority: caller?.authority === undefined ? null : storable(caller.authority),
  };
}

/** `POST /cases/:id/close` */
function actionOf({ method, route }: Pick<Answered, 'method' | 'route'>): string {
  const template = (route ?? 'unmatched').replace(/^\/agencies\/[a-z][a-z0-9-]*\//, '/agencies/:agency/');
  return `${method === 'HEAD' ? 'GET' : method} ${template}`;
}

/** The ids in a route's parameters. What does not look like one of ours could be anything, a name too, and is left out. */
export function aboutOf({ route = '', params }: Pick<Answered, 'route' | 'params'>): string[] {
  return Object.entries(params).flatMap(([name, value]) => {
    if (typeof value !== 'string') return [];
    const kind = name === 'id' ? ID_OF[partBeforeId(route)] : PARAMS[name];
    if (kind === undefined) return [];
    if (kind === 'agency') return SLUG.test(value) ? [`agency:${value}`] : [];
    if (UUID.test(value)) return [`${kind}:${value.toLowerCase()}`];
    return kind === 'case' && CASE_NUMBER.test(value) ? [`case:${value.toUpperCase()}`] : [];
  });
}

/** `returnees` of `/intake/returnees/:id/hold` */
function partBeforeId(route: string): string {
  const parts = route.split('/');
  return parts[parts.indexOf(':id') - 1] ?? '';
}

function isPersonal({ route }: Answered, about: readonly string[]): boolean {
  return about.some((one) => PERSONAL.includes(kindOf(one))) || OPEN_WORDS.includes(route ?? '');
}

function kindOf(about: string): Kind {
  return about.split(':')[0] as Kind;
}

function isReading(method: string): boolean {
  return method === 'GET' || method === 'HEAD';
}

function refusedBy(status: number): Refused | undefined {
  if (status === 401) return 'not-logged-in';
  if (status === 403) return 'not-allowed';
  return status === 429 ? 'too-many' : undefined;
}

/** A token's words as a database keeps them. */
function storable(text: string): string {
  return text.replace(/\p{Cc}|\p{Cs}/gu, '').slice(0, 200);
}
