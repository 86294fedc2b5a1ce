/** The figures in short: totals, arrivals by month, and why needs were not met. Pure. */
import { html, type Html } from '@retorno/service';
import type { Page, Setting } from '../frame/page';
import { barChart } from './charts';
import { figureName, valueName, written, type Definitions } from './labels';
import { about, dataTable, DEFINITIONS_DOWNLOAD, pagesNav } from './parts';
import { wordsIn } from './words';

type Figures = Readonly<Record<string, number | null>>;

/** `GET /statistics/summary`. */
export interface StatisticsSummary {
  readonly asOf: string;
  readonly years: readonly number[];
  readonly hiddenBelow: number;
  readonly totals: Figures;
  readonly trend: readonly (Figures & { readonly month: unknown })[];
  readonly unmetReasons: readonly { readonly name: string; readonly needs: number }[];
  readonly definitions: Definitions;
}

const TILES = ['cases', 'completed', 'open', 'served', 'firstServiceMedianDays', 'needs', 'met', 'unmet'];

export function overviewPage(setting: Setting, summary: StatisticsSummary): Page {
  const words = wordsIn(setting.language);
  const body =
    summary.years.length === 0
      ? html`${pagesNav(setting, 'overview')}
          <p class="empty">${words.noYears}</p>`
      : html`${pagesNav(setting, 'overview')} ${about(setting, summary)} ${tiles(setting, summary)}
          <h2>${words.trend}</h2>
          ${trend(setting, summary)}
          <h2>${words.unmetReasons}</h2>
          ${reasons(setting, summary)}
          <p><a class="button" href="${DEFINITIONS_DOWNLOAD}" download>${words.downloadMeanings}</a></p>`;
  return { title: words.title, screen: 'statistics', body };
}

function tiles({ language }: Setting, { totals, definitions }: StatisticsSummary): Html {
  const write = written(language);
  const shown = TILES.map(
    (name) =>
      html`<li>
        <strong>${write(totals[name] ?? null)}</strong> ${figureName(language, name, definitions)}<br />
        <small>${definitions[name]?.[language]}</small>
      </li>`,
  );
  return html`<ul class="tiles">
    ${shown}
  </ul>`;
}

function trend({ language }: Setting, { trend: months, definitions }: StatisticsSummary): Html {
  const words = wordsIn(language);
  const write = written(language);
  const shown = ['cases', 'needs', 'met', 'unmet'];
  const named = months.map((figures) => ({
    figures,
    month: valueName(language, 'month', String(figures.month)),
  }));
  return html`<div class="columns">
    ${barChart(
      words.chartOf(words.trend),
      named.map(({ month, figures }) => ({ label: month, figure: figures['cases'] ?? null })),
      write,
    )}
    ${dataTable(
      words.trend,
      [words.month, ...shown.map((name) => figureName(language, name, definitions))],
      named.map(({ month, figures }) => [month, ...shown.map((name) => write(figures[name] ?? null))]),
    )}
  </div>`;
}

function reasons({ language }: Setting, { unmetReasons, definitions }: StatisticsSummary): Html {
  const words = wordsIn(language);
  const write = written(language);
  if (unmetReasons.length === 0) return html`<p class="empty">${words.noUnmet}</p>`;
  const named = unmetReasons.map(({ name, needs }) => ({
    reason: reasonIn(figureName(language, name, definitions)),
    needs,
  }));
  return html`<div class="columns">
    ${barChart(
      words.chartOf(words.unmetReasons),
      named.map(({ reason, needs }) => ({ label: reason, figure: needs })),
      write,
    )}
    ${dataTable(
      words.unmetReasons,
      [words.reason, words.needs],
      named.map(({ reason, needs }) => [reason, write(needs)]),
    )}
  </div>`;
}

/** `Needs unmet: no capacity` says the first half in the heading already. */
function reasonIn(name: string): string {
  return name.split(': ').at(-1)!;
}
