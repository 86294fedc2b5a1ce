/** What merging two cases would do, in words: to the last referral, need and field. Pure. */
import { html, type Html } from '@retorno/service';
import { codesIn, wordOf } from '../codes/codes';
import type { Setting } from '../frame/page';
import { tableOfCells } from '../frame/table';
import type { MergePreview, ReferralPreview } from './pair';
import { wordsIn } from './words';

export function previewPart(setting: Setting, preview: MergePreview): Html {
  const words = wordsIn(setting.language).preview;
  return html`<p>
      ${words.goesOn(preview.into.number, preview.from.number)} ${words.ends[preview.from.status] ?? ''}
    </p>
    ${referrals(setting, preview)} ${needs(setting, preview)}
    <h3>${words.rest}</h3>
    <ul>
      ${restOf(setting, preview).map((line) => html`<li>${line}</li>`)}
    </ul>`;
}

function referrals({ language }: Setting, { referrals }: MergePreview): Html {
  const words = wordsIn(language).preview;
  const rows = referrals.map((one) => [
    nameOf(language, one),
    one.caseNumber ?? '—',
    words.fates[one.fate],
    one.told.length === 0 ? words.toldNothing : one.told.map((type) => words.told[type] ?? type).join('; '),
  ]);
  return html`<h3>${words.referrals}</h3>
    ${tableOfCells(words.referrals, [words.referral, words.case, words.fate, words.agencyIsTold], rows, words.noReferrals)}`;
}

function nameOf(language: Setting['language'], one: ReferralPreview): string {
  if (one.restricted) return wordsIn(language).preview.restricted;
  return `${one.agencyName ?? one.agency} · ${one.title?.[language] ?? one.service}`;
}

function needs({ language }: Setting, { needs }: MergePreview): Html {
  const words = wordsIn(language).preview;
  const codes = codesIn(language);
  const rows = needs.map(({ code, before, after, reason }) => [
    code === 'restricted' ? words.restricted : wordOf(codes.need, code),
    before === null ? words.comesAlong : wordOf(codes.needStatus, before),
    `${wordOf(codes.needStatus, after)}${reason === null ? '' : `: ${wordOf(codes.needReason, reason)}`}`,
  ]);
  return html`<h3>${words.needs}</h3>
    ${tableOfCells(words.needs, [words.need, words.before, words.after], rows, words.noNeeds)}`;
}

/** What changes of the person, of the consent and of who is to look at it. */
function restOf({ language }: Setting, { fields, consent, escalations }: MergePreview): string[] {
  const words = wordsIn(language).preview;
  const codes = codesIn(language);
  const names = fields.map((field) => wordOf(codes.field, field)).join(', ');
  const [before, after] = [consent.before, consent.after].map((status) => wordOf(codes.consent, status));
  const raised = [...new Set(escalations)].map((reason) => wordOf(codes.escalation, reason)).join('; ');
  return [
    fields.length === 0 ? words.noFields : words.fields(names),
    before === after ? words.sameConsent(after!) : words.consent(before!, after!),
    escalations.length === 0 ? words.noEscalations : words.escalations(escalations.length, raised),
    words.rows,
    words.notUndone,
  ];
}
