import type { CaseReferral } from '@retorno/contracts';
import { EmbeddedTransport, Messaging, systemClock } from '@retorno/messaging';
import { openDatabase, type Caller, type Page } from '@retorno/service';
import { startPostgres, type TestDatabase } from '../../../tests/support/postgres';
import { chanceOf } from '../../../tests/support/random';
import { isSent, type CaseState, type EscalationState } from '../saga/case';
import { CaseCounting } from './case-counts';
import { CaseQueries, type CaseFilter, type CaseListItem } from './case-queries';
import { CatalogueShelf } from '../casework/catalogues';
import { EscalationQueries } from '../escalations/escalation-queries';
import { Sights } from '../masking/sights';
import { Cases1763800000000 } from '../migrations/1763800000000-cases';
import { caseStore } from '../casework/stores';
import { Saga } from '../testing/saga';

const NOW = new Date('2026-11-23T14:00:00.000Z');
const HOUR_MS = 3_600_000;
const CASES = 120;
const WAITING_FOR = ['health', 'education', 'identity'];
const RESTRICTED = ['no-provider:womens-emergency-centre', 'no-provider:trafficking'];
const GROUPS = ['no-provider:shelter', 'no-provider:legal-aid', ...RESTRICTED, undefined];
const template = new Saga({ needs: ['emotional-support'] }).state;
const chance = chanceOf(20261123);

let database: TestDatabase;
let messaging: Messaging;
let queries: CaseQueries;
let escalations: EscalationQueries;
/** What is stored, by id, with its version. */
const stored = new Map<string, { version: number; state: CaseState }>();

beforeAll(async () => {
  database = await startPostgres();
  const dataSource = await openDatabase({
    url: database.url,
    schema: 'coordinator',
    migrations: [Cases1763800000000],
  });
  messaging = new Messaging({
    dataSource,
    transport: new EmbeddedTransport(),
    clock: { ...systemClock, now: () => NOW },
    options: { service: 'coordinator', stores: [], subscribes: [], loads: () => [] },
  });
  const shelf = new CatalogueShelf(messaging);
  queries = new CaseQueries(messaging, shelf, new Sights(messaging, shelf), new CaseCounting(messaging));
  escalations = new EscalationQueries(messaging, shelf);
  await save(Array.from({ length: CASES }, (_, i) => opened(i)));
  for (let round = 0; round < 150; round++) {
    await save(chance.some([...stored.values()], 0.05).map(({ state }) => changed(state)));
  }
}, 120_000);
afterAll(async () => {
  await messaging.dataSource.destroy();
  await database.stop();
}, 60_000);

async function save(states: readonly CaseState[]): Promise<void> {
  if (states.length === 0) return;
  const changes = states.map((state) => {
    const before = stored.get(state.id);
    return {
      key: state.id,
      version: before?.version ?? 0,
      before: before && documentOf(before.state),
      after: documentOf(state),
    };
  });
  await messaging.dataSource.transaction((tx) =>
    caseStore.save({ tx, keyring: messaging.keyring(tx), service: 'coordinator' }, changes),
  );
  for (const [i, state] of states.entries())
    stored.set(state.id, { version: changes[i]!.version + 1, state });
}

function documentOf(state: CaseState) {
  return { state, facts: 1, unoffered: [] };
}

const at = (hours: number): string => new Date(NOW.getTime() + hours * HOUR_MS).toISOString();

/** Numbers and times of opening go apart, as when cases of several manifests are opened at once. */
function opened(i: number): CaseState {
  const hex = ((i * 2_654_435_761) % 0xffffffff).toString(16).padStart(8, '0');
  return changed({
    ...template,
    id: `${hex}-0000-7000-8000-000000000000`,
    number: `RT-2026-${String(i + 1).padStart(6, '0')}`,
    openedAt: at(-1000 + chance.below(20)),
    referrals: [],
    escalations: [],
  });
}

function changed(state: CaseState): CaseState {
  const status = chance.pick(['open', 'open', 'open', 'closing', 'completed', 'closed'] as const);
  const { closedAt: _closedAt, ...rest } = state;
  const ended = status === 'completed' || status === 'closed' ? { closedAt: at(-chance.below(900)) } : {};
  return { ...rest, ...ended, status, referrals: referrals(), escalations: escalated(state) };
}

function referrals(): CaseReferral[] {
  return chance.some(WAITING_FOR, 0.5).map((agency) => ({
    ...template.referrals[0]!,
    agency,
    acknowledgedAt: at(-900),
    status: chance.pick(['accepted', 'completed'] as const),
    dueAt: at(chance.pick([-5, 5])),
  }));
}

function escalated({ id, escalations: known }: CaseState): EscalationState[] {
  const resolved = known.map((one) =>
    one.resolvedAt === undefined && chance.happens(0.5)
      ? { ...one, resolvedAt: at(-1), resolution: 'done' }
      : one,
  );
  if (!chance.happens(0.3)) return resolved;
  const group = chance.pick(GROUPS);
  const more = {
    id: `e-${id}-${known.length}`,
    reason: 'no-provider',
    ...(group === undefined ? {} : { group }),
    detail: {},
    raisedAt: at(-2),
    dueAt: at(chance.below(10)),
  } as unknown as EscalationState;
  return [...resolved, more];
}

const STAFF = { subject: 'staff', name: 'staff', roles: new Set(['operations']) } as unknown as Caller;
const list = (filter: CaseFilter): Promise<Page<CaseListItem>> => queries.list(filter, STAFF);
const states = (): CaseState[] => [...stored.values()].map(({ state }) => state);
const isRunning = ({ status }: CaseState): boolean => status === 'open' || status === 'closing';
const isLate = ({ dueAt }: CaseReferral): boolean => dueAt! < at(0);

async function allOf(filter: CaseFilter, limit: number): Promise<CaseListItem[]> {
  const found: CaseListItem[] = [];
  for (let cursor: string | undefined; ;) {
    const page = await list({
      ...filter,
      limit: String(limit),
      ...(cursor === undefined ? {} : { cursor }),
    });
    found.push(...page.items);
    if (page.next === null) return found;
    cursor = page.next;
  }
}

/** The same told by the states. */
function wanted({ status, agency, overdue, endedSince, q = '' }: CaseFilter): string[] {
  const fits = (state: CaseState): boolean => {
    const owed = isRunning(state) ? state.referrals.filter(isSent) : [];
    if (status && state.status !== status) return false;
    if (agency && !owed.some((r) => r.agency === agency)) return false;
    if (overdue && !owed.some((r) => isLate(r) && (agency === undefined || r.agency === agency)))
      return false;
    if (endedSince && !(state.closedAt! >= `${endedSince}T05:00:00.000Z`)) return false;
    return state.number.startsWith(q) || state.id === q;
  };
  const byNumber = q.startsWith('RT');
  const key = ({ number, openedAt, id }: CaseState): string => (byNumber ? number : `${openedAt} ${id}`);
  return states()
    .filter(fits)
    .sort((a, b) => (key(a) < key(b) ? 1 : -1))
    .map(({ number }) => number);
}

describe('the list of cases', () => {
  const searches = ['', 'RT', 'RT-2026-0000', 'RT-2026-000007', 'RT-2027'];
  const filters: CaseFilter[] = ['', 'open', 'closing', 'completed', 'closed'].flatMap((status) =>
    [
      {},
      { agency: 'health' },
      { overdue: true },
      { agency: 'health', overdue: true },
      { endedSince: '2026-11-10' },
    ].map((more) => ({ ...more, ...(status && { status }) })),
  );

  it.each(searches)('has what fits every filter, each once and in order, page by page: %s', async (q) => {
    for (const filter of filters) {
      const asked = { ...filter, ...(q && { q }) };
      expect([asked, (await allOf(asked, 7)).map(({ number }) => number)]).toEqual([asked, wanted(asked)]);
    }
  });

  it('has one case by its id, in either case of letters', async () => {
    const { id, number } = states()[17]!;
    for (const q of [id, id.toUpperCase()])
      expect((await allOf({ q }, 7)).map((one) => one.number)).toEqual([number]);
    expect(await allOf({ q: 'RT_2026' }, 7)).toEqual([]);
  });

  it('by number goes on where it was while cases are added: none is left out, and none comes twice', async () => {
    const before = wanted({ q: 'RT-2026' });
    const found: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await list({
        q: 'RT-2026',
        limit: '25',
        ...(cursor === undefined ? {} : { cursor }),
      });
      found.push(...page.items.map(({ number }) => number));
      await save([opened(stored.size), opened(stored.size + 1)]);
      cursor = page.next ?? undefined;
    } while (cursor !== undefined);
    expect(found).toEqual(before);
  });

  it('refuses the cursor of the other order', async () => {
    const cursor = (await list({ limit: '1' })).next!;
    await expect(list({ q: 'RT', cursor })).rejects.toMatchObject({ body: { status: 400 } });
    const byNumber = (await list({ q: 'RT', limit: '1' })).next!;
    await expect(list({ cursor: byNumber })).rejects.toMatchObject({ body: { status: 400 } });
  });
});

describe('the summary', () => {
  const tally = (names: readonly string[]): Record<string, number> => {
    const counts: Record<string, number> = {};
    for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
    return counts;
  };
  const open = (of: CaseState): EscalationState[] => of.escalations.filter((e) => e.resolvedAt === undefined);

  it('counts what is stored, whatever ended and was opened again', async () => {
    for (const round of ['while lines are many', 'once they are put together']) {
      const running = states().filter(isRunning);
      const owed = running.map((of) => of.referrals.filter(isSent));
      const summary = (await queries.summary('2026-11-10')) as Record<string, unknown> & {
        escalations: { reason: string; group: string | null; cases: number }[];
      };
      expect([round, summary]).toEqual([
        round,
        expect.objectContaining({
          byStatus: tally(states().map(({ status }) => status)),
          open: running.length,
          overdue: owed.filter((of) => of.some(isLate)).length,
          escalated: running.filter((of) => open(of).length > 0).length,
          completedSince: wanted({ status: 'completed', endedSince: '2026-11-10' }).length,
        }),
      ]);
      const named = (list: unknown, name: string, count: string): Record<string, number> =>
        Object.fromEntries((list as Record<string, never>[]).map((line) => [line[name], line[count]]));
      expect(named(summary['waitingFor'], 'what', 'cases')).toEqual(
        tally(owed.flatMap((of) => of.map(({ agency }) => agency))),
      );
      expect(named(summary['late'], 'agency', 'overdue')).toEqual(
        tally(owed.flatMap((of) => of.filter(isLate).map(({ agency }) => agency))),
      );
      const alone = states().filter((of) => open(of).some(({ group }) => group === undefined));
      expect(summary.escalations.find(({ group }) => group === null)?.cases).toBe(alone.length);
    }
  });

  it('leaves few lines to be summed up, and the same sum while several read', async () => {
    await Promise.all([queries.summary(), queries.summary(), queries.summary()]);
    const rows = await messaging.dataSource.query('select status from ended_cases');
    expect(rows.length).toBeLessThan(100);
  });
});

describe('grouped escalations', () => {
  const shown = (group: string | undefined): string | undefined =>
    RESTRICTED.includes(group ?? '') ? 'no-provider:restricted' : group;

  it.each([undefined, 'open', 'resolved'] as const)(
    'are a row for each cause with its first one due, and each of the others, page by page: %s',
    async (status) => {
      const order = (e: EscalationState): string => `${e.dueAt} ${e.id}`;
      const those = states()
        .flatMap((of) => of.escalations)
        .filter((e) => (status === 'resolved') === (e.resolvedAt !== undefined))
        .sort((a, b) => (order(a) < order(b) ? -1 : 1));
      const rows = those.flatMap((e) => {
        const group = shown(e.group);
        const alike = group === undefined ? [e] : those.filter((other) => shown(other.group) === group);
        return alike[0] === e ? [{ group: group ?? null, dueAt: e.dueAt, cases: alike.length }] : [];
      });
      const found: object[] = [];
      for (let cursor: string | undefined; ;) {
        const page = await escalations.list(
          {
            grouped: 'true',
            limit: '3',
            ...(status && { status }),
            ...(cursor === undefined ? {} : { cursor }),
          },
          'staff',
        );
        found.push(...page.items);
        if (page.next === null) break;
        cursor = page.next;
      }
      expect(found).toEqual(rows.map((row) => expect.objectContaining(row)));
      expect(rows.length).toBeGreaterThan(5);
    },
  );
});
