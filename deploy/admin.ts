/** A command's way to the cluster, with errors that say what to do. */
import { kafkaClient, type KafkaConnection } from '@retorno/messaging';
import { kafkaConnection, SettingsError } from '@retorno/service';
import type { Admin } from 'kafkajs';

/**
 * Runs with the client of whom the environment names, by the services' own settings; it is closed in the end.
 * Throws SettingsError, or what the cluster answered in plain words.
 */
export async function withAdmin<T>(env: NodeJS.ProcessEnv, work: (admin: Admin) => Promise<T>): Promise<T> {
  const connection = kafkaConnection(env, 'retorno-deploy');
  if (!connection) throw new SettingsError(['KAFKA_BROKERS must be host:port of the cluster']);
  const admin = kafkaClient(connection).admin();
  try {
    await admin.connect();
    return await work(admin);
  } catch (error) {
    throw new Error(explain(error, connection), { cause: error });
  } finally {
    await admin.disconnect().catch(() => undefined);
  }
}

/** Brokers learn of a change a moment after it was accepted, a busy one after seconds. */
const SHOWN_MS = 30_000;

/** Waits until the cluster shows what was changed: only then may the next command count on it. Throws after 30 s. */
export async function untilShown(isShown: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + SHOWN_MS;
  while (!(await isShown())) {
    if (Date.now() > deadline) throw new Error('the cluster accepted the changes and does not show them yet');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** What an error of kafkajs means for the person at the terminal. */
function explain(error: unknown, connection: KafkaConnection): string {
  if (!(error instanceof Error)) return String(error);
  const { name, message, type, errors, topic, cause } = error as KafkaError;
  if (errors) return errors.map((each) => explain(each, connection)).join('\n');
  const at = `the cluster at ${connection.brokers.join(',')}`;
  const who = connection.sasl ? `user '${connection.sasl.username}'` : 'who gives no name';
  const about = topic === undefined ? '' : `${topic}: `;
  switch (type ?? name) {
    case 'TOPIC_AUTHORIZATION_FAILED':
    case 'CLUSTER_AUTHORIZATION_FAILED':
      return `${about}${at} does not let ${who} do this: give it the rights in docs/how-to/run-on-kafka.md, or be a super user`;
    case 'TOPIC_ALREADY_EXISTS':
      return `${about}exists but is not shown to ${who}: it lacks the right to describe topics, or somebody made it just now`;
    case 'SECURITY_DISABLED':
      return `${at} enforces no access lists: set authorizer.class.name on its brokers`;
    case 'KafkaJSSASLAuthenticationError':
      return `${at} refuses ${who}: wrong KAFKA_USERNAME or KAFKA_PASSWORD, or another KAFKA_SASL_MECHANISM`;
    case 'KafkaJSConnectionClosedError':
      return `${at} hung up: it may ask for a login (KAFKA_USERNAME, KAFKA_PASSWORD) or for TLS (KAFKA_TLS=on)`;
    case 'KafkaJSConnectionError':
    case 'KafkaJSRequestTimeoutError':
      return `cannot reach ${at}: ${message}; is KAFKA_BROKERS right, and KAFKA_TLS?`;
  }
  // kafkajs wraps what it gave up on.
  return cause instanceof Error ? explain(cause, connection) : `${about}${message}`;
}

/** What kafkajs puts on its errors. */
interface KafkaError extends Error {
  readonly type?: string;
  readonly topic?: string;
  readonly errors?: readonly Error[];
}
