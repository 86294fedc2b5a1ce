/** Figures over all cases, as a ministry's statistician reads them. */
import { parse } from 'csv-parse/sync';
import { eventually } from '../support/eventually';
import { manifestCsv, manifestRows } from '../support/manifest';
import { System } from '../support/system';

const ROWS = 120;

let system: System;
beforeAll(async () => {
  system = await System.start();
  await system.manifest(manifestCsv(manifestRows({ rows: ROWS, seed: 5 })));
});
afterAll(() => system.stop());

type Row = Record<string, string | number | null>;
const BY = ['sex', 'age-group', 'origin-country', 'nationality', 'return-type', 'region', 'vulnerability'];
const MORE = [
  'disability',
  'agency',
  'service',
  'month',
  'population',
  'sex,region',
  'agency,vulnerability',
  'service,sex',
  'month,sex',
];

async function everything(): Promise<Record<string, Row[]>> {
  const tables: Record<string, Row[]> = {};
  for (const by of [...BY, ...MORE]) tables[by] = (await system.get(`/statistics?by=${by}`)).items;
  return tables;
}

function total(rows: readonly Row[]): Row {
  return rows.find((row) => Object.values(row).filter((value) => value === 'total').length === 2)!;
}

describe('statistics', () => {
  it('count every case once, whatever they are broken down by', async () => {
    const tables = await everything();
    for (const [by, rows] of Object.entries(tables)) expect([by, total(rows)['cases']]).toEqual([by, ROWS]);
    const cases = await system.all('/cases');
    expect(total(tables['sex']!)['completed']).toBe(
      hiddenIfSmall(cases.filter((one) => one.status === 'completed').length),
    );
  });

  it('set return migrants apart from all who returned', async () => {
    const { items, definitions } = await system.get('/statistics?by=return-type');
    const apart = items.find(
      (row: Row) => row['return-type'] === 'total' && row['population'] === 'return-migrants',
    );
    expect(apart.cases).toBeGreaterThan(0);
    expect(apart.cases).toBeLessThanOrEqual(ROWS);
    expect(Object.keys(definitions)).toEqual(
      expect.arrayContaining(['population', 'return-type', 'unmetNoProvider']),
    );
  });

  it('never show a count of one to four', async () => {
    for (const rows of Object.values(await everything())) {
      for (const row of rows) {
        for (const [name, figure] of Object.entries(row)) {
          if (typeof figure !== 'number' || name.startsWith('firstService')) continue;
          expect([name, figure === 0 || figure >= 5]).toEqual([name, true]);
        }
      }
    }
  });

  it('say what each figure means, in Spanish and English', async () => {
    const { items, definitions } = await system.get('/statistics?by=sex');
    for (const name of Object.keys(items[0])) {
      expect(definitions[name]).toEqual({ es: expect.any(String), en: expect.any(String) });
    }
  });

  it('come as CSV, too', async () => {
    const asked = await system.call('GET', '/statistics?by=region,sex&format=csv');
    expect(asked.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    const lines: Row[] = parse(asked.body, { columns: true });
    const { items } = await system.get('/statistics?by=region,sex');
    expect(lines).toHaveLength(items.length);
    expect(lines[0]).toMatchObject({ region: items[0].region, cases: String(items[0].cases ?? '') });
    const accepted = await system.call('GET', '/statistics?by=region,sex', undefined, { accept: 'text/csv' });
    expect(accepted.body.split('\r\n')[0]).toBe(asked.body.split('\r\n')[0]);
    const words = await system.call('GET', /<(.*)>; rel="describedby"/.exec(asked.headers.get('link')!)![1]!);
    const defined = (parse(words.body, { columns: true }) as Row[]).map((row) => row['field']);
    expect(defined).toEqual(expect.arrayContaining(Object.keys(lines[0]!)));
  });

  it('are of the years asked for', async () => {
    const { items, years } = await system.get('/statistics?by=sex&from=2026&to=2026');
    expect([years, total(items)['cases']]).toEqual([[2026], ROWS]);
    expect((await system.get('/statistics?by=sex&from=2027')).items).toMatchObject([{ cases: 0 }]);
  });

  it('tell of each service what its agency does not tell', async () => {
    const { items } = await system.get('/statistics?by=service');
    const identity = items.filter((row: Row) => String(row['service']).startsWith('identity/'));
    expect(identity.length).toBeGreaterThan(1);
    const shown = identity.filter((row: Row) => row['referrals'] !== null && row['population'] === 'total');
    const agencies = (await system.get('/statistics?by=agency')).items;
    const whole = agencies.find((row: Row) => row['agency'] === 'identity' && row['population'] === 'total');
    expect(
      shown.length === 0 || shown.length === new Set(identity.map((row: Row) => row['service'])).size,
    ).toBe(true);
    if (shown.length > 0) {
      expect(shown.reduce((sum: number, row: Row) => sum + Number(row['referrals']), 0)).toBe(
        whole.referrals,
      );
    }
  });

  it('refuse what they do not know, by name', async () => {
    for (const [query, field] of [
      ['by=shoe-size', 'by'],
      ['by=sex,sex', 'by'],
      ['by=sex,region,month', 'by'],
      ['from=2026-11', 'from'],
      ['from=2027&to=2026', 'from'],
      ['by=agency,service', 'by'],
      ['format=xml', 'format'],
    ] as const) {
      const { status, body } = await system.call('GET', `/statistics?${query}`);
      expect([query, Math.floor(status / 100)]).toEqual([query, 4]);
      expect(JSON.stringify(body)).toContain(field);
    }
  });

  it('have a summary for a page', async () => {
    const { totals, trend, unmetReasons } = await system.get('/statistics/summary');
    expect(totals.cases).toBe(ROWS);
    expect(trend).toMatchObject([{ month: '2026-11', cases: ROWS }]);
    expect(unmetReasons.map((one: Row) => one['needs'])).toEqual(
      unmetReasons.map((one: Row) => one['needs']).toSorted((a: number, b: number) => b - a),
    );
  });

  it('tell how returnees fare, by wave and by how much of what they needed was met', async () => {
    await system.moveTo('2026-12-21T15:00:00Z');
    const cases = (await system.all('/cases')).slice(0, 40);
    let answered = 0;
    for (const { id } of cases) {
      const { followed, questionnaire } = await system.get(`/cases/${id}/follow-ups`);
      if (!followed) continue;
      const best = questionnaire.questions.map((one: any) => [one.code, one.choices.at(-2).code]);
      const body = { version: 1, answers: Object.fromEntries(best), by: 'desk 1', channel: 'visit' };
      const recorded = await system.call('POST', `/cases/${id}/follow-ups/1`, body);
      if (recorded.status === 200) answered++;
    }
    await system.settle();
    expect(answered).toBeGreaterThanOrEqual(5);
    const items = await eventually(async () => {
      const found = (await system.get('/statistics/follow-ups')).items;
      return total(found)['followUps'] === answered ? found : undefined;
    });
    expect(total(items)).toMatchObject({ answered, notReached: 0, compositeMean: 1 });
    const byAgency = await system.get('/statistics/follow-ups?by=agency');
    expect(byAgency.items.map((row: Row) => row['wave'])).toEqual(expect.arrayContaining(['1', 'total']));
    expect((await system.call('GET', '/statistics/follow-ups?by=shoe-size')).status).toBe(422);
    const csv = await system.call('GET', '/statistics/follow-ups?by=sex&format=csv');
    expect((parse(csv.body) as string[][])[0]!.slice(0, 3)).toEqual(['wave', 'sex', 'followUps']);
  }, 60_000);

  it('are the same when they are made anew from the first event, also while cases go on', async () => {
    const before = await everythingSince('2026-12-21T15:00:01Z');
    const rebuilt = await system.call('POST', '/statistics/rebuild');
    expect([rebuilt.status, rebuilt.body]).toEqual([202, { status: 'asked' }]);
    await system.settle();
    const after = await everythingSince('2026-12-21T15:00:02Z');
    expect(total(after['sex']!)['cases']).toBe(ROWS);
    expect(after).toEqual(before);

    const asked = system.call('POST', '/statistics/rebuild');
    const arrivals = await system.manifest(manifestCsv(manifestRows({ rows: 40, seed: 6 })));
    expect(arrivals.created).toBe(40);
    await asked;
    await system.settle();
    const whole = await everythingSince('2026-12-21T15:00:03Z');
    expect(total(whole['sex']!)['cases']).toBe(ROWS + 40);
    await system.call('POST', '/statistics/rebuild');
    await system.settle();
    expect(await everythingSince('2026-12-21T15:00:04Z')).toEqual(whole);
  }, 90_000);
});

/** Everything counted at `moment` or later: a table that was counted a moment ago is given again. */
async function everythingSince(moment: string): Promise<Record<string, Row[]>> {
  await system.moveTo(moment);
  const tables: Record<string, Row[]> = {};
  for (const by of [...BY, ...MORE]) {
    tables[by] = await eventually(async () => {
      const { asOf, items } = await system.get(`/statistics?by=${by}`);
      return new Date(asOf) >= new Date(moment) ? items : undefined;
    });
  }
  return tables;
}

function hiddenIfSmall(count: number): number | null {
  return count > 0 && count < 5 ? null : count;
}
