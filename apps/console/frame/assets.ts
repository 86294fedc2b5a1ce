/** What pages load, served from here under names that change with the content, so that browsers keep it for good. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Controller, Get, Param, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { problem, Public } from '@retorno/service';
import type { Response } from 'express';
import { UPLOAD_SCRIPT } from '../intake/upload-script';
import { STYLE } from './style';

interface Asset {
  readonly url: string;
  readonly type: string;
  readonly content: string;
}

function asset(name: string, type: string, content: string): Asset {
  const hash = createHash('sha256').update(content).digest('hex').slice(0, 12);
  return { url: `/console/assets/${hash}-${name}`, type, content };
}

const style = asset('style.css', 'text/css', STYLE);
/** In one file: htmx begins as soon as it is there, and must not begin before what it is to begin with. */
const script = asset(
  'htmx.js',
  'text/javascript',
  [require.resolve('htmx.org/dist/htmx.min.js'), require.resolve('htmx.org/dist/ext/hx-sse.min.js')]
    .map((path) => readFileSync(path, 'utf8').replace(/^\/\/# sourceMappingURL=.*$/m, ''))
    .concat(UPLOAD_SCRIPT)
    .join('\n'),
);
/** An arrow that comes back. */
const ICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><rect width="16" height="16" rx="3" fill="#0b3d91"/><path d="M4 6h6a2.5 2.5 0 0 1 0 5H6M6.5 3.5 4 6l2.5 2.5" fill="none" stroke="#fff" stroke-width="1.6"/></svg>`;
const icon = asset('icon.svg', 'image/svg+xml', ICON);
const assets = new Map([style, icon, script].map((one) => [one.url, one]));

export const STYLE_URL = style.url;
export const ICON_URL = icon.url;
export const SCRIPT_URL = script.url;

@ApiExcludeController()
@Public('the same for everybody: style and scripts')
@Controller('console/assets')
export class AssetsController {
  @Get(':name')
  get(@Param('name') name: string, @Res() response: Response): void {
    const found = assets.get(`/console/assets/${name}`);
    if (!found) throw problem(404, 'not-found', 'There is no such file.');
    response
      .set({ 'Cache-Control': 'public, max-age=31536000, immutable', 'X-Content-Type-Options': 'nosniff' })
      .type(found.type)
      .send(found.content);
  }
}
