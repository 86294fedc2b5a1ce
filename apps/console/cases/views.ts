/** Saved lists beside the list of cases: one's own, and what others share. Pure. */
import { html, type Html } from '@retorno/service';
import type { Setting } from '../frame/page';
import { addressOf, CASES, keptOf, type CaseFilter } from './case-filter';
import { mayForgetOthers, mayShare, type SavedView } from './saved-views';
import { wordsIn } from './words';

export function viewsPart(
  setting: Setting,
  { views, filter }: { readonly views: readonly SavedView[]; readonly filter: CaseFilter },
): Html {
  const words = wordsIn(setting.language).views;
  const query = keptOf(filter);
  return html`<nav aria-label="${words.title}">
      <ul class="views">
        ${views.map((view) => line(setting, view, query))}
      </ul>
    </nav>
    ${query !== '' && savingForm(setting, query)}`;
}

function line({ language, caller }: Setting, view: SavedView, query: string): Html {
  const words = wordsIn(language).views;
  const { id, name, shared, by } = view;
  const whose = by === null ? shared && words.shared : words.by(by);
  const canForget = by === null || mayForgetOthers(caller);
  return html`<li>
    <a href="${addressOf(view.query)}" ${view.query === query && html`aria-current="page"`}>${name}</a>
    ${whose && html`<span class="details">(${whose})</span>`}
    ${
      canForget &&
      html`<form class="inline" method="post" action="${CASES}/views/${id}/forget">
        <button class="plain" aria-label="${words.forget(name)}">×</button>
      </form>`
    }
  </li>`;
}

function savingForm({ language, caller }: Setting, query: string): Html {
  const words = wordsIn(language).views;
  const hidden = [...new URLSearchParams(query)].map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`,
  );
  return html`<details id="save-view">
    <summary>${words.saveThis}</summary>
    <form class="filter" method="post" action="${CASES}/views">
      ${hidden}
      <p>
        <label for="view-name">${words.name}</label>
        <input id="view-name" name="name" required maxlength="60" autocomplete="off" />
      </p>
      ${
        mayShare(caller) &&
        html`<p>
          <label><input type="checkbox" name="shared" value="yes" /> ${words.share}</label>
        </p>`
      }
      <p><button>${words.save}</button></p>
    </form>
  </details>`;
}
