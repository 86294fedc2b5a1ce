import { createServer, request as send, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { page, Throttle, ThrottleSettings } from '@retorno/service';
import pino from 'pino';
import { Pool } from './pool';
import type { Caller } from '@retorno/service';
import { openProxy, type Proxy } from './proxy';

type Answer = { status?: number; body: unknown } | undefined;
const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** Two services as far as the proxy sees them, the second with a process that does not answer as well. */
async function inFront(
  answers: Record<'health' | 'intake', (path: string, method: string) => Answer>,
): Promise<Proxy> {
  const pools = new Map<string, Pool>();
  for (const [service, answer] of Object.entries(answers)) {
    const server = createServer((request, response) => {
      const { status = 200, body } = answer(request.url!, request.method!) ?? { status: 404, body: {} };
      const isText = typeof body === 'string';
      response.writeHead(status, { 'content-type': isText ? 'text/plain' : 'application/json' });
      response.end(isText ? body : JSON.stringify(body));
    });
    const pool = new Pool(service, [service === 'health' ? '/agencies/health' : '/intake']);
    pool.processes.push({ service, name: service, url: await listening(server) });
    pools.set(service, pool);
  }
  pools.get('intake')!.processes.push({ service: 'intake', name: 'intake-2', url: undefined });
  const proxy = await openProxy({ port: 0, host: '127.0.0.1' }, pools, pino({ level: 'silent' }));
  closing.push(() => proxy.stop());
  await proxy.serve({ callerOf: async () => LEAD }, new Throttle(new ThrottleSettings()));
  return proxy;
}

async function listening(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const LEAD: Caller = { subject: 'lead', name: 'lead', roles: new Set(['operations', 'operations-lead']) };

const call = async (proxy: Proxy, path: string, init: RequestInit = {}) => {
  const headers = { authorization: 'Bearer of.a.lead', ...init.headers };
  const answer = await fetch(`${proxy.url}${path}`, { ...init, headers });
  return { status: answer.status, body: (await answer.json()) as any };
};

describe('one port in front of processes', () => {
  it('sends a request to the service whose address it is', async () => {
    const proxy = await inFront({
      health: (path) => ({ body: { health: path } }),
      intake: (path) => ({ body: { intake: path } }),
    });
    expect((await call(proxy, '/agencies/health/referrals?limit=1')).body).toEqual({
      health: '/agencies/health/referrals?limit=1',
    });
    expect((await call(proxy, '/intake/manifests')).body).toEqual({ intake: '/intake/manifests' });
    expect((await call(proxy, '/elsewhere')).status).toBe(404);
  });

  it('refuses what was addressed to another name', async () => {
    const proxy = await inFront({ health: () => ({ body: {} }), intake: () => ({ body: {} }) });
    const { port } = new URL(proxy.url);
    const status = await new Promise((resolve) => {
      send({ port, host: '127.0.0.1', path: '/intake', headers: { host: 'evil.example' } }, (answer) =>
        resolve(answer.resume().statusCode),
      ).end();
    });
    expect(status).toBe(421);
  });

  it('is ready when every process is, and names the one that is not', async () => {
    const ready = (service: string) => ({ body: { checks: [{ service, ok: true }] } });
    const proxy = await inFront({ health: () => ready('health'), intake: () => ready('intake') });
    const { status, body } = await call(proxy, '/readyz');
    expect([status, body.status]).toEqual([503, 'not ready']);
    expect(body.checks).toEqual([
      { service: 'health', ok: true, process: 'health' },
      { service: 'intake', ok: true, process: 'intake' },
      { service: 'intake', ok: false, process: 'intake-2', detail: 'does not answer' },
    ]);
  });

  it('lists what is parked anywhere in one order, page by page, each once', async () => {
    const parkedIn = (ids: string[]) => (path: string) => {
      const query = new URL(path, 'http://x').searchParams;
      const after = String(page.decode(query.get('cursor') ?? undefined)?.[0] ?? '');
      const limit = Number(query.get('limit'));
      const rows = ids.filter((id) => id > after).map((id) => ({ id }));
      return { body: page.of(rows.slice(0, limit + 1), limit, (last) => [last.id]) };
    };
    const proxy = await inFront({
      health: parkedIn(['a', 'c', 'd', 'g']),
      intake: parkedIn(['b', 'e', 'f']),
    });
    for (const limit of [1, 2, 3, 7, 50]) {
      const seen: string[] = [];
      for (let next: string | null = ''; next !== null;) {
        const { body } = await call(proxy, `/parked?limit=${limit}${next && `&cursor=${next}`}`);
        expect(body.items.length).toBeLessThanOrEqual(limit);
        seen.push(...body.items.map((item: { id: string }) => item.id));
        next = body.next;
      }
      expect(seen).toEqual(['a', 'b', 'c', 'd', 'e', 'f', 'g']);
    }
  });

  it('lists the audits of all services newest first, and refuses what one of them refuses', async () => {
    const at = (second: number) => `2026-11-23T15:00:0${second}.000Z`;
    const auditIn = (seconds: number[]) => (path: string) => {
      const query = new URL(path, 'http://x').searchParams;
      if (query.get('outcome') === 'failed') return { status: 422, body: { status: 422, detail: 'no' } };
      const before = String(page.decode(query.get('cursor') ?? undefined)?.[0] ?? 'later');
      const limit = Number(query.get('limit'));
      const rows = seconds.map((second) => ({ at: at(second), id: String(second) }));
      const rest = rows.filter((row) => row.at < before);
      return { body: page.of(rest.slice(0, limit + 1), limit, (last) => [last.at, last.id]) };
    };
    const proxy = await inFront({ health: auditIn([6, 4, 1]), intake: auditIn([5, 3, 2]) });
    for (const limit of [1, 2, 3, 6, 50]) {
      const seen: string[] = [];
      for (let next: string | null = ''; next !== null;) {
        const { body } = await call(proxy, `/audit?limit=${limit}${next && `&cursor=${next}`}`);
        seen.push(...body.items.map((item: { id: string }) => item.id));
        next = body.next;
      }
      expect(seen).toEqual(['6', '5', '4', '3', '2', '1']);
    }
    expect((await call(proxy, '/audit?outcome=failed')).status).toBe(422);
    expect((await call(proxy, '/audit?outcome=nothing')).body.errors[0].pointer).toBe('/outcome');
  });

  it('asks the service that parked a message to handle it again, and says when nobody knows it', async () => {
    const done: string[] = [];
    const proxy = await inFront({
      health: () => undefined,
      intake: (path, method) => {
        if (!path.startsWith('/parked/7/')) return undefined;
        done.push(`${method} ${path}`);
        return { body: { handled: 1 } };
      },
    });
    const post = {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"reason":"spoilt"}',
    };
    expect(await call(proxy, '/parked/7/redrive', { method: 'POST' })).toEqual({
      status: 200,
      body: { handled: 1 },
    });
    expect((await call(proxy, '/parked/7/skip', post)).status).toBe(200);
    expect((await call(proxy, '/parked/8/skip', post)).status).toBe(404);
    expect(done).toEqual(['POST /parked/7/redrive', 'POST /parked/7/skip']);
  });

  it('describes the interface of all services in one place', async () => {
    const proxy = await inFront({
      health: () => ({ body: { paths: { '/agencies/health': {} }, components: { schemas: { H: {} } } } }),
      intake: () => ({ body: { paths: { '/intake': {} } } }),
    });
    const { body } = await call(proxy, '/docs-json');
    expect(Object.keys(body.paths)).toEqual(
      expect.arrayContaining(['/agencies/health', '/intake', '/parked']),
    );
    expect(Object.keys(body.components.schemas)).toContain('H');
    expect((await fetch(`${proxy.url}/docs`)).status).toBe(200);
  });
});
