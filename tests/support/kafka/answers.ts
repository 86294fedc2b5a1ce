/** Whether a broker is there, by asking it. */
import { Kafka, logLevel } from 'kafkajs';
import type { Login } from './properties';

const CLIENT = 'is-it-there';
/** A quiet machine takes 3 s; one at six times its capacity took more than a minute. */
const START_MS = 180_000;

/** Waits until the cluster names its brokers and serves groups; throws after 3 minutes, or at once when `ended` says that it is gone. */
export async function untilAnswers(
  brokers: readonly string[],
  admin: Login | undefined,
  ended: () => string | undefined = () => undefined,
): Promise<void> {
  const deadline = Date.now() + START_MS;
  for (;;) {
    const problem = await ask(brokers, admin);
    if (problem === undefined) return;
    const end = ended();
    if (end !== undefined) throw new Error(`the broker ended: ${end}`);
    if (Date.now() > deadline) {
      throw new Error(`no answer from ${brokers.join(', ')} within ${START_MS} ms: ${problem}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function ask(brokers: readonly string[], login: Login | undefined): Promise<string | undefined> {
  const admin = new Kafka({
    clientId: CLIENT,
    brokers: [...brokers],
    connectionTimeout: 2_000,
    requestTimeout: 5_000,
    retry: { retries: 0 },
    logLevel: logLevel.NOTHING,
    ...(login ? { ssl: false, sasl: { mechanism: 'scram-sha-512' as const, ...login } } : {}),
  }).admin();
  try {
    await admin.connect();
    const cluster = await admin.describeCluster();
    if (cluster.brokers.length === 0) return 'the cluster has no broker yet';
    await admin.fetchOffsets({ groupId: CLIENT });
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    await admin.disconnect().catch(() => undefined);
  }
}
