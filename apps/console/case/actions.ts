/** What can be done about a case from its screen: who may, what the form asks, and what the service is told. Pure. */
import { REJECT_CODES, SETTLED_REASONS, UNMET_REASONS, CLOSE_REASONS, NEED_CODES } from '@retorno/contracts';
import type { Caller } from '@retorno/service';
import { outlookFor, type CaseFile } from './case';

export const ACTIONS = [
  'remind',
  'reroute',
  'waive',
  'cancel',
  'information',
  'confirmation',
  'correction',
  'add-need',
  'settle-need',
  'close',
  'reopen',
] as const;
export type Action = (typeof ACTIONS)[number];

/** The services refuse these to others; their links are not shown to them either. */
const FOR_A_LEAD: readonly Action[] = ['waive', 'correction'];

/** What was typed or chosen, by the name of the field. */
export type Fields = Readonly<Record<string, string>>;

export type FieldName =
  | 'need'
  | 'code'
  | 'as'
  | 'agency'
  | 'outcome'
  | 'by'
  | 'channel'
  | 'status'
  | 'result'
  | 'reason'
  | 'information';

/** A field of a form: a choice of codes, a line, or text of several lines. */
export interface Field {
  readonly name: FieldName;
  /** What can be chosen; the empty choice comes first where the field may be left out. */
  readonly choices?: readonly string[];
  readonly lines?: true;
  readonly optional?: true;
}

const REASON: Field = { name: 'reason', lines: true };
export const CHANNELS = ['telephone', 'visit', 'office', 'message', 'relative'] as const;
const CORRECTIONS = ['completed', 'rejected', 'failed', 'cancelled'] as const;

/** A caller's actions about the case (`referralId` null) or one referral that would be taken now. */
export function actionsFor(caller: Caller, file: CaseFile, referralId: string | null): Action[] {
  if (!caller.roles.has('operations')) return [];
  const { possible } = referralId === null ? file.outlook : outlookFor(file, referralId);
  return ACTIONS.filter(
    (action) =>
      possible.includes(action) && (!FOR_A_LEAD.includes(action) || caller.roles.has('operations-lead')),
  );
}

/** The fields of an action's form, in their order. */
export function fieldsOf(action: Action, file: CaseFile, referralId: string | null): Field[] {
  switch (action) {
    case 'close':
      return [{ name: 'code', choices: CLOSE_REASONS }, REASON];
    case 'add-need':
      return [{ name: 'need', choices: addable(file) }, REASON];
    case 'settle-need':
      return [{ name: 'need', choices: openNeeds(file) }, { name: 'as', choices: SETTLEMENTS }, REASON];
    case 'reroute': {
      const agencies = reroutable(file, referralId);
      return agencies.length < 2 ? [REASON] : [{ name: 'agency', choices: agencies, optional: true }, REASON];
    }
    case 'information':
      return [{ name: 'information', lines: true }];
    case 'confirmation':
      return [
        { name: 'outcome', choices: ['confirmed', 'disputed'] },
        { name: 'by' },
        { name: 'channel', choices: CHANNELS },
        REASON,
      ];
    case 'correction':
      return [
        { name: 'status', choices: CORRECTIONS },
        { name: 'code', choices: REJECT_CODES, optional: true },
        { name: 'result', optional: true },
        REASON,
      ];
    default:
      return [REASON];
  }
}

const SETTLEMENTS = [...SETTLED_REASONS, ...UNMET_REASONS.filter((code) => code !== 'case-closed')];

function addable({ shown }: CaseFile): string[] {
  const open = new Set(shown.needs.filter(({ status }) => status === 'open').map(({ code }) => code));
  return NEED_CODES.filter((code) => !open.has(code));
}

/** Open needs by their ids: some are not named. */
function openNeeds({ shown }: CaseFile): string[] {
  return shown.needs.filter(({ status }) => status === 'open').map(({ id }) => id);
}

/** Of a referral that is not named no agency is: it goes to the next one. */
function reroutable(file: CaseFile, referralId: string | null): string[] {
  return outlookFor(file, referralId ?? '').providers.map(({ agency }) => agency);
}

/** The request that a filled-in form stands for; undefined when it names no need or referral of this case. */
export function requestOf(
  action: Action,
  { shown }: CaseFile,
  referralId: string | null,
  fields: Fields,
): { path: string; body: object } | undefined {
  const root = `/cases/${encodeURIComponent(shown.id)}`;
  const { reason = '', code = '', need = '', agency = '' } = fields;
  switch (action) {
    case 'close':
      return { path: `${root}/close`, body: { reason: code, note: reason } };
    case 'reopen':
      return { path: `${root}/reopen`, body: { reason } };
    case 'add-need':
      return { path: `${root}/needs`, body: { code: need, reason } };
    case 'settle-need': {
      if (!shown.needs.some(({ id }) => id === need)) return undefined;
      const body = { reason: fields['as'] ?? '', note: reason };
      return { path: `${root}/needs/${encodeURIComponent(need)}/settle`, body };
    }
  }
  if (!shown.referrals.some(({ id }) => id === referralId)) return undefined;
  const path = `${root}/referrals/${encodeURIComponent(referralId ?? '')}/${action}`;
  switch (action) {
    case 'reroute':
      return { path, body: { reason, ...(agency ? { agency } : {}) } };
    case 'information':
      return { path, body: { information: fields['information'] ?? '' } };
    case 'confirmation': {
      const { outcome = '', by = '', channel = '' } = fields;
      return { path, body: { outcome, by, channel, reason } };
    }
    case 'correction': {
      const { status = '', result = '' } = fields;
      const answer = { status, ...(code ? { code } : {}), ...(result ? { outcome: { result } } : {}) };
      return { path, body: { reason, answer } };
    }
    default:
      return { path, body: { reason } };
  }
}

/** The field of the form that a refusal points to (`/answer/code`, `/note`); undefined when it is none of them. */
export function fieldAt(action: Action, pointer: string): FieldName | undefined {
  const last = pointer.split('/').at(-1) ?? '';
  if (action === 'close') return last === 'reason' ? 'code' : last === 'note' ? 'reason' : undefined;
  if (action === 'settle-need') return last === 'reason' ? 'as' : last === 'note' ? 'reason' : undefined;
  if (action === 'add-need' && last === 'code') return 'need';
  const known: readonly string[] = [
    'agency',
    'outcome',
    'by',
    'channel',
    'status',
    'code',
    'result',
    'reason',
    'information',
  ];
  return known.includes(last) ? (last as FieldName) : undefined;
}
