/** Whether everybody can use a page, as far as axe sees it. */
import { source as AXE, type Result } from 'axe-core';
import type { Page } from 'playwright-core';

/** WCAG 2.2 AA, and what axe calls good practice. */
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** What is wrong with a page as it stands: rule and element, one a line. */
export async function wrongWith(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  const { violations } = await page.evaluate<{ violations: Result[] }>(
    `axe.run(document, { runOnly: ${JSON.stringify(RULES)}, resultTypes: ['violations'] })`,
  );
  const wide = await page.evaluate<number>(
    'document.documentElement.scrollWidth - document.documentElement.clientWidth',
  );
  return [
    ...violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(' ')}`)),
    // WCAG 2.2, 1.4.10: down to 320 px nobody has to scroll in two directions.
    ...(wide > 0 ? [`wider than the window by ${wide} px`] : []),
  ];
}
