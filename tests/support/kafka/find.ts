/** How a broker can be started on this machine. */
import { execFile, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** The repository's folder of scripts for the broker, also when compiled into dist. */
export const SCRIPTS = join(
  __dirname.replace(/([/\\])dist\1(?=tests)/, '$1'),
  '..',
  '..',
  '..',
  'scripts',
  'kafka',
);

export type Found =
  | { how: 'docker'; host: string; image: string }
  | { how: 'java'; java: string; jars: string }
  | { how: 'none'; why: string };

const FIND = [join(SCRIPTS, 'find.mjs')];
/** A first download of the image can take minutes. */
const FIND_MS = 900_000;

/** Looks for Docker, then for Java, and brings the image or the jars when they are not there yet. */
export async function findBroker(): Promise<Found> {
  const { stdout } = await promisify(execFile)(process.execPath, FIND, { timeout: FIND_MS });
  return asFound(stdout);
}

/** The same at once, for who must know before any test runs. */
export function findBrokerNow(): Found {
  const { stdout, error, status } = spawnSync(process.execPath, FIND, {
    timeout: FIND_MS,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (error) throw error;
  if (status !== 0) throw new Error(`${FIND[0]} ended with ${status}`);
  return asFound(stdout);
}

function asFound(line: string): Found {
  const found = JSON.parse(line) as Found & { why?: string };
  return found.why === undefined ? found : { how: 'none', why: found.why };
}

/** KAFKA_BROKERS as a list; undefined when it is not set. */
export function givenBrokers(): string[] | undefined {
  const brokers = (process.env['KAFKA_BROKERS'] ?? '')
    .split(',')
    .map((broker) => broker.trim())
    .filter(Boolean);
  return brokers.length > 0 ? brokers : undefined;
}
