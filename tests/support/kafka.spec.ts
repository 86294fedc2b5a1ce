/** How tests come by a broker, and what they say when there is none. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Kafka } from 'kafkajs';
import { eventually } from './eventually';
import { startKafka } from './kafka';
import { SCRIPTS } from './kafka/find';
import { describeWithKafka } from './kafka-suite';

jest.setTimeout(120_000);

const ROOT = join(SCRIPTS, '..', '..');
const NO_BROKER = { KAFKA_BROKERS: '', KAFKA_HOW: 'java', JAVA_HOME: join(ROOT, 'no-such-java') };

let folder: string;
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'retorno-kafka-spec-'))));
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Runs Node, and gives its exit code and all that it printed. */
async function run(args: readonly string[], env: Record<string, string>) {
  return await new Promise<{ code: number; printed: string }>((resolve) => {
    const options = { cwd: ROOT, env: { ...process.env, ...env } };
    execFile(process.execPath, args, options, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code) : 0, printed: stdout + stderr }),
    );
  });
}

describe('without a broker', () => {
  const jestOnce = ['node_modules/jest/bin/jest.js', __filename, '-t', 'the broker of the run'];

  it('a suite is skipped and says why', async () => {
    const { code, printed } = await run(jestOnce, { ...NO_BROKER, REQUIRE_KAFKA: '' });
    expect(printed).toContain('SKIPPED "the broker of the run": no Kafka broker (java: not installed)');
    expect(code).toBe(0);
  });

  it('a suite fails with REQUIRE_KAFKA=1', async () => {
    const { code, printed } = await run(jestOnce, { ...NO_BROKER, REQUIRE_KAFKA: '1' });
    expect(printed).toContain('no Kafka broker (java: not installed)');
    expect(printed).toMatch(/Tests: +1 failed/);
    expect(code).toBe(1);
  });
});

describe('the jars', () => {
  const module = pathToFileURL(join(SCRIPTS, 'jars.mjs')).href;
  const getJars = ['-e', `import(${JSON.stringify(module)}).then((jars) => jars.kafkaJars())`];

  it('are refused unless each has the pinned checksum, and a folder of somebody is left as it is', async () => {
    const [pinned = ''] = (await readFile(join(SCRIPTS, 'jars.sha256'), 'utf8')).split('\n');
    const jar = basename(pinned);
    await writeFile(join(folder, jar), 'something else');
    const { code, printed } = await run(getJars, { KAFKA_JARS: folder });
    expect(printed).toContain(`KAFKA_JARS: ${jar} in ${folder} has another checksum than the pinned one`);
    expect(code).toBe(1);
    expect(await readdir(folder)).toEqual([jar]);
  });
});

describe('a broker', () => {
  it('ends, and its data goes, when the process that started it is killed', async () => {
    const owner = `
      const [keeper, folder] = process.argv.slice(1);
      const kept = require('node:child_process').fork(keeper, [folder], { detached: true, execArgv: [] });
      kept.on('message', ({ pid }) => console.log(pid));
      kept.send({ run: [process.execPath, '-e', 'setInterval(() => {}, 1000)'], log: folder + '/output.log' });`;
    const killed = spawn(process.execPath, ['-e', owner, join(SCRIPTS, 'keeper.mjs'), folder]);
    const [line] = (await once(killed.stdout, 'data')) as [Buffer];
    const pid = Number(line);
    expect(isRunning(pid)).toBe(true);
    killed.kill('SIGKILL');
    await eventually(() => !isRunning(pid) && !existsSync(folder));
  });
});

describeWithKafka('the broker of the run', (kafka) => {
  it('answers', async () => {
    const admin = new Kafka({ brokers: kafka().brokers }).admin();
    await admin.connect();
    expect((await admin.describeCluster()).brokers).not.toHaveLength(0);
    await admin.disconnect();
  });

  it('that does not come up shows what it printed', async () => {
    const starting = startKafka({ properties: { 'metric.reporters': 'no.such.Reporter' } });
    await expect(starting).rejects.toThrow(/did not come up[^]*ClassNotFoundException: no\.such\.Reporter/);
  });
});

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
