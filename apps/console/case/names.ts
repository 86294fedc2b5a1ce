/** What things are called on the screen of a case. What is not shown to who looks is answered as `restricted`. */
import { codesIn } from '../codes/codes';
import { namesFrom } from '../codes/detail';
import type { CaseFile, Prerequisite, ShownReferral } from './case';
import type { Language } from '../frame/texts';

/** Names within one case. */
export interface Names {
  readonly restricted: string;
  need(code: string): string;
  agency(referral: ShownReferral): string;
  service(referral: ShownReferral): string;
  /** `RENIEC · Documento nacional de identidad`. */
  referral(id: string | null): string;
  prerequisite(prerequisite: Prerequisite): string;
  /** Any agency, service or need code. */
  code(code: string): string;
}

export function namesOf({ shown, catalogues }: CaseFile, language: Language): Names {
  const { restricted } = codesIn(language);
  const nameOf = namesFrom(catalogues, language);
  const titles = new Map<string, string>();
  for (const r of shown.referrals) {
    if (r.agencyName) titles.set(r.agency, r.agencyName);
    if (r.title) titles.set(r.service, r.title[language]);
  }
  const code = (one: string): string => titles.get(one) ?? nameOf(one);
  const agency = (r: ShownReferral) => code(r.agency);
  const service = (r: ShownReferral) => r.title?.[language] ?? code(r.service);
  const both = (names: string[]): string => [...new Set(names)].join(' · ');
  const referral = (id: string | null): string => {
    const found = shown.referrals.find((r) => r.id === id);
    return found ? both([agency(found), service(found)]) : '';
  };
  return {
    restricted,
    need: code,
    agency,
    service,
    referral,
    code,
    prerequisite: ({ service: named, referralId }) =>
      referral(referralId) || both(named.split('/').map(code)),
  };
}
