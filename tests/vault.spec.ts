/** The vault against a real PostgreSQL: who gets which keys, what an erasure leaves, and what a hold stops. */
import { configuredWrapper, ERASED, PostgresVault } from '@retorno/messaging';
import { assertVault, provision } from '@retorno/service';
import { DataSource } from 'typeorm';
import { startPostgres, type TestDatabase } from './support/postgres';

const KEY = 'ab'.repeat(32);
const opened: DataSource[] = [];
const services = new Map<string, DataSource>();
let database: TestDatabase;
let admin: DataSource;

beforeAll(async () => {
  database = await startPostgres();
  for (const service of ['coordinator', 'intake', 'health', 'identity']) {
    const url = await provision(database.url, service, `password of ${service}`);
    services.set(service, await connected(url));
  }
  admin = await connected(database.url);
});

afterAll(async () => {
  await Promise.all(opened.map((source) => source.destroy()));
  await database.stop();
});

async function connected(url: string): Promise<DataSource> {
  const source = await new DataSource({ type: 'postgres', url }).initialize();
  opened.push(source);
  return source;
}

/** A service with a memory of its own, as a process has it. */
function vaultOf(service: string, rememberMs?: number) {
  const source = services.get(service)!;
  const wrapper = configuredWrapper(KEY);
  const wrapped: string[] = [];
  const vault = new PostgresVault(
    {
      ...wrapper,
      wrap: (keys) => {
        wrapped.push(...keys.map(({ subject }) => subject));
        return wrapper.wrap(keys);
      },
    },
    rememberMs,
  );
  return {
    /** Subjects for which a new key was wrapped. */
    wrapped,
    /** Gives the keys, making those that are missing. */
    make: (...subjects: string[]) => {
      const done: (() => void)[] = [];
      return source
        .transaction((tx) => vault.keys(tx, subjects, (fn) => done.push(fn)))
        .then((keys) => (done.forEach((fn) => fn()), keys));
    },
    get: (...subjects: string[]) => source.transaction((tx) => vault.keys(tx, subjects)),
    erase: (...subjects: string[]) => source.transaction((tx) => vault.erase(tx, subjects)),
    hold: (subject: string, held: boolean) => source.transaction((tx) => vault.hold(tx, subject, held)),
  };
}

describe('keys', () => {
  it('are made once, and are the same for everybody who may have them, also when many ask at once', async () => {
    const asked = await Promise.all(
      Array.from({ length: 8 }, () => vaultOf('coordinator').make('health/r1', 'health/r2', 'identity/r3')),
    );
    expect(new Set(asked.map((keys) => keys.get('health/r1'))).size).toBe(1);
    const seen = await vaultOf('health').get('health/r1', 'health/r2');
    expect(seen.get('health/r1')).toBe(asked[0]!.get('health/r1'));
    expect(seen.get('health/r1')).not.toBe(seen.get('health/r2'));
  });

  it('are wrapped for subjects only that have none: a key service would be asked for nothing else', async () => {
    await vaultOf('coordinator').make('health/w1');
    const health = vaultOf('health');
    const keys = await health.make('health/w1', 'health/w2');
    expect([...keys.keys()].sort()).toEqual(['health/w1', 'health/w2']);
    expect(health.wrapped).toEqual(['health/w2']);
  });

  it.each([
    ['health', 'identity/r3'],
    ['health', 'case/1'],
    ['intake', 'health/r1'],
    ['coordinator', 'intake/references'],
    ['identity', 'nobody/1'],
    ['identity', 'identity'],
  ])('are refused to %s when it asks for %s', async (service, subject) => {
    if (subject === 'identity') return void (await vaultOf('identity').make('identity/own'));
    for (const ask of ['make', 'get'] as const) {
      await expect(vaultOf(service)[ask](subject)).rejects.toThrow('a subject of another service');
    }
  });

  it('are refused also to whoever takes on another role, and the table to everybody', async () => {
    const health = services.get('health')!;
    await expect(health.query('set role retorno_identity')).rejects.toThrow(/permission denied/);
    await expect(health.query('select * from vault.subject_key')).rejects.toThrow(/permission denied/);
    await expect(health.query(`select vault.erase(array['health/r1'])`)).rejects.toThrow(/may erase/);
    await expect(health.query(`select vault.hold('health/r1', true)`)).rejects.toThrow(/may hold/);
    for (const service of ['health', 'intake']) {
      const again = services.get(service)!.query(`select vault.erase_again(array['health/r1'])`);
      await expect(again).rejects.toThrow(/may erase again/);
    }
    const destroy = services.get('coordinator')!.query(`select vault.destroy(array['health/r1'])`);
    await expect(destroy).rejects.toThrow(/permission denied/);
  });

  it('stand wrapped: without VAULT_KEY the vault itself opens nothing', async () => {
    const key = (await vaultOf('coordinator').make('health/r4')).get('health/r4') as string;
    const [row] = await admin.query(`select wrapped from vault.subject_key where subject = 'health/r4'`);
    expect((row.wrapped as Buffer).includes(Buffer.from(key, 'latin1'))).toBe(false);
  });

  it('that were made in a transaction that was undone are not remembered: nothing is sealed under a lost key', async () => {
    const source = services.get('coordinator')!;
    const vault = new PostgresVault(configuredWrapper(KEY));
    let lost: unknown;
    const undone = source.transaction(async (tx) => {
      lost = (await vault.keys(tx, ['case/undone'], () => undefined)).get('case/undone');
      throw new Error('undone');
    });
    await expect(undone).rejects.toThrow('undone');
    const again = await source.transaction((tx) => vault.keys(tx, ['case/undone'], (fn) => fn()));
    expect(again.get('case/undone')).not.toBe(lost);
    const kept = await vaultOf('intake').get('case/undone');
    expect(kept.get('case/undone')).toBe(again.get('case/undone'));
  });

  it('that are not there are an error, and not the same as erased: a lost vault can be brought back', async () => {
    await expect(vaultOf('intake').get('case/never')).rejects.toThrow('the vault has no key for a subject');
  });
});

describe('an erasure', () => {
  it('leaves a mark and no key: none is ever made again', async () => {
    await vaultOf('intake').make('case/2');
    await vaultOf('coordinator').make('health/r5');
    expect(await vaultOf('coordinator').erase('case/2', 'health/r5', 'identity/never-made')).toBe('erased');
    expect((await vaultOf('intake').make('case/2')).get('case/2')).toBe(ERASED);
    expect((await vaultOf('health').get('health/r5')).get('health/r5')).toBe(ERASED);
    expect((await vaultOf('identity').make('identity/never-made')).get('identity/never-made')).toBe(ERASED);
    const left = await admin.query(
      `select from vault.subject_key where subject = 'case/2' and wrapped is not null`,
    );
    expect(left).toHaveLength(0);
  });

  it('takes effect at once where it was done, and elsewhere once its key is forgotten', async () => {
    const here = vaultOf('coordinator');
    const [there, forgetful] = [vaultOf('health'), vaultOf('health', 0)];
    await here.make('health/r6');
    for (const vault of [there, forgetful]) await vault.get('health/r6');
    await here.erase('health/r6');
    expect((await here.get('health/r6')).get('health/r6')).toBe(ERASED);
    expect((await forgetful.get('health/r6')).get('health/r6')).toBe(ERASED);
    // Remembered for a minute, which this test does not wait for; see the story of an erasure.
    expect((await there.get('health/r6')).get('health/r6')).not.toBe(ERASED);
  });

  it('does nothing at all while one of its subjects is held', async () => {
    await vaultOf('intake').make('case/3');
    await vaultOf('coordinator').make('health/r7');
    expect(await vaultOf('intake').hold('case/3', true)).toBe(true);
    expect(await vaultOf('coordinator').erase('health/r7', 'case/3')).toBe('held');
    expect((await vaultOf('health').get('health/r7')).get('health/r7')).not.toBe(ERASED);
    expect(await vaultOf('intake').hold('case/3', false)).toBe(true);
    expect(await vaultOf('coordinator').erase('health/r7', 'case/3')).toBe('erased');
    expect(await vaultOf('intake').hold('case/3', true)).toBe(false);
  });
});

describe('a service whose role may not use the vault', () => {
  it('does not start, and says what to do', async () => {
    await admin.query(`create role stranger login password 'strange'`);
    const url = new URL(database.url);
    url.username = 'stranger';
    url.password = 'strange';
    await expect(assertVault(url.toString())).rejects.toThrow(
      /^DATABASE_URL: .*Provision the services first/,
    );
    await admin.query('drop role stranger');
  });
});
