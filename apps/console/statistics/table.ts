/** One table of figures as a page: what is asked for, a chart, the table, what it means, and the way to all of it. Pure. */
import { html, type Html } from '@retorno/service';
import type { Page, Setting } from '../frame/page';
import { refusalIn } from '../frame/refusals';
import { downloadOf, type Asked } from './asked';
import { barChart, tileMap, type Bar } from './charts';
import { dimensionName, figureName, inOrder, TOTAL, valueName, written, type Definitions } from './labels';
import { about, dataTable, DEFINITIONS_DOWNLOAD, pagesNav, PAGES } from './parts';
import { wordsIn } from './words';

/** `GET /statistics` and `GET /statistics/follow-ups`. */
export interface StatisticsTable {
  /** The dimensions of the rows and of the columns. */
  readonly by: readonly [string, string];
  readonly years: readonly number[];
  readonly asOf: string;
  readonly hiddenBelow: number;
  /** The two values under the names of the dimensions, and the figures: null is hidden. What is not listed counts nothing. */
  readonly items: readonly Readonly<Record<string, string | number | null>>[];
  readonly definitions: Definitions;
}

/** Why there is no table: the code of the problem, and what the service says. */
export interface NoTable {
  readonly refused: string;
  readonly detail: string;
}

const BY = [
  'region',
  'sex',
  'age-group',
  'origin-country',
  'nationality',
  'return-type',
  'vulnerability',
  'disability',
  'agency',
  'service',
  'month',
  'population',
];
/** Fields that are no figures. */
const ABOUT = ['years', 'asOf'];

export function tablePage(setting: Setting, asked: Asked, answer: StatisticsTable | NoTable): Page {
  const words = wordsIn(setting.language);
  const isTable = 'items' in answer;
  const figures = isTable ? figuresOf(answer) : [asked.figure];
  const chosen = figures.includes(asked.figure) ? asked.figure : figures[0]!;
  const definitions = isTable ? answer.definitions : {};
  const body = html`${pagesNav(setting, asked.kind)}
  ${form(setting, { ...asked, figure: chosen }, figures, definitions)}
  ${isTable ? shown(setting, asked, answer, chosen) : html`<p class="notice" role="alert">${refusal(setting, answer)}</p>`}`;
  return { title: `${words.title}: ${words.pages[asked.kind]}`, screen: 'statistics', body };
}

function figuresOf({ definitions, by }: StatisticsTable): string[] {
  return Object.keys(definitions).filter((name) => !by.includes(name) && !ABOUT.includes(name));
}

function refusal({ language }: Setting, { refused, detail }: NoTable): string {
  const refusals: Readonly<Record<string, string>> = wordsIn(language).refusals;
  return refusals[refused] ?? refusalIn(language, { refused, detail });
}

function form(setting: Setting, asked: Asked, figures: readonly string[], definitions: Definitions): Html {
  const { language } = setting;
  const words = wordsIn(language);
  const dimensions = asked.kind === 'table' ? BY : ['needs-met', ...BY];
  const named = (name: string): string => dimensionName(language, name);
  return html`<form class="filter" method="get" action="${PAGES[asked.kind]}">
    ${select('by', words.by, dimensions, asked.by, named)}
    ${asked.kind === 'table' && select('and', words.and, ['', ...dimensions], asked.and, (name) => (name === '' ? '–' : named(name)))}
    ${select('figure', words.figure, figures, asked.figure, (name) => figureName(language, name, definitions))}
    ${year('from', words.from, asked.from)} ${year('to', words.to, asked.to)}
    <p><button>${words.show}</button></p>
  </form>`;
}

function select(
  name: string,
  label: string,
  values: readonly string[],
  chosen: string,
  named: (value: string) => string,
): Html {
  const options = values.map(
    (value) => html`<option value="${value}" ${value === chosen && html`selected`}>${named(value)}</option>`,
  );
  return html`<p>
    <label for="${name}">${label}</label
    ><select id="${name}" name="${name}">
      ${options}
    </select>
  </p>`;
}

function year(name: string, label: string, value: string): Html {
  return html`<p>
    <label for="${name}">${label}</label
    ><input id="${name}" name="${name}" value="${value}" inputmode="numeric" pattern="[0-9]{4}" size="5" />
  </p>`;
}

function shown(setting: Setting, asked: Asked, table: StatisticsTable, figure: string): Html {
  const { language } = setting;
  const words = wordsIn(language);
  const [rows, columns] = table.by;
  const values = (dimension: string): string[] =>
    inOrder(
      language,
      dimension,
      table.items.map((item) => String(item[dimension])),
    );
  const lines = values(rows);
  if (lines.length === 0) return html`<p class="empty">${words.nothing}</p>`;
  const cells = cellsOf(table, figure);
  const heads = [...values(columns), TOTAL];
  const name = figureName(language, figure, table.definitions);
  const title = words.figureBy(name, dimensionName(language, rows));
  const write = written(language);
  const heading = (value: string): string => valueName(language, columns, value);
  const data = [...lines, TOTAL].map((line) => [
    valueName(language, rows, line),
    ...heads.map((head) => write(cells(line, head))),
  ]);
  const chart = barChart(words.chartOf(title), barsOf(setting, asked, table, lines, heads, cells), write);
  const map =
    rows === 'region' &&
    tileMap(words.mapOf(title), new Map(lines.map((line) => [line, cells(line, TOTAL)])), write);
  return html`<h2>${title}</h2>
    ${about(setting, table)}
    <div class="columns">
      <div>
        ${
          map &&
          html`<h3>${words.map}</h3>
            <p>${words.mapNote}</p>
            ${map}`
        }
        ${asked.kind === 'table' && html`<p>${words.chartTotals}</p>`} ${chart}
      </div>
      ${dataTable(title, [dimensionName(language, rows), ...heads.map(heading)], data)}
    </div>
    <h2>${words.meaning}</h2>
    <dl>
      ${[figure, rows, columns].map(
        (field) =>
          html`<dt>${nameOf(setting, table, field)}</dt>
            <dd>${table.definitions[field]?.[language]}</dd>`,
      )}
    </dl>
    <h2>${words.download}</h2>
    <p>
      <a class="button" href="${downloadOf(asked)}" download>${words.downloadTable}</a>
      <a class="button" href="${DEFINITIONS_DOWNLOAD}" download>${words.downloadMeanings}</a>
    </p>`;
}

function nameOf({ language }: Setting, { by, definitions }: StatisticsTable, field: string): string {
  return by.includes(field) ? dimensionName(language, field) : figureName(language, field, definitions);
}

type Cells = (row: string, column: string) => number | null;

/** A figure by row and column. What is not listed counts nothing: 0, or for what is no count nothing to show. */
function cellsOf({ by: [rows, columns], items }: StatisticsTable, figure: string): Cells {
  const known = new Map(items.map((item) => [`${item[rows]} ${item[columns]}`, item[figure]]));
  const isCount = !/Days$|Mean$/.test(figure);
  return (row, column) => {
    const found = known.get(`${row} ${column}`);
    if (typeof found === 'number') return found;
    return found === undefined && isCount ? 0 : null;
  };
}

/** The totals of each row; of follow-ups, which are few, every cell. */
function barsOf(
  { language }: Setting,
  { kind }: Asked,
  { by: [rows, columns] }: StatisticsTable,
  lines: readonly string[],
  heads: readonly string[],
  cells: Cells,
): Bar[] {
  const isEach = kind === 'follow-ups' && lines.length * heads.length <= 24;
  return lines.flatMap((line) => {
    const label = valueName(language, rows, line);
    if (!isEach) return [{ label, figure: cells(line, TOTAL) }];
    return heads.map((head) => ({
      label: `${label} · ${valueName(language, columns, head)}`,
      figure: cells(line, head),
    }));
  });
}
