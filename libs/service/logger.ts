/** Logs are JSON lines with ids and codes; no personal data is ever passed to them. */
import type { LoggerService } from '@nestjs/common';
import pino, { type Logger } from 'pino';

/** A service's logger. `level`: trace, debug, info, warn, error, silent. */
export function createLogger(service: string, level: string): Logger {
  return pino({
    level,
    base: { service },
    redact: ['returnee', '*.returnee', 'person', '*.person', 'data', '*.data'],
  });
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
