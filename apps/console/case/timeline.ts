/** What happened to a case, newest first: when, what, who and why. */
import { html, type Html } from '@retorno/service';
import type { CaseFile, ShownReferral, TimelineEntry } from './case';
import { codesIn, wordOf } from '../codes/codes';
import { namesOf } from './names';
import { answerOf } from './referral-table';
import { tableOfCells } from '../frame/table';
import { timelineWordsIn } from './timeline-words';
import { whenIn, type Language } from '../frame/texts';
import type { Setting } from '../frame/page';
import { wordsIn } from './words';

/** How many entries a page begins with. */
const LATEST = 25;

/** One entry in words. */
interface Told {
  readonly what: string;
  readonly who: string;
  readonly cause: string;
  /** What somebody wrote; '' when nothing, or when it is not shown. */
  readonly note: string;
}

export function timelineSection({ language }: Setting, file: CaseFile, isWhole: boolean): Html {
  const words = wordsIn(language);
  const entries = file.shown.timeline.toReversed();
  const address = `/console/cases/${file.shown.number}`;
  const rows = (isWhole ? entries : entries.slice(0, LATEST)).map((entry) => {
    const { what, who, cause, note } = toldOf(entry, file, language);
    return [
      whenIn(language, entry.at),
      html`${what}${note !== '' && html`<br /><q>${note}</q>`}`,
      who,
      cause,
    ];
  });
  const more =
    entries.length > LATEST &&
    (isWhole
      ? html`<p><a href="${address}#timeline">${words.short}</a></p>`
      : html`<p><a href="${address}?timeline=all#timeline">${words.whole(entries.length)}</a></p>`);
  return html`<h2 id="timeline">${words.timeline}</h2>
    ${tableOfCells(words.timeline, [words.when, words.what, words.who, words.cause], rows, words.none)}
    ${more}`;
}

/** An entry in words. */
function toldOf(entry: TimelineEntry, file: CaseFile, language: Language): Told {
  const { actor, cause, detail } = entry;
  const note = typeof detail['note'] === 'string' ? detail['note'] : '';
  const by = typeof detail['by'] === 'string' ? ` (${detail['by']})` : '';
  return {
    what: whatOf(entry, file, language),
    who: whoOf(actor, file, language) + by,
    cause: causeOf(cause, language),
    note,
  };
}

function whatOf({ type, detail }: TimelineEntry, file: CaseFile, language: Language): string {
  const codes = codesIn(language);
  const names = namesOf(file, language);
  const what = wordOf(timelineWordsIn(language).type, type);
  const text = (name: string): string => (typeof detail[name] === 'string' ? detail[name] : '');
  const of = (about: string): string => (about === '' ? what : `${what}: ${about}`);
  switch (type) {
    case 'need-settled':
      return of(`${names.need(text('code'))}, ${wordOf(codes.needReason, text('reason'))}`);
    case 'need-reopened':
      return of(names.need(text('code')));
    case 'referral-changed': {
      const referral = referralIn(detail);
      return referral ? of(`${nameOf(referral, file, language)}, ${answerOf(referral, language)}`) : what;
    }
    case 'prerequisite-waived':
    case 'answer-refused':
      return of(names.referral(text('referralId')));
    case 'escalation-raised': {
      const { reason, referralId } = (detail['escalation'] ?? {}) as { reason?: string; referralId?: string };
      const about = names.referral(referralId ?? null);
      return of(wordOf(codes.escalation, reason ?? '') + (about && `, ${about}`));
    }
    case 'escalation-claimed':
    case 'escalation-released':
    case 'escalation-resolved': {
      const reason = file.shown.escalations.find(({ id }) => id === text('id'))?.reason;
      return of(reason === undefined ? '' : wordOf(codes.escalation, reason));
    }
    case 'case-closing':
    case 'case-closed':
      return of(wordOf(codes.close, text('reason')));
    case 'case-merged':
      return of(text('number'));
    default:
      return what;
  }
}

/** The referral of an entry as it was then; what it is called comes from the case. */
function referralIn({ referral }: TimelineEntry['detail']): ShownReferral | undefined {
  if (typeof referral !== 'object' || referral === null) return undefined;
  const { businessStatus, pausedSince = null, code = null, ...rest } = referral as Partial<ShownReferral>;
  const isHeld = rest.status === 'planned' && pausedSince !== null;
  const said = businessStatus ?? (isHeld ? 'awaiting-agency' : null);
  return { ...rest, businessStatus: said, pausedSince, code } as ShownReferral;
}

function nameOf({ id, agency, service }: ShownReferral, file: CaseFile, language: Language): string {
  const names = namesOf(file, language);
  // One that went along to another case is known by its codes only.
  return names.referral(id) || [...new Set([agency, service].map(names.code))].join(' · ');
}

function whoOf(actor: string, file: CaseFile, language: Language): string {
  const words = timelineWordsIn(language);
  const [kind = '', name = ''] = actor.split(':');
  if (kind === 'agency') return namesOf(file, language).code(name);
  if (kind === 'rule') return `${words.rule} «${wordOf(words.rules, name)}»`;
  return wordOf(words.actor, kind);
}

function causeOf(cause: string, language: Language): string {
  const words = timelineWordsIn(language);
  const [kind = '', what] = cause.split(':');
  if (what === undefined) return wordOf({ ...words.rules, ...words.cause }, cause);
  if (kind === 'operations') return `${words.cause.operations}: ${wordOf(words.command, what)}`;
  return `${wordOf(words.cause, kind)}: ${wordOf(codesIn(language).referral, what)}`;
}
