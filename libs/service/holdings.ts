/** The answers of the two sides that say which referrals an agency holds: the agency, and the coordinator. */
import { bucketOf, holdingsDigest, type Holding, type HoldingsDigest } from '@retorno/contracts';
import { page, type Page } from './page';
import { problem } from './problem';

/** The digest as it was at an instant. */
export function holdingsView(
  agency: string,
  holdings: Iterable<Holding>,
  now: Date,
): { agency: string; asOf: string } & HoldingsDigest {
  return { agency, asOf: now.toISOString(), ...holdingsDigest(holdings) };
}

/** One bucket's referrals, by id, a page at a time. Throws problem 400 for what is no bucket, or no cursor of this list. */
export function holdingsPage(
  holdings: Iterable<Holding>,
  bucket: string,
  query: { cursor?: string | undefined; limit?: string | undefined },
): Page<Holding> {
  if (!/^[0-9a-f]{2}$/.test(bucket)) {
    throw problem(400, 'bad-bucket', 'A bucket is two hexadecimal digits, as the digest names them.');
  }
  const limit = page.limit(query.limit);
  const after = String(page.decode(query.cursor)?.[0] ?? '');
  const rows = [...holdings]
    .filter(({ referralId }) => bucketOf(referralId) === bucket && referralId > after)
    .sort((a, b) => (a.referralId < b.referralId ? -1 : 1));
  return page.of(rows.slice(0, limit + 1), limit, (last) => [last.referralId]);
}
