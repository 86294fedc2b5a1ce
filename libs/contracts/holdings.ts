/**
 * Which referrals an agency holds, in a form that two parties can compare without sending the list: one digest for all, and
 * one for each of 256 buckets, so that a difference is found by asking for the buckets that differ.
 *
 * A referral is held while the agency has it and owes an answer. Its line is `<referral id> <status>`; a referral that was
 * sent and not yet received counts as received, for the message may be under way. A bucket's digest is the SHA-256 (hex) of
 * its lines in the order of their bytes, each ended by a line feed; the whole's digest is that of the buckets' lines
 * `<bucket> <digest>`, empty buckets left out. A referral's bucket is the first byte of the SHA-256 of its id, in hex.
 */
import { createHash } from 'node:crypto';

/** A referral that is held. */
export interface Holding {
  readonly referralId: string;
  readonly status: string;
}

export interface HoldingsBucket {
  /** Two hexadecimal digits. */
  readonly bucket: string;
  readonly count: number;
  readonly digest: string;
}

/** What two parties compare. */
export interface HoldingsDigest {
  readonly count: number;
  readonly digest: string;
  /** Those that are not empty, in order. */
  readonly buckets: readonly HoldingsBucket[];
}

/** The bucket of a referral: two hexadecimal digits. */
export function bucketOf(referralId: string): string {
  return createHash('sha256').update(referralId).digest('hex').slice(0, 2);
}

/** The digest of what is held, whatever the order of the list. */
export function holdingsDigest(holdings: Iterable<Holding>): HoldingsDigest {
  const lines = new Map<string, string[]>();
  for (const { referralId, status } of holdings) {
    const bucket = bucketOf(referralId);
    const line = `${referralId} ${status === 'requested' ? 'received' : status}\n`;
    const known = lines.get(bucket);
    if (known) known.push(line);
    else lines.set(bucket, [line]);
  }
  const buckets = [...lines]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([bucket, of]) => ({ bucket, count: of.length, digest: digestOf(of.sort()) }));
  return {
    count: buckets.reduce((sum, { count }) => sum + count, 0),
    digest: digestOf(buckets.map(({ bucket, digest }) => `${bucket} ${digest}\n`)),
    buckets,
  };
}

function digestOf(lines: readonly string[]): string {
  return createHash('sha256').update(lines.join('')).digest('hex');
}
