/** What happened last, in words. Pure. */
import type { BusinessStatus, EscalationReason, ReferralStatus } from '@retorno/contracts';
import { html, type Html } from '@retorno/service';
import { titleOf, type Named } from '../agencies/catalogues';
import { codesIn, wordOf } from '../codes/codes';
import { timelineWordsIn } from '../case/timeline-words';
import type { Setting } from '../frame/page';
import { whenIn, type Language } from '../frame/texts';
import { wordsIn } from './words';

/** A line of `GET /cases/feed`. What lists do not show is `restricted` there. */
export interface Happening {
  readonly caseNumber: string;
  readonly type: string;
  readonly at: string;
  readonly referral?: {
    readonly agency: string;
    readonly service: string;
    readonly status: ReferralStatus;
    readonly businessStatus?: BusinessStatus;
  };
  readonly escalation?: { readonly id: string; readonly reason: EscalationReason };
}

export function feedOf(setting: Setting, feed: readonly Happening[], catalogues: readonly Named[]): Html {
  const { language } = setting;
  if (feed.length === 0) return html`<p class="empty">${wordsIn(language).feed.none}</p>`;
  const lines = feed.map(
    (one) =>
      html`<li>
        <time datetime="${one.at}">${whenIn(language, one.at)}</time>
        <a href="/console/cases/${one.caseNumber}">${one.caseNumber}</a>: ${whatOf(one, catalogues, language)}
      </li>`,
  );
  return html`<ol class="feed">
    ${lines}
  </ol>`;
}

function whatOf(
  { type, referral, escalation }: Happening,
  catalogues: readonly Named[],
  language: Language,
): Html {
  if (referral) {
    const { agency, service, status, businessStatus } = referral;
    const codes = codesIn(language);
    const said = [wordOf(codes.referral, status), businessStatus && wordOf(codes.business, businessStatus)];
    return html`${nameOf(agency, service, catalogues, language)} – ${said.filter(Boolean).join(', ')}`;
  }
  const what = wordOf(timelineWordsIn(language).type, type);
  if (!escalation) return html`${what}`;
  const reason = wordOf(codesIn(language).escalation, escalation.reason);
  return html`${what}: <a href="/console/escalations/${encodeURIComponent(escalation.id)}">${reason}</a>`;
}

/** `Salud · Atención médica`. */
function nameOf(agency: string, service: string, catalogues: readonly Named[], language: Language): string {
  const known = catalogues.find(({ slug }) => slug === agency);
  const codes = [known?.name ?? agency, titleOf(known?.services ?? [], service, language)];
  const { restricted } = codesIn(language);
  return [...new Set(codes.map((code) => (code === 'restricted' ? restricted : code)))].join(' · ');
}
