import { backup } from '../support/backup';
import { openEscalations, referralOf, shown } from '../support/case-view';
import { eventually } from '../support/eventually';
import { System } from '../support/system';

let system: System;
beforeEach(async () => {
  system = await System.start();
}, 60_000);
afterEach(() => system.stop(), 60_000);

const digests = async (agency: string) => [
  (await system.get(`/agencies/${agency}/holdings`)).digest,
  (await system.get(`/holdings/${agency}`)).digest,
];

describe('an agency restored from yesterday', () => {
  it('knows again what it was asked and what it answered, and answers nobody twice', async () => {
    const old = await system.arrive({ needs: ['health-care', 'emotional-support'] });
    await system.answers(old, 'medical-care', { status: 'accepted' });
    const restore = await backup(system, 'health');
    await system.complete(await system.caseOf(old), 'mental-health');
    await system.answers(old, 'medical-care', { status: 'in-progress', businessStatus: 'scheduled' });
    const young = await system.arrive({ needs: ['health-care'] });
    await system.answers(young, 'medical-care', { status: 'accepted' }, { status: 'on-hold' });
    const before = [shown(await system.caseOf(old)), shown(await system.caseOf(young))];

    await system.restart(restore);
    await system.settle();

    expect([shown(await system.caseOf(old)), shown(await system.caseOf(young))]).toEqual(before);
    const [own, thought] = await digests('health');
    expect(own).toBe(thought);
    const record = await system.seenBy('health', referralOf(young, 'medical-care'));
    expect([record.status, record.returnee.familyNames]).toEqual(['on-hold', expect.any(String)]);
    const told = [await system.caseOf(old), await system.caseOf(young)].flatMap(openEscalations);
    expect(told.filter((reason) => reason.includes('refused'))).toEqual([]);
  }, 60_000);

  it('is heard when it answers again: no answer is taken for one from before', async () => {
    const found = await system.arrive({ needs: ['health-care'] });
    const restore = await backup(system, 'health');
    await system.answers(found, 'medical-care', { status: 'accepted' });
    await system.restart(restore);
    await system.settle();
    const after = await system.answers(
      found,
      'medical-care',
      { status: 'in-progress' },
      { status: 'completed' },
    );
    expect(referralOf(after, 'medical-care').status).toBe('completed');
  }, 60_000);
});

describe('the coordinator restored from yesterday', () => {
  it("hears again what it was told since, plans it as before, and breaks nobody's stream", async () => {
    const old = await system.arrive({ needs: ['health-care', 'employment'] });
    const restore = await backup(system, 'coordinator');
    await system.answers(old, 'medical-care', { status: 'accepted' }, { status: 'completed' });
    await system.complete(await system.caseOf(old), 'dni-verify', 'verified');
    const young = await system.arrive({ needs: ['emotional-support'] });
    await system.answers(young, 'mental-health', { status: 'accepted' });
    const before = [shown(await system.caseOf(old)), shown(await system.caseOf(young))];

    await system.restart(restore);
    // Answers that came before the decisions that they belong to are tried again after a pause.
    await eventually(async () => {
      await system.advance('1 h');
      return (await system.all('/parked')).length === 0;
    }, 30_000);

    expect([shown(await system.caseOf(old)), shown(await system.caseOf(young))]).toEqual(before);
    for (const agency of ['health', 'identity', 'employment']) {
      const [own, thought] = await digests(agency);
      expect(own).toBe(thought);
    }
    const after = await system.complete(await system.caseOf(old), 'job-placement');
    expect(referralOf(after, 'job-placement').status).toBe('completed');
  }, 60_000);
});
