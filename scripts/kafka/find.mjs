// Finds how a broker can be started here, and brings what that needs (image or jars). Prints one line of JSON:
// {how: 'docker', host, image} or {how: 'java', java, jars} or {why: "..."}. KAFKA_HOW=docker|java leaves the other out.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { env } from 'node:process';
import { promisify } from 'node:util';
import { kafkaJars } from './jars.mjs';

const IMAGE = 'apache/kafka:4.3.1';
const ENGINE_MS = 5_000;
const OLDEST_JAVA = 17;

const ways = { docker: findDocker, java: findJava };
const wanted = env.KAFKA_HOW ? [env.KAFKA_HOW] : Object.keys(ways);
const why = [];
let found;
for (const way of wanted) {
  try {
    if (!ways[way]) throw new Error('KAFKA_HOW is docker or java');
    found = { how: way, ...(await ways[way]()) };
    break;
  } catch (error) {
    why.push(`${way}: ${error.message}`);
  }
}
process.stdout.write(`${JSON.stringify(found ?? { why: why.join('; ') })}\n`, () => process.exit());

/** An engine that answers, with the image. */
async function findDocker() {
  // Loading the library takes longer than looking for a socket.
  if (!mayHaveEngine()) throw new Error('no engine found');
  const { getContainerRuntimeClient, ImageName } = await import('testcontainers');
  const client = await within(ENGINE_MS, getContainerRuntimeClient());
  const image = ImageName.fromString(IMAGE);
  if (!(await client.image.exists(image))) {
    process.stderr.write(`Pulling ${IMAGE} for the tests (once)\n`);
    await client.image.pull(image);
  }
  return { host: client.info.containerRuntime.host, image: IMAGE };
}

function mayHaveEngine() {
  if (process.platform === 'win32' || env.DOCKER_HOST) return true;
  const run = env.XDG_RUNTIME_DIR ?? `/run/user/${process.getuid()}`;
  return [
    '/var/run/docker.sock',
    join(run, 'docker.sock'),
    ...['.testcontainers.properties', '.docker/run/docker.sock', '.docker/desktop/docker.sock'].map((name) =>
      join(homedir(), name),
    ),
  ].some((path) => existsSync(path));
}

async function findJava() {
  const java = env.JAVA_HOME ? join(env.JAVA_HOME, 'bin', 'java') : 'java';
  const { stderr } = await promisify(execFile)(java, ['-version']).catch((error) => {
    throw new Error(error.code === 'ENOENT' ? 'not installed' : error.message);
  });
  const version = Number(/version "(\d+)/.exec(stderr)?.[1] ?? 0);
  if (version < OLDEST_JAVA) throw new Error(`Java ${OLDEST_JAVA} or newer is needed, not ${version}`);
  return { java, jars: await kafkaJars() };
}

function within(ms, promise) {
  const late = new Promise((_, reject) => {
    setTimeout(() => reject(new Error(`the engine did not answer within ${ms} ms`)), ms).unref();
  });
  return Promise.race([promise, late]);
}
