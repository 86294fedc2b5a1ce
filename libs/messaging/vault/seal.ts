/** Sealing with AES-256-GCM (NIST SP 800-38D): nobody reads it without the key, or moves it elsewhere with it. */
import { createCipheriv, createDecipheriv, randomFillSync } from 'node:crypto';

const CIPHER = 'aes-256-gcm';
// A random 96-bit value for each message: safe for 2^32 messages of one key, and a person has some hundred.
const IV_BYTES = 12;
const TAG_BYTES = 16;

const pool = Buffer.alloc(4096);
let used = pool.length;

/** Random bytes; drawn from the system many at a time, for each draw costs more than the sealing. At most 4,096. */
export function random(bytes: number): Buffer {
  if (used + bytes > pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  const taken = Buffer.from(pool.subarray(used, used + bytes));
  pool.fill(0, used, used + bytes);
  used += bytes;
  return taken;
}

/** Bytes that only the key opens, and only as what they were sealed as: `about` names their place. */
export function sealBytes(key: Buffer, plain: Buffer, about: string): Buffer {
  const iv = random(IV_BYTES);
  const cipher = createCipheriv(CIPHER, key, iv, { authTagLength: TAG_BYTES }).setAAD(Buffer.from(about));
  const body = cipher.update(plain);
  cipher.final();
  return Buffer.concat([iv, cipher.getAuthTag(), body]);
}

/** What was sealed. Throws when key or place are others, or a bit was changed. */
export function openBytes(key: Buffer, sealed: Buffer, about: string): Buffer {
  if (sealed.length < IV_BYTES + TAG_BYTES) throw new SealBroken();
  const iv = sealed.subarray(0, IV_BYTES);
  const decipher = createDecipheriv(CIPHER, key, iv, { authTagLength: TAG_BYTES })
    .setAAD(Buffer.from(about))
    .setAuthTag(sealed.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
  const plain = decipher.update(sealed.subarray(IV_BYTES + TAG_BYTES));
  try {
    decipher.final();
  } catch {
    throw new SealBroken();
  }
  return plain;
}

/** The seal does not fit: another key, another place, or bytes that were changed. */
export class SealBroken extends Error {
  override name = 'SealBroken';
  constructor() {
    super('sealed data cannot be opened: it was changed, moved, or sealed under another key');
  }
}
