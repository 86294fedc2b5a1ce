/** What somebody looks for in the audit: the address of the page says all of it. Pure. */
import { OUTCOMES, type Outcome } from '@retorno/service';
import { textsIn } from '../frame/query';
import { ACTIONS, isAction, type ActionName } from './actions';

export const AUDIT_PATH = '/console/audit';

/** '' is everything. */
export interface AuditAsked {
  /** How a name begins, or the issuer's id. */
  readonly who: string;
  /** Id or number. */
  readonly case: string;
  readonly returnee: string;
  readonly action: ActionName | '';
  readonly outcome: Outcome | '';
  /** Days in Lima, both included: `YYYY-MM-DD`. */
  readonly from: string;
  readonly to: string;
  readonly cursor: string;
}

/** Fields that hold what cannot be looked for. */
export type WrongField = 'case' | 'returnee' | 'from' | 'to';

/** What the address asks for, and the fields of it that are wrong; those are left out. */
export function askedOf(query: Readonly<Record<string, unknown>>): {
  asked: AuditAsked;
  wrong: readonly WrongField[];
} {
  const text = textsIn(query);
  const wrong: WrongField[] = [];
  const checked = (name: WrongField, isRight: (value: string) => boolean): string => {
    const value = text(name);
    if (value === '' || isRight(value)) return value;
    wrong.push(name);
    return '';
  };
  const [action, outcome] = [text('action'), text('outcome')];
  const asked: AuditAsked = {
    who: text('who').slice(0, 100),
    case: checked('case', (value) => CASE_NUMBER.test(value) || UUID.test(value)),
    returnee: checked('returnee', (value) => UUID.test(value)),
    action: isAction(action) ? action : '',
    outcome: OUTCOMES.find((one) => one === outcome) ?? '',
    from: checked('from', isDay),
    to: checked('to', isDay),
    cursor: text('cursor'),
  };
  return { asked, wrong };
}

const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;
const CASE_NUMBER = /^[a-z]{2}-\d{4}-\d{1,9}$/i;

function isDay(value: string): boolean {
  return /^20\d\d-\d\d-\d\d$/.test(value) && new Date(value).toJSON()?.startsWith(value) === true;
}

/** The query for `GET /audit`. `cases`: the case by its number and its id, since either may have been written down. */
export function sourceOf(asked: AuditAsked, cases: readonly string[], limit: number): string {
  const { who, returnee, action, outcome, from, to, cursor } = asked;
  const set = {
    who,
    case: cases.join(','),
    returnee,
    action: action === '' ? '' : ACTIONS[action].join(','),
    outcome,
    // Lima has kept this offset since 1994.
    from: from && `${from}T00:00:00-05:00`,
    to: to && `${dayAfter(to)}T00:00:00-05:00`,
    cursor,
    limit: String(limit),
  };
  return `/audit?${queryOf(set)}`;
}

/** The page that shows this, `at` another one of its addresses. */
export function addressOf(asked: Partial<AuditAsked>, at = AUDIT_PATH): string {
  const query = queryOf(asked);
  return query === '' ? at : `${at}?${query}`;
}

function queryOf(set: Readonly<Partial<Record<string, string>>>): string {
  const given = Object.entries(set).flatMap(([name, value]): [string, string][] =>
    value ? [[name, value]] : [],
  );
  return new URLSearchParams(given).toString();
}

function dayAfter(day: string): string {
  return new Date(Date.parse(day) + 86_400_000).toISOString().slice(0, 10);
}
