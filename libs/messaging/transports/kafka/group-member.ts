/** One member of a consumer group, kept alive: whenever its consumer has ended, whyever, it is built anew. */
import type { Lag } from '../../transport';
import { Waker } from '../../waker';
import type { OwnClient } from './client';
import { Gate } from './gate';
import { MemberLife, type Reading } from './member-life';

const LONGEST_BACKOFF_MS = 5_000;
/** What lived for so long was well; the next one is built at once, ms. */
const WELL_MS = 20_000;

export class GroupMember {
  private readonly gate = new Gate();
  private readonly closing = new Waker();
  private life: MemberLife | undefined;
  private lastEnd: string | undefined;
  private running: Promise<void> | undefined;

  constructor(
    private readonly open: () => OwnClient,
    private readonly reading: Reading,
  ) {}

  start(): void {
    this.running ??= this.live();
  }

  pause(): void {
    this.gate.pause();
  }

  resume(): void {
    this.gate.resume();
  }

  /** Finishes what is under way, notes the offsets and leaves the group. */
  async close(): Promise<void> {
    this.gate.close();
    this.closing.wake();
    await this.running;
  }

  health(): { ok: boolean; detail: string } {
    const { groupId } = this.reading;
    const health = this.life?.health() ?? { ok: false, detail: 'not reading' };
    if (health.ok && !this.gate.isClosed) return { ok: true, detail: `${groupId}: ${health.detail}` };
    const before = this.lastEnd === undefined ? '' : ` (before: ${this.lastEnd})`;
    return { ok: false, detail: `${groupId}: ${health.detail}${before}` };
  }

  lag(): Lag {
    return this.life?.lag() ?? { events: 0, seconds: 0 };
  }

  private async live(): Promise<void> {
    for (let failures = 0; !this.gate.isClosed;) {
      const began = performance.now();
      this.life = new MemberLife(this.open(), this.reading, this.gate);
      this.lastEnd = await this.life.run();
      this.life = undefined;
      if (this.gate.isClosed) break;
      failures = performance.now() - began > WELL_MS ? 0 : failures + 1;
      await this.closing.pause(Math.min(LONGEST_BACKOFF_MS, 50 * 2 ** failures));
    }
  }
}
