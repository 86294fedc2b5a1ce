/** `npm run start:services`: every service as a process of its own over Kafka, with the same manifest to watch. */
import 'reflect-metadata';
import { brokersIn } from '@retorno/service';
import { runInstallation, say } from '../installation';
import { lockInstallation } from '../installation-lock';
import { servicesWith } from '../services';
import { startProcesses } from './processes';
import { instancesOf, ServicesSettings } from './settings';

runInstallation(ServicesSettings, async ({ settings, agencies, secrets, logger, logFile, signal, onEnd }) => {
  const services = servicesWith(agencies).map(({ name }) => name);
  const instances = instancesOf(settings.INSTANCES, services);
  say('Retorno: starting a process for each service …');
  const lock = await lockInstallation(settings.DATABASE_URL, true);
  onEnd(() => lock.release());
  const running = await startProcesses({
    adminUrl: settings.DATABASE_URL,
    brokers: brokersIn(settings.KAFKA_BROKERS),
    agencies,
    instances,
    secrets,
    env: process.env,
    port: settings.PORT,
    servicesPort: settings.SERVICES_PORT,
    log: say,
    logFile,
    logger,
    signal,
  });
  onEnd(() => running.stop());
  for (const { name, pid, url } of running.processes) say(`  ${name.padEnd(16)} process ${pid}, ${url}`);
  return running;
});
