/** Jest's globalTeardown. */
import './global-setup';

export = async function tearDown(): Promise<void> {
  await Promise.all([globalThis.kafkaHolder?.close(), globalThis.postgresHolder?.close()]);
};
