/** One port for all services, on the loopback address only: this form of the system has no login. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Messaging } from '@retorno/messaging';
import { SwaggerModule } from '@nestjs/swagger';
import {
  createNest,
  describe,
  OperationsModule,
  problem,
  routeOf,
  type RunningService,
} from '@retorno/service';
import type { Logger } from 'pino';

export interface Gateway {
  url: string;
  add(service: RunningService): void;
  stop(): Promise<void>;
}

/** Listens on 127.0.0.1 and gives each request to the service whose route it is. */
export async function startGateway(
  services: readonly RunningService[],
  port: number,
  logger: Logger,
): Promise<Gateway> {
  const messagings: Messaging[] = services.map((service) => service.messaging);
  const operations = await createNest(OperationsModule.forServices(messagings), logger);
  const apps = [...services.map((service) => service.app), operations];
  SwaggerModule.setup('docs', operations, describe('Retorno', apps));
  await operations.init();
  const rest = operations.getHttpAdapter().getInstance() as (i: IncomingMessage, o: ServerResponse) => void;

  const routes = new Map(
    services.flatMap((service) => service.routes.map((route) => [route, service] as const)),
  );
  const server = createServer((request, response) => {
    if (!isThisMachine(request.headers.host)) return misdirected(response);
    const service = routeOf(routes, request.url ?? '/');
    return service ? service.http(request, response) : rest(request, response);
  });
  await new Promise<void>((resolve, reject) =>
    server.once('error', reject).listen(port, '127.0.0.1', resolve),
  );
  const { port: taken } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${taken}`,
    add(service) {
      for (const route of service.routes) routes.set(route, service);
      messagings.push(service.messaging);
    },
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
      await operations.close();
    },
  };
}

/**
 * Whether a request was addressed to this machine by name. A web page elsewhere can make its own name point here and
 * would then read the answers as its own.
 */
export function isThisMachine(host: string | undefined): boolean {
  return host !== undefined && /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/i.test(host);
}

function misdirected(response: ServerResponse): void {
  const { body } = problem(421, 'misdirected', 'This server answers to 127.0.0.1 and localhost only.');
  response.writeHead(body.status, { 'content-type': 'application/problem+json' });
  response.end(JSON.stringify(body));
}
