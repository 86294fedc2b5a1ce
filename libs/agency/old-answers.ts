import { Injectable, Logger, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { causeOf, Messaging } from '@retorno/messaging';

const DAY_MS = 24 * 3_600_000;
const REMEMBER_MS = 30 * DAY_MS;

/** Remembered responses hold personal data: they go once nobody retries any more, at start and daily. */
@Injectable()
export class OldAnswers implements OnModuleInit, OnModuleDestroy {
  private readonly logger = new Logger(OldAnswers.name);
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly messaging: Messaging) {}

  async onModuleInit(): Promise<void> {
    await this.forget();
    this.timer = setInterval(() => void this.tryForget(), DAY_MS);
    this.timer.unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
  }

  private async forget(): Promise<void> {
    const before = new Date(this.messaging.clock.now().getTime() - REMEMBER_MS);
    await this.messaging.dataSource.query('delete from idempotency where stored_at < $1', [before]);
  }

  /** A day's failure is the next day's work. */
  private async tryForget(): Promise<void> {
    await this.forget().catch((error: unknown) =>
      this.logger.warn(`old answers were kept: ${causeOf(error)}`),
    );
  }
}
