/** Whatever the audit writes down of people has a name on its screen: every route of docs/reference/roles.md is looked at. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ACTIONS, actionNamed } from './actions';
import { entryOf } from '@retorno/service';

const REFERENCE = join(__dirname, '..', '..', '..', 'docs', 'reference', 'roles.md');
const ID = '00000000-0000-7000-8000-000000000000';
/** The console's own changes are requests to other services; the one that is not, it writes down by itself. */
const OF_CONSOLE = / \/console\//;
const EXPORT = 'GET /console/audit/download';

/** Routes that people may use, as the audit names them. */
const routes = [...readFileSync(REFERENCE, 'utf8').matchAll(/^\| `(\w+ \/[^`]*)` \| (.*) \|$/gm)]
  .filter(([, , who]) => who !== 'everybody')
  .map(([, route]) => route!.replace('{slug}', ':agency'));

function isWritten(route: string): boolean {
  const [method, template] = route.split(' ') as [string, string];
  const params = Object.fromEntries([...template.matchAll(/:(\w+)/g)].map(([, name]) => [name, ID]));
  const caller = { subject: 'u', name: 'U', roles: new Set(['operations-lead'] as const) };
  return entryOf({ caller, method, route: template, params, status: 200 }, new Date(), 'all') !== undefined;
}

describe('the audit screen', () => {
  it('has words for everything that people do, and for nothing that there is not', () => {
    const written = routes.filter((route) => !OF_CONSOLE.test(route) && isWritten(route));
    const unnamed = written.filter((route) => ['visit', 'other'].includes(actionNamed(route)));
    expect(unnamed).toEqual([]);
    const named = Object.values(ACTIONS).flat();
    expect(named.filter((route) => !routes.includes(route))).toEqual([]);
    expect([...written, EXPORT].toSorted()).toEqual(named.toSorted());
  });
});
