/** The pages: HTML alone, no script, each under 20 KB, for a cheap telephone. Pure. */
import { html, type Html } from '@retorno/service';
import {
  agencyOf,
  back,
  inFrame,
  inSpanish,
  key,
  MOST_TEXT,
  plainNameOf,
  titleOf,
  wordsOf,
  type Setting,
} from './frame';
import type { CaseOfReturnee, ReferralOfReturnee } from './roundtable';
import { plainIn, whenIn, type Language, type Say } from './texts/texts';
import type { TextKey } from './texts/translation';
import { asksForWord, byAttention, restingOnConsent, standingOf, visibleReferrals } from './visible';

/** Longest reason with a word about a delivery, characters. */
export const MOST_REASON = 400;

/** Where each referral stands, and what is next. */
export function homePage(setting: Setting, found: CaseOfReturnee): string {
  const { say } = wordsOf(setting);
  const shown = byAttention(visibleReferrals(found), setting.now);
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
    <p>${agencyOf(r, language)}</p>
    <p>
      <strong>${say(stand)}</strong><br />
      ${say(next)}
    </p>
    ${
      r.scheduledFor !== null &&
      stand === 'stand.scheduled' &&
      html`<p>${say('appointment')}: ${whenIn(language, r.scheduledFor)}</p>`
    }
    ${r.office && officeOnPage(say, r.office, language)} ${asksForWord(r, now) && wordForm(setting, r)}
  </article>`;
}

function officeOnPage(say: Say, office: NonNullable<ReferralOfReturnee['office']>, language: Language): Html {
  const { name, address, hours, phone } = office;
  const place = address === null ? name : `${name}, ${address}`;
  return html`<p>
    ${say('where')}: ${inSpanish(place, language)} ${hours && html`<br />${say('hours')}: ${hours}`}
    ${phone && html`<br />${say('phone')}: ${phone}`}
  </p>`;
}

/** More than one line: on a key in one line the telephone would send the first button, that it arrived. */
function wordForm(setting: Setting, r: ReferralOfReturnee): Html {
  const { say, link } = wordsOf(setting);
  const until = r.confirmBy && whenIn(setting.language, r.confirmBy);
  return html`<form method="post" action="${link('word')}">
    ${key(setting)}<input type="hidden" name="referral" value="${r.id}" />
    <label for="r-${r.id}">${say('confirm.reason')}</label>
    <textarea id="r-${r.id}" name="reason" rows="2" maxlength="${MOST_REASON}"></textarea>
    <button name="outcome" value="confirmed">${say('confirm.yes')}</button>
    <button class="second" name="outcome" value="disputed">${say('confirm.no')}</button>
    ${until && html`<p class="small">${say('confirm.until', { date: until })}</p>`}
  </form>`;
}

/** A new telephone. The page is the same for a person at risk: who reads along must not learn it from what is missing. */
export function phonePage(setting: Setting, typed: { once: string; phone?: string }): string {
  const { say, link } = wordsOf(setting);
  const { once, phone = '' } = typed;
  return inFrame(
    setting,
    'phone',
    html`<h2>${say('phone.title')}</h2>
      <form class="own" method="post" action="${link('phone')}">
        ${key(setting)}<input type="hidden" name="once" value="${once}" />
        <label for="phone">${say('phone.label')}</label>
        <input
          id="phone"
          name="phone"
          type="tel"
          maxlength="16"
          autocomplete="off"
          required
          value="${phone}"
        />
        <p>${say('phone.effect')}</p>
        <button>${say('save')}</button>
      </form>
      ${back(setting)}`,
  );
}

/** What will happen, before it does. */
export function withdrawPage(setting: Setting, found: CaseOfReturnee): string {
  const { say, link } = wordsOf(setting);
  const stops = restingOnConsent(visibleReferrals(found));
  const list = html`<p>${say('withdraw.listed')}</p>
    <ul>
      ${stops.map((r) => html`<li>${titleOf(r, setting.language)} (${agencyOf(r, setting.language)})</li>`)}
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
  const options = visibleReferrals(found).map((r) => {
    const { text: name, lang } = plainNameOf(r, language);
    return html`<option
      value="${r.id}"
      ${lang !== language && html`lang="${lang}"`}
      ${r.id === about && html`selected`}
    >
      ${name}
    </option>`;
  });
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

/** A page that says one thing: the link does not open, or try again later. It is the same for everybody. */
export function noticePage(setting: Omit<Setting, 'formKey'>, wrong: TextKey): string {
  return inFrame({ ...setting, formKey: '', wrong }, '', html``);
}
