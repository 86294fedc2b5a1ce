/** Ports for processes that others must find again at the same place. */
import { createServer } from 'node:net';

/** Below the ports that systems give to outgoing connections: one that is free now is still free when its process listens. */
const FIRST = 20_000;
const LAST = 32_000;
const TRIES = 200;

/** A port of the loopback address that nobody listens on. */
export async function freePort(): Promise<number> {
  for (let i = 0; i < TRIES; i++) {
    const port = FIRST + Math.floor(Math.random() * (LAST - FIRST));
    if (await isFree(port)) return port;
  }
  throw new Error(`No free port found between ${FIRST} and ${LAST}: set SERVICES_PORT.`);
}

/** Whether a process could listen on a port of the loopback address. */
export function isFree(port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
