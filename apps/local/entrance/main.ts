/** One port in front of services that run elsewhere, each found by its name (docker-compose.yml). */
import 'reflect-metadata';
import {
  AccessSettings,
  createLogger,
  onTermination,
  readSettings,
  SettingsError,
  Throttle,
  ThrottleSettings,
  tokensOf,
} from '@retorno/service';
import { IsIP, IsInt, Matches, Max, Min } from 'class-validator';
import { discoverAgencies } from '../discover';
import { Pool } from '../processes/pool';
import { openProxy } from '../processes/proxy';
import { servicesWith } from '../services';

class EntranceSettings {
  @IsInt({ message: 'PORT must be a port number' })
  @Min(1, { message: 'PORT must be a port number' })
  @Max(65535, { message: 'PORT must be a port number' })
  PORT: number = 3000;

  /** The address to listen on. Whatever it is, only requests addressed to this machine by name are answered. */
  @IsIP(undefined, { message: 'HOST must be an IP address: 127.0.0.1, or 0.0.0.0 for every interface' })
  HOST: string = '127.0.0.1';

  /** Where a service is found, `{service}` standing for its name. */
  @Matches(/^http:\/\/[^/]*\{service\}[^/]*$/, {
    message: 'SERVICE_URL must be an address with {service} in it: http://{service}:3000',
  })
  SERVICE_URL: string = '';
}

async function main(): Promise<void> {
  const settings = readSettings(EntranceSettings, process.env);
  const pools = servicesWith(discoverAgencies()).map(({ name, routes }) => {
    const pool = new Pool(name, routes);
    pool.processes.push({ service: name, name, url: settings.SERVICE_URL.replace('{service}', name) });
    return [name, pool] as const;
  });
  const logger = createLogger('entrance', 'warn');
  const opening = openProxy({ port: settings.PORT, host: settings.HOST }, new Map(pools), logger);
  onTermination(async () => (await opening).stop());
  await (
    await opening
  ).serve(
    tokensOf(readSettings(AccessSettings, process.env)),
    new Throttle(readSettings(ThrottleSettings, process.env)),
  );
}

main().catch((error: unknown) => {
  process.stderr.write(`entrance: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(error instanceof SettingsError ? 78 : 1);
});
