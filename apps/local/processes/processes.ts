/** The whole system as processes on one machine, over Kafka: which there are, and in which order they come up. */
import { open } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import type { AgencyDefinition } from '@retorno/agency';
import {
  AccessSettings,
  provision,
  readSettings,
  Throttle,
  ThrottleSettings,
  tokensOf,
} from '@retorno/service';
import pino, { type Logger } from 'pino';
import { discoverAgencies } from '../discover';
import { freshSecrets, matchingKey, type Secrets } from '../secrets';
import { PORTAL_CLIENT } from '../issuer/people';
import { clientOf, loginsOf, type Logins } from '../logins';
import {
  CONSOLE,
  COORDINATOR,
  INTAKE,
  PORTAL,
  servicesWith,
  STATISTICS,
  type ServiceEntry,
} from '../services';
import { Pool } from './pool';
import { openProxy } from './proxy';
import { ServiceProcess } from './service-process';
import { makeTopics } from './topics';

/** Longest wait for the agencies' catalogues, ms. */
const CATALOGUES_MS = 90_000;
/** Processes that start at the same time: all at once, on few cores, each takes longer than it is waited for. */
const AT_ONCE = 4;

export interface ProcessesOptions {
  /** Address of a role that may create roles and schemas. */
  adminUrl: string;
  /** `host:port` of the cluster's brokers. */
  brokers: readonly string[];
  /** Those of apps/agencies when left out. */
  agencies?: readonly AgencyDefinition[];
  /** Processes of a service where it is not one: `{ coordinator: 2 }`. */
  instances?: Readonly<Record<string, number>>;
  /** Made for this run when left out; the same database needs the same ones again. */
  secrets?: Secrets;
  /** Environment of the processes; what each must have is added. */
  env?: NodeJS.ProcessEnv;
  /** Port on 127.0.0.1 in front of all; 0 takes a free one. */
  port: number;
  /** Port of the first process, the others follow; free ones when left out or 0. */
  servicesPort?: number;
  /** Told what happens, a line at a time. */
  log: (line: string) => void;
  /** Where the processes' logs go; nowhere when left out. */
  logFile?: string;
  logger?: Logger;
  /** Aborted: what was begun is ended, and the start throws. */
  signal?: AbortSignal;
}

/** Everything running. */
export interface Processes {
  /** `http://127.0.0.1:3000` */
  readonly url: string;
  readonly logins: Logins;
  /** All of them, in the order of their start. */
  readonly processes: readonly ServiceProcess[];
  /** One more process of a service; resolves when it answers. */
  add(service: string): Promise<ServiceProcess>;
  /** Ends one for good. */
  remove(process: ServiceProcess): Promise<void>;
  /** Drains and ends all. Throws naming those that had to be killed. */
  stop(): Promise<void>;
}

/** How the processes of a service are started. */
interface Role {
  /** Path of its main below dist. */
  main: string;
  env: NodeJS.ProcessEnv;
}

/** Starts every service as a process of its own, and one port in front. Cases are planned once every agency has published its catalogue. */
export async function startProcesses(options: ProcessesOptions): Promise<Processes> {
  const launcher = new Launcher(options);
  const end = (): void => void launcher.stop().catch(() => undefined);
  options.signal?.addEventListener('abort', end);
  try {
    await launcher.start();
  } catch (error) {
    await launcher.stop().catch(() => undefined);
    throw error;
  } finally {
    options.signal?.removeEventListener('abort', end);
  }
  return launcher;
}

class Launcher implements Processes {
  url = '';
  logins!: Logins;
  private readonly secrets: Secrets;
  private readonly pools = new Map<string, Pool<ServiceProcess>>();
  private readonly roles = new Map<string, Role>();
  private readonly slugs: readonly string[];
  private readonly services: readonly ServiceEntry[];
  private readonly stops: (() => Promise<void>)[] = [];
  private started = 0;
  private logTo: number | undefined;

  constructor(private readonly options: ProcessesOptions) {
    const agencies = options.agencies ?? discoverAgencies();
    this.secrets = options.secrets ?? freshSecrets();
    this.slugs = agencies.map((agency) => agency.slug);
    this.services = servicesWith(agencies);
    for (const { name, routes } of this.services) this.pools.set(name, new Pool(name, routes));
  }

  get processes(): readonly ServiceProcess[] {
    return [...this.pools.values()].flatMap((pool) => pool.processes);
  }

  async start(): Promise<void> {
    const { options } = this;
    const proxy = await openProxy(
      { port: options.port, host: '127.0.0.1' },
      this.pools,
      options.logger ?? pino({ level: 'silent' }),
    );
    this.url = proxy.url;
    this.logins = loginsOf({
      env: options.env ?? {},
      origin: proxy.url,
      secrets: this.secrets,
      agencies: this.slugs,
    });
    proxy.mount(this.logins);
    this.stops.push(() => proxy.stop());
    if (options.logFile) {
      const file = await open(options.logFile, 'a', 0o600);
      this.logTo = file.fd;
      this.stops.push(() => file.close());
    }
    options.log('Topics …');
    await makeTopics(options.brokers, options.env ?? {}, options.signal);
    await this.prepareRoles();
    options.log(`Processes: ${[...this.pools.keys()].join(', ')} …`);
    await this.bringUp([COORDINATOR, ...this.slugs, STATISTICS, PORTAL, CONSOLE]);
    await this.cataloguesKnown();
    // Last, so that nobody is planned for before it is known who offers what.
    await this.bringUp([INTAKE]);
    await proxy.serve(
      tokensOf(readSettings(AccessSettings, this.logins.env)),
      new Throttle(readSettings(ThrottleSettings, this.options.env ?? {})),
    );
  }

  async add(service: string): Promise<ServiceProcess> {
    this.options.signal?.throwIfAborted();
    const role = this.roles.get(service);
    if (!role) throw new Error(`there is no service ${service}: ${[...this.roles.keys()].join(', ')}`);
    const { options } = this;
    const { processes } = this.pools.get(service)!;
    const numbers = processes.map(({ name }) => Number(/-(\d+)$/.exec(name)?.[1] ?? 1));
    const number = [1, ...numbers.map((n) => n + 1)].find((n) => !numbers.includes(n))!;
    const name = number === 1 ? service : `${service}-${number}`;
    const port = options.servicesPort ? options.servicesPort + this.started++ : undefined;
    const added = new ServiceProcess({
      service,
      name,
      main: role.main,
      env: role.env,
      ...(port === undefined ? {} : { port }),
      ...(this.logTo === undefined ? {} : { logTo: this.logTo }),
      ...(options.logFile ? { logFile: options.logFile } : {}),
      say: options.log,
    });
    processes.push(added);
    return added.up();
  }

  async remove(process: ServiceProcess): Promise<void> {
    const { processes } = this.pools.get(process.service)!;
    processes.splice(processes.indexOf(process), 1);
    await process.end();
  }

  async stop(): Promise<void> {
    const { processes } = this;
    const ends = processes.map(async (process) => ((await process.end()) ? [] : [process.name]));
    // At the same time: the processes drain while requests under way end.
    const [killed] = await Promise.all([Promise.all(ends), this.stopRest()]);
    const names = killed.flat();
    if (names.length > 0) throw new Error(`did not drain in time, or failed to: ${names.join(', ')}`);
  }

  private async stopRest(): Promise<void> {
    for (const stop of this.stops.splice(0)) await stop();
  }

  /** A database role and schema for each service; only the coordinator gets the key of the pairwise references. */
  private async prepareRoles(): Promise<void> {
    const { secrets, logins } = this;
    const { adminUrl, brokers, env } = this.options;
    for (const { name, main } of this.services) {
      const own = {
        ...env,
        ...logins.env,
        ...clientOf(name, logins),
        KAFKA_BROKERS: brokers.join(','),
        DATABASE_URL: await provision(adminUrl, name, secrets.databasePassword),
        VAULT_KEY: secrets.vaultKey,
        PAIRWISE_KEY: name === COORDINATOR ? secrets.pairwiseKey : undefined,
        ...([COORDINATOR, PORTAL, CONSOLE].includes(name) ? addressesAt(this.url, env ?? {}) : {}),
        MATCHING_KEY: name === INTAKE ? matchingKey(secrets.pairwiseKey) : undefined,
      };
      this.roles.set(name, { main, env: own });
    }
  }

  private async bringUp(services: readonly string[]): Promise<void> {
    const waiting = services.flatMap((service) =>
      Array.from({ length: this.options.instances?.[service] ?? 1 }, () => service),
    );
    const startNext = async (): Promise<void> => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await this.add(next);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, startNext));
  }

  /** Waits until every process of the coordinator knows every agency. */
  private async cataloguesKnown(): Promise<void> {
    const deadline = Date.now() + CATALOGUES_MS;
    const asker = this.logins.tokens(PORTAL_CLIENT);
    for (;;) {
      this.options.signal?.throwIfAborted();
      const { urls } = this.pools.get(COORDINATOR)!;
      const authorization = await asker.bearer();
      const known = await Promise.all(urls.map((url) => agenciesKnownTo(url, authorization)));
      const missing = this.slugs.filter((slug) => !known.every((slugs) => slugs.includes(slug)));
      if (missing.length === 0 && known.length > 0) return;
      if (Date.now() > deadline) {
        throw new Error(`no catalogue after ${CATALOGUES_MS / 1000} s from: ${missing.join(', ')}`);
      }
      await pause(100);
    }
  }
}

/** Where those who ask others find them, behind the one port, and what people are told, unless the environment says so itself. */
function addressesAt(
  url: string,
  { PUBLIC_URL = url, HELP_PHONE = 'none', WEBHOOK_PRIVATE = 'on' }: NodeJS.ProcessEnv,
): NodeJS.ProcessEnv {
  return {
    COORDINATOR_URL: url,
    INTAKE_URL: url,
    STATISTICS_URL: url,
    PORTAL_URL: url,
    AGENCY_URL: url,
    PUBLIC_URL,
    HELP_PHONE,
    WEBHOOK_PRIVATE,
  };
}

async function agenciesKnownTo(url: string, authorization: string): Promise<string[]> {
  const slugs: string[] = [];
  try {
    const { items } = (await (
      await fetch(`${url}/agencies?limit=200`, { headers: { authorization } })
    ).json()) as {
      items: { slug: string }[];
    };
    slugs.push(...items.map((item) => item.slug));
  } catch {
    // It is being started again.
  }
  return slugs;
}
