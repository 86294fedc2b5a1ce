/** What pages load, served from here under names that change with the content, so that browsers keep it for good. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Controller, Get, Param, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { problem, Public } from '@retorno/service';
import type { Response } from 'express';
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
const scripts = [
  asset('htmx.js', 'text/javascript', readFileSync(require.resolve('htmx.org/dist/htmx.min.js'), 'utf8')),
  asset(
    'hx-sse.js',
    'text/javascript',
    readFileSync(require.resolve('htmx.org/dist/ext/hx-sse.min.js'), 'utf8'),
  ),
];
const assets = new Map([style, ...scripts].map((one) => [one.url, one]));

export const STYLE_URL = style.url;
export const SCRIPTS = scripts.map(({ url }) => url);

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
