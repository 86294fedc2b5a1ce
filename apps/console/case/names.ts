/** What things are called on the screen of a case. What lists do not show is not named here either. */
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

export function namesOf({ shown, outlook }: CaseFile, language: Language): Names {
  const restricted = RESTRICTED[language];
  const needs = codesIn(language).need;
  const find = (id: string | null) => shown.referrals.find((r) => r.id === id);
  const titles = new Map<string, string>();
  for (const r of shown.referrals) {
    if (r.agencyName) titles.set(r.agency, r.agencyName);
    if (r.title) titles.set(r.service, r.title[language]);
  }
  const code = (one: string): string =>
    outlook.restricted.includes(one) ? restricted : (titles.get(one) ?? wordOf(needs, one));
  const agency = (r: ShownReferral) => (r.restricted ? restricted : code(r.agency));
  const service = (r: ShownReferral) =>
    r.restricted ? restricted : (r.title?.[language] ?? code(r.service));
  const referral = (id: string | null): string => {
    const found = find(id);
    if (!found) return '';
    return found.restricted ? restricted : `${agency(found)} · ${service(found)}`;
  };
  return {
    restricted,
    need: code,
    agency,
    service,
    referral,
    code,
    prerequisite: ({ service: named, referralId }) =>
      referral(referralId) || [...new Set(named.split('/').map(code))].join(' · '),
  };
}
