/**
 * The relay alone: events that wait in an outbox, and a transport that acknowledges at once.
 *
 *   node dist/bench/relay.js [--events 20000] [--batches 50,100,250,500,1000]
 */
import { CaseReopened, CASES_TOPIC, type EventContract } from '@retorno/contracts';
import { Messaging, systemClock, type Transport } from '@retorno/messaging';
import { openDatabase, provision } from '@retorno/service';
import { parseArgs } from 'node:util';
import { startTemporaryPostgres } from '../apps/local/postgres';
import { Meter, rounded } from './measure';
import { bench } from './system';

const { values: options } = parseArgs({
  options: {
    events: { type: 'string', default: '20000' },
    batches: { type: 'string', default: '50,100,250,500,1000' },
  },
});

/** Counts what it is given and says at once that it is safe. */
class AtOnce implements Transport {
  readonly name = 'at-once';
  private expected = 0;
  private done: (() => void) | undefined;

  /** Resolves when so many records have been published. */
  receives(count: number): Promise<void> {
    this.expected = count;
    return new Promise((resolve) => (this.done = resolve));
  }

  async publish(records: readonly unknown[]): Promise<void> {
    this.expected -= records.length;
    if (this.expected <= 0) this.done?.();
  }

  subscribe(): never {
    throw new Error('nobody reads here');
  }
  async requestResend(): Promise<void> {}
  async tell(): Promise<boolean> {
    return false;
  }
  onTold(): void {}
  onResendRequested(): void {}
  async start(): Promise<void> {}
  async stop(): Promise<void> {}
  health(): { ok: boolean; detail: string } {
    return { ok: true, detail: 'acknowledges at once' };
  }
  lag(): { events: number; seconds: number } {
    return { events: 0, seconds: 0 };
  }
}

/** A stream has so many events; a case has about 25. */
const PER_STREAM = 25;

async function relay(): Promise<object> {
  const postgres = await startTemporaryPostgres();
  try {
    const events = Number(options.events);
    const meter = await Meter.open(postgres.adminUrl);
    const runs: object[] = [];
    await measure(postgres.adminUrl, meter, 500, events / 4);
    for (const batch of options.batches.split(',').map(Number)) {
      runs.push(await measure(postgres.adminUrl, meter, batch, events));
    }
    await meter.close();
    return { bench: 'relay', events, runs };
  } finally {
    await postgres.stop();
  }
}

async function measure(adminUrl: string, meter: Meter, batch: number, events: number): Promise<object> {
  const dataSource = await openDatabase({
    url: await provision(adminUrl, 'coordinator', 'bench'),
    schema: 'coordinator',
    migrations: [],
  });
  const transport = new AtOnce();
  const messaging = new Messaging({
    dataSource,
    transport,
    clock: systemClock,
    options: { service: 'coordinator', stores: [], subscribes: [], loads: () => [] },
    relay: { batch },
  });
  await fill(messaging, events);
  const before = await meter.cost();
  const all = transport.receives(events);
  messaging.start();
  await all;
  // The last batch is acknowledged before it stops.
  await messaging.stop();
  const ended = performance.now();
  const after = await meter.cost();
  const left = await messaging.backlog();
  await dataSource.destroy();
  if (left.outbox > 0) throw new Error(`${left.outbox} events are still in the outbox`);
  const node = after.nodeCpuMs - before.nodeCpuMs;
  const database = after.postgresCpuMs - before.postgresCpuMs;
  return {
    batch,
    events_per_s: Math.round((events / (ended - before.at)) * 1000),
    cpu_us_per_event: rounded(((node + database) / events) * 1000),
    node_us: rounded((node / events) * 1000),
    postgres_us: rounded((database / events) * 1000),
  };
}

async function fill(messaging: Messaging, events: number): Promise<void> {
  const contract = CaseReopened as unknown as EventContract;
  const data = { at: new Date().toISOString(), actor: 'operations', cause: 'benchmark' };
  for (let written = 0; written < events;) {
    const count = Math.min(500, events - written);
    const first = written;
    await messaging.command([], (unit) => {
      for (let i = first; i < first + count; i++) {
        const key = `bench-${Math.floor(i / PER_STREAM)}`;
        unit.publish({ topic: CASES_TOPIC, key, contract, data });
      }
    });
    written += count;
  }
}

bench(relay);
