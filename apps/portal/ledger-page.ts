/** The page that says who got which data of the returnee, when, what for and by what right. Pure. */
import { agencyOf, back, inFrame, titleOf, wordsOf, type Setting } from './frame';
import { html, type Html } from '@retorno/service';
import type { CaseOfReturnee, DisclosureOfReturnee } from './roundtable';
import { TRANSLATIONS, whenIn } from './texts/texts';
import type { TextKey } from './texts/translation';
import { visibleDisclosures } from './visible';

/** Lines on one page. */
const LINES = 20;

/** What was told, newest first, from the line `from` on. */
export function ledgerPage(
  setting: Setting,
  found: CaseOfReturnee,
  lines: readonly DisclosureOfReturnee[],
  from: number,
): string {
  const { say, link } = wordsOf(setting);
  // Cut after what is hidden was left out: a page that is short or a step that leads nowhere would say that something is.
  const visible = visibleDisclosures(found, lines);
  const shown = visible.slice(from, from + LINES);
  const next = from + LINES;
  return inFrame(
    setting,
    'ledger',
    html`<h2>${say('ledger.title')}</h2>
      ${shown.length === 0 && html`<p>${say('ledger.none')}</p>`}
      ${shown.map((line) => disclosureOnPage(setting, found, line))}
      ${next < visible.length && html`<p><a href="${link('ledger')}&amp;from=${next}">${say('ledger.more')}</a></p>`}
      ${back(setting)}`,
  );
}

function disclosureOnPage(setting: Setting, found: CaseOfReturnee, line: DisclosureOfReturnee): Html {
  const { say } = wordsOf(setting);
  const { language } = setting;
  const r = found.referrals.find(({ id }) => id === line.referralId);
  const fields = line.sent.map(
    (field, i) => html`${i > 0 && ', '}${say(known(`field.${field}`) ?? 'field.other')}`,
  );
  const cause = known(`cause.${line.kind}`);
  const purpose = line.purpose === null ? undefined : known(`purpose.${line.purpose}`);
  return html`<article>
    <h3>${r ? agencyOf(r, language) : line.agency}</h3>
    <p>
      ${whenIn(language, line.at)}<br />
      ${r ? titleOf(r, language) : line.service}<br />
      ${say('ledger.what')}: ${fields}<br />
      ${cause && html`${say('ledger.cause')}: ${say(cause)}<br />`}
      ${purpose && html`${say('ledger.for')}: ${say(purpose)}<br />`} ${say('ledger.why')}:
      ${say(known(`basis.${line.basis}`) ?? 'basis.legal-obligation')}
    </p>
  </article>`;
}

/** The key of a text, when there is such a text: services may come to send codes that the portal does not know yet. */
function known(key: string): TextKey | undefined {
  return key in TRANSLATIONS.es.texts ? (key as TextKey) : undefined;
}
