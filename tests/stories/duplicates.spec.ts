import { needOf, referralOf, type Case, type Escalation } from '../support/case-view';
import type { ReturneeBody } from '../support/returnee';
import { System, type Registered } from '../support/system';
import { registerTwice } from '../support/twins';

let system: System;
beforeAll(async () => {
  system = await System.start();
});
afterAll(() => system.stop());

const why = { reason: 'one passport, seen at the desk', by: 'desk 2' };
let people = 0;

/** The birth date of the person under test: nobody is born within a slip of the pen of another. */
function birthDate(): string {
  const month = String(1 + people).padStart(2, '0');
  return `${1940 + 11 * (people % 7)}-${month}-${10 + people}`;
}

/** Two registrations of one person by two authorities, written differently; the older one first. */
async function two(
  older: Partial<ReturneeBody>,
  newer: Partial<ReturneeBody> = {},
): Promise<[Registered, Registered]> {
  people++;
  return registerTwice(system, birthDate(), older, newer);
}

function decide(one: Registered, other: Registered, decision: string, more: object = {}) {
  return system
    .call('POST', `/cases/${one.caseId}/duplicates/${other.caseId}`, { decision, ...why, ...more })
    .finally(() => system.settle());
}

function suspicions(of: Case): Escalation[] {
  return of.escalations.filter((e) => e.reason === 'duplicate-suspected' && e.status !== 'resolved');
}

describe('one person, registered twice', () => {
  it('is suspected on the newer case with the score, and nothing is merged by itself', async () => {
    const [older, newer] = await two({ needs: ['health-care'] }, { needs: ['health-care'] });
    const [escalation, ...rest] = suspicions(await system.caseOf(newer));
    expect(escalation).toMatchObject({ detail: { otherCaseId: older.caseId, ground: 'similar-person' } });
    expect(rest).toEqual([]);
    expect(suspicions(await system.caseOf(older))).toEqual([]);
  });

  it('becomes one case; the agency goes on as before under the reference that it knows', async () => {
    const [older, newer] = await two({ needs: ['health-care'] }, { needs: ['emotional-support'] });
    const ref = referralOf(await system.caseOf(newer), 'mental-health');
    await system.answer(ref, { status: 'accepted' });
    const asked = await system.seenBy('health', ref);
    const { status, body: merged } = await decide(newer, older, 'same');
    expect(status).toBe(200);
    expect(merged).toMatchObject({ id: older.caseId, mergedFrom: [{ id: newer.caseId }] });
    const gone = await system.caseOf({ id: newer.caseNumber });
    expect(gone).toMatchObject({
      status: 'closed',
      closeReason: 'duplicate',
      mergedInto: { id: older.caseId, number: older.caseNumber },
    });
    expect(suspicions(gone)).toEqual([]);
    expect((await system.seenBy('health', ref)).caseRef).toBe(asked.caseRef);
    // Answered, reminded and confirmed under the old reference.
    await system.command({ id: older.caseId }, 'referrals/mental-health/remind', why);
    expect((await system.seenBy('health', ref)).remindedAt).toBe(system.clock.now().toISOString());
    expect((await system.answer(ref, { status: 'completed' })).status).toBe(201);
    const confirmed = await system.confirm({ id: older.caseId }, 'mental-health');
    expect(needOf(confirmed, 'emotional-support')).toBe('settled/confirmed');
    expect(referralOf(confirmed, 'mental-health')).toMatchObject({ id: ref.id, underCase: newer.caseId });
    const corrected = await system.command({ id: older.caseId }, 'referrals/mental-health/correction', {
      answer: { status: 'failed' },
      ...why,
    });
    expect(needOf(corrected, 'emotional-support')).toBe('open');
    expect((await system.seenBy('health', ref)).status).toBe('failed');
  });

  it('what both have under way is recalled once, and the merged case closes when the agency has let go', async () => {
    const [older, newer] = await two({ needs: ['health-care'] }, { needs: ['health-care'] });
    const ref = referralOf(await system.caseOf(newer), 'medical-care');
    await decide(older, newer, 'same');
    const closing = await system.caseOf(newer);
    expect([closing.status, referralOf(closing, 'medical-care').businessStatus]).toEqual([
      'closing',
      'cancellation-requested',
    ]);
    await system.answer(ref, { status: 'cancelled' });
    expect((await system.caseOf(newer)).status).toBe('closed');
    expect(referralOf(await system.caseOf(older), 'medical-care').status).toBe('received');
  });

  it('later rows and consents of either reach the case that goes on, for both', async () => {
    const row = { external_id: 'dup-row', needs: ['emotional-support'], phone: '+51987111222' };
    const [older, newer] = await two({ needs: ['health-care'] }, row);
    await decide(older, newer, 'same');
    await system.register({
      document_type: 'none',
      date_of_birth: birthDate(),
      family_names: 'GUAMAN',
      given_names: 'Luz',
      sending_authority: 'consulate:cl-santiago',
      ...row,
      needs: ['emotional-support', 'legal-advice'],
    });
    const after = await system.caseOf(older);
    expect(after.needs.map((need) => need.code)).toEqual(
      expect.arrayContaining(['health-care', 'emotional-support', 'legal-advice']),
    );
    expect(referralOf(after, 'medical-care').status).toBe('received');
    await system.consent(newer, 'withdrawn');
    expect((await system.caseOf(older)).consent).toBe('withdrawn');
    expect(await system.get(`/intake/returnees/${newer.returneeId}`)).toMatchObject({
      mergedInto: { returneeId: older.returneeId, caseId: older.caseId },
    });
  });

  it('keeps its words within reach: what an agency asked, and what the returnee complained about', async () => {
    const [older, newer] = await two({ needs: ['health-care'] }, { needs: ['emotional-support'] });
    const note = 'Which language does she speak?';
    await system.answers({ id: newer.caseId }, 'mental-health', {
      status: 'accepted',
      businessStatus: 'info-requested',
      note,
    });
    const said = {
      id: '01930000-0000-7000-8000-0000000000c0',
      text: 'They laughed at me.',
      by: 'herself',
      channel: 'telephone',
    };
    expect((await system.call('POST', `/cases/${newer.caseId}/complaints`, said)).status).toBe(200);
    await decide(newer, older, 'same');
    const { escalations, mergedFrom } = await system.caseOf(older);
    const opened = (reason: string) =>
      system.get(`/escalations/${escalations.find((e) => e.reason === reason)?.id}`);
    expect((await opened('info-requested')).question).toMatchObject({ text: note });
    expect((await opened('complaint')).complaint).toMatchObject({ text: said.text, by: 'herself' });
    const before = await system.get(`/cases/${mergedFrom[0]?.id}`);
    expect(before.timeline.map((entry: any) => entry.detail.note)).toEqual(
      expect.arrayContaining([note, said.text]),
    );
  });

  it('is erased as a whole, with what was said of it before', async () => {
    const pending = { consent: 'pending', consent_at: '' };
    const [older, newer] = await two(
      { needs: ['health-care'], ...pending },
      { needs: ['emotional-support'], ...pending },
    );
    await system.command({ id: newer.caseId }, 'needs', {
      code: 'shelter',
      reason: 'lost her flat',
      by: 'Ibarrola',
    });
    await decide(newer, older, 'same');
    const timeline = async () => JSON.stringify((await system.get(`/cases/${newer.caseId}`)).timeline);
    expect(await timeline()).toContain('Ibarrola');
    expect((await system.command({ id: older.caseId }, 'close', { reason: 'left-country' })).status).toBe(
      'closed',
    );
    const asked = await system.call('POST', `/intake/returnees/${older.returneeId}/erasure`, why);
    expect(asked.status).toBe(202);
    await system.settle();
    expect(await timeline()).not.toContain('Ibarrola');
    expect((await system.get(`/cases/${newer.caseId}`)).erasedAt).toEqual(expect.any(String));
  });

  it('the other way when asked', async () => {
    const [older, newer] = await two({ needs: ['health-care'] }, { needs: ['emotional-support'] });
    const { body } = await decide(older, newer, 'same', { into: newer.caseNumber });
    expect(body.id).toBe(newer.caseId);
    expect(referralOf(body, 'medical-care')).toMatchObject({ underCase: older.caseId });
  });
});

describe('two people after all', () => {
  it('are not suspected again, also after another row', async () => {
    const row = { external_id: 'dup-two', needs: ['health-care'] };
    const [older, newer] = await two({ needs: ['health-care'] }, row);
    expect((await decide(older, newer, 'different')).status).toBe(200);
    expect(suspicions(await system.caseOf(newer))).toEqual([]);
    await system.register({
      ...row,
      document_type: 'none',
      date_of_birth: birthDate(),
      sending_authority: 'consulate:cl-santiago',
      family_names: 'GUAMAN ÑAHUI',
      given_names: 'Luz Marina',
    });
    expect(suspicions(await system.caseOf(newer))).toEqual([]);
    const again = await decide(older, newer, 'different');
    expect([again.status, again.body.type]).toEqual([409, expect.stringContaining('not-suspected')]);
  });
});

describe('two people after all, decided on one side', () => {
  it('are not suspected from the other side either, when a third registration is one of them', async () => {
    const [older, newer] = await two({ needs: ['health-care'] });
    await decide(newer, older, 'different');
    const third = await system.register({
      document_type: 'none',
      date_of_birth: birthDate(),
      sending_authority: 'consulate:cl-arica',
      family_names: 'Huaman Ñahui',
      given_names: 'Luz',
      needs: ['emotional-support'],
    });
    const others = suspicions(await system.caseOf(third)).map((e) => e.detail['otherCaseId']);
    expect(new Set(others)).toEqual(new Set([older.caseId, newer.caseId]));
    expect((await decide(third, older, 'same')).body).toMatchObject({ id: older.caseId });
    expect(suspicions(await system.caseOf(older))).toEqual([]);
  });
});

describe('what is impossible is refused', () => {
  it('the same case, one that ended, one that was merged, a case that there is not, a survivor from elsewhere', async () => {
    const [older, newer] = await two({ needs: ['health-care'] }, { needs: ['emotional-support'] });
    const ended = await system.register({ document_type: 'passport' });
    const codeOf = async (answer: ReturnType<typeof decide>) => {
      const { status, body } = await answer;
      return `${status} ${String(body.type).split(':').at(-1)}`;
    };
    expect(await codeOf(decide(older, older, 'same'))).toBe('409 same-case');
    expect(await codeOf(decide(older, ended, 'same'))).toBe('409 case-not-open');
    expect(await codeOf(decide(older, newer, 'same', { into: ended.caseNumber }))).toBe('422 bad-survivor');
    expect(await codeOf(decide(older, { ...newer, caseId: 'RT-2026-999999' }, 'same'))).toMatch(/^404/);
    expect(await codeOf(decide(older, newer, 'perhaps'))).toMatch(/^422/);
    await decide(older, newer, 'same');
    expect(await codeOf(decide(older, newer, 'same'))).toBe('409 same-case');
    const reopened = await system.call('POST', `/cases/${newer.caseId}/reopen`, why);
    expect([reopened.status, reopened.body.possible]).toEqual([409, [older.caseNumber]]);
  });
});
