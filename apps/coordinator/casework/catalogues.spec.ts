import type { CataloguePublished } from '@retorno/contracts';
import { EmbeddedTransport, Messaging, systemClock } from '@retorno/messaging';
import { startPostgres, type TestDatabase } from '../../../tests/support/postgres';
import { openDatabase } from '@retorno/service';
import { CatalogueShelf } from './catalogues';
import { Cases1763800000000 } from '../migrations/1763800000000-cases';

let database: TestDatabase;
let messaging: Messaging;
let shelf: CatalogueShelf;

beforeAll(async () => {
  database = await startPostgres();
  const dataSource = await openDatabase({
    url: database.url,
    schema: 'coordinator',
    migrations: [Cases1763800000000],
  });
  messaging = new Messaging({
    dataSource,
    transport: new EmbeddedTransport(),
    clock: systemClock,
    options: { service: 'coordinator', stores: [], subscribes: [], loads: () => [] },
  });
});
afterAll(async () => {
  await messaging.dataSource.destroy();
  await database.stop();
});
beforeEach(async () => {
  await messaging.dataSource.query('truncate catalogue');
  shelf = new CatalogueShelf(messaging);
});

function catalogue(version: number): CataloguePublished {
  const services = [{ code: 'shelter', for: ['shelter'], requires: [], sees: [] }];
  return { agency: 'refuge', name: 'Refuge', version, services } as unknown as CataloguePublished;
}

async function store(version: number): Promise<void> {
  await messaging.dataSource.query(
    `insert into catalogue (key, version, body) values ('refuge', 1, $1)
     on conflict (key) do update set body = excluded.body`,
    [JSON.stringify(catalogue(version))],
  );
}

const version = (): number | undefined => shelf.current().get('refuge')?.version;

describe('the shelf of catalogues', () => {
  it('keeps a newer catalogue that came while an older one was being read', async () => {
    await store(1);
    const reading = shelf.refresh();
    shelf.put(catalogue(2));
    await reading;
    expect(version()).toBe(2);
  });

  it('takes a newer one that is read although another came meanwhile', async () => {
    await store(3);
    const reading = shelf.refresh();
    shelf.put(catalogue(2));
    await reading;
    expect(version()).toBe(3);
  });

  it('takes back what was put in by a transaction that failed', async () => {
    await store(1);
    shelf.put(catalogue(2));
    await shelf.refresh();
    expect(version()).toBe(1);
  });

  it('stays the same map as long as nothing changes', async () => {
    await store(1);
    await shelf.refresh();
    const known = shelf.current();
    await shelf.refresh();
    expect(shelf.current()).toBe(known);
  });
});
