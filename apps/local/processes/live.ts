/** A live view over several processes of one service: each tells only what it did itself. */
import type { ServerResponse } from 'node:http';

/** Follows the address on all of them, event by event. When one ends the view ends, and its reader connects anew. */
export async function followAll(
  urls: readonly string[],
  path: string,
  response: ServerResponse,
): Promise<void> {
  const ending = new AbortController();
  response.on('close', () => ending.abort());
  try {
    const answers = await Promise.all(urls.map((url) => fetch(`${url}${path}`, { signal: ending.signal })));
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
