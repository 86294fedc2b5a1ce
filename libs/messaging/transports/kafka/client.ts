/** How we talk to a cluster: kafkajs with our limits, our logs, and its idle timer guarded. */
import { connect as connectPlain, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { Kafka, logLevel, type ISocketFactory, type KafkaConfig, type SASLOptions } from 'kafkajs';
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

/** A client whose connections can be cut, whatever it is in the middle of. */
export interface OwnClient {
  kafka: Kafka;
  /** Closes every connection and makes no new one: kafkajs itself waits for answers that may never come. */
  cut(): void;
}

/** Longest wait for an answer of a broker, ms; a half-open connection shows by it. */
const REQUEST_MS = 10_000;
const KEEP_ALIVE_MS = 30_000;

/**
 * Few, and all of them stated, since kafkajs has others when NODE_ENV is `test`: whoever calls decides what a failure
 * means and when to try again.
 */
export const RETRY = { retries: 3, initialRetryTime: 100, maxRetryTime: 2_000, factor: 0.2, multiplier: 2 };

/** A kafkajs client for a command or a test. */
export function kafkaClient(connection: KafkaConnection): Kafka {
  return ownClient(connection).kafka;
}

/** A kafkajs client for one producer or consumer: kafkajs lets all consumers of a client share their offsets. */
export function ownClient(connection: KafkaConnection): OwnClient {
  const { onLog } = connection;
  const sockets = new Set<Socket>();
  let isCut = false;
  const socketFactory: ISocketFactory = ({ host, port, ssl, onConnect }) => {
    if (isCut) throw new Error('the connection was given up');
    const name = isIP(host) ? {} : { servername: host };
    // kafkajs gives none at all where its types promise one.
    const tls = ssl as typeof ssl | undefined;
    const socket = tls
      ? connectTls({ host, port, ...name, ...tls }, onConnect)
      : connectPlain({ host, port }, onConnect);
    socket.setKeepAlive(true, KEEP_ALIVE_MS);
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    return socket;
  };
  const kafka = new Kafka({
    brokers: [...connection.brokers],
    clientId: connection.clientId,
    ...(connection.sasl ? { sasl: connection.sasl as SASLOptions } : {}),
    ...(connection.ssl ? { ssl: connection.ssl } : {}),
    socketFactory,
    connectionTimeout: 5_000,
    authenticationTimeout: 10_000,
    requestTimeout: REQUEST_MS,
    retry: { ...RETRY, restartOnFailure: async () => false },
    logLevel: onLog ? logLevel.WARN : logLevel.NOTHING,
    logCreator: () => (entry) => {
      // It warns of few retries, after which an old producer's numbers would go on: ours ends with its first failure.
      if (isCut || entry.log.message.startsWith('Limiting retries for the idempotent producer')) return;
      const { message, timestamp: _at, logger: _logger, stack: _stack, ...details } = entry.log;
      // Most of what it calls an error is tried again at once, such as each sharing out of the partitions.
      onLog?.(message.startsWith('Crash: ') ? 'error' : 'warn', message, details);
    },
  });
  return {
    kafka,
    cut: () => {
      isCut = true;
      for (const socket of sockets) socket.destroy(new Error('the connection was given up'));
    },
  };
}
