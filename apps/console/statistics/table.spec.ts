import type { Caller } from '@retorno/service';
import { parse } from 'node-html-parser';
import { askedOf, downloadOf, fileNameOf, sourceOf } from './asked';
import { DEPARTMENTS } from './departments';
import { tablePage, type NoTable, type StatisticsTable } from './table';

const caller: Caller = { subject: 's', name: 'inei', roles: new Set(['statistics']) };
const now = new Date('2026-11-23T15:00:00Z');
const setting = { language: 'en', caller, address: '/console/statistics/table', now } as const;
const words = (es: string, en: string) => ({ es, en });

const REGIONS: StatisticsTable = {
  by: ['region', 'sex'],
  years: [2026],
  asOf: '2026-11-23T15:00:00Z',
  hiddenBelow: 5,
  items: [
    { region: '08', sex: 'F', cases: null, firstServiceMedianDays: null },
    { region: '08', sex: 'total', cases: null, firstServiceMedianDays: null },
    { region: '15', sex: 'F', cases: 40, firstServiceMedianDays: 3 },
    { region: '15', sex: 'M', cases: 60, firstServiceMedianDays: 4 },
    { region: '15', sex: 'total', cases: 100, firstServiceMedianDays: 3 },
    { region: 'total', sex: 'total', cases: 1104, firstServiceMedianDays: 3 },
  ],
  definitions: {
    region: words('Departamento', 'Department of destination, INEI code'),
    sex: words('Sexo', 'Sex: F, M or X'),
    cases: words('Casos', 'Cases: one return of one person'),
    firstServiceMedianDays: words('Mediana', 'Median of whole days'),
    years: words('Años', 'Years'),
    asOf: words('Momento', 'Moment'),
  },
};

function shown(query: Record<string, string>, answer: StatisticsTable | NoTable = REGIONS) {
  return parse(tablePage(setting, askedOf('table', query), answer).body.text);
}

function lines(query: Record<string, string>): string[][] {
  const rows = shown(query).querySelectorAll('table tr');
  return rows.map((row) => row.querySelectorAll('th,td').map((cell) => cell.text.trim()));
}

describe('a table of figures', () => {
  it('shows what is hidden as hidden, what is not listed as nothing, and why', () => {
    expect(lines({ by: 'region', and: 'sex' })).toEqual([
      ['department of destination', 'female', 'male', 'Total'],
      ['Cusco', 'hidden', '0', 'hidden'],
      ['Lima', '40', '60', '100'],
      ['Total', '0', '0', '1,104'],
    ]);
    expect(shown({}).text).toContain('counts under 5 could identify somebody');
  });

  it('shows no median of nothing', () => {
    expect(lines({ figure: 'firstServiceMedianDays' })[1]).toEqual(['Cusco', 'hidden', 'hidden', 'hidden']);
  });

  it('stands in the order of ages, not of their letters', () => {
    const items = ['12-17', '5-11', '0-4', '60+', 'total'].map((age) => ({
      'age-group': age,
      sex: 'total',
      cases: 9,
    }));
    const page = shown({}, { ...REGIONS, by: ['age-group', 'sex'], items });
    const rows = page.querySelectorAll('tbody th').map((cell) => cell.text);
    expect(rows).toEqual(['0-4', '5-11', '12-17', '60+', 'Total']);
  });

  it('draws a bar for each row, as long as its figure, and none for what is hidden', () => {
    const charts = shown({}).querySelectorAll('svg.chart:not(.map)');
    expect(charts).toHaveLength(1);
    const [hidden, bar] = charts[0]!.querySelectorAll('rect');
    expect([hidden!.getAttribute('class'), bar!.getAttribute('class')]).toEqual(['hidden', 'bar']);
    expect(Number(bar!.getAttribute('width'))).toBeGreaterThan(200);
    const texts = charts[0]!.querySelectorAll('text').map((text) => text.text);
    expect(texts).toEqual(['Cusco', 'hidden', 'Lima', '100']);
  });

  it('maps departments, each with its figure in its tile, and only where rows are departments', () => {
    const tiles = shown({}).querySelectorAll('svg.map title');
    const titles = tiles.map((tile) => tile.text);
    expect(titles).toHaveLength(25);
    expect(titles).toEqual(expect.arrayContaining(['Lima: 100', 'Cusco: hidden', 'Loreto: 0']));
    const bySex = { ...REGIONS, by: ['sex', 'region'] as const };
    expect(shown({ by: 'sex', and: 'region' }, bySex).querySelector('svg.map')).toBeNull();
  });

  it('says what the figure and the dimensions mean', () => {
    expect(
      shown({})
        .querySelectorAll('dd')
        .map((dd) => dd.text),
    ).toEqual(['Cases: one return of one person', 'Department of destination, INEI code', 'Sex: F, M or X']);
  });

  it('keeps the form and says what was wrong when it is refused', () => {
    const page = shown({ by: 'agency', and: 'service' }, { refused: 'unknown-dimension', detail: 'by …' });
    expect(page.querySelector('[role=alert]')!.text).toContain('two different criteria');
    expect(page.querySelector('#and option[selected]')!.getAttribute('value')).toBe('service');
  });

  it('shows whatever is in an address as text', () => {
    const page = tablePage(setting, askedOf('table', { from: '"><script>' }), REGIONS).body.text;
    expect(page).not.toContain('<script>');
  });

  it('says what to do when there are no cases', () => {
    const none = { ...REGIONS, items: [REGIONS.items.at(-1)!] };
    expect(shown({}, none).querySelector('.empty')!.text).toContain('Ask for other years');
  });
});

describe('what is asked for', () => {
  it('is the same in the page, at the service and in the download', () => {
    const asked = askedOf('table', { by: 'sex', and: 'region', from: '2026', figure: 'met' });
    expect(sourceOf(asked)).toBe('/statistics?by=sex%2Cregion&from=2026');
    expect(downloadOf(asked)).toBe('/console/statistics/download?of=table&by=sex&and=region&from=2026');
    expect(fileNameOf(asked)).toBe('retorno-sex-region-2026.csv');
  });

  it('makes a file name of nothing but letters, digits and hyphens', () => {
    expect(fileNameOf(askedOf('table', { by: '../"x"\r\n' }))).toBe('retorno--x-.csv');
  });
});

describe('the map', () => {
  it('has a tile of its own for each of the 25 departments', () => {
    const places = [...DEPARTMENTS.values()].map(({ column, row }) => `${column} ${row}`);
    expect([DEPARTMENTS.size, new Set(places).size]).toEqual([25, 25]);
  });
});
