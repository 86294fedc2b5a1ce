/** Jest's globalSetup. */
import { BrokerHolder } from './one-broker';

declare global {
  // Jest gives its setup and its teardown nothing else in common.
  var kafkaHolder: BrokerHolder | undefined;
}

export = async function setUp(): Promise<void> {
  globalThis.kafkaHolder = await BrokerHolder.open();
};
