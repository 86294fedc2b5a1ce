import { EmbeddedTransport, ManualClock } from '@retorno/messaging';
import { createLogger, createService, type RunningService } from '@retorno/service';
import { startPostgres, type TestDatabase } from '../../../tests/support/postgres';
import { visitors } from '../../../tests/support/visitors';
import { coordinatorService } from '../service';

const KEY = '5e'.repeat(32);
const OTHER = '6f'.repeat(32);
let database: TestDatabase;
beforeAll(async () => {
  database = await startPostgres();
});
afterAll(() => database.stop());

const started = (key: string): Promise<RunningService> =>
  createService(coordinatorService, {
    databaseUrl: database.url,
    transport: new EmbeddedTransport(),
    clock: new ManualClock(new Date('2026-11-23T15:00:00.000Z')),
    logger: createLogger('coordinator', 'silent'),
    env: { PAIRWISE_KEY: key, VAULT_KEY: KEY, ...visitors.env },
  });

describe('a database whose references were made with a key', () => {
  it('starts again with the same key only, and says what to do with another; the key itself is not in it', async () => {
    const first = await started(KEY);
    const stored = await first.messaging.dataSource.query('select * from installation');
    await first.stop();
    expect(stored).toEqual([{ name: 'pairwise-key', value: expect.stringMatching(/^[0-9a-f]{16}$/) }]);
    expect(KEY).not.toContain(stored[0].value);

    await expect(started(OTHER)).rejects.toThrow(
      /^PAIRWISE_KEY is not the key that this database's references were made with: start with the key/,
    );
    const again = await started(KEY);
    expect(await again.messaging.dataSource.query('select * from installation')).toEqual(stored);
    await again.stop();
  }, 60_000);
});
