import { referralOf } from '../support/case-view';
import { followLive, type LiveConnection } from '../support/live';
import { System } from '../support/system';

let system: System;
const followed: LiveConnection[] = [];
beforeAll(async () => {
  system = await System.start();
});
afterEach(() => {
  for (const one of followed.splice(0)) one.close();
});
afterAll(() => system.stop());

const worker = (agency: string) => system.bearer({ name: 'worker', roles: ['agency-worker'], agency });
const ids = ({ events }: LiveConnection) => events.map(({ data }) => (data as unknown as { id: string }).id);

async function follow(agency: string): Promise<LiveConnection> {
  const url = `${system.topology.url}/agencies/${agency}`;
  const connection = await followLive(url, await worker(agency));
  followed.push(connection);
  return connection;
}

describe("what an agency's staff are told as it happens", () => {
  it('is of their own referrals, and never of another agency', async () => {
    const [health, education] = [await follow('health'), await follow('education')];
    const found = await system.arrive({
      needs: ['emotional-support', 'school-enrolment'],
      date_of_birth: '2015-03-02',
    });
    const [care, school] = [referralOf(found, 'mental-health'), referralOf(found, 'school-enrolment')];
    await system.answer(care, { status: 'accepted' });
    await system.answer(school, { status: 'accepted' });
    await health.until((events) => events.length >= 2);
    await education.until((events) => events.length >= 2);
    expect(new Set(ids(health))).toEqual(new Set([care.id]));
    expect(new Set(ids(education))).toEqual(new Set([school.id]));
  });

  it('says nothing of who the person is', async () => {
    const health = await follow('health');
    const found = await system.arrive({ needs: ['emotional-support'], given_names: 'Zenobia' });
    await health.until((events) => events.length > 0);
    expect(health.events[0]!.data).toEqual({
      type: 'referral-changed',
      id: referralOf(found, 'mental-health').id,
      service: 'mental-health',
      status: 'received',
    });
  });

  it('is refused to everybody else', async () => {
    for (const as of [
      { name: 'nurse', roles: ['agency-worker'] as const, agency: 'education' },
      { name: 'staff', roles: ['operations-lead'] as const },
    ]) {
      const headers = { authorization: await system.bearer(as) };
      expect((await system.call('GET', '/agencies/health/live', undefined, headers)).status).toBe(403);
    }
  });
});
