/**
 * Logs are JSON lines with ids and codes; no personal data is ever passed to them. A line that is written while a span is
 * under way, or because of one, names its trace.
 */
import { context, isSpanContextValid, trace } from '@opentelemetry/api';
import type { LoggerService } from '@nestjs/common';
import pino, { type DestinationStream, type Logger } from 'pino';

/**
 * The logger of one service, or (undefined) of several that each have a child of it. `level`: trace, debug, info, warn, error, silent. Lines go to
 * standard output unless a destination is given.
 */
export function createLogger(
  service: string | undefined,
  level: string,
  destination?: DestinationStream,
): Logger {
  const options: pino.LoggerOptions = {
    level,
    base: service === undefined ? null : { service },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    mixin: traceOf,
    redact: ['returnee', '*.returnee', 'person', '*.person', 'data', '*.data'],
  };
  return destination ? pino(options, destination) : pino(options);
}

function traceOf(): object {
  const current = trace.getSpanContext(context.active());
  return current && isSpanContextValid(current) ? { trace: current.traceId, span: current.spanId } : {};
}

/** Nest's own messages through the same logger; its start-up chatter counts as debug. */
export class NestLogger implements LoggerService {
  constructor(private readonly logger: Logger) {}
  log(message: unknown): void {
    this.logger.debug(String(message));
  }
  debug(message: unknown): void {
    this.logger.debug(String(message));
  }
  verbose(message: unknown): void {
    this.logger.trace(String(message));
  }
  warn(message: unknown): void {
    this.logger.warn(String(message));
  }
  error(message: unknown): void {
    this.logger.error(String(message));
  }
}
