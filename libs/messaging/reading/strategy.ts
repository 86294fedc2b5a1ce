/** Nest's side of messaging: services write ordinary `@EventPattern` handlers, and this strategy runs them. */
import type { INestApplicationContext } from '@nestjs/common';
import { MetadataScanner, ModulesContainer } from '@nestjs/core';
import { Server, type CustomTransportStrategy, type MessageHandler } from '@nestjs/microservices';
import { PATTERN_METADATA } from '@nestjs/microservices/constants';
import type { Handler } from './handlers';
import type { Messaging } from '../messaging';

/**
 * A Nest custom transport strategy. Nest's own Kafka server is not used to consume: it handles one message at a time,
 * commits messages without a handler and has no dead letters.
 *
 * Nest finds the handlers; each is then called directly, with the data and the context. On Nest's way to it an event would make
 * a dozen promises to pass guards, pipes and interceptors that there are none of, and an error would be hidden from parking.
 */
export class MessagingStrategy extends Server implements CustomTransportStrategy {
  private app: Pick<INestApplicationContext, 'get'> | undefined;

  constructor(private readonly messaging: Messaging) {
    super();
  }

  /** Said before it listens: the application whose controllers have the handlers. */
  within(app: Pick<INestApplicationContext, 'get'>): void {
    this.app = app;
  }

  listen(callback: (error?: unknown) => void): void {
    try {
      if (!this.app) throw new Error('the strategy was not told of its application');
      const direct = methodsOf(this.app.get(ModulesContainer, { strict: false }));
      const handlers = new Map<string, Handler>();
      for (const [pattern, handler] of this.getHandlers()) {
        assertOnly(pattern, handler);
        handlers.set(pattern, direct.get(pattern)!);
      }
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
function assertOnly(pattern: string, handler: MessageHandler): void {
  if (handler.next) throw new Error(`${pattern} has two handlers in one service; it may have one`);
}

/** The handlers of all controllers, by pattern. */
function methodsOf(modules: ModulesContainer): Map<string, Handler> {
  const found = new Map<string, Handler>();
  const scanner = new MetadataScanner();
  const controllers = [...modules.values()].flatMap((module) => [...module.controllers.values()]);
  for (const instance of controllers.map((wrapper) => wrapper.instance as Record<string, Handler>)) {
    for (const name of scanner.getAllMethodNames(Object.getPrototypeOf(instance) as object)) {
      const method = instance[name]!;
      const patterns = (Reflect.getMetadata(PATTERN_METADATA, method) ?? []) as readonly string[];
      for (const pattern of patterns) found.set(pattern, method.bind(instance));
    }
  }
  return found;
}
