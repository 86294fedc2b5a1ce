/** A table that can be scrolled sideways, by keyboard too, and has a name for screen readers. Pure. */
import { html, type Html } from '@retorno/service';

/** `heads` are the columns in order, `rows` whole `<tr>`s. A head of `false` is no column. */
export function tableOf(label: string, heads: readonly (string | false)[], rows: readonly Html[]): Html {
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${label}">
    <table>
      <thead>
        <tr>
          ${heads.filter((head) => head !== false).map((head) => html`<th scope="col">${head}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>
  </div>`;
}

/** The same from cells: the first of each row is its header. `empty` is said when there are no rows. */
export function tableOfCells(
  label: string,
  heads: readonly string[],
  rows: readonly (readonly (string | Html)[])[],
  empty: string,
): Html {
  if (rows.length === 0) return html`<p class="empty">${empty}</p>`;
  const body = rows.map(
    ([first = '', ...cells]) =>
      html`<tr>
        <th scope="row">${first}</th>
        ${cells.map((cell) => html`<td>${cell}</td>`)}
      </tr>`,
  );
  return tableOf(label, heads, body);
}
