/**
 * An answer about a case without what is restricted in it. It looks at the codes in an answer and not at its type: what is
 * added to an answer is masked like the rest. Pure.
 */
import { MASK } from '@retorno/contracts';
import type { CaseState } from '../saga/case';
import type { RestrictedCodes } from '../saga/restricted';

/** Gives an answer as it may be shown. Its shape stays: a code becomes `restricted`, what else would tell is null or empty. */
export type Mask = <T>(answer: T) => T;

/** What says by these which fact or service it is about. */
const NAMING = ['agency', 'service', 'slot', 'need', 'code'];
/** Of what is about something hidden, these are hidden as well, whatever they are. */
const SUBJECT = new Set(['agency', 'service', 'slot', 'code', 'basis', 'origin']);
/** And these would tell it in other words: titles, the notes of whoever serves, what was disclosed for it. */
const TELLING = new Set(
  'agencyName title name purpose law office result gate note by text question complaint fields sent providers'.split(
    ' ',
  ),
);
/** Of the person: each says violence, trafficking or a child alone by itself. */
const OF_THE_PERSON = new Set(['unaccompanied', 'atRisk']);
/** Purposes of a consent are those of all services, and tell of no need. */
const GENERAL = new Set(['purposes']);

/** The mask over answers about this case, or over a list's lines, for somebody from whom these codes are hidden. */
export function maskOf(hidden: RestrictedCodes, state?: Pick<CaseState, 'referrals' | 'escalations'>): Mask {
  if (hidden.size === 0) return (answer) => answer;
  const masking = new Masking(hidden, state ? hiddenIds(state, hidden) : new Set());
  return <T>(answer: T): T => masking.of(answer, false) as T;
}

/** Ids of the referrals that are not named, and of the escalations about them or about a hidden need. */
function hiddenIds(
  { referrals, escalations }: Pick<CaseState, 'referrals' | 'escalations'>,
  hidden: RestrictedCodes,
): Set<string> {
  const named = ({ agency, service, slot }: CaseState['referrals'][number]) => [agency, service, slot];
  const ids = new Set(referrals.filter((r) => named(r).some((code) => hidden.has(code))).map(({ id }) => id));
  for (const { id, referralId, detail } of escalations) {
    const isHidden = Object.values(detail).some((code) => hidden.has(code));
    if (isHidden || (referralId !== undefined && ids.has(referralId))) ids.add(id);
  }
  return ids;
}

type Thing = Readonly<Record<string, unknown>>;

class Masking {
  constructor(
    private readonly hidden: RestrictedCodes,
    private readonly ids: ReadonlySet<string>,
  ) {}

  /** `within`: it is part of something hidden. */
  of(value: unknown, within: boolean): unknown {
    if (typeof value === 'string') return this.text(value);
    if (Array.isArray(value)) return this.list(value, within);
    return typeof value === 'object' && value !== null ? this.thing(value as Thing, within) : value;
  }

  /** A code, `agency:<slug>`, `no-provider:<code>`, several with commas, or `agency/service`, which is hidden as a whole. */
  private text(text: string): string {
    if (this.hidden.has(text)) return MASK;
    if (!/[,:/]/.test(text)) return text;
    if (text.split('/').some((code) => this.hidden.has(code))) return MASK;
    return text.replace(/[^,:]+/g, (code) => (this.hidden.has(code) ? MASK : code));
  }

  private list(values: readonly unknown[], within: boolean): unknown[] {
    const shown = values.map((value) => this.of(value, within));
    // How many there are of them would tell some apart.
    return shown.every((value) => typeof value === 'string') ? [...new Set(shown)] : shown;
  }

  private thing(thing: Thing, within: boolean): Thing {
    const isHidden = within || this.isAbout(thing);
    return Object.fromEntries(
      Object.entries(thing).flatMap(([name, value]): [string, unknown][] => {
        // A record by agency: that one is in it says that something was asked of it.
        if (this.hidden.has(name)) return [];
        if (OF_THE_PERSON.has(name)) return [[name, null]];
        if (GENERAL.has(name)) return [[name, value]];
        if (name === 'needs' && !isHidden && 'service' in thing) return [[name, this.ordinary(value)]];
        if (isHidden && SUBJECT.has(name)) return [[name, value === null ? null : MASK]];
        if (isHidden && TELLING.has(name)) return [[name, blank(value)]];
        return [[name, this.of(value, isHidden || this.ids.has(name))]];
      }),
    );
  }

  /** The needs of a service that is named: with a hidden one among them, its name would say which it is. */
  private ordinary(needs: unknown): unknown {
    return Array.isArray(needs) ? needs.filter((code) => !this.hidden.has(String(code))) : needs;
  }

  private isAbout(thing: Thing): boolean {
    const ids = [thing['id'], thing['referralId'], thing['referral'], thing['escalationId']];
    if (ids.some((id) => typeof id === 'string' && this.ids.has(id))) return true;
    const { actor } = thing;
    const codes = [
      ...NAMING.map((name) => thing[name]),
      typeof actor === 'string' ? actor.slice('agency:'.length) : '',
    ];
    if (codes.some((code) => typeof code === 'string' && this.names(code))) return true;
    // An entry of the timeline is about the referral or escalation that it tells of, a line about its detail.
    return ['referral', 'escalation', 'detail'].some((name) => {
      const part = thing[name];
      return typeof part === 'object' && part !== null && this.isAbout(part as Thing);
    });
  }

  private names(code: string): boolean {
    return code.split('/').some((part) => this.hidden.has(part));
  }
}

function blank(value: unknown): unknown {
  if (Array.isArray(value)) return [];
  return typeof value === 'boolean' ? false : null;
}
