/** The issuer's library, without what it does to the process around it. */
import type { AsyncLocalStorage } from 'node:async_hooks';
import type * as oidc from 'oidc-provider';

/**
 * Runs `make` with the library, without its warnings on every start of what we mean: to run on Node 20, and with sessions in
 * memory.
 */
export function quietly<T>(make: (library: typeof oidc) => T): T {
  const { warn } = console;
  console.warn = () => undefined;
  try {
    // Here and not above: it warns when it is loaded.
    // oxlint-disable-next-line typescript/no-require-imports
    const library = require('oidc-provider') as typeof oidc;
    unhook();
    return make(library);
  } finally {
    console.warn = warn;
  }
}

/**
 * The library runs each request in an AsyncLocalStorage. On Node 20 the first one turns on hooks for every promise of the
 * process, for good: 6 % of all that the services in it do (docs/decisions/0018). Only client ids that are addresses of
 * documents would read it, and those are off.
 */
function unhook(): void {
  // oxlint-disable-next-line typescript/no-require-imports
  const { default: storage } = require('oidc-provider/lib/helpers/als.js') as {
    default: AsyncLocalStorage<unknown>;
  };
  storage.run = (_context: unknown, work: (...args: never[]) => unknown) => work() as never;
}
