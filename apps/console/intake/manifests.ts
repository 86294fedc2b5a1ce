/** Manifests as pages: sending one, all of them, and what became of one. Pure. */
import { html, type Html } from '@retorno/service';
import { tableOf } from '../frame/table';
import type { Page, Setting } from '../frame/page';
import { refusalIn } from '../frame/refusals';
import { whenIn } from '../frame/texts';
import type { ListPage, Refused } from '../services';
import { wordsIn } from './words';

/** A line of `GET /intake/manifests`. */
export interface Manifest {
  readonly id: string;
  readonly status: 'processing' | 'done' | 'failed';
  readonly receivedAt: string;
  readonly finishedAt: string | null;
  readonly progress: { readonly line: number; readonly lines: number };
  readonly rows: number;
  readonly created: number;
  readonly updated: number;
  readonly unchanged: number;
  readonly rejected: number;
  /** Until when its refused rows can be had. */
  readonly refusedUntil?: string | null;
}

/** An error of a manifest's row; column is null when it is about the whole line or file. */
export interface RowError {
  readonly line: number;
  readonly column: string | null;
  readonly code: string;
  readonly message: string;
}

export interface IntakeView {
  readonly manifests: ListPage<Manifest>;
  /** Why the last file was not taken. */
  readonly refused?: Pick<Refused, 'refused' | 'status' | 'detail'>;
}

export function intakePage(setting: Setting, { manifests, refused }: IntakeView): Page {
  const words = wordsIn(setting.language);
  const body = html`${refused && html`<p class="alert" role="alert"><strong>${words.notSent}.</strong> ${words.refused[refused.refused] ?? refusalIn(setting.language, refused)}</p>`}
    <h2>${words.manifest}</h2>
    <form
      class="drop"
      method="post"
      action="/console/intake/manifests"
      enctype="multipart/form-data"
      data-upload
      data-sending="${words.sending}"
      data-failed="${words.failed}"
    >
      <p>${words.drop}</p>
      <p>
        <label for="file">${words.file}</label
        ><input id="file" type="file" name="file" accept=".csv,text/csv" required />
      </p>
      <p><button>${words.send}</button></p>
      <progress max="1" value="0" aria-label="${words.sending}" hidden></progress>
      <p role="status"></p>
    </form>
    <p><a class="button" href="/console/intake/returnee">${words.onePerson}</a></p>
    <h2>${words.manifests}</h2>
    ${manifests.items.length === 0 ? html`<p class="empty">${words.none}</p>` : list(setting, manifests.items)}
    ${manifests.next !== null && html`<p><a class="button" href="/console/intake?cursor=${encodeURIComponent(manifests.next)}">${words.more}</a></p>`}`;
  return { title: words.title, screen: 'intake', body };
}

function list({ language }: Setting, manifests: readonly Manifest[]): Html {
  const words = wordsIn(language);
  const rows = manifests.map(
    (one) =>
      html`<tr id="manifest-${one.id}">
        <th scope="row">
          <a href="/console/intake/manifests/${one.id}">${whenIn(language, one.receivedAt)}</a>
        </th>
        <td>${words.statuses[one.status]}</td>
        <td>${one.rows}</td>
        <td>${one.created}</td>
        <td>${one.updated}</td>
        <td>${one.unchanged}</td>
        <td>${one.rejected > 0 ? html`<strong class="bad">${one.rejected}</strong>` : one.rejected}</td>
      </tr>`,
  );
  const { received, status, created, updated, unchanged, rejected } = words;
  const heads = [received, status, words.rows, created, updated, unchanged, rejected];
  return tableOf(words.manifests, heads, rows);
}

/** What became of a manifest; while it is being read the page fetches itself again every second. */
export function manifestPage(setting: Setting, manifest: Manifest, errors: ListPage<RowError>): Page {
  const { language, address } = setting;
  const words = wordsIn(language);
  const { id, status, progress, receivedAt } = manifest;
  const { created, updated, unchanged, rejected } = words;
  const counts = (['created', 'updated', 'unchanged', 'rejected'] as const).map(
    (name) =>
      html`<li><strong>${manifest[name]}</strong>${{ created, updated, unchanged, rejected }[name]}</li>`,
  );
  const body = html`<p><a href="/console/intake">${words.back}</a></p>
    <p role="status">
      <strong>${words.statuses[status]}</strong>
      ${status === 'processing' && words.progress(progress.line, progress.lines)}
    </p>
    ${
      status === 'processing' &&
      html`<progress
          max="${Math.max(progress.lines, 1)}"
          value="${progress.line}"
          aria-label="${words.statuses['processing']}"
        ></progress>
        <div
          hx-get="${address}"
          hx-trigger="every 1s"
          hx-select="#content"
          hx-target="#content"
          hx-swap="outerMorph"
        ></div>`
    }
    <ul class="tiles">
      ${counts}
    </ul>
    ${download(setting, manifest)}
    <h2>${words.errors}</h2>
    ${errors.items.length === 0 ? html`<p>${words.errorsNone}</p>` : errorTable(setting, errors.items)}
    ${errors.next !== null && html`<p><a class="button" href="/console/intake/manifests/${id}?cursor=${encodeURIComponent(errors.next)}">${words.moreErrors}</a></p>`}`;
  return { title: `${words.one}: ${whenIn(language, receivedAt)}`, screen: 'intake', body };
}

function download({ language, now }: Setting, manifest: Manifest): Html | false {
  const words = wordsIn(language);
  if (manifest.status !== 'done' || manifest.rejected === 0) return false;
  const isOver = !manifest.refusedUntil || new Date(manifest.refusedUntil) < now;
  if (isOver) return html`<p>${words.downloadOver}</p>`;
  return html`<p>
    <a class="button" href="/console/intake/manifests/${manifest.id}/refused" download>${words.download}</a>
    <small>${words.downloadHint}</small>
  </p>`;
}

function errorTable({ language }: Setting, errors: readonly RowError[]): Html {
  const words = wordsIn(language);
  const rows = errors.map(
    ({ line, column, code, message }) =>
      html`<tr>
        <td>${line}</td>
        <td>${column}</td>
        <td>
          ${words.mistakes[code] ?? message}
          ${words.mistakes[code] !== undefined && html`<br /><small lang="en">${message}</small>`}
        </td>
      </tr>`,
  );
  return tableOf(words.errors, [words.line, words.column, words.mistake], rows);
}
