/** What messaging tells whoever watches over a service, and the clock around handlers. Figures and causes, never data. */
import type { StreamEvent } from './reading/cursors';
import type { Handler } from './reading/handlers';
import type { LostEvents } from './reading/positions';
import type { Differences } from './roll-call/roll-call-deps';
import { inSpan } from './tracing';

/** Parts that work by themselves and go on after a failure. */
export type Part = 'transport' | 'relay' | 'consumer' | 'timers' | 'care';

/** Which kind of transaction: a batch of events, one event, a parked one, a command over HTTP, documents that are due. */
export type Work = 'batch' | 'single' | 'redrive' | 'command' | 'timers';

/** Told after the fact; must not throw and must not wait. */
export interface Telemetry {
  /** A transaction has committed: how many events (or due documents, or commands) it was for, and how long it took. */
  committed(work: Work, count: number, seconds: number): void;
  /** A handler ran for one event or due document, whether it failed or not. */
  handled(type: string, seconds: number): void;
  /** A transaction is run again: it lost a race, or the database was in trouble. */
  retried(): void;
  /** An event by itself could not be handled; it is tried again or parked. */
  failedOn(event: StreamEvent, cause: string): void;
  /** Events were handed to the transport and forgotten. */
  sent(count: number): void;
  /** A part failed and will try again after a pause. */
  failed(part: Part, error: unknown): void;
  /** A roll call found a reader that is not where our streams are, and put it right. */
  differed(found: Differences): void;
  /** Writers use places again whose events were handled here: their databases were restored from an older copy. */
  forgotten(lost: readonly LostEvents[]): void;
  /** It went well; told every time. */
  worked(part: Part): void;
}

/** For who watches nothing. */
export const unwatched: Telemetry = {
  committed: () => undefined,
  handled: () => undefined,
  retried: () => undefined,
  failedOn: () => undefined,
  sent: () => undefined,
  failed: () => undefined,
  differed: () => undefined,
  forgotten: () => undefined,
  worked: () => undefined,
};

/** Seconds since a moment of `performance.now()`. */
export function secondsSince(began: number): number {
  return (performance.now() - began) / 1000;
}

/** The handler inside a span that continues its event's trace, and timed; one that needs no waiting stays so. */
export function observed(handler: Handler, telemetry: Telemetry): Handler {
  return (data, context) => {
    const began = performance.now();
    const handled = (): void => telemetry.handled(context.event.type, secondsSince(began));
    let result: unknown;
    try {
      result = inSpan(context.topic, context.event, () => handler(data, context));
    } catch (error) {
      handled();
      throw error;
    }
    if (result instanceof Promise) return result.finally(handled);
    handled();
    return undefined;
  };
}
