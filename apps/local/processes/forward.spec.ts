import { createServer, request as send, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { forward } from './forward';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A server, and the address in front of it. */
async function behind(listener: RequestListener): Promise<string> {
  const service = await serve(listener);
  return serve((request, response) => forward(request, response, service));
}

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const MEGABYTE = Buffer.alloc(1_000_000, 'x');

/** Sends megabyte after megabyte as fast as they are taken, until `isEnough` or the answer. */
async function upload(url: string, megabytes: number): Promise<{ status: number; sent: number }> {
  const onward = send(url, { method: 'POST', headers: { 'content-type': 'text/csv' } });
  const answered = new Promise<number>((resolve, reject) => {
    onward.on('error', reject);
    onward.on('response', (answer) => {
      answer.resume();
      resolve(answer.statusCode!);
    });
  });
  let status: number | undefined;
  void answered.then((code) => (status = code)).catch(() => undefined);
  let sent = 0;
  for (; sent < megabytes && status === undefined; sent++) {
    if (!onward.write(MEGABYTE)) {
      const isTaken = new Promise((resolve) => onward.once('drain', resolve));
      await Promise.race([isTaken, answered]);
    }
  }
  onward.end();
  return { status: await answered, sent };
}

describe('a request handed on', () => {
  it('arrives with its method, address, headers and body, and the answer with its status, headers and body', async () => {
    const url = await behind((request, response) => {
      let body = '';
      request.on('data', (piece: Buffer) => (body += piece.toString()));
      request.on('end', () => {
        const { method, url: address, headers } = request;
        response.writeHead(422, { 'content-type': 'application/problem+json', 'retry-after': '7' });
        response.end(
          JSON.stringify({ method, address, key: headers['idempotency-key'], host: headers.host, body }),
        );
      });
    });
    const answer = await fetch(`${url}/cases/1?q=a%20b`, {
      method: 'PUT',
      headers: { 'idempotency-key': 'k', 'content-type': 'application/json' },
      body: '{"a":1}',
    });
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([422, '7']);
    expect(await answer.json()).toEqual({
      method: 'PUT',
      address: '/cases/1?q=a%20b',
      key: 'k',
      host: url.slice('http://'.length),
      body: '{"a":1}',
    });
  });

  it('streams 100 MB without holding them', async () => {
    let received = 0;
    let most = 0;
    const url = await behind((request, response) => {
      request.on('data', (piece: Buffer) => {
        const tens = Math.floor(received / 10_000_000);
        received += piece.length;
        // What is held, not what is garbage already: how much of that lies about is the collector's affair.
        if (Math.floor(received / 10_000_000) === tens) return;
        collectGarbage();
        most = Math.max(most, process.memoryUsage().arrayBuffers);
      });
      request.on('end', () => response.writeHead(202).end());
    });
    collectGarbage();
    const before = process.memoryUsage().arrayBuffers;
    expect(await upload(url, 100)).toEqual({ status: 202, sent: 100 });
    expect(received).toBe(100_000_000);
    expect(most - before).toBeLessThan(30_000_000);
    // A collection for every 10 MB takes its time on a busy machine.
  }, 120_000);

  it('that is refused before its end is not taken to its end', async () => {
    const url = await behind((request, response) => {
      request.pause();
      setImmediate(() => response.writeHead(413).end('too large'));
    });
    const { status, sent } = await upload(url, 100);
    expect(status).toBe(413);
    expect(sent).toBeLessThan(50);
  });

  it('shows a live view event by event, and tells the service when its reader leaves', async () => {
    let left: () => void;
    const isLeft = new Promise<void>((resolve) => (left = resolve));
    const url = await behind((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write('data: 1\n\n');
      response.on('close', () => left());
    });
    const ending = new AbortController();
    const answer = await fetch(url, { signal: ending.signal });
    const { value } = await answer.body!.getReader().read();
    expect(Buffer.from(value!).toString()).toBe('data: 1\n\n');
    ending.abort();
    await isLeft;
  });

  it('whose service ends before it answers is refused with what to do; one cut off in its answer is cut off', async () => {
    const dead = await behind((request) => request.socket.destroy());
    const refused = await fetch(dead, { method: 'POST', body: '{}' });
    expect(refused.status).toBe(502);
    expect(await refused.json()).toMatchObject({ type: 'urn:retorno:problem:connection-lost' });
    const half = await behind((_request, response) => {
      response.writeHead(200, { 'content-length': '10' });
      response.write('12345', () => response.destroy());
    });
    await expect(fetch(half).then((answer) => answer.text())).rejects.toThrow('terminated');
  });
});
