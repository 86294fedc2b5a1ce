/** What the console keeps of its users outside its memory, sealed under a key derived from its secret. */
import { hkdfSync } from 'node:crypto';
import { openBytes, SealBroken, sealBytes } from '@retorno/messaging';

/** Seals and opens texts for one purpose: what was sealed for another does not open. */
export class Sealer {
  private readonly key: Buffer;

  constructor(
    secret: string,
    private readonly purpose: string,
  ) {
    this.key = Buffer.from(hkdfSync('sha256', secret, Buffer.alloc(0), `console: ${purpose}`, 32));
  }

  seal(text: string): Buffer {
    return sealBytes(this.key, Buffer.from(text), this.purpose);
  }

  /** Undefined when it was sealed by somebody else, or changed. */
  open(sealed: Buffer): string | undefined {
    try {
      return openBytes(this.key, sealed, this.purpose).toString('utf8');
    } catch (error) {
      if (error instanceof SealBroken) return undefined;
      throw error;
    }
  }
}
