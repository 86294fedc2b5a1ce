import { Readable } from 'node:stream';
import { Controller, Get, Param, Post, Query, Req, Res, UseFilters } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { Allow, ProblemError, Who, type Caller } from '@retorno/service';
import type { Request, Response } from 'express';
import { ConsoleFilter } from '../frame/console-filter';
import { answerPage, settingOf } from '../frame/screen';
import { isRefused, Services, type ListPage, type Refused } from '../services';
import { intakePage, manifestPage, type IntakeView, type Manifest, type RowError } from './manifests';
import { fileIn } from './sent-file';

/** Manifests: sent, read while one looks on, and corrected. */
@ApiExcludeController()
@UseFilters(ConsoleFilter)
@Controller('console/intake')
export class IntakeScreenController {
  constructor(private readonly services: Services) {}

  @Get()
  @Allow('intake', 'operations')
  async list(
    @Req() request: Request,
    @Res() response: Response,
    @Who() caller: Caller,
    @Query('cursor') cursor: unknown,
  ): Promise<void> {
    await this.answerWith(request, response, caller, cursor);
  }

  /** A file as it is, by the page's script; or in a form. */
  @Post('manifests')
  @Allow('intake', 'operations')
  async send(@Req() request: Request, @Res() response: Response, @Who() caller: Caller): Promise<void> {
    const isAsItIs = request.is('text/csv') !== false;
    const sent = isAsItIs ? { file: Readable.toWeb(request) as ReadableStream } : await fileIn(request);
    const answer: { id: string } | Refused =
      'missing' in sent
        ? { refused: sent.missing, detail: '', errors: [], status: sent.missing === 'too-large' ? 413 : 422 }
        : await this.services.upload<{ id: string }>(request, '/intake/manifests', 'text/csv', sent.file);
    if (!isRefused(answer)) return response.redirect(303, `/console/intake/manifests/${answer.id}`);
    response.status(answer.status);
    await this.answerWith(request, response, caller, '', { code: answer.refused, detail: answer.detail });
  }

  @Get('manifests/:id')
  @Allow('intake', 'operations')
  async show(
    @Req() request: Request,
    @Res() response: Response,
    @Who() caller: Caller,
    @Param('id') id: string,
    @Query('cursor') cursor: unknown,
  ): Promise<void> {
    const path = `/intake/manifests/${encodeURIComponent(id)}`;
    const [manifest, errors] = await Promise.all([
      this.services.get<Manifest>(request, path),
      this.services.get<ListPage<RowError>>(request, `${path}/errors?limit=200${cursorOf(cursor)}`),
    ]);
    const setting = settingOf(request, caller);
    answerPage(response, setting, manifestPage(setting, manifest, errors));
  }

  /** The rows that were refused, to be corrected and sent again. */
  @Get('manifests/:id/refused')
  @Allow('intake', 'operations')
  async refused(@Req() request: Request, @Res() response: Response, @Param('id') id: string): Promise<void> {
    const path = `/intake/manifests/${encodeURIComponent(id)}/refused`;
    const answer = await this.services.send(request, 'GET', path);
    if (!answer.ok) throw new ProblemError((await answer.json()) as ProblemError['body']);
    response.set({
      'Content-Type': 'text/csv; charset=utf-8',
      'Content-Disposition': 'attachment; filename="filas-con-errores.csv"',
      'Cache-Control': 'no-store',
      'X-Content-Type-Options': 'nosniff',
    });
    response.send(Buffer.from(await answer.arrayBuffer()));
  }

  private async answerWith(
    request: Request,
    response: Response,
    caller: Caller,
    cursor: unknown,
    refused?: IntakeView['refused'],
  ): Promise<void> {
    const path = `/intake/manifests?limit=50${cursorOf(cursor)}`;
    const manifests = await this.services.get<ListPage<Manifest>>(request, path);
    const setting = settingOf(request, caller);
    answerPage(response, setting, intakePage(setting, { manifests, ...(refused && { refused }) }));
  }
}

function cursorOf(cursor: unknown): string {
  return typeof cursor === 'string' && cursor !== '' ? `&cursor=${encodeURIComponent(cursor)}` : '';
}
