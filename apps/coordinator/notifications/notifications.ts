/** Tells operations outside the screen of what is due and nobody's, from time to time and beside the work. */
import { Inject, Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import type { Clock } from '@retorno/messaging';
import { CLOCK, counter, gauge, LOGGER, noteReadiness, peruCalendar, SETTINGS } from '@retorno/service';
import type { Logger } from 'pino';
import { DataSource } from 'typeorm';
import { CoordinatorSettings } from '../settings';
import type { Channel, ChannelKind } from './channel';
import { channelsOf, codeOf } from './channels';
import { totalOf } from './digest';
import { claim, failed, sent, statesOf, type ChannelState, type Times } from './outgoing';

/** How often is looked whether something has to be told, ms. */
const STEP_MS = 15_000;
/** Longest time that one message may take, ms. */
const PATIENCE_MS = 30_000;

const messages = counter('notifications_total', 'Messages outside the screen, by what became of a try', [
  'channel',
  'result',
]);
const failingSeconds = gauge(
  'notifications_failing_seconds',
  'Since when no message has arrived by this way; 0 while they do',
  ['channel'],
);

/** How operations are told outside the screen; without `ways` they are not. */
export interface NotificationView {
  readonly ways: readonly {
    readonly way: ChannelKind;
    /** How many receivers. */
    readonly receivers: number;
    readonly lastSentAt: string | null;
    /** Since when at least one of them has not been reached. */
    readonly failingSince: string | null;
    /** In a word: ECONNREFUSED, smtp-550, http-503, timeout. */
    readonly failure: string | null;
  }[];
  /** Minutes past the due time. */
  readonly afterMinutes: number;
  /** `n d` (working days) or `n h`. */
  readonly again: string;
}

@Injectable()
export class Notifications implements OnModuleInit, OnModuleDestroy {
  private readonly channels: readonly Channel[];
  private readonly stopping = new AbortController();
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;
  private states: readonly ChannelState[] = [];

  constructor(
    private readonly dataSource: DataSource,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(SETTINGS) private readonly settings: CoordinatorSettings,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.channels = channelsOf(settings);
  }

  onModuleInit(): void {
    noteReadiness(this.dataSource, 'notifications', () => this.inWords());
    if (this.channels.length === 0) return;
    this.timer = setInterval(() => void this.step().catch(() => undefined), STEP_MS);
    this.timer.unref();
  }

  async onModuleDestroy(): Promise<void> {
    clearInterval(this.timer);
    this.stopping.abort();
    await this.running?.catch(() => undefined);
  }

  /** Looks once, and sends what has to go out. Throws when the database does not answer. */
  step(): Promise<void> {
    this.running ??= this.once().finally(() => {
      this.running = undefined;
    });
    return this.running;
  }

  async view(): Promise<NotificationView> {
    const states = await this.statesNow();
    const kinds = [...new Set(this.channels.map(({ kind }) => kind))];
    return {
      ways: kinds.map((way) => {
        const own = this.channels.filter(({ kind }) => kind === way);
        const rows = states.filter(({ channel }) => own.some(({ name }) => name === channel));
        const failing = rows
          .filter(({ failingSince }) => failingSince !== null)
          .sort((a, b) => a.failingSince!.getTime() - b.failingSince!.getTime())[0];
        const lastSent = Math.max(...rows.map(({ sentAt }) => sentAt?.getTime() ?? 0), 0);
        return {
          way,
          receivers: own.length,
          lastSentAt: lastSent === 0 ? null : new Date(lastSent).toISOString(),
          failingSince: failing?.failingSince?.toISOString() ?? null,
          failure: failing?.failure ?? null,
        };
      }),
      afterMinutes: this.settings.NOTIFY_AFTER,
      again: this.settings.NOTIFY_AGAIN,
    };
  }

  private async once(): Promise<void> {
    await Promise.all(this.channels.map((channel) => this.tell(channel)));
    const now = this.clock.now().getTime();
    const states = await this.statesNow();
    const secondsOf = ({ name }: Channel): number => {
      const since = states.find(({ channel }) => channel === name)?.failingSince;
      return since ? (now - since.getTime()) / 1_000 : 0;
    };
    for (const kind of new Set(this.channels.map((channel) => channel.kind))) {
      const own = this.channels.filter((channel) => channel.kind === kind);
      failingSeconds.set({ channel: kind }, Math.max(...own.map(secondsOf)));
    }
  }

  private async tell({ name, kind, send }: Channel): Promise<void> {
    const { dataSource, clock } = this;
    const digest = await claim(dataSource, name, this.times());
    if (!digest) return;
    const about = { channel: kind, message: digest.id, escalations: totalOf(digest) };
    try {
      const signal = AbortSignal.any([this.stopping.signal, AbortSignal.timeout(PATIENCE_MS)]);
      await send(digest, clock.now(), signal);
    } catch (error) {
      const failure = codeOf(error);
      messages.inc({ channel: kind, result: 'failed' });
      this.logger.warn({ ...about, cause: failure }, 'notification not sent');
      return failed(dataSource, name, digest.id, { now: clock.now(), failure });
    }
    await sent(dataSource, name, digest.id, clock.now());
    messages.inc({ channel: kind, result: 'sent' });
    this.logger.info(about, 'notification sent');
  }

  private times(): Times {
    const { NOTIFY_AFTER, NOTIFY_AGAIN, EXTRA_HOLIDAYS } = this.settings;
    const now = this.clock.now();
    const before = new Date(now.getTime() - NOTIFY_AFTER * 60_000);
    const calendar = peruCalendar(EXTRA_HOLIDAYS.split(',').filter(Boolean));
    return { now, before, again: calendar.add(now, NOTIFY_AGAIN) };
  }

  private async statesNow(): Promise<readonly ChannelState[]> {
    if (this.channels.length === 0) return [];
    const names = this.channels.map(({ name }) => name);
    this.states = await statesOf(this.dataSource, names);
    return this.states;
  }

  private inWords(): string {
    if (this.channels.length === 0) return 'off: neither SMTP_URL nor WEBHOOK_URL is set';
    const isFailing = ({ name }: Channel): boolean =>
      this.states.some(({ channel, failingSince }) => channel === name && failingSince !== null);
    return (['e-mail', 'webhook'] as const)
      .map((kind) => ({ kind, all: this.channels.filter((channel) => channel.kind === kind) }))
      .filter(({ all }) => all.length > 0)
      .map(({ kind, all }) => {
        const failing = all.filter(isFailing).length;
        return `${kind} to ${all.length}${failing > 0 ? `, ${failing} not reached` : ''}`;
      })
      .join('; ');
  }
}
