/** The pages: HTML alone, no script, each under 20 KB, for a cheap telephone. Pure. */
import { html, type Html } from '@retorno/service';
import type { CaseOfReturnee, DisclosureOfReturnee, ReferralOfReturnee } from './roundtable';
import { LANGUAGES, plainIn, sayIn, TRANSLATIONS, whenIn, type Language, type Say } from './texts/texts';
import type { TextKey } from './texts/translation';
import { asksForWord, restingOnConsent, standingOf, visibleDisclosures, visibleReferrals } from './visible';

/** Longest free text on a page, characters. */
export const MOST_TEXT = 1_000;

/** What every page is made with. */
export interface Setting {
  readonly language: Language;
  /** `/portal/my/{token}`. */
  readonly base: string;
  /** What forms carry. */
  readonly formKey: string;
  readonly now: Date;
  readonly helpPhone: string;
  readonly exitUrl: string;
  /** What was just done. */
  readonly done?: TextKey | undefined;
  /** What was wrong with what was just sent. */
  readonly wrong?: TextKey | undefined;
}

/** Where each referral stands, and what is next. */
export function homePage(setting: Setting, found: CaseOfReturnee): string {
  const { say } = wordsOf(setting);
  const shown = visibleReferrals(found);
  return inFrame(
    setting,
    '',
    html`<p class="small">${say('case', { number: found.number })}</p>
      ${menu(setting, found)} ${shown.length === 0 && html`<p>${say('none')}</p>`}
      ${shown.map((r) => referralOnPage(setting, r))}`,
  );
}

function menu(setting: Setting, found: CaseOfReturnee): Html {
  const { say, link } = wordsOf(setting);
  const mayWithdraw = found.consent === 'granted';
  return html`<nav aria-label="${plainIn(setting.language, 'menu')}">
    <a href="${link('phone')}">${say('phone.title')}</a>
    <a href="${link('ledger')}">${say('ledger.title')}</a>
    <a href="${link('complaint')}">${say('complaint.title')}</a>
    ${mayWithdraw && html`<a href="${link('withdraw')}">${say('withdraw.title')}</a>`}
  </nav>`;
}

function referralOnPage(setting: Setting, r: ReferralOfReturnee): Html {
  const { language, now } = setting;
  const { say } = wordsOf(setting);
  const { stand, next } = standingOf(r, now);
  return html`<article>
    <h2>${titleOf(r, language)}</h2>
    <p>${agencyOf(r)}</p>
    <p>
      <strong>${say(stand)}</strong><br />
      ${say(next)}
    </p>
    ${
      r.scheduledFor !== null &&
      stand === 'stand.scheduled' &&
      html`<p>${say('appointment')}: ${whenIn(language, r.scheduledFor)}</p>`
    }
    ${r.office && officeOnPage(say, r.office)} ${asksForWord(r, now) && wordForm(setting, r)}
  </article>`;
}

function officeOnPage(say: Say, office: NonNullable<ReferralOfReturnee['office']>): Html {
  const { name, address, hours, phone } = office;
  return html`<p>
    ${say('where')}: ${name}${address && html`, ${address}`}
    ${hours && html`<br />${say('hours')}: ${hours}`}${phone && html`<br />${say('phone')}: ${phone}`}
  </p>`;
}

function wordForm(setting: Setting, r: ReferralOfReturnee): Html {
  const { say, link } = wordsOf(setting);
  const until = r.confirmBy && whenIn(setting.language, r.confirmBy);
  return html`<form method="post" action="${link('word')}">
    ${key(setting)}<input type="hidden" name="referral" value="${r.id}" />
    <label for="r-${r.id}">${say('confirm.reason')}</label>
    <input id="r-${r.id}" name="reason" maxlength="400" autocomplete="off" />
    <button name="outcome" value="confirmed">${say('confirm.yes')}</button>
    <button class="second" name="outcome" value="disputed">${say('confirm.no')}</button>
    ${until && html`<p class="small">${say('confirm.until', { date: until })}</p>`}
  </form>`;
}

/** A new telephone; for a person at risk only how to change it. */
export function phonePage(setting: Setting, found: CaseOfReturnee, typed = ''): string {
  const { say, link } = wordsOf(setting);
  const form = html`<form class="own" method="post" action="${link('phone')}">
    ${key(setting)}<label for="phone">${say('phone.label')}</label>
    <input id="phone" name="phone" type="tel" maxlength="16" autocomplete="off" required value="${typed}" />
    <p>${say('phone.effect')}</p>
    <button>${say('save')}</button>
  </form>`;
  const body = found.atRisk ? html`<p>${say('phone.call')} ${help(setting)}</p>` : form;
  return inFrame(
    setting,
    'phone',
    html`<h2>${say('phone.title')}</h2>
      ${body} ${back(setting)}`,
  );
}

/** What will happen, before it does. */
export function withdrawPage(setting: Setting, found: CaseOfReturnee): string {
  const { say, link } = wordsOf(setting);
  const stops = restingOnConsent(visibleReferrals(found));
  const list = html`<p>${say('withdraw.listed')}</p>
    <ul>
      ${stops.map((r) => html`<li>${titleOf(r, setting.language)} (${agencyOf(r)})</li>`)}
    </ul>`;
  return inFrame(
    setting,
    'withdraw',
    html`<h2>${say('withdraw.title')}</h2>
      <p>${say('withdraw.effect')}</p>
      <ul>
        <li>${say('withdraw.stops')}</li>
        <li>${say('withdraw.goes')}</li>
        <li>${say('withdraw.again')}</li>
      </ul>
      ${stops.length > 0 && list}
      <form method="post" action="${link('withdraw')}">
        ${key(setting)}<button>${say('withdraw.yes')}</button>
      </form>
      ${back(setting)}`,
  );
}

/** `once` makes sending it twice one complaint. */
export function complaintPage(
  setting: Setting,
  found: CaseOfReturnee,
  typed: { once: string; text?: string; about?: string },
): string {
  const { say, link } = wordsOf(setting);
  const { language } = setting;
  const { once, text = '', about = '' } = typed;
  const options = visibleReferrals(found).map(
    (r) =>
      html`<option value="${r.id}" ${r.id === about && html`selected`}>
        ${titleOf(r, language)} (${agencyOf(r)})
      </option>`,
  );
  return inFrame(
    setting,
    'complaint',
    html`<h2>${say('complaint.title')}</h2>
      <form class="own" method="post" action="${link('complaint')}">
        ${key(setting)}<input type="hidden" name="once" value="${once}" />
        <label for="about">${say('complaint.about')}</label>
        <select id="about" name="about">
          <option value="">${plainIn(language, 'complaint.other')}</option>
          ${options}
        </select>
        <label for="text">${say('complaint.text')}</label>
        <textarea id="text" name="text" rows="6" maxlength="${MOST_TEXT}" required>${text}</textarea>
        <p>${say('complaint.effect')}</p>
        <button>${say('send')}</button>
      </form>
      ${back(setting)}`,
  );
}

/** Who got which data, when and why. */
export function ledgerPage(
  setting: Setting,
  found: CaseOfReturnee,
  lines: readonly DisclosureOfReturnee[],
  next: string | null,
): string {
  const { say, link } = wordsOf(setting);
  const shown = visibleDisclosures(found, lines);
  return inFrame(
    setting,
    'ledger',
    html`<h2>${say('ledger.title')}</h2>
      ${shown.length === 0 && next === null && html`<p>${say('ledger.none')}</p>`}
      ${shown.map((line) => disclosureOnPage(setting, found, line))}
      ${
        next !== null &&
        html`<p>
          <a href="${link('ledger')}&amp;from=${encodeURIComponent(next)}">${say('ledger.more')}</a>
        </p>`
      }
      ${back(setting)}`,
  );
}

function disclosureOnPage(setting: Setting, found: CaseOfReturnee, line: DisclosureOfReturnee): Html {
  const { say } = wordsOf(setting);
  const r = found.referrals.find(({ id }) => id === line.referralId);
  const fields = line.sent.map((field, i) => html`${i > 0 && ', '}${say(fieldText(field))}`);
  return html`<article>
    <h2>${r ? agencyOf(r) : line.agency}</h2>
    <p>
      ${whenIn(setting.language, line.at)}<br />
      ${r ? titleOf(r, setting.language) : line.service}<br />
      ${say('ledger.what')}: ${fields}<br />
      ${say('ledger.why')}: ${say(line.basis === 'consent' ? 'basis.consent' : 'basis.law')}
    </p>
  </article>`;
}

function fieldText(field: string): TextKey {
  const text = `field.${field}`;
  return text in TRANSLATIONS.es.texts ? (text as TextKey) : 'field.other';
}

/** A page that says one thing: the link does not open, or try again later. It is the same for everybody. */
export function noticePage(setting: Omit<Setting, 'formKey'>, wrong: TextKey): string {
  return inFrame({ ...setting, formKey: '', wrong }, '', html`${help(setting)}`);
}

function inFrame(setting: Setting, at: string, body: Html): string {
  const { language, done, wrong, exitUrl } = setting;
  const { say } = wordsOf(setting);
  const languages = LANGUAGES.map(
    (one) =>
      html`<a
        href="${addressOf(setting, at, one)}"
        lang="${one}"
        ${one === language && html`aria-current="true"`}
        >${TRANSLATIONS[one].language}</a
      > `,
  );
  const title = plainIn(language, 'title');
  return html`<!doctype html>
    <html lang="${language}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex, nofollow" />
        <meta name="referrer" content="no-referrer" />
        <title>${title}</title>
        <link rel="stylesheet" href="/portal/style.css" />
      </head>
      <body>
        <a class="exit" rel="noreferrer noopener" href="${exitUrl}">${say('exit')}</a>
        <header>
          <h1>${title}</h1>
          <nav aria-label="${plainIn(language, 'languages')}">${languages}</nav>
        </header>
        <main>
          ${done && html`<p class="done" role="status">${say(done)}</p>`}
          ${wrong && html`<p class="wrong" role="alert">${say(wrong, { most: MOST_TEXT })}</p>`} ${body}
        </main>
      </body>
    </html>`.text.replace(/\n\s+/g, '\n');
}

function back(setting: Setting): Html {
  const { say, link } = wordsOf(setting);
  return html`<p><a href="${link('')}">${say('back')}</a></p>`;
}

function help({ language, helpPhone }: Pick<Setting, 'language' | 'helpPhone'>): Html {
  const say = sayIn(language);
  return helpPhone === ''
    ? html`<span>${say('help.giver')}</span>`
    : html`<span>${say('help.phone', { phone: helpPhone })}</span>`;
}

function key({ formKey }: Setting): Html {
  return html`<input type="hidden" name="key" value="${formKey}" />`;
}

function wordsOf(setting: Setting): { say: Say; link: (to: string) => string } {
  return { say: sayIn(setting.language), link: (to) => addressOf(setting, to, setting.language) };
}

function addressOf({ base }: Setting, to: string, language: Language): string {
  return `${base}${to === '' ? '' : `/${to}`}?lang=${language}`;
}

/** Agencies publish their titles in Spanish and English. */
function titleOf({ title, service }: ReferralOfReturnee, language: Language): Html {
  if (!title) return html`${service}`;
  return language === 'en' || language === 'es'
    ? html`${title[language]}`
    : html`<span lang="es">${title.es}</span>`;
}

function agencyOf({ agencyName, agency }: ReferralOfReturnee): string {
  return agencyName ?? agency;
}
