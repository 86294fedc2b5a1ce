/** Hands an HTTP request on, and its answer back, as streams: neither an upload nor a live view is ever held in memory. */
import {
  Agent,
  request as send,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import { problem } from '@retorno/service';

/** Shorter than the 5 s after which a service closes an idle connection: else a request may meet the closing. */
const agent = new Agent({ keepAlive: true, timeout: 3_000 });

/** Meant for one connection only (RFC 9110, 7.6.1); `expect` is answered by our own server. */
const OF_ONE_CONNECTION = [
  'connection',
  'expect',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
];

/** Answers a request with what the service at `to` (`http://127.0.0.1:20001`) answers. */
export function forward(request: IncomingMessage, response: ServerResponse, to: string): void {
  const onward = send(`${to}${request.url ?? '/'}`, {
    agent,
    method: request.method,
    headers: passedOn(request.headers),
  });
  onward.on('response', (answer) => {
    response.writeHead(answer.statusCode ?? 502, passedOn(answer.headers));
    // A live view says nothing for long: whoever follows it must see the headers at once.
    response.flushHeaders();
    answer.on('error', () => response.destroy());
    answer.pipe(response);
  });
  // A service may refuse an upload before its end, and close: what it said counts, not that it stopped listening.
  onward.on('error', () => {
    if (!response.headersSent) refuse(response);
  });
  request.pipe(onward);
  response.on('close', () => onward.destroy());
}

function passedOn(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !OF_ONE_CONNECTION.includes(name)));
}

function refuse(response: ServerResponse): void {
  const { body } = problem(
    502,
    'connection-lost',
    'The service ended before it answered: look whether the request took effect, then send it again.',
  );
  response.writeHead(502, { 'content-type': 'application/problem+json' });
  response.end(JSON.stringify(body));
}
