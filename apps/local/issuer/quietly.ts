/** The issuer's library warns on every start of what we mean: to run on Node 20, and with sessions in memory. */
import type * as oidc from 'oidc-provider';

/** Runs `make` with the library, without its warnings about how it is set up. */
export function quietly<T>(make: (library: typeof oidc) => T): T {
  const { warn } = console;
  console.warn = () => undefined;
  try {
    // Here and not above: it warns when it is loaded.
    // oxlint-disable-next-line typescript/no-require-imports
    return make(require('oidc-provider') as typeof oidc);
  } finally {
    console.warn = warn;
  }
}
