/** What finds what is wrong with pages has to find it: each kind that it is relied on for is planted here once. */
import type { Browser } from 'playwright-core';
import { wrongWith, type Look } from '../support/accessible';
import { describeWithChromium } from '../support/chromium';

const page = (body: string, language = 'lang="es"'): string =>
  `<!doctype html><html ${language}><head><title>Inicio</title></head><body><main><h1>Inicio</h1>${body}</main></body></html>`;

/** A page with one thing wrong, and the rule that says so. */
const PLANTED: Record<string, string> = {
  'image-alt': page('<img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=">'),
  label: page('<input type="text">'),
  'button-name': page('<button></button>'),
  'link-name': page('<a href="/console"></a>'),
  'color-contrast': page('<p style="color:#999;background:#fff">casi no se lee</p>'),
  'html-has-lang': page('', ''),
  'target-size': page(
    '<a href="/a" style="position:absolute;left:9px;font-size:8px">a</a><a href="/b" style="position:absolute;left:15px;font-size:8px">b</a>',
  ),
  'heading-order': page('<h4>de pronto</h4>'),
  'drawn smaller than 12 px': page(
    '<svg viewBox="0 0 720 40" width="360"><text x="0" y="20" font-size="20">enero</text></svg>',
  ),
};

describeWithChromium('the look at pages', (browser: () => Browser) => {
  async function foundIn(
    html: string,
    look: Look = 'all',
    scheme: 'light' | 'dark' = 'light',
  ): Promise<string[]> {
    const window = await browser().newPage({ viewport: { width: 360, height: 800 } });
    await window.setContent(html);
    await window.emulateMedia({ colorScheme: scheme });
    const found = await wrongWith(window, look);
    await window.close();
    return found.map((one) => one.split(':')[0]!);
  }

  it('finds nothing in a page with nothing wrong', async () => {
    expect(await foundIn(page('<p>Nada está atrasado.</p>'))).toEqual([]);
  });

  it.each(Object.entries(PLANTED))('finds what breaks %s', async (rule, html) => {
    expect(await foundIn(html)).toContain(rule);
  });

  it.each(Object.entries(PLANTED))('finds what breaks %s in one of its two halves', async (rule, html) => {
    const halves = [await foundIn(html, 'colours'), await foundIn(html, 'all-but-colours')];
    expect(halves.filter((found) => found.includes(rule))).toHaveLength(1);
    expect(halves[0]!.includes(rule)).toBe(rule === 'color-contrast');
  });

  it('finds colours that only a dark page gets wrong', async () => {
    const html = page(
      '<style>@media(prefers-color-scheme:dark){p{color:#555;background:#333}}</style><p>casi no se lee</p>',
    );
    expect(await foundIn(html, 'colours')).toEqual([]);
    expect(await foundIn(html, 'colours', 'dark')).toContain('color-contrast');
  });

  it('finds a page that is wider than its window', async () => {
    const [found] = await foundIn(page('<div style="width:900px;height:9px"></div>'));
    expect(found).toMatch(/^wider than the window by \d+ px$/);
  });
});
