/** Nothing is parked in the dark: every parked stream is in the list that operations see. */
import { Messaging, NoTransport, systemClock } from '@retorno/messaging';
import { DataSource } from 'typeorm';
import type { Findings } from './report';
import type { Snapshot } from './snapshot';

/** Compares the parked streams of each service with what its `Messaging.parked()` lists. */
export async function checkParked(url: string, snapshot: Snapshot, findings: Findings): Promise<void> {
  for (const service of snapshot.services) {
    const parked = await snapshot.rows<{ topic: string; key: string }>(
      service,
      'select distinct topic, key from parked',
    );
    if (parked.length === 0) continue;
    const listed = await listedStreams(url, service);
    for (const { topic, key } of parked) {
      if (!listed.has(`${topic}/${key}`)) {
        findings.problem(`${topic}/${key}: is parked at ${service} and not listed`);
      }
    }
  }
}

async function listedStreams(url: string, service: string): Promise<Set<string>> {
  const dataSource = new DataSource({
    type: 'postgres',
    url,
    extra: { options: `-c search_path="${service}"` },
  });
  await dataSource.initialize();
  try {
    const messaging = new Messaging({
      dataSource,
      transport: new NoTransport(),
      clock: systemClock,
      options: { service, stores: [], subscribes: [], loads: () => [] },
    });
    const listed = new Set<string>();
    for (let after = ''; ;) {
      const items = await messaging.parked(after, 200);
      for (const item of items) listed.add(`${item.topic}/${item.key}`);
      const last = items.at(-1);
      if (items.length < 200 || !last) return listed;
      after = last.id;
    }
  } finally {
    await dataSource.destroy();
  }
}
