import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ReferralAnswered } from '@retorno/contracts';
import { problemsOf } from './edit.controller';
import { faultIn, FAULTS_ES } from './fault-words';

const SCHEMAS = join(__dirname, '../../../libs/contracts/schemas');
/** What says nothing of the data that a person could put right, or holds other rules. */
const NO_RULES =
  /^(\$.*|description|title|default|properties|patternProperties|items|additionalProperties|x-.*)$/;

/** The keywords of a schema and of all in it that can fail. */
function rulesOf(schema: unknown): string[] {
  if (Array.isArray(schema)) return schema.flatMap(rulesOf);
  if (schema === null || typeof schema !== 'object') return [];
  return Object.entries(schema).flatMap(([keyword, value]) => {
    if (/^(properties|patternProperties)$/.test(keyword))
      return Object.values(value as object).flatMap(rulesOf);
    if (keyword === 'enum' || keyword === 'const' || keyword === 'required') return [keyword];
    return [...(NO_RULES.test(keyword) ? [] : [keyword]), ...rulesOf(value)];
  });
}

describe('what a contract finds wrong', () => {
  it('has Spanish words for every rule that any contract has', () => {
    const published = readdirSync(SCHEMAS).filter((file) => /\.v\d+\.json$/.test(file));
    const rules = published.flatMap((file) => rulesOf(JSON.parse(readFileSync(join(SCHEMAS, file), 'utf8'))));
    expect(published.length).toBeGreaterThan(10);
    // Data that is written anew is closed to names that the contract does not know.
    const all = new Set([...rules, 'additionalProperties', 'personal']);
    expect([...all].toSorted()).toEqual(Object.keys(FAULTS_ES).toSorted());
  });

  it('names what is missing, unknown or of another kind, and never what was written', () => {
    const faults = ReferralAnswered.writeFaults({ status: 'Juana', at: 'ayer', surprise: 1 });
    const said = faults.map((fault) => `${fault.pointer} ${faultIn('es', fault)}`);
    expect(said).toContain('/ Falta el campo «referralId».');
    expect(said).toContain('/ El formato no conoce el campo «surprise»: quítelo.');
    expect(said).toContain('/at Debe ser un momento, como 2026-11-20T08:44:00-05:00.');
    expect(said.join()).toMatch(/\/status Debe ser una de estas palabras: received, accepted, /);
    expect(said.join()).not.toMatch(/Juana|ayer|must/);
  });

  it('is said by the service on an English page, and in Spanish also where the rule is not known', () => {
    const error = { pointer: '/n', detail: 'must be integer', code: 'type', expected: 'integer' };
    expect(faultIn('en', error)).toBe('must be integer');
    expect(faultIn('es', { ...error, code: 'multipleOf' })).toBe('Falta, o no es válido.');
  });

  it('stands under the form with the place in what was edited', () => {
    const errors = [
      { pointer: '/data/n', detail: 'must be integer', code: 'type', expected: 'integer' },
      { pointer: '/data', detail: "must have required property 'n'", code: 'required', expected: 'n' },
    ];
    const refused = { refused: 'invalid-fields', status: 422, detail: 'Something is wrong.', errors };
    expect(problemsOf('es', refused)).toEqual([
      { pointer: '/n', detail: 'Debe ser un número entero.' },
      { pointer: '/', detail: 'Falta el campo «n».' },
    ]);
    expect(problemsOf('es', { ...refused, refused: 'erased', errors: [] })[0]!.detail).toMatch(/se borraron/);
  });
});
