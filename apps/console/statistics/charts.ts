/** Charts as SVG. Length and words carry what they say, never colour alone; the table beside each has the same data. Pure. */
import { html, type Html } from '@retorno/service';
import { DEPARTMENTS, type Department } from './departments';

/** One bar; null is a figure that is hidden. */
export interface Bar {
  readonly label: string;
  readonly figure: number | null;
}

/** How a figure is written, and what stands for a hidden one. */
export type Written = (figure: number | null) => string;

/** The narrowest that a page leaves for it: text is drawn at its own size there, and never smaller. */
const WIDTH = 320;
const ROOM_FOR_FIGURE = 90;
const BAR_STEP = 40;

/** Bars from above, each under its label. `title` is read out instead of the drawing. */
export function barChart(title: string, bars: readonly Bar[], written: Written): Html {
  const greatest = greatestOf(bars.map(({ figure }) => figure));
  const drawn = bars.map(({ label, figure }, i) => {
    const y = i * BAR_STEP;
    const length = figure === null ? 0 : Math.round(((WIDTH - ROOM_FOR_FIGURE) * figure) / greatest);
    return html`<text x="0" y="${y + 14}">${label}</text>
      <rect
        class="${figure === null ? 'hidden' : 'bar'}"
        x="1"
        y="${y + 19}"
        width="${figure === null ? 30 : length}"
        height="14"
      />
      <text class="figure" x="${(figure === null ? 30 : length) + 7}" y="${y + 31}"
        >${written(figure)}</text
      >`;
  });
  return html`<svg
    class="chart"
    viewBox="0 0 ${WIDTH} ${bars.length * BAR_STEP}"
    role="img"
    aria-label="${title}"
  >
    ${drawn}
  </svg>`;
}

const BETWEEN = 4;
const COLUMNS = 5;
const TILE = WIDTH / COLUMNS;
const ROWS = 7;

/** A tile for each department, with its figure and a bar; a department that is not among `figures` counts nothing. */
export function tileMap(title: string, figures: ReadonlyMap<string, number | null>, written: Written): Html {
  const greatest = greatestOf([...figures.values()]);
  const tiles = [...DEPARTMENTS].map(([code, department]) => {
    const figure = figures.get(code);
    return tile(department, figure === undefined ? 0 : figure, greatest, written);
  });
  return html`<svg
    class="chart map"
    viewBox="0 0 ${COLUMNS * TILE} ${ROWS * TILE}"
    role="img"
    aria-label="${title}"
  >
    ${tiles}
  </svg>`;
}

function tile(
  { name, short, column, row }: Department,
  figure: number | null,
  greatest: number,
  written: Written,
): Html {
  const x = column * TILE;
  const y = row * TILE;
  const side = TILE - BETWEEN;
  const length = figure === null ? 0 : Math.round((side * figure) / greatest);
  return html`<g
    ><title>${name}: ${written(figure)}</title>
    <rect
      class="${figure === null ? 'tile hidden' : 'tile'}"
      x="${x + 1}"
      y="${y + 1}"
      width="${side}"
      height="${side}"
    />
    <rect class="bar" x="${x + 1}" y="${y + side - 9}" width="${length}" height="10" />
    <text x="${x + 7}" y="${y + 21}">${short}</text>
    <text class="figure" x="${x + 7}" y="${y + 43}">${written(figure)}</text></g
  >`;
}

function greatestOf(figures: readonly (number | null)[]): number {
  return Math.max(0, ...figures.map((figure) => figure ?? 0)) || 1;
}
