/** How long a person's data is kept: holding it, releasing it, erasing it for good. Pure. */
import { html, type Html } from '@retorno/service';
import type { Page, Setting } from '../frame/page';
import { refusalIn } from '../frame/refusals';
import { tableOfCells } from '../frame/table';
import { whenIn } from '../frame/texts';
import type { Refused } from '../services';
import { possibleDecisions, retentionAddress, type Decision, type Retention } from './retention';
import { wordsIn } from './words';
import { textPart } from '../frame/text-part';

/** Most characters that a reason may have. */
const MAX_REASON = 500;

/** A decision that was refused, and what had been written. `number-differs`: the erasure was not confirmed. */
export interface RefusedRetention extends Pick<Refused, 'refused' | 'detail'> {
  readonly decision: Decision;
  readonly reason: string;
}

export function retentionPage(
  setting: Setting,
  number: string,
  retention: Retention,
  refused?: RefusedRetention,
): Page {
  const words = wordsIn(setting.language);
  const isLead = setting.caller.roles.has('operations-lead');
  const decisions = possibleDecisions(retention);
  const body = html`<p><a href="/console/cases/${number}">${words.back}</a></p>
    <p>${words.lead}</p>
    ${refused && refusal(setting, refused)}
    <ul>
      ${standing(setting, retention).map((line) => html`<li>${line}</li>`)}
    </ul>
    ${record(setting, retention)}
    ${isLead ? decisions.map((decision) => form(setting, number, decision, refused)) : html`<p>${words.onlyLead}</p>`}`;
  return { title: `${words.title}: ${number}`, screen: 'cases', body };
}

/** The way from a case to it. */
export function retentionLink({ language }: Setting, number: string): Html {
  return html`<a href="${retentionAddress(number)}">${wordsIn(language).title}</a>`;
}

function refusal({ language }: Setting, refused: RefusedRetention): Html {
  const words = wordsIn(language);
  const why = words.refusals[refused.refused] ?? refusalIn(language, refused);
  return html`<p role="alert" class="alert" id="why-not"><strong>${words.refused}</strong> ${why}</p>`;
}

function standing({ language }: Setting, retention: Retention): string[] {
  const words = wordsIn(language);
  const { erasure, held, keptUntil, obstacle, registrations } = retention;
  if (erasure !== null) return [words.erasure[erasure]];
  return [
    held ? words.held : words.notHeld,
    keptUntil === null ? words.keptWhileOpen : words.keptUntil(whenIn(language, keptUntil)),
    obstacle === null
      ? words.erasable
      : refusalIn(language, { refused: obstacle, detail: words.obstacles[obstacle] ?? obstacle }),
    ...(registrations.length > 1 ? [words.registrations(registrations.length)] : []),
  ];
}

function record({ language }: Setting, { record }: Retention): Html {
  const words = wordsIn(language);
  const rows = record.map(({ at, what, reason, by = '' }) => [
    whenIn(language, at),
    words.whats[what] ?? what,
    by,
    reason,
  ]);
  return html`<h2>${words.record}</h2>
    ${tableOfCells(words.record, [words.when, words.what, words.who, words.why], rows, words.noRecord)}`;
}

function form(
  { language }: Setting,
  number: string,
  decision: Decision,
  refused: RefusedRetention | undefined,
): Html {
  const words = wordsIn(language);
  const own = refused?.decision === decision ? refused : undefined;
  const isWrong = own !== undefined && html`aria-invalid="true" aria-describedby="why-not"`;
  return html`<section aria-labelledby="${decision}">
    <h2 id="${decision}">${words.decisions[decision]}</h2>
    <p>${words.texts[decision]}</p>
    <form class="ask" method="post" action="${retentionAddress(number)}" autocomplete="off">
      ${textPart({
        id: `reason-${decision}`,
        name: 'reason',
        label: words.reason,
        value: own?.reason,
        most: MAX_REASON,
        rows: 2,
        isRequired: true,
        wrongBy: own && 'why-not',
      })}
      ${
        decision === 'erasure' &&
        html`<p>
          <label for="number">${words.confirm(number)}</label>
          <input id="number" name="number" required ${isWrong} />
        </p>`
      }
      <p><button name="decision" value="${decision}">${words.decisions[decision]}</button></p>
    </form>
  </section>`;
}
