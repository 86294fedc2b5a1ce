/**
 * One broker for all spec files of a Jest run. Jest's own process holds it, and the workers ask for it by HTTP: the first
 * question starts it, so that a run without such specs starts nothing.
 */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startKafka, type TestKafka } from '../kafka';

const ADDRESS = 'TEST_KAFKA_HOLDER';

/** Runs in Jest's own process, for as long as the run. */
export class BrokerHolder {
  private broker: Promise<TestKafka> | undefined;

  private constructor(private readonly server: Server) {
    server.on('request', (_, response) => {
      this.broker ??= startKafka();
      this.broker.then(
        ({ brokers, how }) => response.end(JSON.stringify({ brokers, how })),
        (error: unknown) =>
          response.writeHead(500).end(error instanceof Error ? error.message : String(error)),
      );
    });
  }

  /** Waits for questions, and lets the workers know where. */
  static async open(): Promise<BrokerHolder> {
    const server = createServer().unref();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    process.env[ADDRESS] = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    return new BrokerHolder(server);
  }

  /** Ends the broker if there is one. */
  async close(): Promise<void> {
    this.server.close();
    this.server.closeAllConnections();
    const broker = await this.broker?.catch(() => undefined);
    await broker?.stop();
  }
}

/** The broker of the run; outside of one, any. Others use it too: topics and groups need names of their own. */
export async function borrowKafka(): Promise<TestKafka> {
  const address = process.env[ADDRESS];
  if (!address) return await startKafka();
  const response = await fetch(address);
  if (!response.ok) throw new Error(await response.text());
  const { brokers, how } = (await response.json()) as Pick<TestKafka, 'brokers' | 'how'>;
  return { brokers, how, stop: async () => undefined };
}
