/** One port in front of all processes; it answers to this machine only. */
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import {
  createNest,
  describe,
  isBelow,
  isThisMachine,
  listen,
  misdirected,
  notReady,
  routeOf,
  stopListening,
  type Throttle,
  type Tokens,
} from '@retorno/service';
import type { Logger } from 'pino';
import { toConsole } from '../gateway';
import { ISSUER_ROUTE } from '../issuer/issuer';
import type { Logins } from '../logins';
import { forward } from './forward';
import { followAll } from './live';
import { ProcessesModule } from './operations';
import type { Pool } from './pool';

export interface Proxy {
  /** `http://127.0.0.1:3000` */
  url: string;
  /** Answers logins, from now on: services ask for tokens before they serve. */
  mount(logins: Pick<Logins, 'issuer'>): void;
  /** From here on requests reach the services; before, they are told to wait. */
  serve(tokens: Tokens, throttle: Throttle): Promise<void>;
  stop(): Promise<void>;
}

/** Listens before anything else is touched: a port that is in use must cost nothing. */
export async function openProxy(
  at: { port: number; host: string },
  pools: ReadonlyMap<string, Pool>,
  logger: Logger,
): Promise<Proxy> {
  const routes = new Map([...pools.values()].flatMap((pool) => pool.routes.map((route) => [route, pool])));
  let issuer: RequestListener | undefined;
  let rest: RequestListener | undefined;
  let close = async (): Promise<void> => undefined;

  const server = createServer((request, response) => {
    if (!isThisMachine(request.headers.host)) return misdirected(response);
    if (issuer && isBelow(ISSUER_ROUTE, request.url)) return issuer(request, response);
    if (!rest) return notReady(response);
    if (request.url === '/') return toConsole(response);
    const pool = routeOf(routes, request.url ?? '/');
    if (pool) toService(pool, request, response);
    else rest(request, response);
  });
  // A manifest of 100 MB over a slow line takes longer than the 5 minutes that Node grants by itself.
  server.requestTimeout = 0;
  await listen(server, at.port, at.host);

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    mount({ issuer: own }) {
      issuer = own?.http;
    },
    async serve(tokens, throttle) {
      const operations = await createNest(ProcessesModule.over(pools), { logger, tokens, throttle });
      const own = describe('Retorno', [operations]);
      SwaggerModule.setup('docs', operations, own, {
        // Asked for when somebody looks: a service may be away now, or newer then.
        patchDocumentOnRequest: async () => merged(own, await descriptionsOf([...pools.values()])),
      });
      await operations.init();
      close = () => operations.close();
      rest = operations.getHttpAdapter().getInstance() as RequestListener;
    },
    async stop() {
      await stopListening(server);
      await close();
    },
  };
}

/** The coordinator's live view, and each agency's own. */
const LIVE = /^(\/agencies\/[^/]+)?\/live$/;

function toService(pool: Pool, request: IncomingMessage, response: ServerResponse): void {
  const url = request.url ?? '/';
  const urls = pool.urls;
  if (urls.length > 1 && request.method === 'GET' && LIVE.test(url.split('?')[0]!)) {
    void followAll(urls, url, request, response);
    return;
  }
  const next = pool.next();
  if (next === undefined) return notReady(response);
  forward(request, response, next);
}

/** What each service says of itself; nothing for one that is away. */
async function descriptionsOf(pools: readonly Pool[]): Promise<OpenAPIObject[]> {
  const found = await Promise.all(
    pools.map((pool) =>
      fetch(`${pool.next()}/docs-json`)
        .then((answer) => answer.json() as Promise<OpenAPIObject>)
        .catch(() => undefined),
    ),
  );
  return found.filter((description) => description !== undefined);
}

/** The services' own addresses under one title; what every process answers is described by the process in front. */
function merged(own: OpenAPIObject, services: readonly OpenAPIObject[]): OpenAPIObject {
  const schemas = Object.assign({}, ...services.map((one) => one.components?.schemas ?? {})) as object;
  return {
    ...own,
    paths: Object.assign({}, ...services.map((one) => one.paths), own.paths) as OpenAPIObject['paths'],
    components: { ...own.components, schemas: { ...schemas, ...own.components?.schemas } },
  };
}
