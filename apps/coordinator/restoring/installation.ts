/** What this database was made with: another pairwise key would point every agency's reference at no case. */
import { createHash } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { pairwise, type Pairwise } from '../casework/pairwise';

/** Injection token of the references, made once the key is known to be the right one. */
export const REFERENCES = Symbol('references');

/**
 * The references under a key of 64 hexadecimal digits. The first start stores the key's fingerprint; each later one
 * throws when its key is another.
 */
export async function referencesOf(dataSource: DataSource, pairwiseKey: string): Promise<Pairwise> {
  const key = Buffer.from(pairwiseKey, 'hex');
  await dataSource.query(
    `insert into installation (name, value) values ('pairwise-key', $1) on conflict (name) do nothing`,
    [fingerprintOf(key)],
  );
  const [stored]: { value: string }[] = await dataSource.query(
    `select value from installation where name = 'pairwise-key'`,
  );
  if (stored?.value !== fingerprintOf(key)) {
    throw new Error(
      "PAIRWISE_KEY is not the key that this database's references were made with: start with the key of the first " +
        'start (of the DATA_DIR that was used with this DATABASE_URL), or with an empty database.',
    );
  }
  return pairwise(key);
}

function fingerprintOf(key: Buffer): string {
  return createHash('sha256').update('retorno-pairwise').update(key).digest('hex').slice(0, 16);
}
