/** The links to a returnee's own page: which there are, giving one, taking one back. Pure. */
import { html, type Html } from '@retorno/service';
import type { Page, Setting } from '../frame/page';
import { refusalIn } from '../frame/refusals';
import { tableOf } from '../frame/table';
import { whenIn } from '../frame/texts';
import type { ListPage, Refused } from '../services';
import { wordsIn } from './words';

/** As the portal takes them, the first one unless said otherwise. */
const LANGUAGES = ['es', 'qu', 'ay', 'en'] as const;
const MOST_DAYS = 365;
/** Most characters that a reason may have. */
const MAX_REASON = 500;

/** Of `GET /cases/{id}`, what is needed here. */
export interface CaseOfLinks {
  readonly id: string;
  readonly number: string;
  /** Whoever reads along could harm this person; null where that is not for whoever asks to know. */
  readonly atRisk: boolean | null;
  /** RFC 3339; a page of somebody whose data was erased opens to nobody. */
  readonly erasedAt?: string;
}

/** What the portal says of a link. Its address is shown once, when it is made, and kept nowhere. Instants are RFC 3339. */
export interface GivenLink {
  readonly id: string;
  readonly language: string;
  readonly createdAt: string;
  readonly expiresAt: string;
  readonly revokedAt: string | null;
  readonly revokeReason: string | null;
}

/** What was typed and refused. `about`: the link to be revoked; null: the new one. */
export interface RefusedLink extends Pick<Refused, 'refused' | 'detail' | 'errors'> {
  readonly about: string | null;
  readonly typed: Readonly<Record<string, string>>;
}

export function linksPage(
  setting: Setting,
  of: CaseOfLinks,
  links: ListPage<GivenLink>,
  refused?: RefusedLink,
): Page {
  const words = wordsIn(setting.language);
  const mayGive = setting.caller.roles.has('operations') && of.erasedAt === undefined;
  const body = html`<p><a href="/console/cases/${of.number}">${words.back}</a></p>
    <p>${words.lead}</p>
    ${refused && refusal(setting, refused)} ${mayGive && giveForm(setting, of, refused)}
    ${of.erasedAt !== undefined && html`<p class="alert">${words.erased}</p>`}
    <h2>${words.given}</h2>
    ${links.items.length === 0 ? html`<p class="empty">${mayGive ? words.none : words.noneSeen}</p>` : table(setting, of, links.items, refused)}
    ${links.next !== null && html`<p><a class="button" href="${linksAddress(of.number)}?cursor=${encodeURIComponent(links.next)}">${words.earlier}</a></p>`}`;
  return { title: `${words.title}: ${of.number}`, screen: 'cases', body };
}

/** The way from a case to its links. */
export function linksLink({ language }: Setting, number: string): Html {
  return html`<a href="${linksAddress(number)}">${wordsIn(language).title}</a>`;
}

export function linksAddress(number: string): string {
  return `/console/cases/${encodeURIComponent(number)}/links`;
}

function refusal({ language }: Setting, refused: RefusedLink): Html {
  const words = wordsIn(language);
  const wrong = refused.errors.flatMap(({ pointer }) => words.wrong[pointer] ?? []);
  const why = wrong.length > 0 ? wrong.join(' ') : refusalIn(language, refused);
  return html`<p role="alert" class="alert" id="why-not"><strong>${words.refused}</strong> ${why}</p>`;
}

function giveForm({ language }: Setting, of: CaseOfLinks, refused: RefusedLink | undefined): Html {
  const words = wordsIn(language);
  const own = refused?.about === null ? refused : undefined;
  const isWrong = own?.errors.some(({ pointer }) => pointer === '/days') ?? false;
  const choices = LANGUAGES.map(
    (one) =>
      html`<option value="${one}" ${one === own?.typed['language'] && html`selected`}>
        ${words.languages[one]}
      </option>`,
  );
  return html`<section aria-labelledby="give">
    <h2 id="give">${words.give}</h2>
    ${of.atRisk !== false && html`<p class="alert">${of.atRisk ? words.atRisk : words.maybeAtRisk}</p>`}
    <form class="ask" method="post" action="${linksAddress(of.number)}" autocomplete="off">
      <p>
        <label for="language">${words.language}</label>
        <select id="language" name="language">
          ${choices}
        </select>
      </p>
      <p>
        <label for="days">${words.days}</label>
        <input
          id="days"
          name="days"
          type="number"
          min="1"
          max="${MOST_DAYS}"
          required
          value="${own?.typed['days'] ?? (of.atRisk ? 3 : 30)}"
          ${isWrong && html`aria-invalid="true" aria-describedby="why-not"`}
        />
      </p>
      <p>
        <label
          ><input
            type="checkbox"
            name="named"
            value="yes"
            ${(own ? own.typed['named'] === 'yes' : !of.atRisk) && html`checked`}
          />
          ${words.named}</label
        >
      </p>
      <p>${words.once}</p>
      <p><button>${words.giveButton}</button></p>
    </form>
  </section>`;
}

function table(
  setting: Setting,
  of: CaseOfLinks,
  links: readonly GivenLink[],
  refused: RefusedLink | undefined,
): Html {
  const { language, now, caller } = setting;
  const words = wordsIn(language);
  const mayRevoke = caller.roles.has('operations');
  const rows = links.map((link) => {
    const state = stateOf(link, now);
    return html`<tr>
      <th scope="row">${whenIn(language, link.createdAt)}</th>
      <td>${words.languages[link.language] ?? link.language}</td>
      <td>${whenIn(language, link.expiresAt)}</td>
      <td>
        ${words.states[state]}
        ${link.revokedAt !== null && html`${whenIn(language, link.revokedAt)}: ${link.revokeReason ?? ''}`}
      </td>
      ${mayRevoke && html`<td>${state === 'good' && revokeForm(setting, of, link, refused)}</td>`}
    </tr>`;
  });
  const heads = [words.givenAt, words.language, words.until, words.state, mayRevoke && words.revoke];
  return tableOf(words.given, heads, rows);
}

function revokeForm(
  { language }: Setting,
  { number }: CaseOfLinks,
  { id, createdAt }: GivenLink,
  refused: RefusedLink | undefined,
): Html {
  const words = wordsIn(language);
  const own = refused?.about === id ? refused : undefined;
  return html`<form method="post" action="${linksAddress(number)}/${id}/revoke">
    <label for="why-${id}">${words.why}</label>
    <input
      id="why-${id}"
      name="reason"
      maxlength="${MAX_REASON}"
      required
      autocomplete="off"
      value="${own?.typed['reason'] ?? ''}"
      ${own && html`aria-invalid="true" aria-describedby="why-not"`}
    />
    <button aria-label="${words.revokeOf(whenIn(language, createdAt))}">${words.revoke}</button>
  </form>`;
}

/** A link that was revoked, is over, or opens the page. */
function stateOf({ revokedAt, expiresAt }: GivenLink, now: Date): 'revoked' | 'over' | 'good' {
  if (revokedAt !== null) return 'revoked';
  return new Date(expiresAt) <= now ? 'over' : 'good';
}
