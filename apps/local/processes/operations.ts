/** What the services answer on /readyz, /metrics, /parked and /audit, put together from all processes. */
import { All, Controller, Get, Headers, Inject, Module, Query, Req, Res } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import {
  Allow,
  AuditQuery,
  newestFirst,
  page,
  problem,
  ProblemError,
  Public,
  type AuditView,
} from '@retorno/service';
import type { Request, Response as HttpResponse } from 'express';
import { mergedMetrics, type MetricsPage } from './metrics';
import type { Pool, Upstream } from './pool';

const POOLS = Symbol('the processes of each service');
/** How long a process may take to answer, ms. */
const PATIENCE_MS = 5_000;

interface Readiness {
  checks: { ok: boolean }[];
}

interface ListPage<T> {
  items: T[];
  next: string | null;
}

@ApiTags('operations')
@Controller()
class ProcessesController {
  constructor(@Inject(POOLS) private readonly pools: ReadonlyMap<string, Pool>) {}

  @Get('livez')
  @Public('says nothing but that the process runs')
  @ApiOperation({ summary: 'Whether the process that starts the others runs' })
  livez(): { status: 'ok' } {
    return { status: 'ok' };
  }

  @Get('readyz')
  @Public('names services and whether they can work')
  @ApiOperation({ summary: 'Whether every process can work' })
  async readyz(@Res({ passthrough: true }) response: HttpResponse): Promise<object> {
    const checks = await Promise.all(this.all().map((process) => readinessOf(process)));
    const ready = checks.flat().every((check) => check.ok);
    response.status(ready ? 200 : 503);
    return { status: ready ? 'ok' : 'not ready', checks: checks.flat() };
  }

  @Get('metrics')
  @Public('figures without persons')
  @ApiOperation({ summary: 'Prometheus metrics of all processes' })
  async metrics(@Res() response: HttpResponse): Promise<void> {
    const pages = await Promise.all(
      this.all().map(async ({ name, url }): Promise<MetricsPage[]> => {
        // What does not answer has no figures; /readyz names it.
        const answer = await ask(url, '/metrics').catch(() => undefined);
        return answer?.ok ? [{ process: name, text: await answer.text() }] : [];
      }),
    );
    response.type('text/plain; version=0.0.4; charset=utf-8').send(mergedMetrics(pages.flat()));
  }

  @Get('parked')
  @Allow('operations', 'auditor')
  @ApiOperation({ summary: 'Where streams stand still, and why' })
  async parked(
    @Headers('authorization') authorization: string,
    @Query('cursor') cursor?: string,
    @Query('limit') rawLimit?: string,
  ): Promise<object> {
    const limit = page.limit(rawLimit);
    page.decode(cursor);
    const query = `?limit=${limit}${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`;
    const { rows, isMore } = await this.fromAll<{ id: string }>(`/parked${query}`, authorization);
    rows.sort((a, b) => (a.id < b.id ? -1 : 1));
    return page.of(oneMore(rows, isMore, limit), limit, (last) => [last.id]);
  }

  @Get('audit')
  @Allow('operations-lead', 'auditor')
  @ApiOperation({ summary: 'Who saw and did what, and who was refused; newest first' })
  async audit(@Headers('authorization') authorization: string, @Query() query: AuditQuery): Promise<object> {
    const limit = page.limit(query.limit);
    page.decode(query.cursor);
    const given = Object.entries({ ...query, limit: String(limit) });
    const asked = new URLSearchParams(
      given.filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
    );
    const { rows, isMore } = await this.fromAll<AuditView>(`/audit?${asked.toString()}`, authorization);
    return page.of(oneMore(newestFirst(rows), isMore, limit), limit, (last) => [last.at, last.id]);
  }

  @Get('parked/redrives')
  @Allow('operations', 'auditor')
  @ApiOperation({ summary: 'Redrives of many streams and how far they are' })
  async redrives(@Headers('authorization') authorization: string): Promise<object> {
    const lists = await Promise.all(
      [...this.pools.values()].map(async (pool) => {
        const answer = await askOne(pool, '/parked/redrives', { headers: { authorization } });
        return (await answer.json()) as ListPage<object>;
      }),
    );
    return { items: lists.flatMap(({ items }) => items), next: null };
  }

  /**
   * All else about what is parked. Only the service that parked a message knows it: asked in turn until one does, which
   * decides by the login who may.
   */
  @All('parked/{*path}')
  @Allow('operations', 'auditor')
  @ApiOperation({ summary: 'What can be done about a parked message: see /docs of a service' })
  async handOver(@Req() request: Request, @Res() response: HttpResponse): Promise<void> {
    const { method, originalUrl, headers } = request;
    let answer: Response | undefined;
    for (const pool of this.pools.values()) {
      answer = await askOne(pool, originalUrl, {
        method,
        headers: { 'content-type': 'application/json', authorization: headers.authorization! },
        ...(method === 'GET' ? {} : { body: JSON.stringify(request.body ?? {}) }),
      });
      if (answer.status !== 404) break;
    }
    response
      .status(answer?.status ?? 404)
      .type(answer?.headers.get('content-type') ?? 'application/json')
      .send(await answer?.text());
  }

  /** One page of each service. Throws what the first of them refuses. */
  private async fromAll<T>(path: string, authorization: string): Promise<{ rows: T[]; isMore: boolean }> {
    const lists = await Promise.all(
      [...this.pools.values()].map(async (pool) => {
        const answer = await askOne(pool, path, { headers: { authorization } });
        const body: unknown = await answer.json();
        if (!answer.ok) throw new ProblemError(body as ProblemError['body']);
        return body as ListPage<T>;
      }),
    );
    return {
      rows: lists.flatMap(({ items }) => items),
      isMore: lists.some(({ next }) => next !== null),
    };
  }

  private all(): Upstream[] {
    return [...this.pools.values()].flatMap((pool) => pool.processes);
  }
}

/** The rows of a page; one row more than the limit is how a page is told that there are more. */
function oneMore<T>(rows: readonly T[], isMore: boolean, limit: number): T[] {
  const shown = rows.slice(0, limit);
  return isMore || rows.length > limit ? [...shown, ...shown.slice(-1)] : shown;
}

async function readinessOf(process: Upstream): Promise<{ ok: boolean }[]> {
  const { name, service, url } = process;
  try {
    const { checks } = (await (await ask(url, '/readyz')).json()) as Readiness;
    return checks.map((check) => ({ ...check, process: name }));
  } catch {
    return [
      { service, ok: false, process: name, detail: 'does not answer' } as {
        ok: boolean;
      },
    ];
  }
}

async function askOne(pool: Pool, path: string, init: RequestInit = {}): Promise<Response> {
  return ask(pool.next(), path, init).catch(() => {
    throw problem(503, 'starting', `${pool.service} does not run at the moment; try again in a moment.`);
  });
}

async function ask(url: string | undefined, path: string, init: RequestInit = {}): Promise<Response> {
  if (url === undefined) throw new Error('does not run');
  return fetch(`${url}${path}`, { ...init, signal: AbortSignal.timeout(PATIENCE_MS) });
}

/** The module over the processes of each service. */
@Module({})
export class ProcessesModule {
  static over(pools: ReadonlyMap<string, Pool>): DynamicModule {
    return {
      module: ProcessesModule,
      controllers: [ProcessesController],
      providers: [{ provide: POOLS, useValue: pools }],
    };
  }
}
