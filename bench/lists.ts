/** How long the lists take that people and displays ask for. */
import { Api, type ListPage } from '../apps/local/api';
import { Browser } from '../tests/support/browser';
import type { Running } from './cases';
import { percentile, rounded } from './measure';
import type { System } from './system';

const ASKED = 60;
/** Asked less often, because each reads all cases. */
const ASKED_SELDOM = 3;
/** How far a reader leafs through a list. */
const PAGES = 20;

/** Milliseconds by list: p50 and p95. */
export type ListTimes = Record<string, [p50: number, p95: number]>;

/** Asks for each list again and again, one at a time. */
export async function timeLists(
  { url, bearers }: Pick<Running, 'url' | 'bearers'>,
  cases: readonly { id: string; number: string }[],
): Promise<ListTimes> {
  const api = new Api(url, bearers);
  const one = (i: number) => cases[(i * 7919) % cases.length]!;
  const times: ListTimes = {};
  const time = async (name: string, path: (i: number) => string, asked = ASKED): Promise<void> => {
    const taken: number[] = [];
    for (let i = 0; i < asked; i++) {
      const began = performance.now();
      await api.get(path(i));
      taken.push(performance.now() - began);
    }
    times[name] = [rounded(percentile(taken, 0.5)), rounded(percentile(taken, 0.95))];
  };
  await time('GET /cases', () => '/cases');
  await time('GET /cases?status=open', () => '/cases?status=open');
  await time('GET /cases?status=completed', () => '/cases?status=completed');
  await time('GET /cases?agency', () => '/cases?agency=bench-2');
  await time('GET /cases?overdue', () => '/cases?overdue=true');
  await time('GET /cases?agency&overdue, none', () => '/cases?agency=bench-5&overdue=true');
  await time('GET /cases?q=number', (i) => `/cases?q=${one(i).number}`);
  await time('GET /cases?q=beginning of many numbers', () => '/cases?q=RT-20');
  await time('GET /cases?q=beginning, of a rare status', () => '/cases?q=RT-20&status=closing');
  await time('GET /cases?q=id', (i) => `/cases?q=${one(i).id}`);
  await time('GET /cases/{id}', (i) => `/cases/${one(i).id}`);
  await time('GET /cases/{number}', (i) => `/cases/${one(i).number}`);
  await time('GET /cases/summary', () => '/cases/summary', ASKED_SELDOM * 3);
  await time('GET /escalations', () => '/escalations');
  await time('GET /escalations?grouped', () => '/escalations?grouped=true', ASKED_SELDOM * 3);
  await time('GET /escalations/summary', () => '/escalations/summary');
  await time('GET /agencies', () => '/agencies');
  await time('GET /roundtable', () => '/roundtable');
  await time('GET /agencies/{slug}/referrals', () => '/agencies/bench-2/referrals');
  await time('GET /agencies/{slug}/referrals?status', () => '/agencies/bench-2/referrals?status=accepted');
  await time('GET /agencies/{slug}/referrals?overdue', () => '/agencies/bench-2/referrals?overdue=true');
  await time('GET /statistics', () => '/statistics?by=region', ASKED_SELDOM);
  await time('GET /statistics, crossed', () => '/statistics?by=region,agency', ASKED_SELDOM);
  times['GET /cases?cursor, 20 pages'] = await leaf(api, '/cases?status=completed&limit=200');
  return times;
}

/** Pages of the console as somebody of operations opens them: from the request to its last byte, and how long they are. */
export async function timeScreens(
  { url, topology }: Pick<System, 'url' | 'topology'>,
  cases: readonly { number: string }[],
): Promise<Record<string, [p50: number, p95: number, bytes: number]>> {
  const { password } = topology.logins;
  if (password === undefined) throw new Error('screens are timed with the issuer within');
  const browser = new Browser(url);
  await browser.logIn('/console', 'operations', password);
  const screens: Record<string, string> = {
    home: '/console',
    cases: '/console/cases',
    'cases, open': '/console/cases?status=open',
    'cases of an agency': '/console/cases?agency=bench-2',
    'cases, overdue': '/console/cases?overdue=true',
    'cases, by number': `/console/cases?q=${cases[0]!.number}`,
    'cases, by the beginning of a number': '/console/cases?q=RT-20',
    'a case': `/console/cases/${cases[0]!.number}`,
    escalations: '/console/escalations',
    agencies: '/console/agencies',
  };
  const times: Record<string, [number, number, number]> = {};
  for (const [name, path] of Object.entries(screens)) {
    const taken: number[] = [];
    let bytes = 0;
    for (let i = 0; i < ASKED; i++) {
      const began = performance.now();
      const { status, text } = await browser.open(path);
      taken.push(performance.now() - began);
      if (status !== 200) throw new Error(`${path} answers ${status}`);
      bytes = Buffer.byteLength(text);
    }
    times[name] = [rounded(percentile(taken, 0.5)), rounded(percentile(taken, 0.95)), bytes];
  }
  return times;
}

async function leaf(api: Api, path: string): Promise<[number, number]> {
  const taken: number[] = [];
  let next: string | null = '';
  for (let i = 0; i < PAGES && next !== null; i++) {
    const began = performance.now();
    const page: ListPage<object> = await api.get(next === '' ? path : `${path}&cursor=${next}`);
    taken.push(performance.now() - began);
    next = page.next;
  }
  return [rounded(percentile(taken, 0.5)), rounded(percentile(taken, 0.95))];
}
