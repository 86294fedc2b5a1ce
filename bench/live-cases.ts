/** Follows the live view (server-sent events) as a browser does. */

import type { Running } from './cases';

interface LiveMessage {
  referral?: { id: string; status: string };
}

export class LiveCases {
  private completedIds = new Set<string>();
  private waiting: { count: number; resolve: () => void } | undefined;

  private constructor(private readonly abort: AbortController) {}

  static async open({ url, bearers }: Pick<Running, 'url' | 'bearers'>): Promise<LiveCases> {
    const live = new LiveCases(new AbortController());
    const headers = { authorization: await bearers('GET', '/live') };
    const response = await fetch(`${url}/live`, { headers, signal: live.abort.signal });
    if (!response.body) throw new Error('the live view sent no body');
    void live.follow(response.body.getReader()).catch(() => undefined);
    return live;
  }

  /** Resolves once so many referrals more have completed. */
  completed(count: number): Promise<void> {
    this.completedIds = new Set();
    return new Promise((resolve) => (this.waiting = { count, resolve }));
  }

  close(): void {
    this.abort.abort();
  }

  private async follow(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<void> {
    const decoder = new TextDecoder();
    let text = '';
    for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
      text += decoder.decode(piece.value, { stream: true });
      const lines = text.split('\n');
      text = lines.pop()!;
      for (const line of lines) {
        if (line.startsWith('data:')) this.take(JSON.parse(line.slice(5)) as LiveMessage);
      }
    }
  }

  private take({ referral }: LiveMessage): void {
    if (referral?.status !== 'completed') return;
    this.completedIds.add(referral.id);
    if (this.waiting && this.completedIds.size >= this.waiting.count) this.waiting.resolve();
  }
}
