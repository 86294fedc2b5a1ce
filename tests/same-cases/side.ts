/** The two systems that are compared: all services in one process, and one process per service over Kafka. */
import { createLogger } from '@retorno/service';
import { startProcesses } from '../../apps/local/processes/processes';
import { freshSecrets } from '../../apps/local/secrets';
import { servicesWith } from '../../apps/local/services';
import { startTopology } from '../../apps/local/topology';
import { bearersOf, issuerWithin, type Bearers } from '../support/bearers';
import { startPostgres, type TestDatabase } from '../support/postgres';
import { fewAgencies } from '../support/roundtable';

/** One running system. */
export interface Side {
  name: string;
  /** Of the public interface. */
  url: string;
  bearers: Bearers;
  /** Of a role that may read every schema. */
  databaseUrl: string;
  stop(): Promise<void>;
}

export interface ProcessSettings {
  brokers: readonly string[];
  instances?: Readonly<Record<string, number>>;
  logFile?: string;
}

/** Names of the services, which are their schemas. */
export function serviceNames(): string[] {
  return servicesWith(fewAgencies()).map(({ name }) => name);
}

/** Both run on this machine's clock, so that deadlines lie equally far ahead. */
export function startEmbedded(): Promise<Side> {
  return onDatabase('embedded', async (database, secrets) =>
    startTopology({
      adminUrl: database.url,
      secrets,
      agencies: fewAgencies(),
      port: 0,
      logger: createLogger('same-cases', process.env['TEST_LOG'] ?? 'silent'),
    }),
  );
}

export function startOverKafka({ brokers, instances, logFile }: ProcessSettings): Promise<Side> {
  return onDatabase('processes', (database, secrets) =>
    startProcesses({
      adminUrl: database.url,
      brokers,
      agencies: fewAgencies(),
      secrets,
      ...(instances ? { instances } : {}),
      ...(logFile ? { logFile } : {}),
      env: { PATH: process.env['PATH'], HOME: process.env['HOME'], LOG_LEVEL: 'warn' },
      port: 0,
      log: () => undefined,
    }),
  );
}

async function onDatabase(
  name: string,
  start: (
    database: TestDatabase,
    secrets: ReturnType<typeof freshSecrets>,
  ) => Promise<{ url: string; stop(): Promise<void> }>,
): Promise<Side> {
  const database = await startPostgres({ ofItsOwn: true });
  try {
    const secrets = freshSecrets();
    const system = await start(database, secrets);
    const bearers = bearersOf(issuerWithin(system.url, secrets));
    const stop = (): Promise<void> => system.stop().finally(() => database.stop());
    return { name, url: system.url, bearers, databaseUrl: database.url, stop };
  } catch (error) {
    await database.stop();
    throw error;
  }
}
