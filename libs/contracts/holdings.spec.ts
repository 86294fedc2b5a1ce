import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { bucketOf, holdingsDigest } from './holdings';

const holding = fc.record({
  referralId: fc.uuid(),
  status: fc.constantFrom('received', 'accepted', 'in-progress', 'on-hold'),
});
const held = fc.uniqueArray(holding, { selector: ({ referralId }) => referralId, maxLength: 60 });

describe('the digest of what an agency holds', () => {
  it('is the same whatever the order of the list', () => {
    fc.assert(
      fc.property(held, (list) => {
        expect(holdingsDigest(list.toReversed())).toEqual(holdingsDigest(list));
      }),
    );
  });

  it('differs when one referral is missing or stands otherwise, and in its bucket only', () => {
    fc.assert(
      fc.property(held, fc.nat(), fc.boolean(), (list, n, missing) => {
        fc.pre(list.length > 0);
        const changed = list[n % list.length]!;
        const others = list.filter((one) => one !== changed);
        const other = missing ? others : [...others, { ...changed, status: 'completed' }];
        const [a, b] = [holdingsDigest(list), holdingsDigest(other)];
        expect(b.digest).not.toBe(a.digest);
        const differing = a.buckets.filter(
          (one) => b.buckets.find(({ bucket }) => bucket === one.bucket)?.digest !== one.digest,
        );
        expect(differing.map(({ bucket }) => bucket)).toEqual([bucketOf(changed.referralId)]);
      }),
    );
  });

  it('takes a referral that was sent for received: the message may be under way', () => {
    const at = (status: string) => holdingsDigest([{ referralId: 'r1', status }]);
    expect(at('requested')).toEqual(at('received'));
  });

  it('can be made by anybody from what the documentation says', () => {
    const sha = (text: string) => createHash('sha256').update(text).digest('hex');
    const bucket = sha('r1').slice(0, 2);
    const digest = sha('r1 accepted\n');
    expect(holdingsDigest([{ referralId: 'r1', status: 'accepted' }])).toEqual({
      count: 1,
      digest: sha(`${bucket} ${digest}\n`),
      buckets: [{ bucket, count: 1, digest }],
    });
  });
});
