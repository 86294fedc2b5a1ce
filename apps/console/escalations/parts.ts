/** What the queue and an opened escalation have in common. Pure. */
import { html, type Html } from '@retorno/service';
import { detailIn, type NameOf } from '../codes/detail';
import type { Setting } from '../frame/page';
import { refusalIn } from '../frame/refusals';
import { wordsIn } from './words';
import { textPart } from '../frame/text-part';

/** What happened to what somebody asked for. */
export interface Told {
  readonly did?: Did;
  readonly done?: number;
  readonly skipped?: number;
  readonly remaining?: number;
  /** Code of why it was refused, and the service's own words. */
  readonly refused?: string;
  readonly detail?: string;
  readonly status?: number;
  /** What they had written, so that nothing is lost. */
  readonly written?: string;
}

/** What can be done. */
export type Did = 'claimed' | 'released' | 'resolved';

/** An escalation or a group, and the page to go back to. */
export interface Target {
  readonly id: string;
  readonly back: string;
}

/** Most characters that a note or a reason may have. */
export const MAX_LENGTH = 500;

/** Whether whoever looks may do something; the service decides it again. */
export function mayAct({ caller }: Setting): boolean {
  return caller.roles.has('operations');
}

export function toldOf({ language }: Setting, told: Told): Html | false {
  const words = wordsIn(language);
  const { did, done = 0, skipped = 0, remaining = 0, refused, detail } = told;
  if (refused !== undefined)
    return html`<p class="notice" role="alert">
      ${words.refusals[refused] ?? refusalIn(language, { refused, detail: detail ?? '' })}
    </p>`;
  if (did === undefined) return false;
  return html`<p class="notice" role="status">
    ${words.did[did](done)} ${skipped > 0 && words.skipped(skipped)}
    ${remaining > 0 && html`<strong>${words.remaining(remaining)}</strong>`}
  </p>`;
}

export function ownerOf({ language, caller }: Setting, owner: string | null): Html {
  const words = wordsIn(language);
  if (owner === null) return html`<span class="warn">${words.nobody}</span>`;
  return owner === caller.name ? html`<strong>${words.you}</strong>` : html`${owner}`;
}

/** What it is about, in a line. */
export function detailsOf(
  { language }: Setting,
  detail: Readonly<Record<string, string>>,
  nameOf: NameOf,
): Html | false {
  const said = detailIn(language, detail, nameOf);
  return said.length > 0 && html`<div class="details">${said.join('; ')}</div>`;
}

/** Takes an escalation, or a group. `about` tells one button from the next for whoever only hears them. */
export function claimForm(
  { language }: Setting,
  { id, back }: Target,
  asked: { label: string; about?: string; takesOver?: boolean; withNote?: boolean },
): Html {
  const { label, about, takesOver = false, withNote = false } = asked;
  const words = wordsIn(language);
  return html`<form method="post" action="/console/escalations/${encodeURIComponent(id)}/claim">
    <input type="hidden" name="to" value="${back}" />
    ${takesOver && html`<input type="hidden" name="takeOver" value="yes" />`}
    ${withNote && noteField(words.noteOptional, '')}
    <button ${about !== undefined && html`aria-label="${label} ${about}"`}>${label}</button>
  </form>`;
}

function noteField(label: string, value: string, isRequired = false): Html {
  return textPart({ id: 'note', name: 'note', label, value, most: MAX_LENGTH, isRequired });
}

/** Hands over one's own escalation, or all of them, with a note for whoever takes it next. */
export function handOverForm(
  { language }: Setting,
  { id, back }: Target,
  asked: { text: string; label: string; written?: string },
): Html {
  const words = wordsIn(language);
  return html`<form class="act" method="post" action="/console/escalations/${encodeURIComponent(id)}/release">
    <input type="hidden" name="to" value="${back}" />
    <p>${asked.text}</p>
    ${noteField(words.note, asked.written ?? '', true)}
    <p><button>${asked.label}</button></p>
  </form>`;
}

/** Resolves an escalation, or a group, saying how. */
export function reasonForm(
  { language }: Setting,
  { id, back }: Target,
  label: string,
  written: string = '',
): Html {
  const words = wordsIn(language);
  return html`<form class="act" method="post" action="/console/escalations/${encodeURIComponent(id)}/resolve">
    <input type="hidden" name="to" value="${back}" />
    ${textPart({
      id: 'how',
      name: 'reason',
      label: words.how,
      value: written,
      most: MAX_LENGTH,
      isRequired: true,
      hint: words.resolveText,
    })}
    <p><button>${label}</button></p>
  </form>`;
}
