/** The whole system in this process on an embedded PostgreSQL of its own: fsync and synchronous_commit on. */
import 'reflect-metadata';
import type { AgencyDefinition } from '@retorno/agency';
import { createLogger } from '@retorno/service';
import { startTemporaryPostgres } from '../apps/local/postgres';
import { startTopology, type Topology } from '../apps/local/topology';
import { Meter } from './measure';

export interface System {
  adminUrl: string;
  topology: Topology;
  meter: Meter;
  stop(): Promise<void>;
}

/** Starts everything; the caller stops it. */
export async function startSystem(agencies: readonly AgencyDefinition[]): Promise<System> {
  const postgres = await startTemporaryPostgres();
  try {
    const topology = await startTopology({
      adminUrl: postgres.adminUrl,
      databasePassword: 'bench',
      pairwiseKey: 'b7'.repeat(32),
      agencies,
      port: 0,
      logger: createLogger('bench', 'error'),
    });
    const meter = await Meter.open(postgres.adminUrl);
    return {
      adminUrl: postgres.adminUrl,
      topology,
      meter,
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
