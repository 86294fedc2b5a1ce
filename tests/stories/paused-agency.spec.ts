import { referralOf, type Case } from '../support/case-view';
import { eventually } from '../support/eventually';
import { System } from '../support/system';

let system: System;
beforeAll(async () => {
  system = await System.start();
});
afterAll(() => system.stop());
afterEach(async () => {
  await system.call('POST', '/roundtable/health/resume', { reason: 'the story is over' });
  await system.settle();
});

const decide = (path: string, body: object, method = 'POST') =>
  system.call(method, `/roundtable/health/${path}`, body);
const pause = () => decide('pause', { reason: 'its database is down' });
const resume = () => decide('resume', { reason: 'it is back' });
const support = async (of: Case) => referralOf(await system.caseOf(of), 'mental-health');
/** What is woken is not waited for by `settle`. */
const isReceived = (of: Case) => eventually(async () => (await support(of)).status === 'received');
const health = async () =>
  (await system.all('/roundtable')).find(({ slug }: { slug: string }) => slug === 'health');

describe('an agency that operations have paused', () => {
  it('is sent nothing new until it is resumed; then what waited goes out by itself', async () => {
    expect((await pause()).status).toBe(200);
    const first = await system.arrive({ needs: ['emotional-support'] });
    await system.advance('1 h');
    const second = await system.arrive({ needs: ['emotional-support'] });
    expect(await support(first)).toMatchObject({
      status: 'planned',
      businessStatus: 'awaiting-agency',
      requestedAt: null,
    });
    expect(await health()).toMatchObject({
      casesHeld: 2,
      paused: { reason: 'its database is down', by: 'staff' },
    });
    await system.advance('1 h');
    await resume();
    await isReceived(first);
    await isReceived(second);
    expect((await health()).casesHeld).toBe(0);
  });

  it('goes on with what it has', async () => {
    const found = await system.arrive({ needs: ['emotional-support'] });
    await pause();
    await system.complete(found, 'mental-health');
    expect((await support(found)).status).toBe('completed');
  });

  it('stays paused over a restart, and goes on after one', async () => {
    await pause();
    const found = await system.arrive({ needs: ['emotional-support'] });
    await system.restart();
    const other = await system.arrive({ needs: ['emotional-support'] });
    expect((await support(other)).businessStatus).toBe('awaiting-agency');
    await system.restart(async () => undefined);
    await resume();
    await isReceived(found);
  });

  it('is told to operations while somebody waits for longer than it would have had to accept', async () => {
    await pause();
    const found = await system.arrive({ needs: ['emotional-support'] });
    await system.advance('1 d');
    const { items } = await system.get('/escalations?grouped=true');
    expect(items).toContainEqual(
      expect.objectContaining({ reason: 'no-provider', group: 'no-provider:paused:health' }),
    );
    await resume();
    await isReceived(found);
    const { escalations } = await system.caseOf(found);
    expect(escalations).toMatchObject([{ reason: 'no-provider', status: 'resolved', resolution: 'planned' }]);
  });

  it('is paused once: what makes no sense is refused and says why', async () => {
    await pause();
    expect((await pause()).body).toMatchObject({
      status: 409,
      type: expect.stringContaining('already-paused'),
    });
    await resume();
    expect((await resume()).status).toBe(409);
    expect((await decide('pause', {})).status).toBe(422);
    expect((await system.call('POST', '/roundtable/nobody/pause', { reason: 'x' })).status).toBe(404);
  });

  it('says to others only since when, and to operations who and why, and what was decided before', async () => {
    await pause();
    const as = { name: 'nurse', roles: ['agency-worker'] as const, agency: 'health' };
    const headers = { authorization: await system.bearer(as) };
    const { body } = await system.call('GET', '/agencies', undefined, headers);
    const seen = body.items.find(({ slug }: { slug: string }) => slug === 'health');
    expect(seen.paused).toEqual({ since: expect.any(String) });
    expect(seen).not.toHaveProperty('pace');
    expect(seen).not.toHaveProperty('casesWaiting');
    expect((await system.call('GET', '/roundtable', undefined, headers)).status).toBe(403);
    const { decided } = await system.get('/roundtable/health');
    expect(decided[0]).toMatchObject({ type: 'paused', by: 'staff', reason: 'its database is down' });
  });
});

describe('the maintenance of an agency', () => {
  const window = (from: number, until: number) => {
    const at = (hours: number) => new Date(system.clock.now().getTime() + hours * 3_600_000).toISOString();
    return { from: at(from), until: at(until), note: 'new servers' };
  };
  const reminded = async (of: Case) =>
    (await system.seenBy('health', await support(of))).remindedAt !== undefined;

  it('holds reminders back, but no escalation; what is late is reminded of as soon as it ends', async () => {
    const found = await system.arrive({ needs: ['emotional-support'] });
    expect((await decide('maintenance', window(1, 24 * 6), 'PUT')).status).toBe(200);
    await system.advance('2 d');
    expect(await reminded(found)).toBe(false);
    const late = (await system.caseOf(found)).escalations.find(({ reason }) => reason === 'ack-overdue')!;
    expect(late.detail).toMatchObject({ maintenance: (await health()).maintenance.until });
    expect((await decide('maintenance/end', { reason: 'done early' })).status).toBe(200);
    await eventually(() => reminded(found));
    expect((await health()).maintenance).toBeNull();
  });

  it('is refused where it makes no sense, naming the field', async () => {
    const bad = async (body: object) => {
      const answered = await decide('maintenance', body, 'PUT');
      return [answered.status, answered.body.errors.map(({ pointer }: { pointer: string }) => pointer)];
    };
    expect(await bad({ ...window(3, 2) })).toEqual([422, ['/until']]);
    expect(await bad({ ...window(1, 2), from: '2026-11-24T20:00' })).toEqual([422, ['/from']]);
    expect((await decide('maintenance/end', { reason: 'none' })).status).toBe(409);
  });
});

describe('what the coordinator knows of an agency', () => {
  it('is how fast it answers, when it was last heard and when it last answered', async () => {
    const found = await system.arrive({ needs: ['emotional-support'] });
    await system.advance('3 h');
    await system.answers(found, 'mental-health', { status: 'accepted' });
    const { pace, heardAt, answeredAt, unread } = await system.get('/roundtable/health');
    expect(pace.receive.count).toBeGreaterThan(0);
    // Of few answers it lies between the two slowest.
    expect(pace.accept.p95).toBeGreaterThan(2 * 3600);
    expect(answeredAt).toBe(system.clock.now().toISOString());
    expect(heardAt! >= answeredAt!).toBe(true);
    expect(unread).toEqual({ referrals: 0, since: null });
  });

  it('is how to reach it, as operations correct it', async () => {
    const corrected = { email: 'guardia@example.org', reason: 'the telephone changed' };
    expect((await decide('contact', corrected, 'PUT')).body.contact).toEqual({
      email: 'guardia@example.org',
    });
    expect((await decide('contact', { reason: 'x' }, 'PUT')).status).toBe(422);
    const wrong = await decide('contact', { phone: 'call me', reason: 'x' }, 'PUT');
    expect([wrong.status, wrong.body.errors[0].pointer]).toEqual([422, '/phone']);
  });
});
