/** What an operator does and sees during a run: the list of what stands still, readiness, metrics. */
import type { Bearers } from '../support/bearers';
import { POISON_CAUSE } from './kinds/poison';

const PATIENCE_MS = 8_000;
/** From this age on, events that wait count as shown by the metrics, s. */
const OLD_SECONDS = 20;

interface Parked {
  id: string;
  kind: 'parked' | 'gap' | 'timer';
  service: string;
  topic: string;
  cause: string;
}

export class Operations {
  /** Poison that was listed, and skipped. */
  skipped = 0;

  constructor(
    private readonly url: string,
    private readonly bearers: Bearers,
  ) {}

  /** Skips poison, redrives everything else; gives where and why that was parked. */
  async tendParked(): Promise<string[]> {
    const others: string[] = [];
    for (const { id, kind, service, topic, cause } of await this.parked()) {
      if (kind !== 'parked' || cause === 'waits for its turn') continue;
      if (POISON_CAUSE.test(cause)) {
        // Tried again first, as somebody would who does not know yet.
        await this.post(`/parked/${id}/redrive`, {});
        if (await this.post(`/parked/${id}/skip`, { reason: 'poison' })) this.skipped += 1;
      } else {
        others.push(`${topic} at ${service}: ${cause}`);
        await this.post(`/parked/${id}/redrive`, {});
      }
    }
    return others;
  }

  /** Where an operator would see that something is wrong; empty when nowhere. */
  async shown(): Promise<string[]> {
    const found: string[] = [];
    const readiness = await fetch(`${this.url}/readyz`, { signal: AbortSignal.timeout(PATIENCE_MS) }).catch(
      () => undefined,
    );
    if (!readiness?.ok) found.push(`/readyz ${await readiness?.text()}`);
    const parked = await this.parked().catch(() => []);
    found.push(
      ...parked.map(({ kind, service, topic, cause }) => `/parked ${kind} ${service} ${topic} ${cause}`),
    );
    const metrics = await fetch(`${this.url}/metrics`, { signal: AbortSignal.timeout(PATIENCE_MS) })
      .then((response) => response.text())
      .catch(() => '');
    const limits = [
      ['retorno_outbox_age_seconds', OLD_SECONDS],
      ['retorno_consumer_lag_seconds', OLD_SECONDS],
      ['retorno_held', 0],
      ['retorno_timers_late', 0],
    ] as const;
    for (const [, name, labels, value] of metrics.matchAll(/^(\w+)\{(.*)\} (\S+)$/gm)) {
      const limit = limits.find(([metric]) => metric === name)?.[1];
      if (limit !== undefined && Number(value) > limit) found.push(`/metrics ${name}{${labels}} ${value}`);
    }
    return found;
  }

  private async parked(): Promise<Parked[]> {
    const response = await fetch(`${this.url}/parked?limit=200`, {
      headers: { authorization: await this.bearers('GET', '/parked') },
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    if (!response.ok) throw new Error(`/parked answered ${response.status}`);
    return ((await response.json()) as { items: Parked[] }).items;
  }

  private async post(path: string, body: object): Promise<boolean> {
    const response = await fetch(`${this.url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: await this.bearers('POST', path) },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    await response.text();
    return response.ok;
  }
}
