/** The main job's services, each in one process or several, over a Kafka broker, on an embedded PostgreSQL. */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { provision } from '@retorno/service';
import { startTemporaryPostgres, type EmbeddedPostgres } from '../apps/local/postgres';
import { BUILT, ServiceProcess } from '../apps/local/processes/service-process';
import { startKafka, type OwnKafka } from '../tests/support/kafka';
import type { Running } from './cases';
import { benchAgencies } from './fixtures';
import { Meter, processCpuMs, type Cost } from './measure';
import { freshSecrets } from '../apps/local/secrets';
import { bearersOf, issuerEnv, type TestIssuer } from '../tests/support/bearers';

const run = promisify(execFile);
const SLUGS = benchAgencies().map((agency) => agency.slug);

/** Counters at one moment, with those of the processes: Node includes this one, which drives the others. */
export interface KafkaCost extends Cost {
  /** CPU of each service's processes, ms. */
  services: ReadonlyMap<string, number>;
}

/** Everything running. */
export class KafkaSystem implements Running<KafkaCost> {
  readonly processes: ServiceProcess[] = [];
  readonly adminUrl: string;
  private readonly issuer: TestIssuer = { url: 'https://issuer.invalid', secrets: freshSecrets() };
  readonly bearers = bearersOf(this.issuer);
  private readonly environments = new Map<string, NodeJS.ProcessEnv>();

  private constructor(
    private readonly postgres: EmbeddedPostgres,
    private readonly kafka: OwnKafka,
    readonly meter: Meter,
  ) {
    this.adminUrl = postgres.adminUrl;
  }

  /** Starts everything, on a database that is stopped with it. `env` is added to every service's environment. */
  static async start(database?: EmbeddedPostgres, env: NodeJS.ProcessEnv = {}): Promise<KafkaSystem> {
    const postgres = database ?? (await startTemporaryPostgres());
    const kafka = await startKafka({});
    const system = new KafkaSystem(postgres, kafka, await Meter.open(postgres.adminUrl));
    try {
      await system.makeTopics();
      for (const service of ['coordinator', ...SLUGS, 'intake']) await system.prepare(service, env);
      await Promise.all(['coordinator', ...SLUGS].map((service) => system.add(service)));
      await system.cataloguesKnown();
      await system.add('intake');
    } catch (error) {
      await system.stop();
      throw error;
    }
    return system;
  }

  get url(): string {
    return this.of('intake')[0]!.url!;
  }

  of(service: string): ServiceProcess[] {
    return this.processes.filter((process) => process.service === service);
  }

  /** One more process of a service. */
  async add(service: string): Promise<void> {
    const added = new ServiceProcess({
      service,
      name: service,
      main: SLUGS.includes(service) ? join('bench', 'agency-process.js') : join('apps', service, 'main.js'),
      env: this.environments.get(service)!,
      say: (line) => process.stderr.write(`${line}\n`),
    });
    this.processes.push(added);
    await added.up();
  }

  /** Starts or ends processes until a service has so many, and waits until its group has settled. */
  async scale(service: string, count: number): Promise<void> {
    while (this.of(service).length < count) await this.add(service);
    while (this.of(service).length > count) {
      const [process] = this.processes.splice(this.processes.lastIndexOf(this.of(service).at(-1)!), 1);
      await process!.end();
    }
    await Promise.all(this.of(service).map((process) => ready(process)));
  }

  async cost(): Promise<KafkaCost> {
    const services = new Map<string, number>();
    for (const { service, name, pid } of this.processes) {
      if (pid === undefined) throw new Error(`${name} ended during the measurement`);
      services.set(service, (services.get(service) ?? 0) + processCpuMs(pid));
    }
    const cost = await this.meter.cost();
    const nodeCpuMs = [...services.values()].reduce((sum, ms) => sum + ms, cost.nodeCpuMs);
    return { ...cost, nodeCpuMs, brokerCpuMs: processCpuMs(this.kafka.pid!), services };
  }

  async stop(): Promise<void> {
    await Promise.all(this.processes.map((process) => process.end()));
    await this.meter.close();
    await this.kafka.stop();
    await this.postgres.stop();
  }

  private async makeTopics(): Promise<void> {
    const args = ['--apply', '--replication', '1', '--agencies', SLUGS.join(',')];
    await run(process.execPath, [join(BUILT, 'deploy', 'topics.js'), ...args], { env: this.brokers() });
  }

  private async prepare(service: string, env: NodeJS.ProcessEnv): Promise<void> {
    this.environments.set(service, {
      ...env,
      ...this.brokers(),
      ...issuerEnv(this.issuer),
      LOG_LEVEL: 'error',
      DATABASE_URL: await provision(this.adminUrl, service, 'bench'),
      VAULT_KEY: 'c8'.repeat(32),
      ...(service === 'coordinator' ? { PAIRWISE_KEY: randomBytes(32).toString('hex') } : {}),
      ...(service === 'intake' ? { MATCHING_KEY: randomBytes(32).toString('hex') } : {}),
      ...(SLUGS.includes(service) ? { BENCH_AGENCY: service } : {}),
    });
  }

  private brokers(): NodeJS.ProcessEnv {
    return { PATH: process.env['PATH'], KAFKA_BROKERS: this.kafka.brokers.join(',') };
  }

  /** Nobody may be planned for before it is known who offers what. */
  private async cataloguesKnown(): Promise<void> {
    const [coordinator] = this.of('coordinator');
    for (let known = 0; known < SLUGS.length; await pause(100)) {
      const headers = { authorization: await this.bearers('GET', '/agencies') };
      const response = await fetch(`${coordinator!.url}/agencies?limit=200`, { headers });
      known = ((await response.json()) as { items: unknown[] }).items.length;
    }
  }
}

/** Its member of the group has joined. */
async function ready(process: ServiceProcess): Promise<void> {
  for (;;) {
    const response = await fetch(`${process.url}/readyz`).catch(() => undefined);
    if (response?.ok) return;
    await pause(100);
  }
}
