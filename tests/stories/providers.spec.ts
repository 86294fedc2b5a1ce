import { agency, offer } from '../support/fixtures';
import { needOf, openEscalations, referralOf, shown, type Case } from '../support/case-view';
import { System } from '../support/system';
import { eventually } from '../support/eventually';

let system: System;
beforeAll(async () => {
  system = await System.start();
});
afterAll(() => system.stop());

/** The case once it is as wanted: catalogues are taken in beside the stream of events. */
async function once(of: { id: string }, wanted: (found: Case) => boolean): Promise<Case> {
  await eventually(async () => wanted(await system.caseOf(of)), 20_000);
  await system.settle();
  return system.caseOf(of);
}

describe('a need that nobody offers', () => {
  it('is unmet with one escalation for all cases, and is planned when somebody offers it', async () => {
    const one = await system.arrive({ needs: ['shelter', 'health-care'] });
    const other = await system.arrive({ needs: ['shelter', 'health-care'] });
    const ended = await system.arrive({ document_type: 'passport', needs: ['shelter'] });
    expect(needOf(one, 'shelter')).toBe('unmet/no-provider');
    expect(openEscalations(one)).toEqual(['no-provider']);
    const groups = await system.all('/escalations?grouped=true&reason=no-provider');
    expect(groups).toMatchObject([{ group: 'no-provider:shelter', cases: 3 }]);
    expect(ended.status).toBe('completed');

    await system.topology.join(
      agency('refuge', offer('shelter', { for: ['shelter'], basis: 'vital-interests' })),
    );
    for (const waited of [one, other]) {
      const now = await once(waited, (found) => needOf(found, 'shelter') === 'open');
      expect(referralOf(now, 'shelter')).toMatchObject({ agency: 'refuge', status: 'received' });
      expect(openEscalations(now)).toEqual([]);
    }
    const still = await system.caseOf(ended);
    expect([still.status, needOf(still, 'shelter')]).toEqual(['completed', 'unmet/no-provider']);
  });

  it('reopens also a case of which somebody has settled the escalation', async () => {
    const waited = await system.arrive({ needs: ['police-record', 'health-care'] });
    const [escalation] = waited.escalations;
    const { status } = await system.call('POST', `/escalations/${escalation!.id}/resolve`, {
      reason: 'noted',
    });
    expect(status).toBe(200);
    await system.topology.join(agency('police', offer('record', { for: ['police-record'] })));
    const now = await once(waited, (found) => needOf(found, 'police-record') === 'open');
    expect(referralOf(now, 'record').status).toBe('received');
  });

  it('of a foreign spouse: the card comes, and what waited for it follows', async () => {
    const waiting = await system.arrive({
      nationality: 'CO',
      document_type: 'passport',
      needs: ['health-insurance'],
    });
    expect(shown(waiting)).toEqual(['insurance/enrolment planned']);
    await system.topology.join(agency('migration', offer('foreigner-card')));
    const carded = await once(waiting, (found) =>
      found.referrals.some((r) => r.service === 'foreigner-card'),
    );
    expect(shown(carded)).toEqual(['insurance/enrolment planned', 'migration/foreigner-card received']);
    const after = await system.complete(waiting, 'foreigner-card', { document: 'CE0012345' });
    expect(referralOf(after, 'enrolment').status).toBe('received');
  });

  it('is one row for all that lists may not name, which can be claimed as one', async () => {
    await system.arrive({ vulnerabilities: ['gender-based-violence'] });
    await system.arrive({ vulnerabilities: ['trafficking'] });
    const { body } = await system.call('GET', '/escalations?grouped=true&reason=no-provider&limit=200');
    const rows = body.items.filter((item: { group: string }) => item.group === 'no-provider:restricted');
    expect(rows).toMatchObject([{ id: 'group:no-provider:restricted', detail: { need: 'restricted' } }]);
    expect(rows[0].cases).toBeGreaterThanOrEqual(2);
    const claimed = await system.call('POST', `/escalations/${rows[0].id}/claim`, { by: 'desk 1' });
    expect(claimed).toMatchObject({ status: 200, body: { claimed: rows[0].cases } });
  });

  it('that is restricted stays open, and is planned when somebody offers it', async () => {
    const found = await system.arrive({ vulnerabilities: ['gender-based-violence'] });
    expect(needOf(found, 'gender-based-violence')).toBe('open');
    expect(openEscalations(found)).toEqual(['no-provider']);
    const settled = await system.arrive({ vulnerabilities: ['gender-based-violence'] });
    const byPerson = await system.command(settled, 'needs/gender-based-violence/settle', {
      reason: 'a centre outside the roundtable has taken her in',
    });
    expect(needOf(byPerson, 'gender-based-violence')).toBe('unmet/decided-by-operations');
    expect(openEscalations(byPerson)).toEqual([]);

    await system.topology.join(
      agency(
        'protection',
        offer('womens-emergency-centre', { for: ['gender-based-violence'], basis: 'vital-interests' }),
      ),
    );
    const now = await once(found, (c) => c.referrals.some((r) => r.agency === 'protection'));
    expect(referralOf(now, 'womens-emergency-centre')).toMatchObject({
      status: 'received',
      needs: ['gender-based-violence'],
    });
    expect(shown(await system.caseOf(settled))).toEqual(['identity/dni-verify received']);
  });
});
