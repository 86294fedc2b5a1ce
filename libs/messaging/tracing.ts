/**
 * W3C trace context through events, by OpenTelemetry's API alone: without an SDK in the process nothing is recorded, and
 * what came in is passed on. Only `traceparent` travels; tracestate and baggage could carry anything and do not.
 */
import {
  context,
  isSpanContextValid,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  TraceFlags,
  type Context,
  type Span,
  type SpanContext,
} from '@opentelemetry/api';
import type { Envelope } from '@retorno/contracts';
import { causeOf } from './sql';

const tracer = trace.getTracer('retorno');
const TRACEPARENT = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;

/** The context that a `traceparent` stands for; the root for none or for one that is not well-formed. */
export function contextOf(traceparent: string | undefined): Context {
  const [, traceId, spanId, flags] = TRACEPARENT.exec(traceparent ?? '') ?? [];
  if (!traceId || !spanId || !flags) return ROOT_CONTEXT;
  const traceFlags = Number.parseInt(flags, 16) & TraceFlags.SAMPLED;
  const parent: SpanContext = { traceId, spanId, traceFlags, isRemote: true };
  return isSpanContextValid(parent) ? trace.setSpanContext(ROOT_CONTEXT, parent) : ROOT_CONTEXT;
}

/**
 * Handles an event in a span of the trace that it came with, whatever else goes on in this process. Gives what `work` gives;
 * a promise of it where spans are recorded.
 */
export function inSpan(topic: string, event: Envelope, work: () => unknown): unknown {
  const span = tracer.startSpan(
    `handle ${event.type}`,
    {
      kind: SpanKind.CONSUMER,
      attributes: {
        'messaging.system': 'retorno',
        'messaging.operation.type': 'process',
        'messaging.destination.name': topic,
        'messaging.message.id': event.id,
        'retorno.key': event.partitionkey,
      },
    },
    contextOf(event.traceparent),
  );
  return span.isRecording() || isSpanContextValid(span.spanContext()) ? within(span, work) : work();
}

async function within(span: Span, work: () => unknown): Promise<void> {
  try {
    await context.with(trace.setSpan(ROOT_CONTEXT, span), work);
  } catch (error) {
    // Not the exception itself: a database's message quotes values.
    span.setStatus({ code: SpanStatusCode.ERROR, message: causeOf(error) });
    throw error;
  } finally {
    span.end();
  }
}

/**
 * The `traceparent` of an event that is written now: of the span under way, else the one that its cause came with.
 * `apart`: the event must not be joined with others of its cause, so it begins a trace of its own. The span that begins
 * it is linked to the one under way; the link stays in this process's own records, and no reader of the event sees it.
 */
export function traceparentFor(
  topic: string,
  type: string,
  apart: boolean,
  cause: Envelope | undefined,
): string | undefined {
  const current = trace.getSpanContext(context.active());
  if (!current) {
    const passedOn = apart ? undefined : cause?.traceparent;
    return passedOn !== undefined && TRACEPARENT.test(passedOn) ? passedOn : undefined;
  }
  if (!apart) return traceparentOf(current);
  const attributes = { 'messaging.system': 'retorno', 'messaging.destination.name': topic };
  const first = tracer.startSpan(`begin ${type}`, {
    root: true,
    kind: SpanKind.PRODUCER,
    attributes,
    links: [{ context: current }],
  });
  first.end();
  return traceparentOf(first.spanContext());
}

/** Runs later what belongs to the span under way. */
export function inThisContext<F extends () => void>(work: F): F {
  return context.bind(context.active(), work);
}

/** Runs work that many requests share, so that it belongs to none of their traces. */
export function detached<T>(work: () => T): T {
  return context.with(ROOT_CONTEXT, work);
}

function traceparentOf({ traceId, spanId, traceFlags }: SpanContext): string | undefined {
  if (!isSpanContextValid({ traceId, spanId, traceFlags })) return undefined;
  return `00-${traceId}-${spanId}-${(traceFlags & TraceFlags.SAMPLED) === 0 ? '00' : '01'}`;
}
