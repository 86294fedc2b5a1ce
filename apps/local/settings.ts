/** Settings of an installation; the tests start it with the same ones. */
import { AreBrokers, SettingsError } from '@retorno/service';
import { Transform } from 'class-transformer';
import { IsIn, IsInt, IsNumber, IsString, Matches, Max, Min, MinLength, ValidateIf } from 'class-validator';

/** Those of every way of starting. */
export class InstallationSettings {
  /** Port on 127.0.0.1; 0 takes a free one. */
  @IsInt({ message: 'PORT must be a port number (0 to 65535)' })
  @Min(0, { message: 'PORT must be a port number (0 to 65535)' })
  @Max(65535, { message: 'PORT must be a port number (0 to 65535)' })
  PORT: number = 3000;

  /** Where the database and the secrets of this installation are kept. */
  @IsString()
  @MinLength(1, { message: 'DATA_DIR must name a folder' })
  DATA_DIR: string = '.data';

  /** `on`: the first start of an empty DATA_DIR imports the sample manifest and, in one process, arranges what the tour settles. */
  @IsIn(['on', 'off'], { message: 'DEMO must be on or off' })
  DEMO: string = 'on';

  /** Agencies that run: `all`, or slugs separated by commas. A small machine runs few, each of them a service. */
  @Matches(/^(all|[a-z][a-z0-9-]*(,[a-z][a-z0-9-]*)*)$/, {
    message: 'AGENCIES must be all, or agency slugs separated by commas',
  })
  AGENCIES: string = 'all';

  /** Agencies whose staff the simulator plays: `all`, `none`, or slugs separated by commas. */
  @Matches(/^(all|none|[a-z][a-z0-9-]*(,[a-z][a-z0-9-]*)*)$/, {
    message: 'SIMULATED_AGENCIES must be all, none, or agency slugs separated by commas',
  })
  SIMULATED_AGENCIES: string = 'all';

  /** Mean seconds until simulated staff answer. */
  @IsNumber({}, { message: 'SIMULATED_PACE must be a number of seconds' })
  @Min(0, { message: 'SIMULATED_PACE must be a number of seconds, 0 or more' })
  @Max(86400, { message: 'SIMULATED_PACE must be at most 86400 seconds' })
  SIMULATED_PACE: number = 1;

  /** `on`: returnees confirm or dispute by themselves; default as DEMO. */
  @Transform(({ value }) => value || undefined)
  @ValidateIf((settings: LocalSettings) => Boolean(settings.SIMULATED_RETURNEES))
  @IsIn(['on', 'off'], { message: 'SIMULATED_RETURNEES must be on or off' })
  SIMULATED_RETURNEES: string = '';

  /** trace, debug, info, warn, error or silent; logs go to DATA_DIR/retorno.log. */
  @IsIn(['trace', 'debug', 'info', 'warn', 'error', 'silent'], {
    message: 'LOG_LEVEL must be trace, debug, info, warn, error or silent',
  })
  LOG_LEVEL: string = 'info';
}

/** The agencies that a setting names, of those that there are. Throws SettingsError for one that does not exist. */
export function agenciesNamed(name: string, setting: string, slugs: readonly string[]): readonly string[] {
  if (setting === 'all') return slugs;
  if (setting === 'none') return [];
  const chosen = setting.split(',');
  const unknown = chosen.filter((slug) => !slugs.includes(slug));
  if (unknown.length === 0) return chosen;
  throw new SettingsError([`${name} names ${unknown.join(', ')}, but the agencies are ${slugs.join(', ')}`]);
}

/** Those of `npm start`. */
export class LocalSettings extends InstallationSettings {
  /** A PostgreSQL whose given role may create roles and schemas; empty for the embedded one. */
  @ValidateIf((settings: LocalSettings) => settings.DATABASE_URL !== '')
  @Matches(/^postgres(ql)?:\/\//, {
    message: 'DATABASE_URL must be a PostgreSQL address: postgresql://user:password@host:5432/database',
  })
  DATABASE_URL: string = '';

  /** A Kafka cluster between the services, which stay in this process; empty: the embedded transport. */
  @ValidateIf((settings: LocalSettings) => settings.KAFKA_BROKERS !== '')
  @AreBrokers()
  KAFKA_BROKERS: string = '';
}
