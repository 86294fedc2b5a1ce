import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { discoverAgencies } from '../../apps/local/discover';
import { needOf, openEscalations, referralOf } from '../support/case-view';
import { System } from '../support/system';

const ROOT = resolve(__dirname, '../..');
/** What `npm run generate` runs. */
const GENERATORS = ['scripts/generate.mjs', 'scripts/generate-compose.mjs'];
const GUIDE = 'docs/how-to/add-an-agency.md';
/** What the guide's steps need of a checkout. */
const COPIED = [
  'apps/agencies',
  'apps/coordinator',
  'apps/intake',
  'apps/local',
  'deploy',
  'docs/how-to',
  'libs',
  'scripts',
  'tests/support',
  '.oxlintrc.json',
  '.prettierrc.json',
  '.swcrc',
  'docker-compose.yml',
  'jest.config.js',
  'nest-cli.json',
  'package.json',
  'tsconfig.json',
];

let copy: string;
let before: Map<string, string>;
let written: string[];

/** Runs a tool of the checkout in the copy; throws with its output when it fails. */
async function tool(...words: string[]): Promise<void> {
  const [script = '', ...args] = words;
  const run = promisify(execFile);
  await run(process.execPath, [join(ROOT, script), ...args], { cwd: copy }).catch(
    (error: { stdout: string; stderr: string }) => {
      throw new Error(`${words.join(' ')} failed:\n${error.stdout}${error.stderr}`);
    },
  );
}

/** Writes each file that the guide shows, under the name that its heading gives. */
async function followGuide(): Promise<string[]> {
  const text = await readFile(join(copy, GUIDE), 'utf8');
  const folder = /apps\/agencies\/[a-z-]+\//.exec(text)![0];
  const sections = text.split(/^## /m).slice(1);
  const files = sections.flatMap((section) => {
    const name = /^.*`([\w.-]+\.ts)`\n/.exec(section)?.[1];
    const code = /^```ts\n([^]*?)^```/m.exec(section)?.[1];
    return name && code ? [{ name: `${folder}${name}`, code }] : [];
  });
  for (const { name, code } of files) {
    await mkdir(dirname(join(copy, name)), { recursive: true });
    await writeFile(join(copy, name), code);
  }
  return files.map((file) => file.name);
}

/** Every file of the copy with a digest of what is in it. */
async function contents(): Promise<Map<string, string>> {
  const entries = await readdir(copy, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const digests = files.map(async (file) => {
    const digest = createHash('sha256')
      .update(await readFile(file))
      .digest('hex');
    return [file.slice(copy.length + 1), digest] as const;
  });
  return new Map(await Promise.all(digests));
}

beforeAll(async () => {
  copy = await mkdtemp(join(tmpdir(), 'retorno-new-agency-'));
  for (const name of COPIED) await cp(join(ROOT, name), join(copy, name), { recursive: true });
  before = await contents();
  await symlink(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
  written = await followGuide();
  for (const generator of GENERATORS) await tool(generator);
});
afterAll(() => rm(copy, { recursive: true, force: true }));

describe('an agency added as the guide says', () => {
  it('is one folder, and lines that are generated: no other file is touched', async () => {
    const after = await contents();
    const changed = [...after].filter(([file, digest]) => before.get(file) !== digest).map(([file]) => file);
    expect(changed.toSorted()).toEqual(
      [...written, 'deploy/keycloak/realm.json', 'docker-compose.yml', 'nest-cli.json'].toSorted(),
    );
    expect(written).toHaveLength(4);
    expect([...before.keys()].filter((file) => !after.has(file))).toEqual([]);
    const { projects } = JSON.parse(await readFile(join(copy, 'nest-cli.json'), 'utf8'));
    expect(projects.municipality.root).toBe('apps/agencies/municipality');
  });

  it('passes its own tests, and the checks of types, lint and format', async () => {
    const config = join(copy, 'tsconfig.agency.json');
    await writeFile(
      config,
      JSON.stringify({
        extends: './tsconfig.json',
        include: ['apps/agencies/municipality'],
        compilerOptions: { incremental: false },
      }),
    );
    await Promise.all([
      tool('node_modules/jest/bin/jest.js', 'apps/agencies/municipality'),
      tool('node_modules/typescript/bin/tsc', '--noEmit', '-p', config),
    ]);
    await tool(
      'node_modules/prettier/bin/prettier.cjs',
      '--check',
      'apps/agencies/municipality',
      'nest-cli.json',
    );
    await tool('node_modules/oxlint/bin/oxlint', 'apps/agencies/municipality');
  }, 300_000);

  it('takes part: it is planned, asked, answered, and its policy decides', async () => {
    const found = discoverAgencies(join(copy, 'apps/agencies'));
    expect(found).toHaveLength(discoverAgencies().length + 1);
    const municipality = found.find(({ slug }) => slug === 'municipality')!;
    const system = await System.start({ fixtures: [municipality] });
    try {
      const needs = ['shelter', 'legal-advice'];
      const lima = await system.arrive({ needs, destination_ubigeo: '150101' });
      expect(referralOf(lima, 'temporary-lodging')).toMatchObject({
        agency: 'municipality',
        status: 'received',
        basis: 'vital-interests',
      });
      expect(referralOf(lima, 'legal-orientation').requires).toEqual(['identity/dni-verify']);
      await system.complete(lima, 'dni-verify', 'verified');
      for (const service of ['temporary-lodging', 'legal-orientation']) {
        await system.complete(lima, service);
        await system.confirm(lima, service);
      }
      const ended = await system.caseOf(lima);
      expect([ended.status, ...needs.map((code) => needOf(ended, code))]).toEqual([
        'completed',
        'settled/confirmed',
        'settled/confirmed',
      ]);

      const trujillo = await system.arrive({ needs, destination_ubigeo: '130101' });
      const after = await system.complete(trujillo, 'dni-verify', 'verified');
      expect(referralOf(after, 'legal-orientation')).toMatchObject({
        status: 'rejected',
        code: 'out-of-area',
      });
      expect(openEscalations(after)).toEqual(['rejected']);
    } finally {
      await system.stop();
    }
  }, 60_000);
});
