/** Messaging's figures and troubles as metrics and log lines. */
import type { Envelope } from '@retorno/contracts';
import {
  causeOf,
  type Differences,
  type LostEvents,
  type Part,
  type Telemetry,
  type Work,
} from '@retorno/messaging';
import type { Logger } from 'pino';
import { figures } from './metrics';

const PARTS: readonly Part[] = ['transport', 'relay', 'consumer', 'timers', 'care'];

/** Watches one service. */
export class ServiceTelemetry implements Telemetry {
  /** Parts in trouble: the first failure of a row is logged, and its end. */
  private readonly troubled = new Set<Part>();

  constructor(
    private readonly service: string,
    private readonly logger: Logger,
  ) {
    // A counter that is not there yet would hide its first increase from a rate.
    for (const part of PARTS) figures.failures.inc({ service, part }, 0);
    for (const metric of [figures.handled, figures.sent, figures.retries]) metric.inc({ service }, 0);
  }

  committed(work: Work, count: number, seconds: number): void {
    const { service } = this;
    figures.transactionSeconds.observe({ service, work }, seconds);
    if (work === 'command' || work === 'timers' || count === 0) return;
    figures.handled.inc({ service }, count);
    figures.batchEvents.observe({ service }, count);
  }

  handled(type: string, seconds: number): void {
    figures.handlerSeconds.observe({ service: this.service, type }, seconds);
  }

  retried(): void {
    figures.retries.inc({ service: this.service });
  }

  failedOn({ topic, envelope }: { topic: string; envelope: Envelope }, cause: string): void {
    figures.failedTries.inc({ service: this.service, topic });
    this.logger.warn({ topic, ...named(envelope), cause }, 'event failed');
  }

  sent(count: number): void {
    figures.sent.inc({ service: this.service }, count);
  }

  failed(part: Part, error: unknown): void {
    figures.failures.inc({ service: this.service, part });
    if (this.troubled.has(part)) return;
    this.troubled.add(part);
    this.logger.warn({ part, cause: causeOf(error) }, 'in trouble: tries again until it works');
  }

  differed({ reader, topic, sentAgain, lost }: Differences): void {
    const events = lost.reduce((sum, { from, to }) => sum + to - from + 1, 0);
    const found = { reader, topic, sentAgain, streamsLost: lost.length, eventsLost: events };
    if (events > 0)
      this.logger.error(found, 'this database lacks events that a reader has: was it restored?');
    else this.logger.warn(found, 'a reader was behind: sent again');
  }

  forgotten(lost: readonly LostEvents[]): void {
    const topics = [...new Set(lost.map(({ topic }) => topic))];
    this.logger.error(
      { topics, streams: lost.length },
      'a writer lacks events that were handled: was it restored?',
    );
  }

  worked(part: Part): void {
    if (this.troubled.delete(part)) this.logger.info({ part }, 'works again');
  }

  /** An event was parked; see `MessagingDeps.onParked`. */
  parked(topic: string, cause: string, envelope?: Envelope): void {
    figures.parkings.inc({ service: this.service, topic });
    this.logger.error({ topic, ...(envelope ? named(envelope) : {}), cause }, 'message parked');
  }
}

/** What tells which event it is: attributes without personal data. */
function named({ id, type, partitionkey, keyseq }: Envelope): object {
  return { key: partitionkey, keyseq, event: id, type };
}
