/** The whole system in this process on an embedded PostgreSQL of its own: fsync and synchronous_commit on. */
import 'reflect-metadata';
import type { AgencyDefinition } from '@retorno/agency';
import { createLogger } from '@retorno/service';
import { startTemporaryPostgres, type EmbeddedPostgres } from '../apps/local/postgres';
import { freshSecrets, type Secrets } from '../apps/local/secrets';
import { startTopology, type Topology } from '../apps/local/topology';
import { bearersOf, issuerWithin } from '../tests/support/bearers';
import type { Running } from './cases';
import { Meter } from './measure';

export interface System extends Running {
  topology: Topology;
  stop(): Promise<void>;
}

/** Starts everything, on a database that is stopped with it; the caller stops it. A database that was used before needs its `secrets` again. */
export async function startSystem(
  agencies: readonly AgencyDefinition[],
  database?: EmbeddedPostgres,
  secrets: Secrets = freshSecrets(),
): Promise<System> {
  const postgres = database ?? (await startTemporaryPostgres());
  try {
    const topology = await startTopology({
      adminUrl: postgres.adminUrl,
      secrets,
      agencies,
      port: 0,
      // One person opens page after page, faster than people do.
      env: { THROTTLE_READS: '0' },
      logger: createLogger('bench', 'error'),
    });
    const meter = await Meter.open(postgres.adminUrl);
    const { messaging: coordinator } = topology.services.find(({ name }) => name === 'coordinator')!;
    return {
      adminUrl: postgres.adminUrl,
      url: topology.url,
      bearers: bearersOf(issuerWithin(topology.url, secrets)),
      topology,
      meter,
      cost: () => meter.cost(),
      handled: () => coordinator.counts().handled,
      stop: async () => {
        await meter.close();
        await topology.stop();
        await postgres.stop();
      },
    };
  } catch (error) {
    await postgres.stop();
    throw error;
  }
}

/** Runs a benchmark to its end; what it returns is printed as one JSON line. */
export function bench(run: () => Promise<object>): void {
  run().then(
    (result) => {
      console.log(JSON.stringify(result));
      process.exit(0);
    },
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
}
