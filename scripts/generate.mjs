// Writes the generated lines: the projects of nest-cli.json, one per service found in apps. With --check it only compares.
import { existsSync, readdirSync } from 'node:fs';
import { writeGenerated } from './generated.mjs';

const folders = [
  'apps/intake',
  'apps/coordinator',
  'apps/statistics',
  'apps/portal',
  'apps/console',
  'apps/local',
].concat(
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

writeGenerated(
  'nest-cli.json',
  (before) => {
    const config = { ...JSON.parse(before), projects: Object.fromEntries(projects) };
    return `${JSON.stringify(config, null, 2)}\n`;
  },
  projects.length,
);
