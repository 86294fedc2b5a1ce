/** Who may connect while there is no login, and how a server stops listening. */
import type { Server, ServerResponse } from 'node:http';
import { problem } from './problem';

/** How long requests under way may take to end, ms. */
const GRACE_MS = 3_000;

/**
 * Whether a request was addressed to this machine by name. A web page elsewhere can make its own name point here and
 * would then read the answers as its own.
 */
export function isThisMachine(host: string | undefined): boolean {
  return host !== undefined && /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/i.test(host);
}

/** Refuses a request that was not addressed to this machine. */
export function misdirected(response: ServerResponse): void {
  refuse(response, 421, 'misdirected', 'This server answers to 127.0.0.1 and localhost only.');
}

/** Answers a request that came before everything was up. */
export function notReady(response: ServerResponse): void {
  refuse(response, 503, 'starting', 'The services are starting; try again in a moment.');
}

function refuse(response: ServerResponse, status: number, code: string, detail: string): void {
  response.writeHead(status, { 'content-type': 'application/problem+json' });
  response.end(JSON.stringify(problem(status, code, detail).body));
}

/** Listens, or throws with what to do about it. */
export async function listen(server: Server, port: number, host: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EADDRINUSE') throw error;
    throw new Error(`Port ${port} is in use: set PORT to another one, or end what listens there.`);
  });
}

/** Takes no new requests, lets those under way end for 3 s, then cuts what is left (live views do not end by themselves). */
export async function stopListening(server: Server): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeIdleConnections();
  const cut = setTimeout(() => server.closeAllConnections(), GRACE_MS);
  await closed;
  clearTimeout(cut);
}
