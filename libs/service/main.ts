/** One service in a process of its own: `nest start health`. */
import 'reflect-metadata';
import { createServer } from 'node:http';
import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { systemClock } from '@retorno/messaging';
import { IsIn, IsInt, IsIP, IsUrl, Max, Min } from 'class-validator';
import { transportFrom } from './kafka-settings';
import { isThisMachine, listen, misdirected, stopListening } from './listening';
import { createLogger } from './logger';
import { createNest, createService, routeOf, type ServiceDefinition } from './service';
import { OperationsModule } from './operations';
import { readSettings, SettingsError } from './settings';

/** Longest time from SIGTERM to the end, ms. */
const DRAIN_MS = 9_000;

class ProcessSettings {
  @IsUrl(
    { protocols: ['postgres', 'postgresql'], require_tld: false, require_protocol: true },
    { message: 'DATABASE_URL must be a PostgreSQL address: postgresql://user:password@host:5432/database' },
  )
  DATABASE_URL: string = '';

  @IsInt({ message: 'PORT must be a port number' })
  @Min(0, { message: 'PORT must be a port number' })
  @Max(65535, { message: 'PORT must be a port number' })
  PORT: number = 3000;

  /** The address to listen on. Any other than this machine's own must be said on purpose. */
  @IsIP(undefined, { message: 'HOST must be an IP address: 127.0.0.1, or 0.0.0.0 for every interface' })
  HOST: string = '127.0.0.1';

  @IsIn(['trace', 'debug', 'info', 'warn', 'error', 'silent'], {
    message: 'LOG_LEVEL must be trace, debug, info, warn, error or silent',
  })
  LOG_LEVEL: string = 'info';
}

/** Runs one service from the environment until SIGTERM or SIGINT. Wrong settings end the process with 78 (EX_CONFIG). */
export async function runService<S extends object>(definition: ServiceDefinition<S>): Promise<void> {
  const stops: (() => Promise<unknown>)[] = [];
  const ending = new AbortController();
  const running = run(definition, stops, ending.signal);
  // From the start: the first process of a container is deaf to a signal that it does not handle.
  onTermination(async () => {
    ending.abort();
    await running.catch(() => undefined);
    for (const stop of stops.toReversed()) await stop();
  });
  try {
    await running;
  } catch (error) {
    if (ending.signal.aborted) return;
    process.stderr.write(`${definition.name}: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(error instanceof SettingsError ? 78 : 1);
  }
}

/** What has to be stopped is added to `stops` as it comes up, to be stopped in the reverse order. */
async function run<S extends object>(
  definition: ServiceDefinition<S>,
  stops: (() => Promise<unknown>)[],
  ending: AbortSignal,
): Promise<void> {
  const settings = readSettings(ProcessSettings, process.env);
  const logger = createLogger(definition.name, settings.LOG_LEVEL);
  const transport = transportFrom(process.env, definition.name, logger);
  const service = await createService(definition, {
    databaseUrl: settings.DATABASE_URL,
    transport,
    clock: systemClock,
    logger,
    env: process.env,
  });
  const operations = await createNest(OperationsModule.forServices([service]), {
    logger,
    tokens: service.tokens,
    throttle: service.throttle,
    audit: { audit: service.audit, clock: systemClock, scope: 'all' },
  });
  SwaggerModule.setup('docs', operations, describe(`Retorno: ${service.name}`, [service.app, operations]));
  await operations.init();
  stops.push(
    () => operations.close(),
    // Together: a broker that hangs must not hold up the drain. What is committed waits in the outbox.
    () => Promise.all([service.stop(), transport.stop()]),
  );

  const own = operations.getHttpAdapter().getInstance();
  const routes = new Map(definition.routes.map((route) => [route, service.http]));
  const loopback = ['127.0.0.1', '::1'].includes(settings.HOST);
  const server = createServer((request, response) => {
    if (loopback && !isThisMachine(request.headers.host)) return misdirected(response);
    (routeOf(routes, request.url ?? '/') ?? own)(request, response);
  });
  await listen(server, settings.PORT, settings.HOST);
  stops.push(() => stopListening(server));
  // First: whoever reads our streams is asked over it how far it is. Nothing is taken in before it has answered.
  await transport.start();
  await service.start(ending);
  const { PORT: port, HOST: host } = settings;
  logger.info({ port, host, transport: service.messaging.transportHealth().detail }, 'started');
}

const LOGIN = 'A token of the issuer (docs/how-to/log-people-in.md); who may what: docs/reference/roles.md';

/** One OpenAPI description of several applications that answer on one port. */
export function describe(title: string, apps: readonly INestApplication[]): OpenAPIObject {
  const config = new DocumentBuilder()
    .setTitle(title)
    .setVersion('1')
    .addBearerAuth({ type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: LOGIN }, 'login')
    .addSecurityRequirements('login')
    .build();
  const [first, ...others] = apps.map((app) => SwaggerModule.createDocument(app, config));
  return others.reduce<OpenAPIObject>(
    (all, one) => ({
      ...all,
      paths: { ...all.paths, ...one.paths },
      components: {
        ...all.components,
        schemas: { ...all.components?.schemas, ...one.components?.schemas },
      },
    }),
    first ?? { ...config, paths: {} },
  );
}

/** Runs once on SIGTERM or SIGINT, then ends the process with 0; with 1 when draining takes longer than 9 s. */
export function onTermination(drain: () => Promise<void>): void {
  let draining = false;
  const end = (): void => {
    if (draining) return;
    draining = true;
    const late = (): never => {
      process.stderr.write(`did not drain within ${DRAIN_MS / 1_000} s\n`);
      process.exit(1);
    };
    setTimeout(late, DRAIN_MS).unref();
    void drain().then(
      () => process.exit(0),
      (error: unknown) => {
        process.stderr.write(`could not drain: ${error instanceof Error ? error.message : String(error)}\n`);
        process.exit(1);
      },
    );
  };
  process.once('SIGTERM', end);
  process.once('SIGINT', end);
}
