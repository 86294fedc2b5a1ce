import { referralOf } from '../support/case-view';
import { System } from '../support/system';

let system: System;
beforeAll(async () => {
  system = await System.start();
});
afterAll(() => system.stop());

/** The agency's own records: somebody loses one. */
const records = (sql: string): Promise<unknown> =>
  system.topology.services.find(({ name }) => name === 'health')!.messaging.dataSource.query(sql);

interface Digest {
  count: number;
  digest: string;
  buckets: { bucket: string; count: number; digest: string }[];
}

/** What the agency holds, and what the coordinator thinks that it does. */
async function bothSides(agency: string): Promise<[own: Digest, thought: Digest]> {
  return [await system.get(`/agencies/${agency}/holdings`), await system.get(`/holdings/${agency}`)];
}

describe('what an agency holds', () => {
  it('is the same to the agency and to the coordinator, whatever was answered', async () => {
    for (let n = 0; n < 5; n++) {
      const found = await system.arrive({ needs: ['health-care', 'emotional-support'] });
      if (n === 1) await system.complete(found, 'medical-care');
      if (n === 2) await system.answers(found, 'medical-care', { status: 'accepted' }, { status: 'on-hold' });
      if (n === 3) await system.answers(found, 'mental-health', { status: 'rejected', code: 'safety' });
      if (n === 4) await system.command(found, 'referrals/medical-care/cancel', { reason: 'asked to' });
    }
    const [own, thought] = await bothSides('health');
    expect(own).toMatchObject({ agency: 'health', count: 8 });
    expect(thought).toEqual(own);
  });

  it('differs in the bucket of the referral that one side has lost, and the bucket names it', async () => {
    const found = await system.arrive({ needs: ['health-care'] });
    const { id } = referralOf(found, 'medical-care');
    await records(`create table kept as select * from referral where key = '${id}'`);
    await records(`delete from referral where key = '${id}'`);
    const [own, thought] = await bothSides('health');
    expect(own.count).toBe(thought.count - 1);
    const differing = thought.buckets.filter(
      ({ bucket, digest }) => own.buckets.find((one) => one.bucket === bucket)?.digest !== digest,
    );
    expect(differing).toHaveLength(1);
    const listed = await system.all(`/holdings/health/${differing[0]!.bucket}`, 1);
    expect(listed).toContainEqual({ referralId: id, status: 'received' });
    const here = await system.all(`/agencies/health/holdings/${differing[0]!.bucket}`, 1);
    expect(here).toEqual(listed.filter(({ referralId }) => referralId !== id));
    await records('insert into referral select * from kept');
    await records('drop table kept');
  });

  it.each([
    ['/holdings/nobody', 404, /No agency of this name/],
    ['/holdings/health/xyz', 400, /two hexadecimal digits/],
    ['/agencies/health/holdings/0', 400, /two hexadecimal digits/],
    ['/holdings/health/00?limit=0', 400, /limit must be/],
  ])('asked as %s is refused', async (path, status, detail) => {
    const answered = await system.call('GET', path);
    expect([answered.status, answered.body.detail]).toEqual([status, expect.stringMatching(detail)]);
  });
});
