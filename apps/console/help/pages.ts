/** The how-to pages for staff, as they stand in docs/how-to (English) and docs/how-to/es, and which screen needs which. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LANGUAGES, type Language } from '../frame/texts';
import { readMarkdown, type ReadPage } from './markdown';

/** Documentation is not compiled: it stays beside the sources. */
const FOLDER = join(__dirname.replace(/([/\\])dist\1(?=apps)/, '$1'), '../../../docs/how-to');

/** In the order of the list: a file's name, and the screens whose help it is. */
const PAGES: readonly (readonly [name: string, ...screens: string[]])[] = [
  ['why-a-case-waits', 'home', 'cases'],
  ['reroute-a-referral'],
  ['remind-an-agency'],
  ['work-the-escalations', 'escalations'],
  ['be-told-outside-the-screen'],
  ['decide-on-duplicates', 'duplicates'],
  ['give-a-returnee-a-link'],
  ['follow-up-returnees', 'follow-ups'],
  ['erase-a-person'],
  ['unblock-a-parked-message', 'parked'],
  ['watch-the-agencies', 'agencies'],
  ['pause-an-agency'],
  ['announce-maintenance'],
  ['import-a-manifest', 'intake'],
  ['register-one-returnee'],
  ['answer-referrals-at-the-console', 'worklist', 'offices'],
  ['read-the-statistics', 'statistics'],
  ['read-the-audit', 'audit'],
];

export const HELP_PATH = '/console/help';
export const HELP_NAMES = PAGES.map(([name]) => name);

const read = new Map(
  LANGUAGES.flatMap((language) =>
    HELP_NAMES.map((name): [string, ReadPage] => [`${language} ${name}`, fileOf(language, name)]),
  ),
);

/** The page of this name; undefined when there is none. */
export function findHelp(language: Language, name: string): ReadPage | undefined {
  return read.get(`${language} ${name}`);
}

/** Where a screen's help is; for a screen without a page of its own, the list of all. */
export function helpOf(screen: string): string {
  const page = PAGES.find(([, ...screens]) => screens.includes(screen));
  return page ? `${HELP_PATH}/${page[0]}` : HELP_PATH;
}

function fileOf(language: Language, name: string): ReadPage {
  const path = join(FOLDER, ...(language === 'en' ? [] : [language]), `${name}.md`);
  return readMarkdown(forScreen(readFileSync(path, 'utf8')), (link) => {
    const target = /^([a-z-]+)\.md$/.exec(link)?.[1] ?? '';
    return HELP_NAMES.includes(target) ? `${HELP_PATH}/${target}` : undefined;
  });
}

/** Without what is done over HTTP or by whoever runs the system, and without the way to the same page in another language. */
function forScreen(text: string): string {
  return text
    .replace(/\n## (?:Over HTTP|Set it up|Configurarlo)\n[^]*$/, '\n')
    .replace(/ ?\(\[[^\]]+\]\((?:es\/|\.\.\/)[a-z-]+\.md\)\)/g, '');
}
