/** What every way of starting an installation has in common: settings, secrets, simulated people, the display, the end. */
import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { AgencyDefinition } from '@retorno/agency';
import { createLogger, onTermination, readSettings, SettingsError } from '@retorno/service';
import type { Logger } from 'pino';
import { Api } from './api';
import { beginDemonstration } from './demo';
import { SILENT, type Troubles } from './demonstration/troubles';
import { discoverAgencies } from './discover';
import { DEMONSTRATION } from './issuer/people';
import type { Logins } from './logins';
import { secretsOf, type Secrets } from './secrets';
import { agenciesNamed, type InstallationSettings } from './settings';
import { Simulator } from './simulator';
import { Terminal } from './terminal';

/** What a way of starting is given. */
export interface Installation<S extends InstallationSettings> {
  readonly settings: S;
  readonly agencies: readonly AgencyDefinition[];
  readonly secrets: Secrets;
  /** Of DATA_DIR/retorno.log. */
  readonly logger: Logger;
  readonly logFile: string;
  /** Aborted when a signal ends the process in the middle of the start. */
  readonly signal: AbortSignal;
  /** Runs at the end, what was given last first. */
  onEnd(stop: () => Promise<void>): void;
}

/** Where an installation that came up is reached, and who issues its logins. */
interface Reached {
  readonly url: string;
  readonly logins: Logins;
  /** What a demonstration holds beside the sample, where the way of starting allows it. */
  readonly troubles?: Troubles;
}

/** What was started, to be stopped in the reverse order. */
const started: (() => Promise<void>)[] = [];
const ending = new AbortController();

/**
 * Runs an installation until SIGTERM or SIGINT. `start` brings the services up and gives their address. Wrong settings
 * end the process with 78 (EX_CONFIG).
 */
export function runInstallation<S extends InstallationSettings>(
  settingsClass: new () => S,
  start: (installation: Installation<S>) => Promise<Reached>,
): void {
  const running = run(settingsClass, start);
  // A signal in the middle of the start waits for the step under way and then undoes what was started.
  onTermination(async () => {
    ending.abort();
    await running.catch(() => undefined);
    await stopAll();
  });
  running.catch(async (error: unknown) => {
    process.stderr.write(`${messageOf(error)}\n`);
    await stopAll().catch(() => undefined);
    process.exit(error instanceof SettingsError ? 78 : 1);
  });
}

/** Who is played, where. */
interface Play extends Reached {
  /** Agencies whose staff are. */
  simulated: readonly string[];
  returnees: boolean;
  pace: number;
  logger: Logger;
}

/** What is shown, and with what in it. */
interface Show extends Reached {
  agencies: readonly AgencyDefinition[];
  isDemonstration: boolean;
  dataDir: string;
  /** Sets simulated people to work. */
  begin: () => void;
}

async function run<S extends InstallationSettings>(
  settingsClass: new () => S,
  start: (installation: Installation<S>) => Promise<Reached>,
): Promise<void> {
  const settings = readSettings(settingsClass, process.env);
  const found = discoverAgencies();
  const slugs = agenciesNamed(
    'AGENCIES',
    settings.AGENCIES,
    found.map((agency) => agency.slug),
  );
  const agencies = found.filter((agency) => slugs.includes(agency.slug));
  const simulated = agenciesNamed('SIMULATED_AGENCIES', settings.SIMULATED_AGENCIES, slugs);

  await mkdir(settings.DATA_DIR, { recursive: true }).catch((error: unknown) => {
    throw new SettingsError([`DATA_DIR must be a folder that can be made and written: ${messageOf(error)}`]);
  });
  const secrets = await secretsOf(settings.DATA_DIR);
  const logFile = join(settings.DATA_DIR, 'retorno.log');
  const logger = createLogger(
    undefined,
    settings.LOG_LEVEL,
    createWriteStream(logFile, { flags: 'a', mode: 0o600 }),
  );
  const onEnd = (stop: () => Promise<void>): void => void started.push(stop);
  const { signal } = ending;
  const reached = await start({ settings, agencies, secrets, logger, logFile, signal, onEnd });
  if (ending.signal.aborted) return;

  say(`Listening on ${reached.url} (this machine only)\n`);
  const returnees = (settings.SIMULATED_RETURNEES || settings.DEMO) === 'on';
  const begin = (): void => {
    if (returnees || simulated.length > 0)
      play({ ...reached, simulated, returnees, pace: settings.SIMULATED_PACE, logger });
  };
  const isDemonstration = settings.DEMO === 'on';
  // What a person watches must never decide whether the services live.
  void show({ ...reached, agencies, isDemonstration, dataDir: settings.DATA_DIR, begin }).catch(
    (error: unknown) => {
      if (!ending.signal.aborted) say(`The display has stopped: ${messageOf(error)}. The services run on.`);
    },
  );
}

function play({ url, logins, troubles, simulated, returnees, pace, logger }: Play): void {
  if (ending.signal.aborted) return;
  const simulator = new Simulator({
    url,
    agencies: simulated,
    ...(troubles ? { silent: SILENT } : {}),
    bearerOf: (client) => {
      const tokens = logins.tokens(client);
      return () => tokens.bearer();
    },
    pace,
    returnees,
    onError: (what) => logger.warn({ what }, 'simulator'),
  });
  simulator.start();
  started.push(() => simulator.stop());
}

async function show({
  url,
  logins,
  troubles,
  agencies,
  isDemonstration,
  dataDir,
  begin,
}: Show): Promise<void> {
  const slugs = agencies.map(({ slug }) => slug);
  const { signal } = ending;
  const apiOf = (client: string): Api => {
    const tokens = logins.tokens(client);
    return new Api(url, () => tokens.bearer(), signal);
  };
  if (!isDemonstration) begin();
  else {
    const api = apiOf(DEMONSTRATION);
    const arrange = async (): Promise<void> => {
      await troubles?.arrange({ api, apiOf, agencies, signal }).catch((error: unknown) => {
        signal.throwIfAborted();
        say(`Not everything of the demonstration came about: ${messageOf(error)}`);
      });
    };
    // People set to work before would answer what is to be late.
    const manifest = await beginDemonstration(api, dataDir, arrange).finally(begin);
    const terminal = new Terminal(api, slugs);
    if (manifest) await terminal.followImport(manifest, signal);
    await terminal.followCases(signal);
    await terminal.table();
    if (troubles) await sayTroubles(api, url);
  }
  say(`  Console           ${url}/console`);
  if (logins.password) {
    say(
      `                    log in as operations, operations-lead, intake, statistics, auditor or an agency`,
    );
    say(`                    (${slugs.slice(0, 3).join(', ')}, …); the password is ${logins.password}`);
  }
  say(`  API docs          ${url}/docs`);
  say(`  Readiness         ${url}/readyz\n`);
  say('Running. Ctrl-C ends it; started again it carries on where it was.');
}

/** What there is to do in the demonstration, and where it is explained. */
async function sayTroubles(api: Api, url: string): Promise<void> {
  const late = await api.get<{ items: { number: string }[] }>('/cases?overdue=true&limit=1');
  const parked = await api.get<{ items: object[] }>('/parked');
  const found = [
    `${SILENT} answers nobody`,
    ...late.items.map(({ number }) => `the answer to ${number} is overdue`),
    ...(parked.items.length > 0 ? [`${parked.items.length} messages are parked`] : []),
  ];
  say(`  Tour              ${url}/console/tour`);
  say(`                    to see and settle: ${found.join(', ')}`);
}

async function stopAll(): Promise<void> {
  for (const stop of started.splice(0).toReversed()) await stop();
}

/** A line for the person who watches. */
export function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
