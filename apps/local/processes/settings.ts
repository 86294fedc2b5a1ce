/** Settings of `npm run start:services`. */
import { IsInt, Matches, Max, Min } from 'class-validator';
import { AreBrokers, SettingsError } from '@retorno/service';
import { InstallationSettings } from '../settings';

/** The most processes of one service. */
const MOST = 12;

export class ServicesSettings extends InstallationSettings {
  /** A PostgreSQL whose given role may create roles and schemas. */
  @Matches(/^postgres(ql)?:\/\//, {
    message:
      "DATABASE_URL must be a PostgreSQL address: postgresql://user:password@host:5432/database (its role makes the services' roles)",
  })
  DATABASE_URL: string = '';

  /** Where the cluster is found. */
  @AreBrokers()
  KAFKA_BROKERS: string = '';

  /** Processes of a service, where it is not one: `coordinator:2,health:2`. */
  @Matches(/^([a-z][a-z0-9-]*:\d+(,[a-z][a-z0-9-]*:\d+)*)?$/, {
    message: 'INSTANCES must be service:number, or several separated by commas: coordinator:2,health:2',
  })
  INSTANCES: string = '';

  /** Port of the first process, the others follow; 0 takes free ones. */
  @IsInt({ message: 'SERVICES_PORT must be a port number (1024 to 65000), or 0 for free ones' })
  @Min(0, { message: 'SERVICES_PORT must be a port number (1024 to 65000), or 0 for free ones' })
  @Max(65000, { message: 'SERVICES_PORT must be a port number (1024 to 65000), or 0 for free ones' })
  SERVICES_PORT: number = 0;
}

/** How many processes each named service has. Throws SettingsError for a service that does not exist. */
export function instancesOf(setting: string, services: readonly string[]): Record<string, number> {
  const pairs = setting === '' ? [] : setting.split(',').map((pair) => pair.split(':') as [string, string]);
  const problems = pairs.flatMap(([service, count]) => [
    ...(services.includes(service)
      ? []
      : [`INSTANCES names ${service}, but the services are ${services.join(', ')}`]),
    ...(Number(count) >= 1 && Number(count) <= MOST
      ? []
      : [`INSTANCES gives ${service} ${count} processes: 1 to ${MOST} are possible`]),
  ]);
  if (problems.length > 0) throw new SettingsError(problems);
  return Object.fromEntries(pairs.map(([service, count]) => [service, Number(count)]));
}
