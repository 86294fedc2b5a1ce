/** `npm start`: everything in one process, with a manifest to watch. */
import 'reflect-metadata';
import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { onTermination, readSettings, SettingsError } from '@retorno/service';
import pino from 'pino';
import { Api } from './api';
import { importSample } from './demo';
import { discoverAgencies } from './discover';
import { lockInstallation } from './installation-lock';
import { startEmbeddedPostgres } from './postgres';
import { secretsOf } from './secrets';
import { LocalSettings } from './settings';
import { Simulator } from './simulator';
import { Terminal } from './terminal';
import { startTopology } from './topology';

/** What was started, to be stopped in the reverse order. */
const started: (() => Promise<void>)[] = [];
const ending = new AbortController();

async function main(): Promise<void> {
  const settings = readSettings(LocalSettings, process.env);
  const agencies = discoverAgencies();
  const slugs = agencies.map((agency) => agency.slug);
  const simulated = simulatedAgencies(settings.SIMULATED_AGENCIES, slugs);

  await mkdir(settings.DATA_DIR, { recursive: true }).catch((error: unknown) => {
    throw new SettingsError([`DATA_DIR must be a folder that can be made and written: ${messageOf(error)}`]);
  });
  const secrets = await secretsOf(settings.DATA_DIR);
  say('Retorno: starting the database and the services …');
  const { adminUrl, stop } = settings.DATABASE_URL
    ? { adminUrl: settings.DATABASE_URL, stop: async () => undefined }
    : await startEmbeddedPostgres(join(settings.DATA_DIR, 'postgres'), say);
  // Without the lock nothing may be stopped: a database that was running already is another process's.
  const lock = await lockInstallation(adminUrl).catch((error: NodeJS.ErrnoException) => {
    if (error.code === undefined || !settings.DATABASE_URL) throw error;
    throw new SettingsError([`DATABASE_URL must be a database that answers: ${error.code}`]);
  });
  started.push(stop, () => lock.release());
  const logger = pino(
    { level: settings.LOG_LEVEL },
    createWriteStream(join(settings.DATA_DIR, 'retorno.log'), { flags: 'a', mode: 0o600 }),
  );
  const topology = await startTopology({
    adminUrl,
    databasePassword: secrets.databasePassword,
    pairwiseKey: secrets.pairwiseKey,
    agencies,
    port: settings.PORT,
    logger,
    env: process.env,
  });
  started.push(() => topology.stop());
  if (ending.signal.aborted) return;

  say(`Listening on ${topology.url} (this machine only: there is no login in this form)\n`);
  const demo = settings.DEMO === 'on';
  const simulator = new Simulator({
    url: topology.url,
    agencies: simulated,
    pace: settings.SIMULATED_PACE,
    returnees: (settings.SIMULATED_RETURNEES || settings.DEMO) === 'on',
    onError: (what) => logger.warn({ what }, 'simulator'),
  });
  simulator.start();
  started.push(() => simulator.stop());
  // What a person watches must never decide whether the services live.
  void show(topology.url, slugs, demo).catch((error: unknown) => {
    if (!ending.signal.aborted) say(`The display has stopped: ${messageOf(error)}. The services run on.`);
  });
}

async function show(url: string, slugs: readonly string[], demo: boolean): Promise<void> {
  const api = new Api(url, ending.signal);
  const terminal = new Terminal(api, slugs);
  if (demo) {
    const manifest = await importSample(api);
    if (manifest) await terminal.followImport(manifest, ending.signal);
    await terminal.followCases(ending.signal);
    await terminal.table();
  }
  say(`  API docs          ${url}/docs`);
  say(`  Cases             ${url}/cases`);
  say(`  Escalations       ${url}/escalations`);
  say(`  Live events       ${url}/live`);
  say(`  Readiness         ${url}/readyz\n`);
  say('Running. Ctrl-C ends it; started again it carries on where it was.');
}

async function stopAll(): Promise<void> {
  for (const stop of started.splice(0).toReversed()) await stop();
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The agencies whose staff are simulated. Throws SettingsError for one that does not exist. */
function simulatedAgencies(setting: string, slugs: readonly string[]): readonly string[] {
  if (setting === 'all') return slugs;
  if (setting === 'none') return [];
  const chosen = setting.split(',');
  const unknown = chosen.filter((slug) => !slugs.includes(slug));
  if (unknown.length > 0) {
    throw new SettingsError([
      `SIMULATED_AGENCIES names ${unknown.join(', ')}, but the agencies are ${slugs.join(', ')}`,
    ]);
  }
  return chosen;
}

const running = main();
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
