import { backup } from '../support/backup';
import { needOf } from '../support/case-view';
import { returneeBody, type ReturneeBody } from '../support/returnee';
import { System, type Registered } from '../support/system';

let system: System;
beforeEach(async () => {
  system = await System.start();
});
afterEach(() => system.stop());

/** Sends a row of somebody's own, so that it can be sent again. */
async function send(row: ReturneeBody): Promise<Registered & { status: number }> {
  const { status, body } = await system.call('POST', '/intake/returnees', row);
  await system.settle();
  return { ...body, status };
}

const seen = (of: Registered) => system.get(`/intake/returnees/${of.returneeId}`);
const ofSystem = async () =>
  (await system.all('/cases')).map(({ id, number, status }) => [id, number, status]);

describe('intake restored from yesterday', () => {
  it('knows again whom it registered since, and how those of before stand, and nobody gets a second case', async () => {
    const old = returneeBody({ needs: ['health-care'] });
    const oldIds = await send(old);
    const withdrawn = await system.register({ needs: ['health-care'] });
    const restore = await backup(system, 'intake');

    await send({ ...old, needs: ['health-care', 'employment'], phone: '+51955111222' });
    await system.consent(withdrawn, 'withdrawn');
    const young = [
      returneeBody({ needs: ['emotional-support'], household: 'H-1', relationship: 'head' }),
      returneeBody({
        document_type: 'none',
        needs: ['health-care'],
        household: 'H-1',
        relationship: 'child',
      }),
    ];
    const youngIds = [await send(young[0]!), await send(young[1]!)];
    const all = [oldIds, withdrawn, ...youngIds];
    const before = [];
    for (const one of all) before.push(await seen(one));
    const cases = await ofSystem();

    await system.restart(restore);
    await system.settle();

    const after = [];
    for (const one of all) after.push(await seen(one));
    // What the sender calls those who were lost is known to nobody else.
    expect(after).toEqual(before.map((one, i) => (i < 2 ? one : { ...one, externalId: '' })));
    expect(await ofSystem()).toEqual(cases);
    expect(await system.all('/parked')).toEqual([]);

    // The same rows again.
    for (const [i, row] of [{ ...old, needs: ['health-care', 'employment'] }, ...young].entries()) {
      const again = await send({ ...row, ...(i === 0 ? { phone: '+51955111222' } : {}) });
      const known = [oldIds, ...youngIds][i]!;
      expect([again.status, again.returneeId, again.caseNumber]).toEqual([
        200,
        known.returneeId,
        known.caseNumber,
      ]);
      expect((await seen(known)).externalId).toBe(row.external_id);
    }
    expect(await ofSystem()).toEqual(cases);
    const next = await system.register({ needs: ['health-care'] });
    expect(cases.map(([, number]) => number)).not.toContain(next.caseNumber);
    expect(needOf(await system.caseOf(next), 'health-care')).toBe('open');
  }, 60_000);

  it('knows again which registrations are one person, and what was decided about keeping and erasing', async () => {
    const restore = await backup(system, 'intake');
    const same = { document_number: '45871236', needs: ['health-care'] };
    const older = await system.register(same);
    const newer = await system.register({ ...same, sending_authority: 'consulate:cl-santiago' });
    const erased = await system.register({
      document_type: 'none',
      given_names: 'Wayrachka',
      needs: ['health-care'],
    });
    const decision = { decision: 'same', reason: 'one card', by: 'desk 2' };
    const merged = await system.call('POST', `/cases/${newer.caseId}/duplicates/${older.caseId}`, decision);
    expect(merged.status).toBe(200);
    await system.settle();
    const declined = { status: 'rejected', code: 'person-declined' };
    await system.answers({ id: erased.caseId }, 'medical-care', declined);
    const asked = await system.call('POST', `/intake/returnees/${erased.returneeId}/erasure`, {
      reason: 'asked for in writing',
    });
    expect(asked.status).toBe(202);
    await system.settle();

    await system.restart(restore);
    await system.settle();

    expect((await seen(newer)).mergedInto).toEqual({ returneeId: older.returneeId, caseId: older.caseId });
    const retention = await system.get(`/intake/returnees/${newer.returneeId}/retention`);
    expect(retention.registrations).toEqual([older.returneeId, newer.returneeId]);
    expect((await system.call('GET', `/intake/returnees/${erased.returneeId}`)).status).toBe(410);
    const { record } = await system.get(`/intake/returnees/${erased.returneeId}/retention`);
    expect(record.map(({ what }: { what: string }) => what)).toEqual(['erased']);
  }, 60_000);
});
