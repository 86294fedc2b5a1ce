/** The coordinator and intake, the two that know whose a case is, restored from copies of one day at once. */
import { check } from '../faults/checker';
import { backup } from '../support/backup';
import { referralOf } from '../support/case-view';
import { eventually } from '../support/eventually';
import { returneeBody } from '../support/returnee';
import { System, type Registered } from '../support/system';

let system: System;
beforeEach(async () => {
  system = await System.start();
}, 120_000);

const flowing = () =>
  eventually(async () => {
    await system.advance('1 h');
    const { retorno_held: held, retorno_parked_events: parked } = await system.metrics();
    return held === 0 && parked === 0;
  }, 60_000);

const lost = () => system.all('/cases/lost');

describe('restored from copies of different moments', () => {
  afterEach(() => system.stop(), 120_000);

  it.each([
    ['intake', 'coordinator'],
    ['coordinator', 'intake'],
  ])(
    '%s of an earlier one than %s: who was registered in between is known to one of them, and so to both',
    async (earlier, later) => {
      const first = await backup(system, earlier);
      const young = await system.register({ needs: ['health-care', 'employment'] });
      const second = await backup(system, later);
      const before = await system.get(`/intake/returnees/${young.returneeId}`);
      await system.answers({ id: young.caseId }, 'medical-care', { status: 'accepted' });
      await system.restart(async () => {
        await first();
        await second();
      });
      await flowing();
      expect(await lost()).toEqual([]);
      const { externalId: _lost, ...known } = before;
      expect(await system.get(`/intake/returnees/${young.returneeId}`)).toMatchObject(known);
      const found = await system.caseOf(young);
      expect([found.number, referralOf(found, 'medical-care').status]).toEqual([
        young.caseNumber,
        'accepted',
      ]);
      const next = await system.arrive({ needs: ['health-care'] });
      expect(next.number).not.toBe(young.caseNumber);
    },
    240_000,
  );
});

describe('restored from copies of the same moment', () => {
  afterEach(async () => {
    await system.topology.stop();
    await system.database.stop();
  }, 120_000);

  it('who was registered since is known to their agencies only: listed with them until somebody has settled it', async () => {
    const old = await system.arrive({ needs: ['health-care'] });
    const restores = [await backup(system, 'coordinator'), await backup(system, 'intake')];
    const row = returneeBody({ needs: ['health-care', 'emotional-support'] });
    const young = (await system.call('POST', '/intake/returnees', row)).body as Registered;
    await system.settle();
    const held = referralOf(await system.caseOf(young), 'medical-care');
    await system.answer(held, { status: 'accepted' });
    await system.restart(async () => {
      for (const restore of restores) await restore();
    });
    await system.settle();

    expect((await system.call('GET', `/cases/${young.caseId}`)).status).toBe(404);
    const ref = expect.stringMatching(/^[0-9a-f]{32}$/);
    expect(await lost()).toEqual([
      {
        caseId: young.caseId,
        since: expect.any(String),
        events: expect.any(Number),
        agencies: [
          { agency: 'health', caseRef: ref },
          { agency: 'identity', caseRef: ref },
        ],
      },
    ]);
    // Whom it is about stands in the agency's own record.
    expect((await system.seenBy('health', held)).returnee.familyNames).toBe(row.family_names);
    const parked = await system.all('/parked');
    expect(parked.map(({ cause }) => cause)).toEqual(
      parked.map(() => 'Error: its case is not known here (any more): see GET /cases/lost'),
    );
    expect(parked).not.toEqual([]);

    // The manifest again: a new case, served as any.
    const again = (await system.call('POST', '/intake/returnees', row)).body as Registered;
    await system.settle();
    expect(again.caseId).not.toBe(young.caseId);
    expect(referralOf(await system.caseOf(again), 'medical-care').status).toBe('received');
    // The agency ends what it holds under the old one; what it says of it is left out.
    expect((await system.answer(held, { status: 'completed' })).status).toBe(201);
    const left = { reason: 'its person has a new case' };
    await eventually(async () => {
      const parkedNow = await system.all('/parked');
      for (const { id } of parkedNow) await system.call('POST', `/parked/${id}/skip`, left);
      return parkedNow.length === 0;
    }, 60_000);
    const settle = () => system.call('POST', `/cases/lost/${young.caseId}/settle`, { reason: 'a new case' });
    expect([(await settle()).status, (await settle()).status]).toEqual([204, 404]);
    expect(await lost()).toEqual([]);
    const after = await system.complete(old, 'medical-care');
    expect(referralOf(after, 'medical-care').status).toBe('completed');
    // What no case has sent is all that is left, with those that the list named.
    const { problems, parked: still } = await check(system.database.url, { now: system.clock.now() });
    expect([problems.filter((one) => !one.endsWith('which no case has sent to it')), still]).toEqual([[], 0]);
    expect(new Set(problems.map((one) => one.split(':')[0]))).toEqual(new Set(['health', 'identity']));
  }, 240_000);
});
