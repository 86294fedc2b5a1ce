/**
 * One PostgreSQL server for all spec files of a Jest worker, which runs one after the other: making, starting and stopping
 * a server costs as much as many a story. Not one for all workers: the services' roles are the whole server's. Jest's own
 * process holds them; the first question of a worker starts its server.
 */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startTemporaryPostgres, type EmbeddedPostgres } from '../../apps/local/postgres';

const ADDRESS = 'TEST_POSTGRES_HOLDER';

// What a crash of the machine leaves behind is no business of these; the crash test and the faults have servers of their own.
const SETTINGS = { fsync: 'off', full_page_writes: 'off', max_wal_size: '256MB' };

/** Runs in Jest's own process, for as long as the run. */
export class ServerHolder {
  /** By the path that is asked for. */
  private readonly servers = new Map<string, Promise<EmbeddedPostgres>>();

  private constructor(private readonly server: Server) {
    server.on('request', ({ url = '/' }, response) => {
      const found = this.servers.get(url) ?? startTemporaryPostgres(SETTINGS);
      this.servers.set(url, found);
      found.then(
        ({ adminUrl }) => response.end(adminUrl),
        (error: unknown) => response.writeHead(500).end(String(error)),
      );
    });
  }

  /** Waits for questions, and lets the workers know where. */
  static async open(): Promise<ServerHolder> {
    const server = createServer().unref();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    process.env[ADDRESS] = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const holder = new ServerHolder(server);
    // Jest has no teardown for a run that somebody ends.
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.once(signal, () => void holder.close().finally(() => process.exit(1)));
    }
    return holder;
  }

  /** Ends the servers, if there are any. */
  async close(): Promise<void> {
    this.server.close();
    this.server.closeAllConnections();
    const started = await Promise.allSettled(this.servers.values());
    for (const one of started) if (one.status === 'fulfilled') await one.value.stop();
  }
}

/** Superuser's address of this worker's server; undefined outside of a run. */
export async function heldServer(): Promise<string | undefined> {
  const address = process.env[ADDRESS];
  if (!address) return undefined;
  const response = await fetch(`${address}/${process.env['JEST_WORKER_ID'] ?? ''}`);
  const text = await response.text();
  if (!response.ok) throw new Error(text);
  return text;
}
