/**
 * What /metrics shows of this process. One registry for all services in it, told apart by the label `service`; what
 * each figure means to whoever watches stands in docs/how-to/watch-the-system.md.
 */
import type { Messaging } from '@retorno/messaging';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

const registry = new Registry();

/** How long a service's database may take to answer a scrape, ms. */
const PATIENCE_MS = 2_000;
/** From a decision in memory to a lock that is waited for, in seconds. */
const WORK_SECONDS = [0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10];

/** A figure that goes up and down. */
export function gauge<L extends string>(name: string, help: string, labelNames: readonly L[]): Gauge<L> {
  return new Gauge({ name: `retorno_${name}`, help, labelNames, registers: [registry] });
}

/** A figure that only grows, from the start of the process. */
export function counter<L extends string>(name: string, help: string, labelNames: readonly L[]): Counter<L> {
  return new Counter({ name: `retorno_${name}`, help, labelNames, registers: [registry] });
}

/** A distribution over buckets of the given upper bounds. */
export function histogram<L extends string>(
  name: string,
  help: string,
  labelNames: readonly L[],
  buckets: number[] = WORK_SECONDS,
): Histogram<L> {
  return new Histogram({ name: `retorno_${name}`, help, labelNames, buckets, registers: [registry] });
}

const OF_SERVICE = ['service'] as const;

/** Read at each scrape, from the service's database and its transport. */
const backlog = {
  outbox: gauge('outbox', 'Events that the transport has not acknowledged', OF_SERVICE),
  outboxAgeSeconds: gauge(
    'outbox_age_seconds',
    'Age of the oldest of them: how far the relay is behind',
    OF_SERVICE,
  ),
  parkedStreams: gauge('parked_streams', 'Streams that stand still', OF_SERVICE),
  parkedEvents: gauge('parked_events', 'Events parked in them', OF_SERVICE),
  held: gauge('held', 'Events that came before the ones they follow', OF_SERVICE),
  replays: gauge('replays', 'Streams to be sent again, and topics to be asked for as a whole', OF_SERVICE),
  timersLate: gauge('timers_late', 'Timers late by more than 10 s', OF_SERVICE),
} as const;
const ready = gauge('ready', '1: database and transport can be reached, as /readyz says', OF_SERVICE);
const lagEvents = gauge('consumer_lag_events', 'Events published and not handled yet', OF_SERVICE);
const lagSeconds = gauge('consumer_lag_seconds', 'Age of the oldest of them', OF_SERVICE);

/** Counted as it happens. */
export const figures = {
  handled: counter('handled', 'Events handled', OF_SERVICE),
  sent: counter('sent', 'Events handed to the transport', OF_SERVICE),
  parkings: counter('parkings_total', 'Times that an event was parked', ['service', 'topic']),
  failedTries: counter('failed_tries_total', 'Tries of one event that failed', ['service', 'topic']),
  retries: counter('transaction_retries_total', 'Transactions run again after a lost race', OF_SERVICE),
  failures: counter('failures_total', 'Times that a part failed and paused', ['service', 'part']),
  handlerSeconds: histogram('handler_seconds', 'Time of one handler, without its transaction', [
    'service',
    'type',
  ]),
  transactionSeconds: histogram('transaction_seconds', 'Time of one transaction, commit included', [
    'service',
    'work',
  ]),
  batchEvents: histogram(
    'batch_events',
    'Events of one transaction',
    OF_SERVICE,
    [1, 3, 10, 30, 100, 300, 1000],
  ),
  requestSeconds: histogram(
    'http_request_seconds',
    'Time of an HTTP request, by the template of its route',
    ['service', 'method', 'route', 'status'],
    [0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10],
  ),
} as const;

const readers = new Set<() => void>();

/** Has `read` called before each scrape; gives what ends that. It must not wait: figures that cost time are kept. */
export function beforeScrape(read: () => void): () => void {
  readers.add(read);
  return () => void readers.delete(read);
}

let isProcessWatched = false;

/** Memory, CPU and event loop of this process, once however many services run in it. */
export function watchProcess(): void {
  if (isProcessWatched) return;
  isProcessWatched = true;
  // Every 10 ms, as by default, costs an idle process half a per cent of a core.
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: 100 });
}

/** The figures of these services and of this process in Prometheus' format. A database in trouble shows as not ready. */
export async function scrape(services: readonly Messaging[]): Promise<{ type: string; text: string }> {
  for (const read of readers) read();
  await Promise.all(services.map(readBacklog));
  return { type: registry.contentType, text: await registry.metrics() };
}

async function readBacklog(messaging: Messaging): Promise<void> {
  const { service } = messaging;
  const found = await withinReason(messaging.backlog());
  for (const [name, metric] of Object.entries(backlog)) {
    // An old figure would look like a good one.
    if (found) metric.set({ service }, found[name as keyof typeof backlog]);
    else metric.remove({ service });
  }
  const lag = messaging.lag();
  lagEvents.set({ service }, lag.events);
  lagSeconds.set({ service }, lag.seconds);
  ready.set({ service }, found && messaging.transportHealth().ok ? 1 : 0);
}

/** Undefined for work that fails or takes too long. */
async function withinReason<T>(work: Promise<T>): Promise<T | undefined> {
  let timeout: NodeJS.Timeout | undefined;
  const patience = new Promise<undefined>((resolve) => {
    timeout = setTimeout(() => resolve(undefined), PATIENCE_MS);
  });
  try {
    return await Promise.race([work, patience]);
  } catch {
    return undefined;
  } finally {
    clearTimeout(timeout);
  }
}
