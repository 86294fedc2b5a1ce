/** The topics of the cluster, made where they are missing: right for one machine; elsewhere they are planned (`npm run topics`). */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { BUILT } from './service-process';

const run = promisify(execFile);

/** Makes what is missing, with as many copies as there are brokers, three at most. Throws with what was said. */
export async function makeTopics(
  brokers: readonly string[],
  env: NodeJS.ProcessEnv,
  signal?: AbortSignal,
): Promise<void> {
  const replication = String(Math.min(brokers.length, 3));
  await run(process.execPath, [join(BUILT, 'deploy', 'topics.js'), '--apply', '--replication', replication], {
    env: { ...env, KAFKA_BROKERS: brokers.join(',') },
    timeout: 120_000,
    ...(signal ? { signal } : {}),
  }).catch((error: Error & { stderr?: string; stdout?: string }) => {
    const said = `${error.stdout ?? ''}${error.stderr ?? ''}`.trim() || error.message;
    throw new Error(`The topics could not be made; \`npm run topics\` shows what there is:\n${said}`);
  });
}
