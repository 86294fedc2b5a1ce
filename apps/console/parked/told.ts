/** What became of something goes to the next page in its address. Pure. */
import type { Told } from './parked';
import { PARKED_PATH } from './paths';

/** The list, which says what became of it. */
export function addressAfter(told: Told): string {
  const set = Object.entries(told).map(([name, value]): [string, string] => [name, String(value)]);
  return `${PARKED_PATH}?${new URLSearchParams(set).toString()}`;
}

/** What an address says of it; nothing when somebody made it up. */
export function toldBy(query: Record<string, unknown>): Told {
  const count = (name: string): number => (/^\d{1,6}$/.test(String(query[name])) ? Number(query[name]) : 0);
  const { did } = query;
  switch (did) {
    case 'redriven':
      return { did, handled: count('handled'), failed: count('failed'), remaining: count('remaining') };
    case 'begun':
    case 'edited':
      return { did, n: count('n') };
    case 'taken':
    case 'released':
      return { did, n: count('n'), others: count('others') };
    case 'skipped':
    case 'gone':
    case 'nothing':
    case 'wrong':
      return { did };
    default:
      return {};
  }
}
