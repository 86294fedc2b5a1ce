import * as contracts from '@retorno/contracts';
import { LANGUAGES } from '../frame/texts';
import { begun, codesIn } from './codes';
import { detailIn, namesFrom } from './detail';

/** Where the words of each closed list of contracts are. A new list is given a place here, or no screen can show it. */
const PLACES = {
  NEED_CODES: 'need',
  VULNERABILITY_CODES: 'need',
  RETURN_TYPES: 'returnType',
  SEXES: 'sex',
  DOCUMENT_TYPES: 'documentType',
  RELATIONSHIPS: 'relationship',
  CONSENT_STATUSES: 'consent',
  PURPOSES: 'purpose',
  STAGES: 'stage',
  BASES: 'basis',
  REFERRAL_STATUSES: 'referral',
  ANSWER_STATUSES: 'referral',
  FINAL_STATUSES: 'referral',
  BUSINESS_STATUSES: 'business',
  ANSWER_BUSINESS_STATUSES: 'business',
  REJECT_CODES: 'reject',
  NEED_STATUSES: 'needStatus',
  SETTLED_REASONS: 'needReason',
  UNMET_REASONS: 'needReason',
  CASE_STATUSES: 'case',
  CLOSE_REASONS: 'close',
  DISCLOSED_FIELDS: 'field',
  ESCALATION_REASONS: 'escalation',
  RESTRICTED_FACTS: 'need',
  DUPLICATE_GROUNDS: 'ground',
} as const;

/** No screen shows these. */
const NEVER_SHOWN = ['CONSENT_GIVERS'];

function isListOfCodes(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}

const lists = new Map(
  Object.entries(contracts).flatMap(([name, value]) =>
    isListOfCodes(value) ? [[name, value] as const] : [],
  ),
);

describe('the words of codes', () => {
  it('know where every closed list of contracts is worded', () => {
    const known = [...Object.keys(PLACES), ...NEVER_SHOWN];
    expect([...lists.keys()].toSorted()).toEqual(known.toSorted());
  });

  it.each(LANGUAGES)('have words for every code of contracts in %s', (language) => {
    for (const [list, place] of Object.entries(PLACES)) {
      const worded = Object.entries(codesIn(language)[place]).filter(([, words]) => words !== '');
      expect(worded.map(([code]) => code)).toEqual(expect.arrayContaining([...lists.get(list)!]));
    }
  });

  it('stand within a sentence as they are, and begin a line by their first letter', () => {
    const { escalation } = codesIn('es');
    expect(escalation['ack-overdue']).toBe('la institución no ha respondido si acepta');
    expect(begun(escalation['ack-overdue'])).toBe('La institución no ha respondido si acepta');
  });
});

describe('what an escalation is about', () => {
  const catalogues = [
    {
      slug: 'identity',
      name: 'RENIEC',
      services: [{ code: 'dni-issue', title: { es: 'Emisión del DNI', en: 'Issue of the DNI' } }],
    },
  ] as unknown as Parameters<typeof namesFrom>[0];
  const said = (detail: Record<string, string>, language: 'es' | 'en' = 'es') =>
    detailIn(language, detail, namesFrom(catalogues, language));

  it('is told by the names that agencies give, and by words', () => {
    expect(said({ agency: 'identity', service: 'dni-issue', code: 'missing-documents' })).toEqual([
      'Institución: RENIEC',
      'Servicio: Emisión del DNI',
      'Causa: faltan documentos',
    ]);
    expect(said({ need: 'health-care', dependents: 'dni-issue,police-record' })).toEqual([
      'Necesidad: atención de salud',
      'Lo esperan: Emisión del DNI, certificado de antecedentes',
    ]);
    expect(said({ month: '3', dimensions: 'economic,social', needs: 'employment' }, 'en')).toEqual([
      'Needs: employment',
      'Months after the arrival: 3',
      'Low situation: economic, social',
    ]);
  });

  it('says moments and days as people read them, and flags without a value', () => {
    expect(said({ stage: 'expected', expected: '2026-11-20', manifest: 'not-named' })).toEqual([
      'Retorno: por viajar',
      'Se esperaba: 20 nov. 2026',
      'Su manifiesto llegó sin la persona',
    ]);
    expect(said({ paused: 'true', until: '2026-11-20T20:00:00.000Z' })).toEqual([
      'La institución está en pausa',
      expect.stringMatching(/^Hasta: 20 nov/),
    ]);
  });

  it('says neither ids nor scores, and does not name what lists do not show', () => {
    expect(said({ otherCaseId: 'c-2', otherCaseNumber: 'RT-2026-000002', score: '91' })).toEqual([
      'El otro caso: RT-2026-000002',
    ]);
    expect(said({ service: 'restricted', dependents: 'restricted,dni-issue' })).toEqual([
      'Servicio: restringido',
      'Lo esperan: restringido, Emisión del DNI',
    ]);
  });
});
