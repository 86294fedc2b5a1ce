/** How a service starts: settings, database, messaging, Nest. The same for one that runs alone and one inside `local`. */
import { Module, ValidationPipe, type DynamicModule, type INestApplication, type Type } from '@nestjs/common';
import helmet from 'helmet';
import { NestFactory } from '@nestjs/core';
import type { MicroserviceOptions } from '@nestjs/microservices';
import type { NestExpressApplication } from '@nestjs/platform-express';
import {
  configuredWrapper,
  Messaging,
  MessagingStrategy,
  PostgresVault,
  type Clock,
  type MessagingOptions,
  type RelayOptions,
  type RollCallOptions,
  type Transport,
} from '@retorno/messaging';
import type { RequestListener } from 'node:http';
import type { Logger } from 'pino';
import { DataSource } from 'typeorm';
import { AccessGuard } from './access/guard';
import { AccessSettings } from './access/settings';
import { Throttle, ThrottleSettings } from './access/throttle';
import { Audit } from './audit/audit';
import { assertAudit } from './audit/audit-schema';
import type { Scope } from './audit/entry';
import { auditRequests } from './audit/observe';
import { AuditSettings } from './audit/settings';
import { tokensOf, type Tokens } from './access/tokens';
import { jsonBody, knownBody } from './body';
import { assertVault, openDatabase, type MigrationClass } from './database';
import { NestLogger } from './logger';
import { OwnRows } from './own-rows';
import { fromValidation, ProblemFilter } from './problem';
import { observeRequests } from './requests';
import { readSettings } from './settings';
import { ServiceTelemetry } from './telemetry';
import { VaultSettings } from './vault-settings';

/** Injection token of the Clock. */
export const CLOCK = Symbol('clock');
/** Injection token of the service's own settings. */
export const SETTINGS = Symbol('settings');
/** Injection token of the vault of personal data's keys. */
export const VAULT = Symbol('vault');
/** Injection token of the service's logger: ids and codes only. */
export const LOGGER = Symbol('logger');

/** A service as `main.ts` runs it alone and `local` runs it beside the others. */
export interface ServiceDefinition<S extends object = object> {
  /** Schema, event source and consumer name. Permanent. */
  name: string;
  /** Address prefixes that it answers: `/intake`. */
  routes: readonly string[];
  /** May inject Messaging, DataSource, OwnRows, Audit, CLOCK, SETTINGS, VAULT, LOGGER and Throttle. */
  module: Type | DynamicModule;
  messaging(settings: S): Omit<MessagingOptions, 'service' | 'vault'>;
  /** Run in the service's own schema, after messaging's. */
  migrations: readonly MigrationClass[];
  /** The service's own environment settings (class-validator). */
  settings?: new () => S;
  /** Runs at each start, before its relay: for example to publish the catalogue. */
  onStart?(messaging: Messaging): Promise<void>;
  /** Takes pages' forms as well, which its own handlers read. */
  forms?: boolean;
  /** Connections to the database; default 4. */
  poolSize?: number;
  /** What of its requests the audit is told; default all. */
  audits?: Scope;
}

/** What a service is given to run with. */
export interface ServiceEnvironment {
  databaseUrl: string;
  transport: Transport;
  clock: Clock;
  logger: Logger;
  /** Environment variables of the service's own settings. */
  env?: NodeJS.ProcessEnv;
  relay?: RelayOptions;
  rollCall?: RollCallOptions;
}

export interface RunningService {
  readonly name: string;
  readonly routes: readonly string[];
  readonly app: INestApplication;
  readonly messaging: Messaging;
  /** Who saw and did what here. */
  readonly audit: Audit;
  /** Says who its callers are; the process's own addresses ask it, too. */
  readonly tokens: Tokens;
  /** Counts what they ask for. */
  readonly throttle: Throttle;
  /** Answers HTTP requests, whoever listens. */
  readonly http: RequestListener;
  /** Events flow from here on. Throws the signal's reason when it is given up meanwhile; then it is to be stopped. */
  start(signal?: AbortSignal): Promise<void>;
  /** Drains, then closes. */
  stop(): Promise<void>;
}

@Module({})
class FoundationModule {}

/** Brings a service up to the point where events could flow: tables, handlers, subscriptions, HTTP. */
export async function createService<S extends object>(
  definition: ServiceDefinition<S>,
  environment: ServiceEnvironment,
): Promise<RunningService> {
  const settings = definition.settings ? readSettings(definition.settings, environment.env ?? {}) : ({} as S);
  const { VAULT_KEY, VAULT_CACHE_SECONDS } = readSettings(VaultSettings, environment.env ?? {});
  const tokens = tokensOf(readSettings(AccessSettings, environment.env ?? {}));
  const throttle = new Throttle(readSettings(ThrottleSettings, environment.env ?? {}));
  const vault = new PostgresVault(configuredWrapper(VAULT_KEY), VAULT_CACHE_SECONDS * 1_000);
  const dataSource = await openDatabase({
    url: environment.databaseUrl,
    schema: definition.name,
    migrations: definition.migrations,
    ...(definition.poolSize ? { poolSize: definition.poolSize } : {}),
  });
  await assertVault(environment.databaseUrl);
  await assertAudit(dataSource, definition.name);
  const { AUDIT_RETENTION_DAYS } = readSettings(AuditSettings, environment.env ?? {});
  const audit = new Audit({
    dataSource,
    service: definition.name,
    logger: environment.logger,
    retention: AUDIT_RETENTION_DAYS,
  });
  const telemetry = new ServiceTelemetry(definition.name, environment.logger);
  const messaging = new Messaging({
    dataSource,
    transport: environment.transport,
    clock: environment.clock,
    options: { service: definition.name, vault, ...definition.messaging(settings) },
    ...(environment.relay ? { relay: environment.relay } : {}),
    ...(environment.rollCall ? { rollCall: environment.rollCall } : {}),
    onParked: (topic, cause, event) => telemetry.parked(topic, cause, event),
    telemetry,
    meetsFirst: true,
  });
  const foundation: DynamicModule = {
    module: FoundationModule,
    global: true,
    providers: [
      { provide: Messaging, useValue: messaging },
      { provide: VAULT, useValue: vault },
      { provide: DataSource, useValue: dataSource },
      { provide: OwnRows, useValue: new OwnRows(dataSource, definition.name) },
      { provide: Audit, useValue: audit },
      { provide: CLOCK, useValue: environment.clock },
      { provide: SETTINGS, useValue: settings },
      { provide: LOGGER, useValue: environment.logger },
      { provide: Throttle, useValue: throttle },
    ],
    exports: [Messaging, VAULT, DataSource, OwnRows, Audit, CLOCK, SETTINGS, LOGGER, Throttle],
  };
  const root = { module: class RootModule {}, imports: [foundation, definition.module] };
  const app = await createNest(root, {
    logger: environment.logger,
    tokens,
    throttle,
    service: definition.name,
    forms: definition.forms ?? false,
    audit: { audit, clock: environment.clock, scope: definition.audits ?? 'all' },
    events: new MessagingStrategy(messaging),
  });
  await app.startAllMicroservices();
  await app.init();
  return {
    name: definition.name,
    routes: definition.routes,
    app,
    messaging,
    audit,
    tokens,
    throttle,
    http: app.getHttpAdapter().getInstance() as RequestListener,
    async start(signal) {
      await messaging.meetNeighbours(signal);
      await definition.onStart?.(messaging);
      messaging.start();
      audit.start();
    },
    async stop() {
      await messaging.stop();
      await app.close();
      await audit.stop();
      await dataSource.destroy();
    },
  };
}

/** The service whose route an address is: the longest route that is the path or a parent of it. */
export function routeOf<T>(routes: ReadonlyMap<string, T>, url: string): T | undefined {
  const path = url.split('?')[0]!;
  for (let end = path.length; end > 0; end = path.lastIndexOf('/', end - 1)) {
    const found = routes.get(path.slice(0, end));
    if (found) return found;
  }
  return undefined;
}

/** Whether an address is the route or below it. */
export function isBelow(route: string, url = '/'): boolean {
  return url.startsWith(route) && /^($|[/?])/.test(url.slice(route.length));
}

/** What an application has beside its modules. */
interface NestOptions {
  logger: Logger;
  /** Who its callers are. */
  tokens: Tokens;
  /** How much they may ask. */
  throttle: Throttle;
  /** Requests are observed as those of this service. */
  service?: string;
  /** It takes HTML forms, too. */
  forms?: boolean;
  /** Who is told of what people do and are refused. */
  audit?: { audit: Audit; clock: Clock; scope: Scope };
  /** Where its event handlers are called from. */
  events?: MessagingStrategy;
}

/** A Nest application with our door, limits, checks and errors. */
export async function createNest(
  root: DynamicModule,
  { logger, tokens, throttle, service, forms = false, audit, events }: NestOptions,
): Promise<NestExpressApplication> {
  const app = await NestFactory.create<NestExpressApplication>(root, {
    logger: new NestLogger(logger),
    bodyParser: false,
    abortOnError: false,
  });
  app.disable('x-powered-by');
  app.set('trust proxy', throttle.trustedProxies);
  // Pages have a policy of their own for what they load; the description of the interface loads scripts.
  app.use(helmet({ contentSecurityPolicy: false }));
  if (service !== undefined) app.use(observeRequests(service));
  if (audit) app.use(auditRequests(audit.audit, audit.clock, audit.scope));
  app.use(knownBody({ forms }));
  app.use(jsonBody());
  app.useGlobalFilters(new ProblemFilter(logger));
  // Guards, pipes and filters are for requests: the transport has logins of its own, the data of events has a contract instead
  // of a class and was checked on arrival, and parking needs the error itself.
  if (events) {
    app.connectMicroservice<MicroserviceOptions>({ strategy: events });
    events.within(app);
  }
  app.useGlobalGuards(new AccessGuard(tokens, logger, throttle));
  app.useGlobalPipes(
    new ValidationPipe({
      whitelist: true,
      forbidNonWhitelisted: true,
      transform: true,
      exceptionFactory: fromValidation,
    }),
  );
  return app;
}
