/** What an escalation is about, in words. Pure. */
import { MASK } from '@retorno/contracts';
import type { Named } from '../agencies/catalogues';
import { dayIn, whenIn, wordsOf, type Language } from '../frame/texts';
import type { CodeWords } from './code-words';
import { codesIn, wordOf } from './codes';

/** Names of any agency, service or need code. */
export type NameOf = (code: string) => string;

/** The names that agencies give themselves and their services; needs by their words. */
export function namesFrom(catalogues: readonly Named[], language: Language): NameOf {
  const { need, restricted } = codesIn(language);
  const services = catalogues.flatMap((one) => one.services);
  const known = new Map([
    ...services.flatMap(({ code, title }) => (title ? [[code, title[language]] as const] : [])),
    ...catalogues.map(({ slug, name }) => [slug, name] as const),
  ]);
  return (code) => (code === MASK ? restricted : (known.get(code) ?? wordOf(need, code)));
}

const LABELS = {
  es: {
    agency: 'Institución',
    paused: 'La institución está en pausa',
    offered: 'El caso terminó sin esto; ya se ofrece. Pregunte si aún se desea y abra el caso de nuevo',
    maintenance: 'La institución está en mantenimiento hasta',
    service: 'Servicio',
    need: 'Necesidad',
    needs: 'Necesidades',
    code: 'Causa',
    missing: 'Falta',
    circular: 'Los pasos se esperan unos a otros',
    dependents: 'Lo esperan',
    until: 'Hasta',
    otherCaseNumber: 'El otro caso',
    ground: 'Coincide en',
    from: 'Estaba',
    to: 'Llegó',
    stage: 'Retorno',
    expected: 'Se esperaba',
    manifest: 'Su manifiesto llegó sin la persona',
    month: 'Meses después de la llegada',
    dimensions: 'Situación baja',
  },
  en: {
    agency: 'Agency',
    paused: 'The agency is paused',
    offered:
      'The case ended without it; it is offered by now. Ask whether it is still wanted, and reopen the case',
    maintenance: 'The agency is in maintenance until',
    service: 'Service',
    need: 'Need',
    needs: 'Needs',
    code: 'Cause',
    missing: 'Missing',
    circular: 'The steps wait for each other',
    dependents: 'Wait for it',
    until: 'Until',
    otherCaseNumber: 'The other case',
    ground: 'Alike in',
    from: 'It was',
    to: 'What came',
    stage: 'Return',
    expected: 'Expected',
    manifest: 'The manifest came without the person',
    month: 'Months after the arrival',
    dimensions: 'Low situation',
  },
} satisfies Record<Language, Record<string, string>>;

type Name = keyof (typeof LABELS)['es'];
const labelsIn = wordsOf<Record<Name, string>>(LABELS);

/** Where a referral stood that a refused answer was about, beside its statuses. */
const elsewhereIn = wordsOf({
  es: { unknown: 'derivación desconocida', 'another-agency': 'de otra institución' },
  en: { unknown: 'no known referral', 'another-agency': "another agency's" },
});

/** What is said of an escalation, each in a line: `Servicio: Emisión del DNI`. Ids and scores say nothing to people. */
export function detailIn(
  language: Language,
  detail: Readonly<Record<string, string>>,
  nameOf: NameOf,
): string[] {
  const labels = labelsIn(language);
  return (Object.keys(labels) as Name[]).flatMap((name) => {
    const value = detail[name];
    if (value === undefined) return [];
    const said = valueOf(name, value, language, nameOf);
    return [said === '' ? labels[name] : `${labels[name]}: ${said}`];
  });
}

function valueOf(name: Name, value: string, language: Language, nameOf: NameOf): string {
  const codes = codesIn(language);
  const each = (wordFor: NameOf) => value.split(',').map(wordFor).join(', ');
  switch (name) {
    case 'paused':
    case 'offered':
    case 'circular':
    case 'manifest':
      return '';
    case 'maintenance':
    case 'until':
      return whenIn(language, value);
    case 'expected':
      return dayIn(language, value);
    case 'month':
    case 'otherCaseNumber':
      return value;
    case 'from':
    case 'to':
      return wordOf({ ...codes.referral, ...elsewhereIn(language) }, value);
    case 'agency':
    case 'service':
    case 'need':
    case 'needs':
    case 'missing':
    case 'dependents':
      return each(nameOf);
    default:
      return each((code) => wordIn(codes, name, code));
  }
}

function wordIn(codes: CodeWords, name: 'code' | 'ground' | 'stage' | 'dimensions', code: string): string {
  if (code === MASK) return codes.restricted;
  if (name === 'code') return wordOf({ ...codes.needReason, ...codes.reject }, code);
  return wordOf(name === 'dimensions' ? codes.dimension : codes[name], code);
}
