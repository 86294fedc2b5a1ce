/** The whole system in one process: which services there are, and in which order they come up and go down. */
import { agencyService, type AgencyDefinition } from '@retorno/agency';
import { EmbeddedTransport, systemClock, type Clock, type RelayOptions } from '@retorno/messaging';
import { createService, provision, type RunningService, type ServiceDefinition } from '@retorno/service';
import type { Logger } from 'pino';
import { coordinatorService } from '../coordinator/service';
import { intakeService } from '../intake/service';
import { startGateway, type Gateway } from './gateway';

export interface TopologyOptions {
  /** Address of a role that may create roles and schemas. */
  adminUrl: string;
  /** Password of the services' own roles. */
  databasePassword: string;
  /** 32 bytes, hex. */
  pairwiseKey: string;
  agencies: readonly AgencyDefinition[];
  /** Port on 127.0.0.1; 0 takes a free one. */
  port: number;
  logger: Logger;
  clock?: Clock;
  relay?: RelayOptions;
  env?: NodeJS.ProcessEnv;
}

/** Everything running. */
export interface Topology {
  /** `http://127.0.0.1:3000` */
  url: string;
  services: readonly RunningService[];
  /** Adds an agency to the running system. */
  join(agency: AgencyDefinition): Promise<void>;
  stop(): Promise<void>;
}

/** Starts all services on one transport. Cases are planned once every agency has published its catalogue. */
export async function startTopology(options: TopologyOptions): Promise<Topology> {
  const transport = new EmbeddedTransport();
  const services: RunningService[] = [];
  const create = async <S extends object>(definition: ServiceDefinition<S>): Promise<RunningService> => {
    const service = await createService(definition, {
      databaseUrl: await provision(options.adminUrl, definition.name, options.databasePassword),
      transport,
      clock: options.clock ?? systemClock,
      logger: options.logger.child({ service: definition.name }),
      env: { ...options.env, PAIRWISE_KEY: options.pairwiseKey },
      ...(options.relay ? { relay: options.relay } : {}),
    });
    services.push(service);
    return service;
  };

  const coordinator = await create(coordinatorService);
  const agencies: RunningService[] = [];
  for (const agency of options.agencies) agencies.push(await create(agencyService(agency)));
  const intake = await create(intakeService);

  await transport.start();
  await coordinator.start();
  for (const agency of agencies) await agency.start();
  await published(coordinator, options.agencies);
  await intake.start();
  const gateway: Gateway = await startGateway(services, options.port, options.logger);

  return {
    url: gateway.url,
    services,
    async join(agency) {
      const service = await create(agencyService(agency));
      gateway.add(service);
      await service.start();
    },
    async stop() {
      await gateway.stop();
      // Writers first, so that what they committed can still be handed on; the rest waits in their outboxes.
      for (const service of [intake, ...services.filter((s) => s !== intake)]) await service.stop();
      await transport.stop();
    },
  };
}

/** Waits until the coordinator has handled every agency's catalogue of this start. */
async function published(coordinator: RunningService, agencies: readonly AgencyDefinition[]): Promise<void> {
  const deadline = Date.now() + 60_000;
  for (;;) {
    const rows: { slug: string }[] = await coordinator.messaging.dataSource.query(
      'select key as slug from catalogue',
    );
    const known = new Set(rows.map((row) => row.slug));
    const missing = agencies.filter((agency) => !known.has(agency.slug));
    if (missing.length === 0) return;
    if (Date.now() > deadline) {
      throw new Error(`no catalogue after 60 s from: ${missing.map((agency) => agency.slug).join(', ')}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
