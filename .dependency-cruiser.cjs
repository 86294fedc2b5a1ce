// The house rules about imports, each with the reason that it is there. No inline exceptions: a rule that is wrong is changed here.

const code = '^(apps|libs|deploy|tests|bench)/';
const spec = '[.](spec|e2e)[.]ts$';
const vagueFolders = '(^|/)(common|shared|utils|helpers)/';

/** Libs import only the libs before them: contracts <- messaging <- service <- agency <- apps. */
const layers = ['contracts', 'messaging', 'service', 'agency'];
const direction = layers.map((lib, i) => ({
  name: `${lib}-imports-only-what-is-below`,
  comment: `Imports run one way: ${layers.join(' <- ')} <- apps.`,
  severity: 'error',
  from: { path: `^libs/${lib}/` },
  to: { path: ['^apps/', ...layers.slice(i + 1).map((above) => `^libs/${above}/`)] },
}));

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    ...direction,
    {
      name: 'apps-never-import-apps',
      comment: 'Services meet in events and nowhere else; apps/local alone puts them into one process.',
      severity: 'error',
      from: { path: '^apps/(agencies/[^/]+|[^/]+)/', pathNot: '^apps/local/' },
      to: { path: '^apps/', pathNot: '^apps/$1/' },
    },
    {
      name: 'tests-and-benches-import-local-only',
      comment: 'Stories and benchmarks go through what a user starts: apps/local, and the libs.',
      severity: 'error',
      from: { path: '^(tests|bench)/' },
      to: { path: '^apps/', pathNot: '^apps/local/' },
    },
    {
      name: 'deploy-imports-local-only',
      comment: 'What is deployed is what apps/local finds; its tests may look at the services themselves.',
      severity: 'error',
      from: { path: '^deploy/', pathNot: spec },
      to: { path: '^apps/', pathNot: '^apps/local/' },
    },
    {
      name: 'no-tests-in-production',
      comment: 'Code that runs in production imports neither tests, specs, nor benchmarks.',
      severity: 'error',
      from: { path: '^(apps|libs|deploy)/', pathNot: spec },
      to: { path: ['^(tests|bench)/', spec] },
    },
    {
      name: 'the-saga-is-plain',
      comment:
        'What is decided about a case is plain TypeScript over words, times and what was published: no Nest, no SQL.',
      severity: 'error',
      from: { path: '^apps/coordinator/saga/', pathNot: spec },
      to: {
        pathNot: ['^apps/coordinator/saga/', '^libs/(contracts|messaging|service)/', '^(node:)?crypto$'],
      },
    },
    {
      name: 'libs-only-through-their-index',
      comment: 'What a lib offers is what its index.ts exports.',
      severity: 'error',
      from: { path: '^(apps|deploy|tests|bench)/' },
      to: { path: '^libs/[^/]+/', pathNot: '^libs/[^/]+/index[.]ts$' },
    },
    {
      name: 'libs-among-themselves-through-their-index',
      comment: 'What a lib offers is what its index.ts exports, also to the lib beside it.',
      severity: 'error',
      from: { path: '^libs/([^/]+)/' },
      to: { path: '^libs/[^/]+/', pathNot: ['^libs/$1/', '^libs/[^/]+/index[.]ts$'] },
    },
    {
      name: 'no-vague-folders',
      comment: 'common, shared, utils and helpers say nothing about what is in them: name the thing.',
      severity: 'error',
      from: { path: vagueFolders },
      to: {},
    },
    {
      name: 'no-imports-from-vague-folders',
      comment: 'common, shared, utils and helpers say nothing about what is in them: name the thing.',
      severity: 'error',
      from: {},
      to: { path: vagueFolders, pathNot: 'node_modules' },
    },
    {
      name: 'no-circular',
      comment: 'A circle has no first file to read. Type imports count as well.',
      severity: 'error',
      from: { path: code },
      to: { circular: true },
    },
    {
      name: 'no-orphans',
      comment: 'A file that nobody imports and that imports nothing is forgotten.',
      severity: 'error',
      from: { orphan: true, path: code, pathNot: [spec, '/main[.]ts$', '^bench/', '[.]d[.]ts$'] },
      to: {},
    },
    {
      name: 'no-dev-dependencies-in-production',
      comment: 'Development dependencies are not installed where services run.',
      severity: 'error',
      from: { path: '^(apps|libs|deploy)/', pathNot: spec },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'no-undeclared-dependencies',
      comment: 'What is imported stands in package.json.',
      severity: 'error',
      from: { path: code },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'no-unresolvable',
      comment: 'An import leads somewhere.',
      severity: 'error',
      from: { path: code },
      to: { couldNotResolve: true },
    },
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    // The peers have a package.json of their own.
    exclude: { path: '^(dist|bench/peers)/' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default'],
      extensions: ['.ts', '.js', '.mjs', '.cjs', '.json', '.node'],
    },
  },
};
