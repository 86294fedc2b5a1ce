/** The whole system in one process: which services there are, and in which order they come up and go down. */
import { agencyService, type AgencyDefinition } from '@retorno/agency';
import {
  EmbeddedTransport,
  systemClock,
  type Clock,
  type RelayOptions,
  type RollCallOptions,
  type Transport,
} from '@retorno/messaging';
import { createService, provision, type RunningService, type ServiceDefinition } from '@retorno/service';
import type { Logger } from 'pino';
import { coordinatorService } from '../coordinator/service';
import { consoleService } from '../console/service';
import { intakeService } from '../intake/service';
import { portalService } from '../portal/service';
import { statisticsService } from '../statistics/service';
import { openGateway } from './gateway';
import { clientOf, loginsOf, type Logins } from './logins';
import { matchingKey, type Secrets } from './secrets';

export interface TopologyOptions {
  /** Address of a role that may create roles and schemas. */
  adminUrl: string;
  secrets: Secrets;
  agencies: readonly AgencyDefinition[];
  /** Port on 127.0.0.1; 0 takes a free one. */
  port: number;
  logger: Logger;
  /** Between the services; default: within this process. It is stopped with them. */
  transport?: Transport;
  clock?: Clock;
  relay?: RelayOptions;
  rollCall?: RollCallOptions;
  env?: NodeJS.ProcessEnv;
}

/** Everything running. */
export interface Topology {
  /** `http://127.0.0.1:3000` */
  url: string;
  logins: Logins;
  services: readonly RunningService[];
  /** The application that answers where no service does. */
  operations(): unknown;
  /** Adds an agency to the running system. */
  join(agency: AgencyDefinition): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Between two looks of an idle service at its outbox, ms. Within one process what is committed is handed over at once;
 * there is no other instance whose commits had to be looked for.
 */
const LOOK_AT_OUTBOX_MS = 10_000;

/** Starts all services on one transport. Cases are planned once every agency has published its catalogue. */
export async function startTopology(options: TopologyOptions): Promise<Topology> {
  const transport = options.transport ?? new EmbeddedTransport();
  const services: RunningService[] = [];
  const relay = { ...(options.transport ? {} : { idleMs: LOOK_AT_OUTBOX_MS }), ...options.relay };
  const { secrets } = options;
  const clock = options.clock ?? systemClock;
  const gateway = await openGateway(options.port, options.logger, clock);
  const logins = loginsOf({
    env: options.env ?? {},
    origin: gateway.url,
    secrets,
    agencies: options.agencies.map((agency) => agency.slug),
  });
  gateway.mount(logins);
  const stop = async (): Promise<void> => {
    await gateway.stop();
    // Intake, the last to come up, first: what it committed can still be handed on; the rest waits in the outboxes.
    for (const service of services.toReversed()) await service.stop();
    await transport.stop();
  };
  const create = async <S extends object>(definition: ServiceDefinition<S>): Promise<RunningService> => {
    const service = await createService(definition, {
      databaseUrl: await provision(options.adminUrl, definition.name, secrets.databasePassword),
      transport,
      clock,
      logger: options.logger.child({ service: definition.name }),
      env: {
        COORDINATOR_URL: gateway.url,
        INTAKE_URL: gateway.url,
        STATISTICS_URL: gateway.url,
        PORTAL_URL: gateway.url,
        AGENCY_URL: gateway.url,
        PUBLIC_URL: gateway.url,
        HELP_PHONE: 'none',
        WEBHOOK_PRIVATE: 'on',
        ...options.env,
        ...logins.env,
        ...clientOf(definition.name, logins),
        PAIRWISE_KEY: secrets.pairwiseKey,
        VAULT_KEY: secrets.vaultKey,
        MATCHING_KEY: matchingKey(secrets.pairwiseKey),
      },
      relay,
      ...(options.rollCall ? { rollCall: options.rollCall } : {}),
    });
    services.push(service);
    return service;
  };

  try {
    const coordinator = await create(coordinatorService);
    const agencies: RunningService[] = [];
    for (const agency of options.agencies) agencies.push(await create(agencyService(agency)));
    const statistics = await create(statisticsService);
    const portal = await create(portalService);
    const consoles = await create(consoleService);
    const intake = await create(intakeService);
    await transport.start();
    await coordinator.start();
    // At once: cases are then planned with all of them, and not first with those that were there sooner.
    const starts = await Promise.allSettled(agencies.map((agency) => agency.start()));
    for (const start of starts) if (start.status === 'rejected') throw start.reason;
    await catalogued(coordinator, agencies);
    await statistics.start();
    await portal.start();
    await consoles.start();
    await intake.start();
    await gateway.serve(services);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    url: gateway.url,
    logins,
    services,
    operations: () => gateway.operations(),
    stop,
    async join(agency) {
      const service = await create(agencyService(agency));
      gateway.add(service);
      await service.start();
    },
  };
}

/** Waits until the coordinator knows what each agency has published at this start. */
async function catalogued(coordinator: RunningService, agencies: readonly RunningService[]): Promise<void> {
  const deadline = Date.now() + 60_000;
  const published = await Promise.all(agencies.map(versionsAt));
  for (;;) {
    const known = await versionsAt(coordinator);
    const missing = agencies.filter(({ name }, i) => (known.get(name) ?? 0) < published[i]!.get(name)!);
    if (missing.length === 0) return;
    if (Date.now() > deadline) {
      throw new Error(`no catalogue after 60 s from: ${missing.map(({ name }) => name).join(', ')}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

/** The catalogues that a service keeps: an agency its own, the coordinator everybody's. */
async function versionsAt({ messaging }: RunningService): Promise<Map<string, number>> {
  const rows: { slug: string; version: number }[] = await messaging.dataSource.query(
    `select key as slug, (body::json ->> 'version')::int as version from catalogue`,
  );
  return new Map(rows.map(({ slug, version }) => [slug, version]));
}
