/** How we talk to a cluster: kafkajs with our limits, our logs, and its idle timer guarded. */
import { Kafka, logLevel, type KafkaConfig, type SASLOptions } from 'kafkajs';
import './quiet-queue';

/** Where the cluster is and who we are there. */
export interface KafkaConnection {
  /** `host:port`, at least one. */
  brokers: readonly string[];
  /** Shown in the brokers' logs and quotas. */
  clientId: string;
  /** SCRAM; without it no name is given. */
  sasl?: { mechanism: 'scram-sha-256' | 'scram-sha-512'; username: string; password: string };
  /** TLS: true for the system's authorities, or the options of Node's `tls.connect`. */
  ssl?: KafkaConfig['ssl'];
  /** Takes what kafkajs reports: a message and ids; never an event. Default: nothing is reported. */
  onLog?: (level: 'debug' | 'warn' | 'error', message: string, details: Record<string, unknown>) => void;
}

/** Longest wait for an answer of a broker, ms; a half-open connection shows by it. */
const REQUEST_MS = 10_000;

/** A kafkajs client. Retries are few: whoever calls decides what a failure means and when to try again. */
export function kafkaClient(connection: KafkaConnection): Kafka {
  const { onLog } = connection;
  return new Kafka({
    brokers: [...connection.brokers],
    clientId: connection.clientId,
    ...(connection.sasl ? { sasl: connection.sasl as SASLOptions } : {}),
    ...(connection.ssl ? { ssl: connection.ssl } : {}),
    connectionTimeout: 5_000,
    authenticationTimeout: 10_000,
    requestTimeout: REQUEST_MS,
    retry: { retries: 3, initialRetryTime: 100, maxRetryTime: 2_000, restartOnFailure: async () => false },
    logLevel: onLog ? logLevel.WARN : logLevel.NOTHING,
    logCreator: () => (entry) => {
      const { message, timestamp: _at, logger: _logger, stack: _stack, ...details } = entry.log;
      onLog?.(entry.level === logLevel.ERROR ? 'error' : 'warn', message, details);
    },
  });
}
