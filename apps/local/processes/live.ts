/** A live view over several processes of one service: each tells only what it did itself. */
import type { IncomingMessage, ServerResponse } from 'node:http';

/** Follows the address on all of them, event by event. When one ends the view ends, and its reader connects anew. */
export async function followAll(
  urls: readonly string[],
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const ending = new AbortController();
  response.on('close', () => ending.abort());
  try {
    // Each asks who is there: a view of several is as guarded as one.
    const { authorization } = request.headers;
    const headers = authorization === undefined ? {} : { authorization };
    const answers = await Promise.all(
      urls.map((url) => fetch(`${url}${path}`, { headers, signal: ending.signal })),
    );
    const refused = answers.find((answer) => !answer.ok);
    if (refused) {
      ending.abort();
      response.writeHead(refused.status, { 'content-type': 'application/problem+json' }).end();
      return;
    }
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
    response.flushHeaders();
    await Promise.race(answers.map((answer) => copyEvents(answer, response)));
  } catch {
    // One of them ended, or the reader left.
  }
  ending.abort();
  if (response.headersSent) response.end();
  else response.writeHead(503).end();
}

/** Whole events only: halves of two would mix. */
async function copyEvents(answer: Response, response: ServerResponse): Promise<void> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const piece of answer.body!) {
    rest += decoder.decode(piece as Uint8Array, { stream: true });
    const end = rest.lastIndexOf('\n\n') + 2;
    if (end < 2) continue;
    response.write(rest.slice(0, end));
    rest = rest.slice(end);
  }
}
