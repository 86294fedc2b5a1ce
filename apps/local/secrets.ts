/** Secrets of this installation, made at its first start and kept in DATA_DIR for its owner only. */
import { generateKeyPairSync, hkdfSync, randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface Secrets {
  /** 32 bytes, hex: the master key of the pairwise case references. */
  pairwiseKey: string;
  /** 32 bytes, hex: wraps the keys of personal data. */
  vaultKey: string;
  /** Password of the services' database roles. */
  databasePassword: string;
  /** 32 bytes, hex: what systems and people of a demonstration log in with derives from it. */
  loginKey: string;
  /** PKCS #8, PEM: signs the tokens of an installation that issues its own logins. */
  tokenKey: string;
}

/** Reads the secrets of a data folder, and makes those that are not there yet. Throws when the file cannot be read as what we wrote. */
export async function secretsOf(dataDir: string): Promise<Secrets> {
  const file = join(dataDir, 'secrets.json');
  await mkdir(dataDir, { recursive: true });
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  const known = text === undefined ? {} : (JSON.parse(text) as Partial<Secrets>);
  const secrets = { ...freshSecrets(), ...known };
  if (Object.keys(known).length === Object.keys(secrets).length) return secrets;
  // Half a file after a crash would lock the installation out of its own database.
  await writeFile(`${file}.new`, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600 });
  await rename(`${file}.new`, file);
  return secrets;
}

/** Secrets that nothing was made with yet. */
export function freshSecrets(): Secrets {
  return {
    pairwiseKey: randomBytes(32).toString('hex'),
    vaultKey: randomBytes(32).toString('hex'),
    databasePassword: randomBytes(24).toString('base64url'),
    loginKey: randomBytes(32).toString('hex'),
    tokenKey: generateKeyPairSync('ec', { namedCurve: 'P-256' })
      .privateKey.export({ type: 'pkcs8', format: 'pem' })
      .toString(),
  };
}

/** The secret by which intake finds likely duplicates, derived so that an installation of before has it, too. */
export function matchingKey(pairwiseKey: string): string {
  const key = hkdfSync('sha256', Buffer.from(pairwiseKey, 'hex'), Buffer.alloc(0), 'intake: matching', 32);
  return Buffer.from(key).toString('hex');
}
