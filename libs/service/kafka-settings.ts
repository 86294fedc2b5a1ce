/** Where the Kafka cluster is and who we are there: the same settings for every service and for the commands of deploy/. */
import { readFileSync } from 'node:fs';
import { KafkaTransport, NoTransport, type KafkaConnection, type Transport } from '@retorno/messaging';
import { IsIn, IsString, Matches, ValidateBy, ValidateIf } from 'class-validator';
import type { Logger } from 'pino';
import { readSettings, SettingsError } from './settings';

const BROKER = /^[a-zA-Z0-9._-]+:([1-9]\d{0,4})$/;

/** The brokers that KAFKA_BROKERS names, each `host:port`. */
export function brokersIn(setting: string): string[] {
  return setting.split(',').map((broker) => broker.trim());
}

/** Checks a KAFKA_BROKERS setting. */
export function AreBrokers(): PropertyDecorator {
  const validate = (setting: unknown): boolean =>
    brokersIn(String(setting)).every((broker) => Number(BROKER.exec(broker)?.[1] ?? Infinity) < 65_536);
  return ValidateBy(
    { name: 'areBrokers', validator: { validate } },
    {
      message: 'KAFKA_BROKERS must be host:port, or several separated by commas: kafka-1:9092,kafka-2:9092',
    },
  );
}

export class KafkaSettings {
  /** Without it a service keeps its events in its outbox. */
  @ValidateIf((settings: KafkaSettings) => settings.KAFKA_BROKERS !== '')
  @AreBrokers()
  KAFKA_BROKERS: string = '';

  /** The service's own name at the brokers (SCRAM); empty: it gives none. */
  @IsString()
  KAFKA_USERNAME: string = '';

  @ValidateIf((settings: KafkaSettings) => settings.KAFKA_USERNAME !== '')
  @Matches(/./, { message: 'KAFKA_PASSWORD must be set when KAFKA_USERNAME is' })
  KAFKA_PASSWORD: string = '';

  @IsIn(['scram-sha-256', 'scram-sha-512'], {
    message: 'KAFKA_SASL_MECHANISM must be scram-sha-256 or scram-sha-512',
  })
  KAFKA_SASL_MECHANISM: 'scram-sha-256' | 'scram-sha-512' = 'scram-sha-512';

  @IsIn(['on', 'off'], { message: 'KAFKA_TLS must be on or off' })
  KAFKA_TLS: 'on' | 'off' = 'off';

  /** Authorities that the brokers' certificates are checked against; empty: the system's. PEM. */
  @IsString()
  KAFKA_CA_FILE: string = '';

  /** Certificate and key of our own, where the brokers ask for one. PEM. */
  @IsString()
  KAFKA_CERT_FILE: string = '';

  @IsString()
  KAFKA_KEY_FILE: string = '';
}

/** How to reach the cluster, from the environment; undefined without KAFKA_BROKERS. Throws SettingsError. */
export function kafkaConnection(env: NodeJS.ProcessEnv, clientId: string): KafkaConnection | undefined {
  const settings = readSettings(KafkaSettings, env);
  const { KAFKA_USERNAME: username, KAFKA_PASSWORD: password } = settings;
  if (settings.KAFKA_BROKERS === '') return undefined;
  refuseHalfSettings(settings);
  return {
    brokers: brokersIn(settings.KAFKA_BROKERS),
    clientId,
    ...(username ? { sasl: { mechanism: settings.KAFKA_SASL_MECHANISM, username, password } } : {}),
    ...(settings.KAFKA_TLS === 'on' ? { ssl: tlsOf(settings) } : {}),
  };
}

/** The transport that the environment asks for. Throws SettingsError. */
export function transportFrom(env: NodeJS.ProcessEnv, service: string, logger: Logger): Transport {
  const connection = kafkaConnection(env, `retorno-${service}`);
  if (!connection) return new NoTransport();
  return new KafkaTransport({
    ...connection,
    onLog: (level, message, details) => logger[level]({ ...details, transport: 'kafka' }, message),
  });
}

/** What would leave somebody believing that the connection is safer than it is. */
function refuseHalfSettings(settings: KafkaSettings): void {
  const problems: string[] = [];
  if (settings.KAFKA_USERNAME === '' && settings.KAFKA_PASSWORD !== '') {
    problems.push('KAFKA_USERNAME must be set when KAFKA_PASSWORD is');
  }
  const files = ['KAFKA_CA_FILE', 'KAFKA_CERT_FILE', 'KAFKA_KEY_FILE'] as const;
  const unused = files.filter((name) => settings.KAFKA_TLS === 'off' && settings[name] !== '');
  for (const name of unused) problems.push(`${name} is used with KAFKA_TLS=on only`);
  if (problems.length > 0) throw new SettingsError(problems);
}

function tlsOf(settings: KafkaSettings): NonNullable<KafkaConnection['ssl']> {
  const files = {
    ca: fileOf(settings, 'KAFKA_CA_FILE'),
    cert: fileOf(settings, 'KAFKA_CERT_FILE'),
    key: fileOf(settings, 'KAFKA_KEY_FILE'),
  };
  if ((files.cert === undefined) !== (files.key === undefined)) {
    throw new SettingsError(['KAFKA_CERT_FILE and KAFKA_KEY_FILE must be set together']);
  }
  return Object.fromEntries(Object.entries(files).filter(([, content]) => content !== undefined));
}

function fileOf(
  settings: KafkaSettings,
  name: 'KAFKA_CA_FILE' | 'KAFKA_CERT_FILE' | 'KAFKA_KEY_FILE',
): string | undefined {
  if (settings[name] === '') return undefined;
  try {
    return readFileSync(settings[name], 'utf8');
  } catch (error) {
    throw new SettingsError([
      `${name} must be a file that can be read: ${(error as { code?: string }).code}`,
    ]);
  }
}
