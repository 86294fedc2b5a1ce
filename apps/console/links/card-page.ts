/** A link as it was just made: shown this once, on a card to be printed and handed over. Pure. */
import { html } from '@retorno/service';
import type { Page, Setting } from '../frame/page';
import { whenIn } from '../frame/texts';
import { linksAddress, type CaseOfLinks } from './links-page';
import { wordsIn } from './words';

/** What the portal answers to whoever makes a link. */
export interface MadeLink {
  readonly id: string;
  readonly url: string;
  /** RFC 3339. */
  readonly expiresAt: string;
}

/** `whose`: what the card says of whom it is for; null: whoever finds it must not learn that. */
export function cardPage(
  setting: Setting,
  of: CaseOfLinks,
  { url, expiresAt }: MadeLink,
  { whose, language }: { whose: { names: string | null } | null; language: string },
): Page {
  const words = wordsIn(setting.language);
  // The card is for the returnee, in their language as far as we write it.
  const cardLanguage = language === 'en' ? 'en' : 'es';
  const card = wordsIn(cardLanguage).card;
  const lines: readonly (readonly [string, string] | false)[] = [
    whose !== null && whose.names !== null && [card.for, whose.names],
    whose !== null && [card.case, of.number],
    [card.until, whenIn(cardLanguage, expiresAt)],
  ];
  const body = html`<p class="no-print"><a href="${linksAddress(of.number)}">${words.backToLinks}</a></p>
    <p class="notice no-print" role="status">${words.shownOnce}</p>
    <section class="ticket" lang="${cardLanguage}" aria-labelledby="card">
      <h2 id="card">${card.title}</h2>
      <p class="address"><strong>${url}</strong></p>
      <dl class="facts">
        ${lines.flatMap((line) =>
          line
            ? [
                html`<div>
                  <dt>${line[0]}</dt>
                  <dd>${line[1]}</dd>
                </div>`,
              ]
            : [],
        )}
      </dl>
      <p>${card.keep}</p>
    </section>
    <p class="no-print">${words.print} ${whose === null && words.unnamedCard}</p>`;
  return { title: words.made, screen: 'cases', body };
}
