/** Nest's side of messaging: services write ordinary `@EventPattern` handlers, and this strategy runs them. */
import { Catch, type RpcExceptionFilter } from '@nestjs/common';
import { Server, type CustomTransportStrategy, type MessageHandler } from '@nestjs/microservices';
import { throwError, type Observable } from 'rxjs';
import type { Handler } from './handlers';
import type { Messaging } from './messaging';

/**
 * A Nest custom transport strategy. Nest's own Kafka server is not used to consume: it handles one message at a time,
 * commits messages without a handler and has no dead letters.
 */
export class MessagingStrategy extends Server implements CustomTransportStrategy {
  /** Errors are parked with the message; Nest need not log them too. */
  override readonly propagatesEventHandlerErrors = true;

  constructor(private readonly messaging: Messaging) {
    super();
  }

  listen(callback: (error?: unknown) => void): void {
    try {
      const handlers = new Map<string, Handler>();
      for (const [pattern, handler] of this.getHandlers()) handlers.set(pattern, only(pattern, handler));
      this.messaging.listen(handlers);
      callback();
    } catch (error) {
      callback(error);
    }
  }

  async close(): Promise<void> {
    await this.messaging.stop();
  }

  override on(): never {
    throw new Error('this transport has no events of its own');
  }

  override unwrap<T>(): T {
    return this.messaging as T;
  }
}

/** Two handlers of one event would share its cursor: which of them had it would be unknown. */
function only(pattern: string, handler: MessageHandler): Handler {
  if (handler.next) throw new Error(`${pattern} has two handlers in one service; it may have one`);
  return handler as unknown as Handler;
}

/** Nest turns a handler's error into 'Internal server error'; parking needs the error itself. */
@Catch()
export class KeepErrorFilter implements RpcExceptionFilter {
  catch(error: unknown): Observable<never> {
    return throwError(() => error);
  }
}
