/** Whether everybody can use a page, as far as axe sees it. */
import { getRules, source as AXE, type Result } from 'axe-core';
import type { Page } from 'playwright-core';

/** WCAG 2.2 AA, and what axe calls good practice. */
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const RULES = getRules(TAGS);
/** Those that only ask which colours there are: what they find depends on neither the language nor the length of a text. */
const COLOURS = RULES.filter(({ tags }) => tags.includes('cat.color')).map(({ ruleId }) => ruleId);

/** What is looked for: everything, only what a scheme of colours can break, or everything else. */
export type Look = 'all' | 'colours' | 'all-but-colours';

/** Of axe.run. `all` by tags, so that a rule which is off by default stays off. */
const ASKED: Readonly<Record<Look, object>> = {
  all: { runOnly: TAGS },
  colours: { runOnly: { type: 'rule', values: COLOURS } },
  'all-but-colours': {
    runOnly: TAGS,
    rules: Object.fromEntries(COLOURS.map((rule) => [rule, { enabled: false }])),
  },
};

/** Drawn text that its drawing shrinks below 12 px; axe does not look at it. */
const SMALL_DRAWN = `[...document.querySelectorAll('svg text')]
  .filter((text) => parseFloat(getComputedStyle(text).fontSize) * text.getScreenCTM().a < 12)
  .map((text) => text.textContent)`;

/** What is wrong with a page as it stands: rule and element, one a line. */
export async function wrongWith(page: Page, look: Look = 'all'): Promise<string[]> {
  if (!(await page.evaluate<boolean>('"axe" in window'))) await page.evaluate(AXE);
  const { violations } = await page.evaluate<{ violations: Result[] }>(
    `axe.run(document, ${JSON.stringify({ ...ASKED[look], resultTypes: ['violations'] })})`,
  );
  const found = violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target }) => `${id}: ${target.join(' ')}`),
  );
  return look === 'colours' ? found : [...found, ...(await sizesWrongWith(page))];
}

/** What is too small or too wide, in whichever colours. */
async function sizesWrongWith(page: Page): Promise<string[]> {
  const wide = await page.evaluate<number>(
    'document.documentElement.scrollWidth - document.documentElement.clientWidth',
  );
  const small = await page.evaluate<string[]>(SMALL_DRAWN);
  return [
    ...small.map((text) => `drawn smaller than 12 px: ${text}`),
    // WCAG 2.2, 1.4.10: down to 320 px nobody has to scroll in two directions.
    ...(wide > 0 ? [`wider than the window by ${wide} px`] : []),
  ];
}
