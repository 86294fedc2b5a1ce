/**
 * A real Kafka broker for tests: the one of KAFKA_BROKERS, else one of our own in Docker, else as a Java process. It is
 * gone when the process that started it is gone.
 */
import { randomBytes } from 'node:crypto';
import { untilAnswers } from './kafka/answers';
import { DockerBroker } from './kafka/docker';
import { findBroker, givenBrokers, type Found } from './kafka/find';
import { JavaBroker } from './kafka/java';
import type { Machine } from './kafka/machine';
import { freePort } from '../../apps/local/processes/ports';
import type { Login } from './kafka/properties';

/** What a broker of one's own is like. */
export interface KafkaOptions {
  /** Everybody logs in with SCRAM-SHA-512 and may do what an access list says; `users` are known from the start. */
  sasl?: boolean | { users: readonly Login[] };
  /** This port instead of a free one. */
  port?: number;
  /** Added to the broker's properties, or instead of ours. */
  properties?: Readonly<Record<string, string>>;
}

export interface TestKafka {
  /** host:port */
  readonly brokers: string[];
  readonly how: 'given' | 'docker' | 'java';
  /** Who may do everything, with `sasl`. */
  readonly admin?: Login;
  /** The broker's process, when it is one on this machine. */
  readonly pid?: number | undefined;
  /** Ends the broker and removes its data; leaves one that was given. */
  stop(): Promise<void>;
}

/** A broker of one's own. */
export interface OwnKafka extends TestKafka {
  /** SIGKILL; returns when it is dead. */
  kill(): Promise<void>;
  /** Starts it again, on the same port and data, after a shutdown in order unless it is dead; returns when it answers. */
  restart(): Promise<void>;
}

/**
 * Gives a broker that answers: without options any (KAFKA_BROKERS, else a new one), with options, be they empty, always a
 * new one of one's own. Throws when there is neither Docker nor Java, or when it does not come up, with what it printed.
 */
export function startKafka(): Promise<TestKafka>;
export function startKafka(options: KafkaOptions): Promise<OwnKafka>;
export async function startKafka(options?: KafkaOptions): Promise<TestKafka> {
  const given = options ? undefined : givenBrokers();
  if (given) {
    await untilAnswers(given, undefined);
    return { brokers: given, how: 'given', stop: async () => undefined };
  }
  const found = await findBroker();
  if (found.how === 'none') throw new Error(whyNone(found.why));
  return await startOwn(found, options ?? {});
}

/** Says what was looked for and what to do. */
export function whyNone(why: string): string {
  return `no Kafka broker (${why}): set KAFKA_BROKERS, or install Docker or Java 17`;
}

async function startOwn(found: Exclude<Found, { how: 'none' }>, options: KafkaOptions): Promise<OwnKafka> {
  const admin = options.sasl ? { username: 'admin', password: randomBytes(12).toString('hex') } : undefined;
  const users = typeof options.sasl === 'object' ? options.sasl.users : [];
  const host = found.how === 'docker' ? found.host : '127.0.0.1';
  const port = options.port ?? (await freePort());
  const settings = {
    host,
    port,
    controllerPort: await freePort(),
    ...(admin ? { admin } : {}),
    extra: options.properties ?? {},
  };
  const logins = admin ? [admin, ...users] : users;
  const machine: Machine =
    found.how === 'docker'
      ? new DockerBroker(found.image, settings, logins)
      : await JavaBroker.make(found, settings, logins);
  const brokers = [`${host}:${port}`];
  const up = async () => {
    try {
      await machine.start();
      await untilAnswers(brokers, admin, () => machine.ended());
    } catch (error) {
      const printed = await machine.output();
      throw new Error(`the Kafka broker did not come up: ${String(error)}\n${printed}`, { cause: error });
    }
  };
  try {
    await up();
  } catch (error) {
    await machine.remove();
    throw error;
  }
  return {
    brokers,
    how: found.how,
    ...(admin ? { admin } : {}),
    get pid() {
      return machine.pid;
    },
    stop: () => machine.remove(),
    kill: () => machine.kill(),
    restart: async () => {
      await machine.shutDown();
      await up();
    },
  };
}
