/** What every way of starting an installation has in common: settings, secrets, simulated people, the display, the end. */
import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { AgencyDefinition } from '@retorno/agency';
import { createLogger, onTermination, readSettings, SettingsError } from '@retorno/service';
import type { Logger } from 'pino';
import { Api } from './api';
import { importSample } from './demo';
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
  const { url, logins } = await start({ settings, agencies, secrets, logger, logFile, signal, onEnd });
  if (ending.signal.aborted) return;

  say(`Listening on ${url} (this machine only)\n`);
  const returnees = (settings.SIMULATED_RETURNEES || settings.DEMO) === 'on';
  if (returnees || simulated.length > 0)
    play({ url, logins, simulated, returnees, pace: settings.SIMULATED_PACE, logger });
  // What a person watches must never decide whether the services live.
  void show(url, logins, slugs, settings.DEMO === 'on').catch((error: unknown) => {
    if (!ending.signal.aborted) say(`The display has stopped: ${messageOf(error)}. The services run on.`);
  });
}

function play({ url, logins, simulated, returnees, pace, logger }: Play): void {
  const simulator = new Simulator({
    url,
    agencies: simulated,
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

async function show(url: string, logins: Logins, slugs: readonly string[], demo: boolean): Promise<void> {
  if (demo) {
    const tokens = logins.tokens(DEMONSTRATION);
    const api = new Api(url, () => tokens.bearer(), ending.signal);
    const terminal = new Terminal(api, slugs);
    const manifest = await importSample(api);
    if (manifest) await terminal.followImport(manifest, ending.signal);
    await terminal.followCases(ending.signal);
    await terminal.table();
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
