/** What is tormented: broker, database, the lines to both, and every service in a process of its own. */
import { randomBytes } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startProcesses, type Processes } from '../../apps/local/processes/processes';
import type { ServiceProcess } from '../../apps/local/processes/service-process';
import { startKafka, type OwnKafka } from '../support/kafka';
import { fewAgencies } from '../support/roundtable';
import { freePort } from '../../apps/local/processes/ports';
import { Database } from './database';
import { TcpProxy } from './proxy';
import { freshSecrets } from '../../apps/local/secrets';
import { bearersOf, issuerWithin, type Bearers } from '../support/bearers';

const CLOCK_STEP = join(__dirname, 'clock-step.js');

export interface WorldOptions {
  /** Processes of a service where it is not one. */
  instances: Readonly<Record<string, number>>;
  log: (line: string) => void;
}

/** Broker or database did not come back, so nothing can be proved any more. */
export class WorldEnded extends Error {
  constructor(cause: unknown) {
    super(`the run cannot go on: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

export class World {
  private readonly stops: (() => Promise<unknown>)[] = [];
  broker!: OwnKafka;
  brokerLine!: TcpProxy;
  database!: Database;
  databaseLine!: TcpProxy;
  services!: Processes;
  /** The logins of those who work with the services. */
  bearers!: Bearers;
  /** Schemas, in the order of their start. */
  names: readonly string[] = [];
  /** Poison that was sent: so much must come to be listed. */
  poisoned = 0;

  private constructor(readonly folder: string) {}

  /** Starts everything; what was begun is ended when it fails. `signal` aborted ends it in the middle. */
  static async start(options: WorldOptions, signal: AbortSignal): Promise<World> {
    const world = new World(join(tmpdir(), `retorno-faults-${randomBytes(6).toString('hex')}`));
    try {
      await world.begin(options, signal);
    } catch (error) {
      await world.stop().catch(() => undefined);
      throw error;
    }
    return world;
  }

  get logFile(): string {
    return join(this.folder, 'services.log');
  }

  /** Processes that answer, of one service or of all. */
  running(service?: string): ServiceProcess[] {
    return this.services.processes.filter(
      (one) => one.url !== undefined && (service === undefined || one.service === service),
    );
  }

  /** Moves the wall clock of one process; 0 sets it right again. */
  async stepClock(process: ServiceProcess, ms: number): Promise<void> {
    if (process.pid === undefined) return;
    await writeFile(join(this.folder, 'clocks', String(process.pid)), String(ms));
    process.kill('SIGUSR2');
  }

  async restartBroker(): Promise<void> {
    await this.broker.restart().catch((error: unknown) => {
      throw new WorldEnded(error);
    });
  }

  async restartDatabase(): Promise<void> {
    await this.database.restart().catch((error: unknown) => {
      throw new WorldEnded(error);
    });
    this.databaseLine.target = this.database.port;
  }

  /** Ends all of it. The folder stays for `keep`. */
  async stop(keep = false): Promise<void> {
    for (const stop of this.stops.splice(0).toReversed()) await stop().catch(() => undefined);
    if (!keep) await rm(this.folder, { recursive: true, force: true });
  }

  private async begin({ instances, log }: WorldOptions, signal: AbortSignal): Promise<void> {
    await mkdir(join(this.folder, 'clocks'), { recursive: true });
    this.database = await Database.start(join(this.folder, 'postgres'));
    this.stops.push(() => this.database.stop());
    this.databaseLine = await TcpProxy.open(this.database.port);
    this.stops.push(() => this.databaseLine.close());

    const port = await freePort();
    this.brokerLine = await TcpProxy.open(port);
    this.stops.push(() => this.brokerLine.close());
    // Clients connect where the broker says that it is: through the line.
    const advertised = `CLIENT://127.0.0.1:${this.brokerLine.port}`;
    this.broker = await startKafka({ port, properties: { 'advertised.listeners': advertised } });
    this.stops.push(() => this.broker.stop());
    signal.throwIfAborted();

    const secrets = freshSecrets();
    this.services = await startProcesses({
      adminUrl: this.database.urlThrough(this.databaseLine.port),
      brokers: [`127.0.0.1:${this.brokerLine.port}`],
      agencies: fewAgencies(),
      secrets,
      instances,
      env: {
        PATH: process.env['PATH'],
        HOME: process.env['HOME'],
        LOG_LEVEL: 'info',
        NODE_OPTIONS: `--require ${CLOCK_STEP}`,
        CLOCK_STEPS: join(this.folder, 'clocks'),
      },
      port: 0,
      log,
      logFile: this.logFile,
      signal,
    });
    this.bearers = bearersOf(issuerWithin(this.services.url, secrets));
    this.stops.push(() => this.services.stop());
    this.names = [...new Set(this.services.processes.map((one) => one.service))];
  }
}
