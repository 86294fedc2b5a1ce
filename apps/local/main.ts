/** `npm start`: everything in one process, with a manifest to watch. */
import 'reflect-metadata';
import { join } from 'node:path';
import { brokersIn, transportFrom } from '@retorno/service';
import { Troubles } from './demonstration/troubles';
import { runInstallation, say } from './installation';
import { lockInstallation } from './installation-lock';
import { startEmbeddedPostgres } from './postgres';
import { makeTopics } from './processes/topics';
import { LocalSettings } from './settings';
import { startTopology } from './topology';

runInstallation(LocalSettings, async ({ settings, agencies, secrets, logger, onEnd }) => {
  say('Retorno: starting the database and the services …');
  const { adminUrl, stop } = settings.DATABASE_URL
    ? { adminUrl: settings.DATABASE_URL, stop: async () => undefined }
    : await startEmbeddedPostgres(join(settings.DATA_DIR, 'postgres'), say);
  // Without the lock nothing may be stopped: a database that was running already is another process's.
  const lock = await lockInstallation(adminUrl, settings.DATABASE_URL !== '');
  onEnd(stop);
  onEnd(() => lock.release());
  const brokers = settings.KAFKA_BROKERS;
  if (brokers) await makeTopics(brokersIn(brokers), process.env);
  const troubles = settings.DEMO === 'on' ? new Troubles() : undefined;
  const topology = await startTopology({
    ...(brokers ? { transport: transportFrom(process.env, 'local', logger) } : {}),
    adminUrl,
    secrets,
    agencies: troubles?.in(agencies) ?? agencies,
    ...(troubles ? { clock: troubles.clock } : {}),
    port: settings.PORT,
    logger,
    env: process.env,
  });
  onEnd(() => topology.stop());
  const { url, logins } = topology;
  return { url, logins, ...(troubles ? { troubles } : {}) };
});
