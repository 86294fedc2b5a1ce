/**
 * Makes the database role and schema of every service, once before they start and again after a password has changed.
 * Each service is then given the address of its own role only (docker-compose.yml).
 */
import 'reflect-metadata';
import { provision, SettingsError } from '@retorno/service';
import { discoverAgencies } from '../discover';
import { servicesWith } from '../services';

async function main(env: NodeJS.ProcessEnv): Promise<void> {
  const services = servicesWith(discoverAgencies()).map(({ name }) => name);
  const wrong = services.map(passwordName).filter((name) => !env[name]);
  const adminUrl = env['DATABASE_URL'] ?? '';
  if (!/^postgres(ql)?:\/\//.test(adminUrl)) {
    throw new SettingsError([
      'DATABASE_URL must be a PostgreSQL address whose role may create roles and schemas',
      ...wrong.map(missing),
    ]);
  }
  if (wrong.length > 0) throw new SettingsError(wrong.map(missing));
  for (const service of services) {
    await provision(adminUrl, service, env[passwordName(service)]!);
    process.stdout.write(`${service}: role and schema are there\n`);
  }
}

function passwordName(service: string): string {
  return `${service.replaceAll('-', '_').toUpperCase()}_DATABASE_PASSWORD`;
}

function missing(name: string): string {
  return `${name} must be set: the password of that service's database role`;
}

main(process.env).catch((error: unknown) => {
  process.stderr.write(`provision: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(error instanceof SettingsError ? 78 : 1);
});
