// Apache Kafka's jars for the broker of the tests, in a cache outside the tree. jars.sha256 names and pins each of them.
import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { env } from 'node:process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const HERE = dirname(fileURLToPath(import.meta.url));
const VERSION = '4.3.1';
const CENTRAL = 'https://repo1.maven.org/maven2';
const DOWNLOAD_MS = 300_000;

/** The folder that holds the jars, fetched when they are not there yet; throws when they cannot be had or are not the pinned ones. */
export async function kafkaJars() {
  const pinned = await readPinned();
  const own = env.KAFKA_JARS;
  const folder = own || join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'retorno', `kafka-${VERSION}`);
  const wrong = await whatIsWrong(folder, pinned);
  if (wrong === undefined) return folder;
  // Somebody's own folder is never replaced.
  if (own && !(await isEmpty(folder)))
    throw new Error(`KAFKA_JARS: ${wrong} (see scripts/kafka/jars.sha256)`);
  return await fetchInto(folder, pinned);
}

/** Processes that start at once may each download; the first rename wins, and nobody ever sees half a folder. */
async function fetchInto(folder, pinned) {
  const fresh = `${folder}.${randomBytes(6).toString('hex')}`;
  await mkdir(fresh, { recursive: true });
  try {
    process.stderr.write(`Fetching Apache Kafka ${VERSION} for the tests (45 MB, once) into ${folder}\n`);
    await download(fresh, pinned);
    const wrong = await whatIsWrong(fresh, pinned);
    if (wrong !== undefined) throw new Error(`what was downloaded is not what is pinned: ${wrong}`);
    await putInPlace(fresh, folder, pinned);
    return folder;
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
}

/** Maven knows the user's mirror and proxy; without it, straight from Maven Central. */
async function download(folder, pinned) {
  try {
    const goal = ['dependency:copy-dependencies', '-DincludeScope=runtime', `-DoutputDirectory=${folder}`];
    await promisify(execFile)('mvn', ['-B', '-q', '-f', join(HERE, 'pom.xml'), ...goal], {
      timeout: DOWNLOAD_MS,
      shell: process.platform === 'win32',
    });
  } catch (error) {
    if (error.code !== 'ENOENT') process.stderr.write(`Maven could not: ${lastLines(error)}\n`);
    const queue = [...pinned.keys()];
    await Promise.all(Array.from({ length: 6 }, () => fetchAll(queue, folder)));
  }
}

async function fetchAll(queue, folder) {
  for (let path = queue.shift(); path !== undefined; path = queue.shift()) {
    const response = await fetch(`${CENTRAL}/${path}`, { signal: AbortSignal.timeout(DOWNLOAD_MS) }).catch(
      (error) => {
        throw new Error(`${CENTRAL}/${path}: ${error.cause?.message ?? error.message}`);
      },
    );
    if (!response.ok) throw new Error(`${CENTRAL}/${path} answered ${response.status}`);
    await writeFile(join(folder, basename(path)), Buffer.from(await response.arrayBuffer()));
  }
}

async function putInPlace(fresh, folder, pinned) {
  try {
    await rename(fresh, folder);
  } catch {
    // Somebody was faster, or what lies there is broken.
    if ((await whatIsWrong(folder, pinned)) === undefined) return;
    await rename(folder, join(fresh, 'broken'));
    await rename(fresh, folder);
  }
}

/** Path in a Maven repository -> checksum. */
async function readPinned() {
  const lines = (await readFile(join(HERE, 'jars.sha256'), 'utf8')).trim().split('\n');
  return new Map(lines.map((line) => line.split(/ +/).reverse()));
}

/** Why the folder is not to be used; undefined when each pinned jar is there, whole, and no other. */
async function whatIsWrong(folder, pinned) {
  const names = new Set(await readdir(folder).catch(() => []));
  for (const [path, expected] of pinned) {
    const name = basename(path);
    if (!names.delete(name)) return `${name} is missing in ${folder}`;
    const found = createHash('sha256')
      .update(await readFile(join(folder, name)))
      .digest('hex');
    if (found !== expected) return `${name} in ${folder} has another checksum than the pinned one`;
  }
  const stranger = [...names].find((name) => name.endsWith('.jar'));
  return stranger && `${stranger} in ${folder} is not among the pinned jars`;
}

async function isEmpty(folder) {
  return (await readdir(folder).catch(() => [])).length === 0;
}

function lastLines(error) {
  return `${error.stdout ?? ''}${error.stderr ?? ''}${error.message}`
    .trim()
    .split('\n')
    .slice(-3)
    .join(' | ');
}
