/** What an erasure must reach beyond the one registration and the one copy of the vault: docs/how-to/erase-a-person.md. */
import { Client } from 'pg';
import { eventually } from '../support/eventually';
import { referralOf } from '../support/case-view';
import { foundIn } from '../support/personal';
import type { ReturneeBody } from '../support/returnee';
import { System, type Registered } from '../support/system';

let system: System;
let admin: Client;

beforeAll(async () => {
  system = await System.start({ env: { VAULT_CACHE_SECONDS: '1' } });
  admin = new Client({ connectionString: system.database.url });
  await admin.connect();
});

afterAll(async () => {
  await admin.end();
  await system.stop();
});

const why = { reason: 'asked for in writing', by: 'data officer' };

function decide(who: Registered, what: 'erasure' | 'hold' | 'release') {
  return system.call('POST', `/intake/returnees/${who.returneeId}/${what}`, why);
}

function standing(who: Registered) {
  return system.get(`/intake/returnees/${who.returneeId}/retention`);
}

async function erased(who: Registered): Promise<void> {
  expect((await decide(who, 'erasure')).status).toBe(202);
  await eventually(async () => (await standing(who)).erased || undefined);
  await system.settle();
}

/** What intake, operations and health can see of somebody. */
async function shown(...of: Registered[]): Promise<string> {
  const answers = [await system.call('GET', '/agencies/health/referrals?limit=200')];
  for (const { returneeId, caseId } of of) {
    answers.push(await system.call('GET', `/intake/returnees/${returneeId}`));
    answers.push(await system.call('GET', `/cases/${caseId}`));
  }
  for (const { id } of await system.all<{ id: string }>('/agencies/health/referrals')) {
    answers.push(await system.call('GET', `/agencies/health/referrals/${id}`));
  }
  return JSON.stringify(answers);
}

/** How many keys are left of what belongs to nobody but these. */
async function keysOf(subjects: readonly string[]): Promise<number> {
  const { rows } = await admin.query(
    'select from vault.subject_key where subject = any($1) and wrapped is not null',
    [subjects],
  );
  return rows.length;
}

async function allSubjects(): Promise<string[]> {
  const { rows } = await admin.query<{ subject: string }>(
    `select subject from vault.subject_key where subject not like 'intake/%'`,
  );
  return rows.map(({ subject }) => subject);
}

const MARKERS = ['Xzumaeta', 'Wayrachka', 'marker-one', 'marker-two', '955443322'];
const marked: Partial<ReturneeBody> = {
  family_names: 'Xzumaeta Qollqewaman',
  document_type: 'none',
  date_of_birth: '1971-02-27',
  phone: '+51955443322',
};

describe('one person with two registrations that operations made one case', () => {
  let older: Registered;
  let newer: Registered;
  let others: string[];

  beforeAll(async () => {
    others = await allSubjects();
    older = await system.register({
      ...marked,
      given_names: 'Wayrachka',
      external_id: 'marker-one',
      needs: ['health-care'],
    });
    newer = await system.register({
      ...marked,
      given_names: 'Wayrachka',
      external_id: 'marker-two',
      sending_authority: 'consulate:cl-santiago',
      needs: ['emotional-support'],
    });
    // Beside the case that goes on: the one that was merged has a hold of before.
    expect((await decide(newer, 'hold')).status).toBe(200);
    const merged = await system.call('POST', `/cases/${older.caseId}/duplicates/${newer.caseId}`, {
      decision: 'same',
      ...why,
    });
    expect(merged.status).toBe(200);
    await system.settle();
    expect(foundIn(await shown(older, newer), MARKERS)).toEqual(expect.arrayContaining(['Xzumaeta']));
  });

  it('is kept as one: either tells the same, and names both', async () => {
    const [one, other] = [await standing(older), await standing(newer)];
    expect({ ...one, returneeId: '' }).toEqual({ ...other, returneeId: '' });
    expect(one.registrations).toEqual([older.returneeId, newer.returneeId]);
  });

  it('is not erased by the one that was merged while the case that goes on is open', async () => {
    expect((await decide(newer, 'release')).status).toBe(200);
    const { status, body } = await decide(newer, 'erasure');
    expect([status, body.type]).toEqual([409, expect.stringContaining('case-open')]);
    expect((await decide(newer, 'hold')).status).toBe(200);
  });

  it('is kept from the end of that case on, not from the day of the merge', async () => {
    expect((await standing(newer)).keptUntil).toBeNull();
    for (const service of ['medical-care', 'mental-health']) {
      await system.complete({ id: older.caseId }, service);
      await system.confirm({ id: older.caseId }, service);
    }
    const [one, other] = [await standing(older), await standing(newer)];
    expect([one.keptUntil.slice(0, 4), other.keptUntil]).toEqual(['2036', one.keptUntil]);
  });

  it('is under the hold that either had', async () => {
    const { status, body } = await decide(older, 'erasure');
    expect([status, body.type]).toEqual([409, expect.stringContaining('legal-hold')]);
    expect((await decide(older, 'release')).status).toBe(200);
    expect((await standing(newer)).held).toBe(false);
  });

  it('is erased as one: no key of either is left, at no agency, and nobody sees who it was', async () => {
    const theirs = (await allSubjects()).filter((subject) => !others.includes(subject));
    expect(await keysOf(theirs)).toBe(theirs.length);
    expect(theirs).toEqual(
      expect.arrayContaining([
        `case/${older.caseId}`,
        `case/${newer.caseId}`,
        expect.stringMatching(/^health/),
      ]),
    );
    await erased(newer);
    expect(await keysOf(theirs)).toBe(0);
    await eventually(
      async () => foundIn(await shown(older, newer), MARKERS).length === 0 || undefined,
      10_000,
    );
    for (const { returneeId } of [older, newer]) {
      expect((await system.call('GET', `/intake/returnees/${returneeId}`)).status).toBe(410);
    }
    for (const { caseId } of [older, newer]) {
      expect(typeof (await system.get(`/cases/${caseId}`)).erasedAt).toBe('string');
    }
  });

  it('does not come back by a row of either', async () => {
    for (const [external_id, sending_authority] of [
      ['marker-one', 'consulate:es-madrid'],
      ['marker-two', 'consulate:cl-santiago'],
    ] as const) {
      const known = await system.register({
        ...marked,
        given_names: 'Wayrachka',
        external_id,
        sending_authority,
      });
      expect([older.returneeId, newer.returneeId]).toContain(known.returneeId);
    }
    expect(foundIn(await shown(older, newer), MARKERS)).toEqual([]);
  });
});

describe('a vault restored from an older copy', () => {
  it('brings nobody back who was erased since, and everybody else is known', async () => {
    const person: Partial<ReturneeBody> = { document_type: 'none', needs: ['health-care'] };
    const first = await system.register({ ...person, given_names: 'Wayrachka', external_id: 'marker-one-r' });
    const kept = await system.register({ ...person, given_names: 'Otramarker' });
    expect((await decide(first, 'hold')).status).toBe(200);
    await admin.query('create table public.vault_of_yesterday as table vault.subject_key');
    // What was made, held, released and erased since the copy.
    const second = await system.register({
      ...person,
      given_names: 'Wayrachka',
      external_id: 'marker-two-r',
    });
    expect((await decide(first, 'release')).status).toBe(200);
    for (const who of [first, second]) {
      const { id } = referralOf(await system.caseOf(who), 'medical-care');
      await system.answer({ agency: 'health', id }, { status: 'rejected', code: 'person-declined' });
      await erased(who);
    }

    await system.restart(async () => {
      await admin.query('truncate vault.subject_key');
      await admin.query('insert into vault.subject_key table public.vault_of_yesterday');
      expect(await keysOf([`case/${first.caseId}`])).toBe(1);
    });

    expect(await keysOf([`case/${first.caseId}`, `case/${second.caseId}`])).toBe(0);
    const seen = await shown(first, second, kept);
    expect(foundIn(seen, MARKERS)).toEqual([]);
    expect(seen).toContain('Otramarker');
    // Also the marks of those who were erased: no second key is made under which they could be known anew.
    const { rows } = await admin.query('select subject from vault.subject_key where subject = $1', [
      `case/${second.caseId}`,
    ]);
    expect(rows).toHaveLength(1);
  }, 60_000);
});
