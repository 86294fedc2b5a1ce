/** What can be decided about an agency on its screen: who may, what each asks for, and what is sent for it. Pure. */
import type { Caller } from '@retorno/service';
import type { OneAgency } from './catalogues';

export const DEEDS = ['pause', 'resume', 'maintenance', 'maintenance-end', 'contact'] as const;
export type Deed = (typeof DEEDS)[number];

export const DEED_FIELDS = {
  pause: ['reason'],
  resume: ['reason'],
  maintenance: ['from', 'until', 'note'],
  'maintenance-end': ['reason'],
  contact: ['email', 'phone', 'reason'],
} as const satisfies Record<Deed, readonly string[]>;
export type DeedField = (typeof DEED_FIELDS)[Deed][number];

/** What was typed, by field. */
export type Typed = Partial<Record<DeedField, string>>;

export function isDeed(name: string): name is Deed {
  return (DEEDS as readonly string[]).includes(name);
}

/** Whether somebody may; the coordinator decides it again. */
export function mayDo({ roles }: Caller, deed: Deed): boolean {
  return roles.has(deed === 'pause' || deed === 'resume' ? 'operations-lead' : 'operations');
}

/** Whether it makes sense now. */
export function isPossible({ paused, maintenance }: OneAgency, deed: Deed): boolean {
  if (deed === 'pause') return paused === null;
  if (deed === 'resume') return paused !== null;
  if (deed === 'maintenance-end') return maintenance !== null;
  return true;
}

/** The request that does it. Empty fields are left out; times are those of Lima. */
export function requestFor(
  slug: string,
  deed: Deed,
  typed: Typed,
): { method: 'POST' | 'PUT'; path: string; body: object } {
  const fields = DEED_FIELDS[deed].map((name): [DeedField, string] => [name, (typed[name] ?? '').trim()]);
  const body = Object.fromEntries(
    fields
      .filter(([, value]) => value !== '')
      .map(([name, value]) => [name, name === 'from' || name === 'until' ? inLima(value) : value]),
  );
  const end = deed === 'maintenance-end' ? 'maintenance/end' : deed;
  const method = deed === 'maintenance' || deed === 'contact' ? 'PUT' : 'POST';
  return { method, path: `/roundtable/${encodeURIComponent(slug)}/${end}`, body };
}

/** What a browser's field for day and hour holds, as an instant: Lima is five hours behind UTC all year. */
function inLima(when: string): string {
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d$/.test(when) ? `${when}:00-05:00` : when;
}
