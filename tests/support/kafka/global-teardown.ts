/** Jest's globalTeardown. */
import './global-setup';

export = async function tearDown(): Promise<void> {
  await globalThis.kafkaHolder?.close();
};
