/** One port for all services, on the loopback address only: this form of the system issues its own logins. */
import { createServer, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SwaggerModule } from '@nestjs/swagger';
import type { Clock } from '@retorno/messaging';
import {
  createNest,
  describe,
  isBelow,
  isThisMachine,
  listen,
  misdirected,
  notReady,
  OperationsModule,
  routeOf,
  stopListening,
  type RunningService,
} from '@retorno/service';
import type { Logger } from 'pino';
import { ISSUER_ROUTE } from './issuer/issuer';
import type { Logins } from './logins';

/** Somebody who types only the address is somebody who wants to see something. */
export function toConsole(response: ServerResponse): void {
  response.writeHead(303, { location: '/console' }).end();
}

export interface Gateway {
  url: string;
  /** From here on requests reach the services; before, they are told to wait. */
  serve(services: readonly RunningService[]): Promise<void>;
  add(service: RunningService): void;
  /** Answers logins, from now on: services ask for tokens before they serve. */
  mount(logins: Logins): void;
  /** What answers where no service does: readiness, figures, what is parked. */
  operations(): unknown;
  stop(): Promise<void>;
}

/** Listens on 127.0.0.1, before anything else is touched: a port that is in use must cost nothing. */
export async function openGateway(port: number, logger: Logger, clock: Clock): Promise<Gateway> {
  const routes = new Map<string, RequestListener>();
  const running: RunningService[] = [];
  let issuer: RequestListener | undefined;
  let rest: RequestListener | undefined;
  let close = async (): Promise<void> => undefined;

  const server = createServer((request, response) => {
    if (!isThisMachine(request.headers.host)) return misdirected(response);
    if (issuer && isBelow(ISSUER_ROUTE, request.url)) return issuer(request, response);
    if (!rest) return notReady(response);
    if (request.url === '/') return toConsole(response);
    (routeOf(routes, request.url ?? '/') ?? rest)(request, response);
  });
  await listen(server, port, '127.0.0.1');
  const add = (service: RunningService): void => {
    for (const route of service.routes) routes.set(route, service.http);
    running.push(service);
  };

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    add,
    mount({ issuer: own }) {
      issuer = own?.http;
    },
    async serve(services) {
      services.forEach(add);
      const first = services[0]!;
      const operations = await createNest(OperationsModule.forServices(running), {
        logger,
        tokens: first.tokens,
        throttle: first.throttle,
        // What is asked of all of them together is kept with the first.
        audit: { audit: first.audit, clock, scope: 'all' },
      });
      const apps = [...services.map((service) => service.app), operations];
      SwaggerModule.setup('docs', operations, describe('Retorno', apps));
      await operations.init();
      close = () => operations.close();
      rest = operations.getHttpAdapter().getInstance() as RequestListener;
    },
    operations: () => rest,
    async stop() {
      await stopListening(server);
      await close();
    },
  };
}
