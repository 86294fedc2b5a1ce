/** The reference under which one agency knows a case: no two agencies can join their files by it. */
import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  hkdfSync,
  type Cipher,
  type Decipher,
} from 'node:crypto';

/** Turns case ids into references and back. Needs no lookup table. */
export interface Pairwise {
  /** The agency's reference of a case: 32 lower-case hexadecimal digits. Throws when the id is no UUID. */
  refFor(agency: string, caseId: string): string;
  /**
   * The case id behind an agency's reference. Throws when it is malformed; any well-formed reference gives some id, so
   * one that was made up, or belongs to another agency, shows as a case that does not exist.
   */
  caseIdOf(agency: string, ref: string): string;
  /**
   * The agency's reference of a household, the same for all members: 32 lower-case hexadecimal digits. There is no way
   * back; each agency has its own.
   */
  householdFor(agency: string, household: string): string;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const REFERENCE = /^[0-9a-f]{32}$/;

/**
 * References under a master key of 32 bytes: the 16-byte case id encrypted as one AES-256 block under
 * HKDF-SHA256(master, info = agency). A single block of a unique value is the one use for which ECB is sound: it is a
 * pseudorandom permutation, so references neither collide nor tell anything without the key.
 */
export function pairwise(masterKey: Buffer): Pairwise {
  if (masterKey.length !== 32) throw new Error('the pairwise master key must be 32 bytes');
  const ciphers = new Map<string, { encrypt: Cipher; decrypt: Decipher }>();
  const householdKeys = new Map<string, Buffer>();

  // ECB without padding keeps no state between blocks, so one cipher serves all calls and is never finalised.
  function ciphersOf(agency: string): { encrypt: Cipher; decrypt: Decipher } {
    let pair = ciphers.get(agency);
    if (!pair) {
      if (agency === '') throw new Error('a pairwise reference needs an agency');
      const key = Buffer.from(hkdfSync('sha256', masterKey, Buffer.alloc(0), agency, 32));
      pair = {
        encrypt: createCipheriv('aes-256-ecb', key, null).setAutoPadding(false),
        decrypt: createDecipheriv('aes-256-ecb', key, null).setAutoPadding(false),
      };
      ciphers.set(agency, pair);
    }
    return pair;
  }

  return {
    refFor(agency, caseId) {
      if (!UUID.test(caseId)) throw new Error('a case id must be a lower-case UUID');
      return ciphersOf(agency).encrypt.update(caseId.replaceAll('-', ''), 'hex', 'hex');
    },
    caseIdOf(agency, ref) {
      if (!REFERENCE.test(ref)) throw new Error('a case reference must be 32 lower-case hexadecimal digits');
      const hex = ciphersOf(agency).decrypt.update(ref, 'hex', 'hex');
      return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
    },
    householdFor(agency, household) {
      let key = householdKeys.get(agency);
      if (!key) {
        key = Buffer.from(hkdfSync('sha256', masterKey, Buffer.alloc(0), `household:${agency}`, 32));
        householdKeys.set(agency, key);
      }
      return createHmac('sha256', key).update(household).digest('hex').slice(0, 32);
    },
  };
}
