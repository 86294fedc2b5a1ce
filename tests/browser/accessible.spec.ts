/** What finds what is wrong with pages has to find it: each kind that it is relied on for is planted here once. */
import type { Browser } from 'playwright-core';
import { wrongWith } from '../support/accessible';
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
};

describeWithChromium('the look at pages', (browser: () => Browser) => {
  async function foundIn(html: string): Promise<string[]> {
    const window = await browser().newPage({ viewport: { width: 360, height: 800 } });
    await window.setContent(html);
    const found = await wrongWith(window);
    await window.close();
    return found.map((one) => one.split(':')[0]!);
  }

  it('finds nothing in a page with nothing wrong', async () => {
    expect(await foundIn(page('<p>Nada está atrasado.</p>'))).toEqual([]);
  });

  it.each(Object.entries(PLANTED))('finds what breaks %s', async (rule, html) => {
    expect(await foundIn(html)).toContain(rule);
  });

  it('finds a page that is wider than its window', async () => {
    const [found] = await foundIn(page('<div style="width:900px;height:9px"></div>'));
    expect(found).toMatch(/^wider than the window by \d+ px$/);
  });
});
