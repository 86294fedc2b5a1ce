import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Caller } from '@retorno/service';
import { parse } from 'node-html-parser';
import { pageOf, SCREENS, type Setting } from '../frame/page';
import { LANGUAGES, type Language } from '../frame/texts';
import { helpPage, helpListPage } from './help';
import { readMarkdown } from './markdown';
import { findHelp, HELP_NAMES } from './pages';

const caller: Caller = { subject: 'x', name: 'Ana', roles: new Set(['operations']) };
const settingIn = (language: Language): Setting => ({
  language,
  caller,
  address: '/console',
  now: new Date(),
});

/** What the console says anywhere, as it stands in the sources. */
const CONSOLE = join(__dirname, '..');
const said = readdirSync(CONSOLE, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('words.ts'))
  .map((path) => readFileSync(join(CONSOLE, path), 'utf8').replaceAll("\\'", "'"))
  .join('\n');

/** Pages that only tell of the screens: those that tell of HTTP as well say different things in both languages. */
const OF_SCREENS = HELP_NAMES.filter(
  (name) => !readFileSync(join(CONSOLE, '../../docs/how-to', `${name}.md`), 'utf8').includes('## Over HTTP'),
);

describe('the help', () => {
  it.each(SCREENS.map(({ screen }) => screen))('of the screen %s is a page in both languages', (screen) => {
    for (const language of LANGUAGES) {
      const setting = settingIn(language);
      const page = { title: 'x', screen, body: helpListPage(setting).body };
      const link = parse(pageOf(setting, page)).querySelector('header a.help')!.getAttribute('href')!;
      expect(findHelp(language, link.split('/').at(-1)!)).toMatchObject({
        title: expect.stringMatching(/\w/),
      });
    }
  });

  it('has the same steps in both languages', () => {
    const stepsOf = (language: Language, name: string) =>
      parse(findHelp(language, name)!.body.text)
        .querySelectorAll('h2, li')
        .map((one) => one.tagName);
    expect(OF_SCREENS.length).toBeGreaterThan(8);
    for (const name of OF_SCREENS) expect([name, stepsOf('en', name)]).toEqual([name, stepsOf('es', name)]);
  });

  it('calls what somebody is to press or to look at by the words of the screens', () => {
    const unknown = LANGUAGES.flatMap((language) =>
      OF_SCREENS.flatMap((name) =>
        parse(findHelp(language, name)!.body.text)
          .querySelectorAll('strong')
          .map((one) => one.textContent.trim())
          // A word that is stressed and names nothing begins with a small letter.
          .filter((words) => /^\p{Lu}/u.test(words) && !said.includes(words))
          .map((words) => `${language} ${name}: ${words}`),
      ),
    );
    expect(unknown).toEqual([]);
  });

  it('leads only to pages that there are', () => {
    for (const language of LANGUAGES) {
      for (const name of HELP_NAMES) {
        const links = parse(helpPage(settingIn(language), name)!.body.text).querySelectorAll('a');
        for (const link of links) {
          const target = link.getAttribute('href')!.split('/').at(-1)!;
          expect([name, target === 'help' || HELP_NAMES.includes(target)]).toEqual([name, true]);
        }
      }
    }
    expect(helpPage(settingIn('es'), '../../../package')).toBeUndefined();
  });
});

describe('a page in Markdown', () => {
  it('keeps what is marked, and shows everything else as text', () => {
    const { title, body } = readMarkdown(
      '# Why <b>?\n\nOne & **two** `x < y` [three](a.md) [four](b.md) *five*\n\n    a  <b\n\n1. first\n   goes on\n2. second\n\n- <script>',
      (link) => (link === 'a.md' ? '/a' : undefined),
    );
    expect(title).toBe('Why <b>?');
    expect(body.text.replace(/>\n\s*</g, '><')).toBe(
      '<p>One &amp; <strong>two</strong> <code>x &lt; y</code> <a href="/a">three</a> four <em>five</em></p><pre>a  &lt;b</pre>' +
        '<ol><li>first goes on</li><li>second</li></ol><ul><li>&lt;script&gt;</li></ul>',
    );
  });
});
