// Writes the generated lines: the projects of nest-cli.json, one per service found in apps. With --check it only compares.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';

const folders = ['apps/intake', 'apps/coordinator', 'apps/local'].concat(
  readdirSync('apps/agencies', { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => `apps/agencies/${entry.name}`),
);
const projects = folders
  .filter((folder) => existsSync(`${folder}/main.ts`))
  .map((folder) => [
    folder.split('/').at(-1),
    {
      type: 'application',
      root: folder,
      entryFile: 'main',
      sourceRoot: folder,
      compilerOptions: { tsConfigPath: 'tsconfig.build.json' },
    },
  ])
  .sort(([a], [b]) => a.localeCompare(b));

const file = 'nest-cli.json';
const before = readFileSync(file, 'utf8');
const config = { ...JSON.parse(before), projects: Object.fromEntries(projects) };
const after = `${JSON.stringify(config, null, 2)}\n`;
if (after !== before) {
  if (process.argv.includes('--check')) {
    process.stderr.write(
      `${file} is not as \`npm run generate\` writes it: run that and commit the change.\n`,
    );
    process.exit(1);
  }
  writeFileSync(file, after);
  process.stdout.write(`${file}: ${projects.length} services\n`);
}
