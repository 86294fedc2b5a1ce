/** Jest's globalSetup: whoever holds the broker and the database servers of the run. */
import { BrokerHolder } from './kafka/one-broker';
import { ServerHolder } from './held-postgres';

declare global {
  // Jest gives its setup and its teardown nothing else in common.
  var kafkaHolder: BrokerHolder | undefined;
  var postgresHolder: ServerHolder | undefined;
}

export = async function setUp(): Promise<void> {
  globalThis.kafkaHolder = await BrokerHolder.open();
  globalThis.postgresHolder = await ServerHolder.open();
};
