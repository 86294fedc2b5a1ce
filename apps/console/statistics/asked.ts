/** Which table is asked for: the address of the page says it, and the service of statistics is asked the same. Pure. */

/** Tables of cases, and those of follow-ups. */
export type Kind = 'table' | 'follow-ups';

export interface Asked {
  readonly kind: Kind;
  readonly by: string;
  /** The dimension that it is crossed with; '' is none. Follow-ups are by wave and `by`. */
  readonly and: string;
  readonly figure: string;
  /** Years of arrival; '' is open. */
  readonly from: string;
  readonly to: string;
}

const DEFAULTS: Readonly<Record<Kind, { by: string; figure: string }>> = {
  table: { by: 'region', figure: 'cases' },
  'follow-ups': { by: 'needs-met', figure: 'compositeMean' },
};

export function askedOf(kind: Kind, query: Readonly<Record<string, unknown>>): Asked {
  const text = (name: string, otherwise: string): string => {
    const value = query[name];
    return typeof value === 'string' && value.trim() !== '' ? value.trim() : otherwise;
  };
  const { by, figure } = DEFAULTS[kind];
  return {
    kind,
    by: text('by', by),
    and: kind === 'table' ? text('and', '') : '',
    figure: text('figure', figure),
    from: text('from', ''),
    to: text('to', ''),
  };
}

/** Where the service of statistics answers it. */
export function sourceOf({ kind, by, and, from, to }: Asked): string {
  const path = kind === 'table' ? '/statistics' : '/statistics/follow-ups';
  const query = new URLSearchParams({ by: and === '' ? by : `${by},${and}` });
  if (from !== '') query.set('from', from);
  if (to !== '') query.set('to', to);
  return `${path}?${query.toString()}`;
}

/** Where the console hands it out as CSV. */
export function downloadOf({ kind, by, and, from, to }: Asked): string {
  const set = Object.entries({ of: kind, by, and, from, to }).filter(([, value]) => value !== '');
  return `/console/statistics/download?${new URLSearchParams(set).toString()}`;
}

/** The name under which it is kept: letters, digits and hyphens. */
export function fileNameOf({ kind, by, and, from, to }: Asked): string {
  const parts = ['retorno', ...(kind === 'table' ? [] : [kind]), by, and, from, to];
  const name = parts.filter((part) => part !== '').join('-');
  return `${name.replaceAll(/[^\w-]+/g, '-')}.csv`;
}
