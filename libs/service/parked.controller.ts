/** Where streams stand still, and what people do about it: /parked of every process. */
import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Claimed, Edited, Messaging } from '@retorno/messaging';
import { Allow, Who } from './access/allow';
import type { Caller } from './access/caller';
import { page } from './page';
import {
  ClaimGroupBody,
  ClaimParkedBody,
  EditBody,
  GroupBody,
  RedrivesBody,
  SkipBody,
} from './parked-bodies';
import { invalidFields, problem, type ProblemError } from './problem';

export const SERVICES = Symbol('the messaging of the services in this process');

const NOT_EDITABLE: Record<Extract<Edited, { notEditable: unknown }>['notEditable'], string> = {
  outside:
    'It stands outside every stream, since its envelope or its source is false: it can only be skipped.',
  'unknown-type': 'This service knows no contract for its type, so nobody can say what in it is personal.',
  'not-an-object': 'What it says is not made of named fields.',
  erased: 'The person it is about was erased: redrive it, and it is passed over.',
  'too-many-behind': 'More than 1,000 messages wait behind it, too many for one transaction.',
};

@ApiTags('operations')
@Controller('parked')
export class ParkedController {
  constructor(@Inject(SERVICES) private readonly services: readonly Messaging[]) {}

  @Get()
  @Allow('operations', 'auditor')
  @ApiOperation({ summary: 'Where streams stand still, why, and who looks into it' })
  async list(@Query('cursor') cursor?: string, @Query('limit') rawLimit?: string): Promise<object> {
    const limit = page.limit(rawLimit);
    const after = String(page.decode(cursor)?.[0] ?? '');
    const lists = await Promise.all(this.services.map((messaging) => messaging.parked(after, limit + 1)));
    const rows = lists.flat().sort((a, b) => (a.id < b.id ? -1 : 1));
    return page.of(rows, limit, (last) => [last.id]);
  }

  @Get('redrives')
  @Allow('operations', 'auditor')
  @ApiOperation({
    summary: 'Redrives of many streams and how far they are: those under way, then the newest',
  })
  async redrives(): Promise<object> {
    const lists = await Promise.all(this.services.map(({ standing }) => standing.jobs.list()));
    return { items: lists.flat(), next: null };
  }

  @Post('redrives')
  @Allow('operations')
  @ApiOperation({
    summary: 'Begin to handle the parked streams of a service again, all or of one cause, at a pace',
  })
  async beginRedrive(@Body() body: RedrivesBody, @Who() { name: by }: Caller): Promise<object> {
    const job = await this.named(body.service).jobs.start(RedrivesBody.orderOf(body), by);
    if (job) return job;
    throw problem(
      409,
      'nothing-to-redrive',
      'Nothing of this is parked there, or all of it waits in another redrive already.',
    );
  }

  @Get('redrives/:id')
  @Allow('operations', 'auditor')
  @ApiOperation({ summary: 'One redrive of many streams, with what failed again' })
  redriveJob(@Param('id') id: string): Promise<object> {
    return this.first(({ standing }) => standing.jobs.get(id), 'No redrive has this id.');
  }

  @Post('redrives/:id/stop')
  @Allow('operations')
  @HttpCode(200)
  @ApiOperation({ summary: 'Stop a redrive of many streams after the one that it is at' })
  async stopRedrive(@Param('id') id: string, @Who() { name: by }: Caller): Promise<object> {
    return this.first(
      async ({ standing }) => ((await standing.jobs.end(id, by)) ? { stopped: id } : undefined),
      'No redrive with this id is under way; it may have ended meanwhile.',
    );
  }

  @Post('claims')
  @Allow('operations')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Look into all that stand still at a service for one cause, as far as they are free',
  })
  async claimGroup(@Body() body: ClaimGroupBody, @Who() { name: by }: Caller): Promise<Claimed> {
    const { service, cause, note } = body;
    return this.named(service).claim({ cause }, by, { note: note ?? null, takeOver: false });
  }

  @Post('releases')
  @Allow('operations')
  @HttpCode(200)
  @ApiOperation({ summary: 'Let go what you look into at a service for one cause' })
  async releaseGroup(@Body() { service, cause }: GroupBody, @Who() { name: by }: Caller): Promise<Claimed> {
    return this.named(service).release({ cause }, by);
  }

  @Get(':id')
  @Allow('operations', 'auditor')
  @ApiOperation({ summary: 'The events that stand still there, in their order, without what they say' })
  async sequence(
    @Param('id') id: string,
    @Query('cursor') cursor?: string,
    @Query('limit') rawLimit?: string,
  ): Promise<object> {
    const limit = page.limit(rawLimit);
    const after = Number(page.decode(cursor)?.[0] ?? -1);
    if (!Number.isSafeInteger(after)) throw badCursor();
    const { isMore, ...found } = await this.first(
      ({ standing }) => standing.events(id, limit, after),
      'Nothing stands still under this id; it may have been handled meanwhile.',
    );
    // One row more than the limit is how a page is told that there are more.
    const rows = isMore ? [...found.events, ...found.events.slice(-1)] : found.events;
    return { ...found, next: page.of(rows, limit, ({ keySeq }) => [keySeq]).next };
  }

  @Post(':id/redrive')
  @Allow('operations')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Handle a parked stream again, in order and with the same ids, or ask for what a gap misses',
  })
  redrive(@Param('id') id: string): Promise<object> {
    return this.first(
      (messaging) => messaging.redrive(id),
      'No parked message or gap has this id; it may have been handled meanwhile.',
    );
  }

  @Post(':id/skip')
  @Allow('operations-lead')
  @HttpCode(200)
  @ApiOperation({
    summary:
      'Give up the first parked message of a stream, or what a gap misses, for good; kept with the reason',
  })
  async skip(
    @Param('id') id: string,
    @Body() { reason }: SkipBody,
    @Who() { name: by }: Caller,
  ): Promise<object> {
    return this.first(
      async (messaging) => ((await messaging.skip(id, reason, by)) ? { skipped: id } : undefined),
      'No message that is first of a parked stream, and no gap, has this id.',
    );
  }

  @Post(':id/claim')
  @Allow('operations')
  @HttpCode(200)
  @ApiOperation({ summary: 'Look into a parked message, with a note that the list shows' })
  async claim(
    @Param('id') id: string,
    @Body() { note, takeOver = false }: ClaimParkedBody,
    @Who() { name: by }: Caller,
  ): Promise<object> {
    await this.ofOne(({ standing }) => standing.claim({ id }, by, { note: note ?? null, takeOver }));
    return { claimed: id };
  }

  @Post(':id/release')
  @Allow('operations')
  @HttpCode(200)
  @ApiOperation({ summary: 'Let a parked message go that you look into' })
  async release(@Param('id') id: string, @Who() { name: by }: Caller): Promise<object> {
    await this.ofOne(({ standing }) => standing.release({ id }, by));
    return { released: id };
  }

  @Get(':id/message')
  @Allow('operations-lead')
  @ApiOperation({ summary: 'What a parked message says, as far as nothing in it is personal' })
  message(@Param('id') id: string): Promise<object> {
    return this.first(({ standing }) => standing.message(id), NOT_FIRST);
  }

  @Post(':id/edit')
  @Allow('operations-lead')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Put other data into a parked message and handle it with all behind it, wholly or not at all',
  })
  async edit(@Param('id') id: string, @Body() body: EditBody, @Who() { name: by }: Caller): Promise<object> {
    const { data, reason } = body;
    const edited = await this.first(({ standing }) => standing.edit(id, data, { reason, by }), NOT_FIRST);
    if (edited.done) return { handled: edited.handled };
    if ('notEditable' in edited) {
      const { notEditable } = edited;
      throw problem(409, 'not-editable', NOT_EDITABLE[notEditable], { notEditable });
    }
    if ('errors' in edited) {
      throw invalidFields(
        edited.errors.map((e) => ({ ...e, pointer: `/data${e.pointer.replace(/^\/$/, '')}` })),
      );
    }
    const { keySeq, cause } = edited.failed;
    throw problem(
      409,
      'sequence-failed',
      `Nothing was changed: message ${keySeq} of the sequence could not be handled: ${cause}`,
      { keySeq, cause },
    );
  }

  /** What the first service that knows of it answers; a 404 with `missing` when none does. */
  private async first<T>(ask: (messaging: Messaging) => Promise<T | undefined>, missing: string): Promise<T> {
    for (const messaging of this.services) {
      const found = await ask(messaging);
      if (found !== undefined) return found;
    }
    throw problem(404, 'not-found', missing);
  }

  /** Of one message: somebody else's is refused. */
  private async ofOne(ask: (messaging: Messaging) => Promise<Claimed>): Promise<void> {
    const { claimed } = await this.first(async (messaging) => {
      const found = await ask(messaging);
      return found.claimed + found.others > 0 ? found : undefined;
    }, NOT_FIRST);
    if (claimed > 0) return;
    throw problem(
      409,
      'not-yours',
      'You do not look into it: somebody else does, or nobody. Take it over first.',
    );
  }

  private named(service: string): Messaging['standing'] {
    const found = this.services.find((messaging) => messaging.service === service);
    if (!found) throw problem(404, 'not-found', 'There is no such service here.');
    return found.standing;
  }
}

const NOT_FIRST =
  'No message that is first of a parked stream has this id; it may have been handled meanwhile.';

function badCursor(): ProblemError {
  return problem(400, 'bad-cursor', 'cursor must be the `next` of an earlier answer of the same list.');
}
