/** HTTP requests as figures and spans. A request is known by the template of its route: addresses hold ids. */
import { context, SpanKind, SpanStatusCode, trace, type Span } from '@opentelemetry/api';
import { contextOf, secondsSince } from '@retorno/messaging';
import type { Request, RequestHandler } from 'express';
import { figures } from './metrics';

const tracer = trace.getTracer('retorno');

/** Times each request of a service, and continues the trace that its `traceparent` names. */
export function observeRequests(service: string): RequestHandler {
  return (request, response, next) => {
    const began = performance.now();
    // Whoever instruments HTTP in this process has begun one already.
    const span = trace.getActiveSpan() ? undefined : spanOf(request);
    response.once('close', () => {
      const route = routeTemplateOf(request);
      if (span) end(span, request.method, route, response.statusCode);
      // Whoever asked left in the middle of the answer: a live view, which lasts as long as somebody watches.
      if (response.headersSent && !response.writableEnded) return;
      const status = response.writableEnded ? String(response.statusCode) : 'aborted';
      const labels = { service, method: request.method, route, status };
      figures.requestSeconds.observe(labels, secondsSince(began));
    });
    if (span) context.with(trace.setSpan(context.active(), span), next);
    else next();
  };
}

function spanOf(request: Request): Span {
  const { traceparent } = request.headers;
  const parent = contextOf(typeof traceparent === 'string' ? traceparent : undefined);
  const attributes = { 'http.request.method': request.method };
  return tracer.startSpan(request.method, { kind: SpanKind.SERVER, attributes }, parent);
}

function end(span: Span, method: string, route: string, status: number): void {
  span.updateName(`${method} ${route}`);
  span.setAttributes({ 'http.route': route, 'http.response.status_code': status });
  if (status >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
  span.end();
}

/** `/cases/:id`; one word for all addresses that nobody answers. */
function routeTemplateOf(request: Request): string {
  const path = (request.route as { path?: unknown } | undefined)?.path;
  return typeof path === 'string' ? path : 'unmatched';
}
