/** Facts that lists never show: violence, trafficking and health. They stand in the case itself, for whoever opens it. */

const RESTRICTED: readonly string[] = [
  'gender-based-violence',
  'trafficking',
  'tb-or-hiv',
  'pregnant',
  'chronic-illness',
  'mental-distress',
  'disability',
];

/** What a list shows instead. */
const MASK = 'restricted';

/** A code as a list may show it. */
export function masked(code: string): string {
  return RESTRICTED.includes(code) ? MASK : code;
}

/** The details of an escalation as a list may show them. */
export function maskedDetail(detail: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(detail).map(([name, code]) => [name, masked(code)]));
}

/** A group's key (`no-provider:shelter`) as a list may show it. */
export function maskedGroup(group: string | null): string | null {
  return group === null ? null : group.split(':').map(masked).join(':');
}
