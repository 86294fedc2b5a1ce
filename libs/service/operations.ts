/** What every process answers besides its own interface: /livez, /readyz, /metrics, /parked and /audit. */
import { Controller, Get, Inject, Module, Res } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Messaging } from '@retorno/messaging';
import type { Response } from 'express';
import type { DataSource } from 'typeorm';
import { Public } from './access/allow';
import type { Audit } from './audit/audit';
import { AuditController, AUDITS } from './audit/audit.controller';
import { scrape, watchProcess } from './metrics';
import { ParkedController, SERVICES } from './parked.controller';

const OPERATED = Symbol('the services in this process');

/** What of a service is answered for here. */
export interface Operated {
  readonly messaging: Messaging;
  readonly audit: Audit;
}

/** What a service says of itself beside its database and transport; by its database, for a process may run several of one name. */
const notes = new WeakMap<DataSource, Readonly<Record<string, () => string>>>();

/** Adds a line of words to what /readyz says of a service; whether it is ready stays as it is. */
export function noteReadiness(dataSource: DataSource, name: string, words: () => string): void {
  notes.set(dataSource, { ...notes.get(dataSource), [name]: words });
}

@ApiTags('operations')
@Controller()
class OperationsController {
  constructor(@Inject(OPERATED) private readonly operated: readonly Operated[]) {}

  private get services(): Messaging[] {
    return this.operated.map(({ messaging }) => messaging);
  }

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
      this.operated.map(async ({ messaging, audit }) => {
        const database = await messaging.dataSource.query('select 1').then(
          () => 'ok',
          () => 'cannot be reached',
        );
        const transport = messaging.transportHealth();
        const ok = database === 'ok' && transport.ok;
        const { service } = messaging;
        const said = Object.entries(notes.get(messaging.dataSource) ?? {}).map(([name, words]) => [
          name,
          words(),
        ]);
        return {
          service,
          ok,
          database,
          transport: transport.detail,
          // Whoever is not heard must not stop the work: it is told, and does not count.
          audit: audit.trouble ?? 'ok',
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
}

/** The module for the services that run in this process. */
@Module({})
export class OperationsModule {
  static forServices(services: readonly Operated[]): DynamicModule {
    watchProcess();
    return {
      module: OperationsModule,
      controllers: [OperationsController, ParkedController, AuditController],
      providers: [
        { provide: OPERATED, useValue: services },
        { provide: SERVICES, useFactory: () => services.map(({ messaging }) => messaging) },
        { provide: AUDITS, useValue: () => services.map(({ audit }) => audit) },
      ],
    };
  }
}
