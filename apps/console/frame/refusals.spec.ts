import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { problem } from '@retorno/service';
import ts from 'typescript';
import { problemIn, refusalIn, REFUSALS_ES, wrongFieldIn } from './refusals';

/** Where a refusal's code stands among the arguments of what makes it. */
const CODE_AT: Readonly<Record<string, number>> = { problem: 1, Refusal: 0, 'this.refused': 2, refuse: 2 };
const ROOT = join(__dirname, '..', '..', '..');

/** Nobody sees a page with it: the request names another machine. */
const NEVER_ON_A_PAGE = ['misdirected'];

function sources(): ts.SourceFile[] {
  const files = ['libs', 'apps'].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map((file) => join(folder, file)),
  );
  return files
    .filter((file) => file.endsWith('.ts') && !/\.spec\.ts$|\/testing\//.test(file))
    .map((file) =>
      ts.createSourceFile(file, readFileSync(join(ROOT, file), 'utf8'), ts.ScriptTarget.Latest, true),
    );
}

/** Every node of some files. */
function* nodesOf(files: readonly ts.SourceFile[]): Generator<ts.Node> {
  const open: ts.Node[] = [...files];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    yield node;
    ts.forEachChild(node, (child) => void open.push(child));
  }
}

/** The codes that an expression may be: a text, one of two, or a constant that stands somewhere else. */
function codesIn(code: ts.Expression | undefined, constants: ReadonlyMap<string, string>): string[] {
  if (code === undefined) return [];
  // A sentence is what a function of the same name says of a field.
  if (ts.isStringLiteral(code)) return /^[a-z-]+$/.test(code.text) ? [code.text] : [];
  if (ts.isConditionalExpression(code)) {
    return [...codesIn(code.whenTrue, constants), ...codesIn(code.whenFalse, constants)];
  }
  const known = constants.get(code.getText());
  return known === undefined ? [] : [known];
}

/** Every code that the services refuse with, as their sources have them. */
function codes(): Set<string> {
  const files = sources();
  const constants = new Map<string, string>();
  for (const node of nodesOf(files)) {
    if (ts.isVariableDeclaration(node) && node.initializer && ts.isStringLiteral(node.initializer)) {
      constants.set(node.name.getText(), node.initializer.text);
    }
  }
  const found = new Set<string>();
  for (const node of nodesOf(files)) {
    if (ts.isCallExpression(node) || ts.isNewExpression(node)) {
      const at = CODE_AT[node.expression.getText()];
      if (at !== undefined) codesIn(node.arguments?.[at], constants).forEach((code) => found.add(code));
    }
    // What becomes a problem elsewhere: `{refused, possible}` of an agency, `{code, possible}` of intake.
    if (ts.isObjectLiteralExpression(node)) {
      const named = new Map(
        node.properties.flatMap((one) =>
          ts.isPropertyAssignment(one) ? [[one.name.getText(), one.initializer] as const] : [],
        ),
      );
      const names = node.properties.map((one) => one.name?.getText());
      if (!names.includes('possible') || !names.includes('detail')) continue;
      codesIn(named.get('refused') ?? named.get('code'), constants).forEach((code) => found.add(code));
    }
  }
  return found;
}

describe('a refusal on a Spanish page', () => {
  it('has words for every code that any service refuses with, and for no others', () => {
    const known = codes();
    for (const code of [
      'forbidden',
      'claimed-by-another',
      'impossible-transition',
      'legal-hold',
      'starting',
    ]) {
      expect(known).toContain(code);
    }
    const expected = [...known].filter((code) => !NEVER_ON_A_PAGE.includes(code));
    expect(Object.keys(REFUSALS_ES).toSorted()).toEqual(expected.toSorted());
  });

  it('is never in another language, whatever it is', () => {
    const refused = problem(409, 'thought-of-tomorrow', 'Not today.');
    expect(problemIn('es', refused)).toContain('No se pudo');
    expect(wrongFieldIn('es', { detail: 'must be a day' })).not.toContain('must');
  });
});

describe('a refusal on an English page', () => {
  it('is the sentence of the service', () => {
    expect(refusalIn('en', { refused: 'case-not-found', detail: 'There is no such case.' })).toBe(
      'There is no such case.',
    );
  });
});
