/** Ports for a broker that must find the same one free when it starts again. */
import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/** A free port below those that systems hand out for outgoing connections, so that no client takes it while the broker is down. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(20_000, 30_000);
    if (await isFree(port)) return port;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
