/** What keeps the keys themselves secret: they are stored wrapped, by a key from the configuration or by a KMS. */
import { openBytes, sealBytes } from './seal';

/** A key of a subject, 32 bytes. */
export interface PlainKey {
  readonly subject: string;
  readonly key: Buffer;
}

/** A key as it is stored. The first byte says under which wrapping key. */
export interface WrappedKey {
  readonly subject: string;
  readonly wrapped: Buffer;
}

/** Wraps many keys at a time, so that a KMS is asked once per batch. A wrapped key opens for its own subject only. */
export interface KeyWrapper {
  /** The first byte of what it wraps: the wrapping key in use. */
  readonly version: number;
  wrap(keys: readonly PlainKey[]): Promise<Buffer[]>;
  unwrap(keys: readonly WrappedKey[]): Promise<Buffer[]>;
}

/** What VAULT_KEY may look like: 64 hexadecimal digits, or `<version>:<digits>` several times, the one in use first. */
export const VAULT_KEY = /^([0-9a-f]{64}|\d{1,3}:[0-9a-f]{64}(,\d{1,3}:[0-9a-f]{64})*)$/i;

/**
 * Wraps under keys from the configuration (VAULT_KEY). `2:<new>,1:<old>` wraps under version 2 and still opens what
 * version 1 wrapped. Throws when the setting is malformed.
 */
export function configuredWrapper(setting: string): KeyWrapper {
  const keys = versionsOf(setting);
  const [version] = keys.keys() as unknown as [number];
  return {
    version,
    async wrap(plain) {
      const key = keys.get(version)!;
      return plain.map((one) => Buffer.concat([Buffer.of(version), sealBytes(key, one.key, one.subject)]));
    },
    async unwrap(wrapped) {
      return wrapped.map((one) => {
        const key = keys.get(one.wrapped[0]!);
        if (!key) throw new Error(`VAULT_KEY lacks version ${one.wrapped[0]}, under which keys are wrapped`);
        return openBytes(key, one.wrapped.subarray(1), one.subject);
      });
    },
  };
}

/** By version, the one in use first. */
function versionsOf(setting: string): Map<number, Buffer> {
  if (!VAULT_KEY.test(setting)) throw new Error('VAULT_KEY is malformed');
  const given = setting.includes(':') ? setting : `1:${setting}`;
  const keys = new Map<number, Buffer>();
  for (const one of given.split(',')) {
    const [version, digits] = one.split(':') as [string, string];
    const number = Number(version);
    if (number > 255 || keys.has(number)) throw new Error('VAULT_KEY is malformed');
    keys.set(number, Buffer.from(digits, 'hex'));
  }
  return keys;
}
