import { html, type Html } from '@retorno/service';

/** One figure with what it counts. How bad it is says its words; the colour only repeats it. */
export function tile(
  address: string,
  count: number,
  what: string,
  mark?: 'bad' | 'warn',
  more: string | false = false,
): Html {
  const marked = count > 0 && mark !== undefined ? mark : '';
  return html`<li>
    <a href="${address}"><strong class="${marked}">${count}</strong> ${what}</a>${more && html`<br />${more}`}
  </li>`;
}
