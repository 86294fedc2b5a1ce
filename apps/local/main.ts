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
import { startEmbeddedPostgres } from './postgres';
import { secretsOf } from './secrets';
import { LocalSettings } from './settings';
import { Simulator } from './simulator';
import { Terminal } from './terminal';
import { startTopology } from './topology';

async function main(): Promise<void> {
  const settings = readSettings(LocalSettings, process.env);
  const agencies = discoverAgencies();
  const slugs = agencies.map((agency) => agency.slug);
  const simulated = simulatedAgencies(settings.SIMULATED_AGENCIES, slugs);
  const say = (text: string): void => void process.stdout.write(`${text}\n`);

  await mkdir(settings.DATA_DIR, { recursive: true });
  const secrets = await secretsOf(settings.DATA_DIR);
  say('Retorno: starting the database and the services …');
  const postgres =
    settings.DATABASE_URL === ''
      ? await startEmbeddedPostgres(join(settings.DATA_DIR, 'postgres'), say)
      : { adminUrl: settings.DATABASE_URL, stop: async () => undefined };
  const logger = pino(
    { level: settings.LOG_LEVEL },
    createWriteStream(join(settings.DATA_DIR, 'retorno.log'), { flags: 'a', mode: 0o600 }),
  );
  const topology = await startTopology({
    adminUrl: postgres.adminUrl,
    databasePassword: secrets.databasePassword,
    pairwiseKey: secrets.pairwiseKey,
    agencies,
    port: settings.PORT,
    logger,
    env: process.env,
  }).catch(async (error: unknown) => {
    await postgres.stop();
    throw error;
  });
  const demo = settings.DEMO === 'on';
  const simulator = new Simulator({
    url: topology.url,
    agencies: simulated,
    pace: settings.SIMULATED_PACE,
    returnees: (settings.SIMULATED_RETURNEES || settings.DEMO) === 'on',
    onError: (what) => logger.warn({ what }, 'simulator'),
  });
  const ending = new AbortController();
  onTermination(async () => {
    ending.abort();
    await simulator.stop();
    await topology.stop();
    await postgres.stop();
  });

  const api = new Api(topology.url, ending.signal);
  const terminal = new Terminal(api, slugs);
  terminal.say(`Listening on ${topology.url} (this machine only: there is no login in this form)\n`);
  simulator.start();
  try {
    const manifest = demo ? await importSample(api) : undefined;
    if (manifest) await terminal.followImport(manifest, ending.signal);
    if (demo) {
      await terminal.followCases(ending.signal);
      await terminal.table();
    }
    terminal.say(`  API docs          ${topology.url}/docs`);
    terminal.say(`  Cases             ${topology.url}/cases`);
    terminal.say(`  Escalations       ${topology.url}/escalations`);
    terminal.say(`  Live events       ${topology.url}/live`);
    terminal.say(`  Readiness         ${topology.url}/readyz\n`);
    terminal.say('Running. Ctrl-C ends it; started again it carries on where it was.');
  } catch (error) {
    if (!ending.signal.aborted) throw error;
  }
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

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(error instanceof SettingsError ? 78 : 1);
});
