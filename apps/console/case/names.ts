/** What things are called on the screen of a case. What is not shown to who looks is answered as `restricted`. */
import { MASK } from '@retorno/contracts';
import { codesIn, wordOf } from './codes';
import type { CaseFile, Prerequisite, ShownReferral } from './case';
import type { Language } from '../frame/texts';

const RESTRICTED: Record<Language, string> = { es: 'restringido', en: 'restricted' };

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

export function namesOf({ shown }: CaseFile, language: Language): Names {
  const restricted = RESTRICTED[language];
  const needs = codesIn(language).need;
  const titles = new Map<string, string>([[MASK, restricted]]);
  for (const r of shown.referrals) {
    if (r.agencyName) titles.set(r.agency, r.agencyName);
    if (r.title) titles.set(r.service, r.title[language]);
  }
  const code = (one: string): string => titles.get(one) ?? wordOf(needs, one);
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
