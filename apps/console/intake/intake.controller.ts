import { Readable } from 'node:stream';
import { Get, Param, Post, Query } from '@nestjs/common';
import { Allow, ProblemError } from '@retorno/service';
import { ScreenAt, Visit, Visiting } from '../frame/visit';
import { isRefused, Services, type ListPage, type Refused } from '../services';
import { intakePage, manifestPage, type IntakeView, type Manifest, type RowError } from './manifests';
import { fileIn } from './sent-file';

/** Manifests: sent, read while one looks on, and corrected. */
@ScreenAt('console/intake')
export class IntakeScreenController {
  constructor(private readonly services: Services) {}

  @Get()
  @Allow('intake', 'operations')
  async list(@Visiting() visit: Visit, @Query('cursor') cursor: unknown): Promise<string> {
    return this.answerWith(visit, cursor);
  }

  /** A file as it is, by the page's script; or in a form. */
  @Post('manifests')
  @Allow('intake', 'operations')
  async send(@Visiting() visit: Visit): Promise<string> {
    const { request } = visit;
    const isAsItIs = request.is('text/csv') !== false;
    const sent = isAsItIs ? { file: Readable.toWeb(request) as ReadableStream } : await fileIn(request);
    const answer: { id: string } | Refused =
      'missing' in sent
        ? { refused: sent.missing, detail: '', errors: [], status: sent.missing === 'too-large' ? 413 : 422 }
        : await this.services.upload<{ id: string }>(visit, '/intake/manifests', 'text/csv', sent.file);
    if (!isRefused(answer)) return visit.redirect(`/console/intake/manifests/${answer.id}`);
    return this.answerWith(visit, '', answer);
  }

  @Get('manifests/:id')
  @Allow('intake', 'operations')
  async show(
    @Visiting() visit: Visit,
    @Param('id') id: string,
    @Query('cursor') cursor: unknown,
  ): Promise<string> {
    const path = `/intake/manifests/${encodeURIComponent(id)}`;
    const [manifest, errors] = await Promise.all([
      this.services.get<Manifest>(visit, path),
      this.services.get<ListPage<RowError>>(visit, `${path}/errors?limit=200${cursorOf(cursor)}`),
    ]);
    return visit.page(manifestPage(visit, manifest, errors));
  }

  /** The rows that were refused, to be corrected and sent again. */
  @Get('manifests/:id/refused')
  @Allow('intake', 'operations')
  async refused(@Visiting() visit: Visit, @Param('id') id: string): Promise<string> {
    const path = `/intake/manifests/${encodeURIComponent(id)}/refused`;
    const answer = await this.services.send(visit, 'GET', path);
    if (!answer.ok) throw new ProblemError((await answer.json()) as ProblemError['body']);
    // Not text(), which leaves out the mark by which spreadsheets know UTF-8.
    return visit.csv('filas-con-errores.csv', Buffer.from(await answer.arrayBuffer()).toString());
  }

  private async answerWith(visit: Visit, cursor: unknown, refused?: IntakeView['refused']): Promise<string> {
    const path = `/intake/manifests?limit=50${cursorOf(cursor)}`;
    const manifests = await this.services.get<ListPage<Manifest>>(visit, path);
    const page = intakePage(visit, { manifests, ...(refused && { refused }) });
    return visit.page(page, refused?.status);
  }
}

function cursorOf(cursor: unknown): string {
  return typeof cursor === 'string' && cursor !== '' ? `&cursor=${encodeURIComponent(cursor)}` : '';
}
