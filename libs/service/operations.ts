/** What every process answers besides its own interface: /livez, /readyz, /metrics and /parked. */
import { Body, Controller, Get, HttpCode, Inject, Module, Param, Post, Query, Res } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Messaging } from '@retorno/messaging';
import type { Response } from 'express';
import type { DataSource } from 'typeorm';
import { Allow, Public, Who } from './access/allow';
import type { Caller } from './access/caller';
import { scrape, watchProcess } from './metrics';
import { page } from './page';
import { problem } from './problem';
import { Text } from './text';

const SERVICES = Symbol('the messaging of the services in this process');

/** What a service says of itself beside its database and transport; by its database, for a process may run several of one name. */
const notes = new WeakMap<DataSource, Readonly<Record<string, () => string>>>();

/** Adds a line of words to what /readyz says of a service; whether it is ready stays as it is. */
export function noteReadiness(dataSource: DataSource, name: string, words: () => string): void {
  notes.set(dataSource, { ...notes.get(dataSource), [name]: words });
}

class SkipBody {
  @Text(500)
  reason!: string;
}

@ApiTags('operations')
@Controller()
class OperationsController {
  constructor(@Inject(SERVICES) private readonly services: readonly Messaging[]) {}

  @Get('livez')
  @Public('says nothing but that the process runs')
  @ApiOperation({ summary: 'Whether the process runs' })
  livez(): { status: 'ok' } {
    return { status: 'ok' };
  }

  @Get('readyz')
  @Public('names services and whether they can work; orchestrators have no login')
  @ApiOperation({ summary: 'Whether it can work: its database, and its transport' })
  async readyz(@Res({ passthrough: true }) response: Response): Promise<object> {
    const checks = await Promise.all(
      this.services.map(async (messaging) => {
        const database = await messaging.dataSource.query('select 1').then(
          () => 'ok',
          () => 'cannot be reached',
        );
        const transport = messaging.transportHealth();
        const ok = database === 'ok' && transport.ok;
        const said = Object.entries(notes.get(messaging.dataSource) ?? {}).map(([name, words]) => [
          name,
          words(),
        ]);
        return {
          service: messaging.service,
          ok,
          database,
          transport: transport.detail,
          ...Object.fromEntries(said),
        };
      }),
    );
    const ready = checks.every((check) => check.ok);
    response.status(ready ? 200 : 503);
    return { status: ready ? 'ok' : 'not ready', checks };
  }

  @Get('metrics')
  @Public('figures without persons; what scrapes them is let in by the network')
  @ApiOperation({ summary: 'Prometheus metrics' })
  async metrics(@Res() response: Response): Promise<void> {
    const { type, text } = await scrape(this.services);
    response.type(type).send(text);
  }

  @Get('parked')
  @Allow('operations', 'auditor')
  @ApiOperation({ summary: 'Where streams stand still, and why' })
  async parked(@Query('cursor') cursor?: string, @Query('limit') rawLimit?: string): Promise<object> {
    const limit = page.limit(rawLimit);
    const after = String(page.decode(cursor)?.[0] ?? '');
    const lists = await Promise.all(this.services.map((messaging) => messaging.parked(after, limit + 1)));
    const rows = lists.flat().sort((a, b) => (a.id < b.id ? -1 : 1));
    return page.of(rows, limit, (last) => [last.id]);
  }

  @Get('parked/:id')
  @Allow('operations', 'auditor')
  @ApiOperation({ summary: 'The events that stand still there, in their order, without what they say' })
  async standing(@Param('id') id: string, @Query('limit') rawLimit?: string): Promise<object> {
    const limit = page.limit(rawLimit);
    for (const messaging of this.services) {
      const found = await messaging.standingEvents(id, limit);
      if (found) return found;
    }
    throw problem(
      404,
      'not-found',
      'Nothing stands still under this id; it may have been handled meanwhile.',
    );
  }

  @Post('parked/:id/redrive')
  @Allow('operations')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Handle a parked stream again, in order and with the same ids, or ask for what a gap misses',
  })
  async redrive(@Param('id') id: string): Promise<object> {
    for (const messaging of this.services) {
      const result = await messaging.redrive(id);
      if (result) return result;
    }
    throw problem(
      404,
      'not-found',
      'No parked message or gap has this id; it may have been handled meanwhile.',
    );
  }

  @Post('parked/:id/skip')
  @Allow('operations-lead')
  @HttpCode(200)
  @ApiOperation({
    summary:
      'Give up the first parked message of a stream, or what a gap misses, for good; kept with the reason',
  })
  async skip(@Param('id') id: string, @Body() body: SkipBody, @Who() caller: Caller): Promise<object> {
    for (const messaging of this.services) {
      if (await messaging.skip(id, body.reason, caller.name)) return { skipped: id };
    }
    throw problem(404, 'not-found', 'No message that is first of a parked stream, and no gap, has this id.');
  }
}

/** The module for the services that run in this process. */
@Module({})
export class OperationsModule {
  static forServices(services: readonly Messaging[]): DynamicModule {
    watchProcess();
    return {
      module: OperationsModule,
      controllers: [OperationsController],
      providers: [{ provide: SERVICES, useValue: services }],
    };
  }
}
