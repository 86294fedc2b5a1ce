import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

const ROOT = join(__dirname, '..');
const DOCS = join(ROOT, 'docs');

/** Every page of ours, as a path from the root. */
const PAGES = [
  'README.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  ...readdirSync(DOCS, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.md'))
    .map((path) => join('docs', path)),
];

/** What a page links to within the project, as paths from the root. */
function linkedFrom(page: string): string[] {
  const text = readFileSync(join(ROOT, page), 'utf8');
  return [...text.matchAll(/\]\(([^)\s#]+)(?:#[^)]*)?\)/g)]
    .map(([, target]) => target!)
    .filter((target) => !/^[a-z]+:/.test(target))
    .map((target) => relative(ROOT, join(ROOT, dirname(page), target)));
}

describe('the documentation', () => {
  it.each(PAGES)('%s links to nothing that is not there', (page) => {
    expect(linkedFrom(page).filter((target) => !existsSync(join(ROOT, target)))).toEqual([]);
  });

  it('has no page that its list does not name', () => {
    const listed = new Set(linkedFrom('docs/README.md'));
    const pages = PAGES.filter((page) => page.startsWith('docs/') && page !== 'docs/README.md');
    expect(pages.filter((page) => !listed.has(page))).toEqual([]);
  });

  it('has each Spanish page in English, too', () => {
    const spanish = PAGES.filter((page) => page.includes('/es/'));
    expect(spanish.length).toBeGreaterThan(0);
    expect(spanish.filter((page) => !PAGES.includes(page.replace('/es/', '/')))).toEqual([]);
  });
});
