import { parse } from 'node-html-parser';
import { Browser, type Shown } from '../support/browser';
import { referralOf } from '../support/case-view';
import { restOfTheRoundtable } from '../support/roundtable';
import { System } from '../support/system';

let system: System;
beforeAll(async () => {
  system = await System.start({
    fixtures: restOfTheRoundtable().filter(({ slug }) => slug === 'protection'),
  });
});
afterAll(() => system.stop());

async function home(login: string): Promise<Shown> {
  return new Browser(system.topology.url).logIn('/console', login, system.topology.logins.password!);
}

function feedOn(page: Shown): string[] {
  return parse(page.text)
    .querySelectorAll('ol.feed li')
    .map((line) => line.text.replace(/\s+/g, ' ').trim());
}

function figureOf(page: Shown, href: string): number {
  return Number(parse(page.text).querySelector(`.tiles a[href="${href}"] strong`)!.text);
}

describe('what happened last', () => {
  it('stands on the first page, newest first, and is the same after a restart', async () => {
    const found = await system.arrive({ needs: ['health-care'] });
    await system.answer(referralOf(found, 'medical-care'), { status: 'accepted' });
    const [newest, ...before] = feedOn(await home('operations'));
    expect(newest).toContain(`${found.number}: `);
    expect(newest).toContain('aceptada');
    expect(before.some((line) => line.includes(`${found.number}: Se abrió el caso`))).toBe(true);
    const told = await system.get('/cases/feed');
    await system.restart();
    expect((await system.get('/cases/feed')).items).toEqual(told.items);
  }, 60_000);

  it('does not say what lists do not say', async () => {
    const found = await system.arrive({ needs: [], vulnerabilities: ['trafficking'] });
    const trafficking = referralOf(found, 'trafficking-care');
    await system.answer(trafficking, { status: 'accepted' });
    const { items } = await system.get('/cases/feed?limit=100');
    const told = items.filter((one: { caseId: string }) => one.caseId === found.id);
    expect(told[0].referral).toMatchObject({
      agency: 'restricted',
      service: 'restricted',
      status: 'accepted',
    });
    expect(JSON.stringify(told)).not.toMatch(/trafficking|protection/);
  });

  it('is at most a hundred, and says so', async () => {
    for (const limit of ['0', '101', 'many']) {
      expect((await system.call('GET', `/cases/feed?limit=${limit}`)).status).toBe(400);
    }
  });
});

describe('what was done this week', () => {
  it('is counted from Monday, and leads to lists of as many lines', async () => {
    const found = await system.arrive({ needs: ['employment'], date_of_birth: '1990-01-01' });
    await system.command(found, 'close', { reason: 'left-country' });
    for (const referral of found.referrals.filter(({ requestedAt }) => requestedAt !== null)) {
      await system.answer(referral, { status: 'cancelled' });
    }
    const [escalation] = await raised();
    const page = await home('operations');
    const as = { name: nameOf(page), roles: ['operations' as const] };
    for (const [verb, body] of [
      ['claim', {}],
      ['resolve', { reason: 'settled by telephone' }],
    ] as const) {
      const path = `/escalations/${encodeURIComponent(escalation!.id)}/${verb}`;
      const headers = { authorization: await system.bearer(as) };
      expect((await system.call('POST', path, body, headers)).status).toBe(200);
    }
    const later = await home('operations');
    const mine = '/console/escalations?resolvedSince=2026-11-23&owner=mine';
    expect(figureOf(later, mine)).toBe(1);
    const resolved = await system.all('/escalations?resolvedSince=2026-11-23');
    expect(figureOf(later, '/console/escalations?resolvedSince=2026-11-23')).toBe(resolved.length);
    const ended = await system.all('/cases?endedSince=2026-11-23');
    expect(ended.map(({ id }: { id: string }) => id)).toContain(found.id);
    expect(await system.all('/cases?endedSince=2026-11-24')).toEqual([]);
    const completed = await system.all('/cases?endedSince=2026-11-23&status=completed');
    expect(figureOf(later, '/console/cases?status=completed&endedSince=2026-11-23')).toBe(completed.length);
  });

  it('is refused for what is no day', async () => {
    for (const path of ['/cases?endedSince=', '/cases/summary?since=', '/escalations?resolvedSince=']) {
      const { status, body } = await system.call('GET', `${path}2026-02-31`);
      expect([path, status, body.errors?.[0]?.detail]).toEqual([
        path,
        422,
        expect.stringContaining('must be a day'),
      ]);
    }
  });
});

describe('who is late', () => {
  it('is the agency that owes the answer, not another one of the same case', async () => {
    const found = await system.arrive({ needs: ['health-care', 'emotional-support'] });
    const [one, other] = [referralOf(found, 'medical-care'), referralOf(found, 'mental-health')];
    expect(one.agency).toBe(other.agency);
    await system.advance('3 d');
    const { late } = await system.get('/cases/summary');
    for (const { agency, overdue } of late as { agency: string; overdue: number }[]) {
      const listed = await system.all(`/cases?agency=${agency}&overdue=true`);
      expect([agency, listed.length]).toEqual([agency, overdue]);
    }
    const agencies = late.map(({ agency }: { agency: string }) => agency);
    expect(agencies).toContain('health');
    const { overdue } = await system.get('/agencies/education/referrals/summary');
    expect([overdue, agencies.includes('education')]).toEqual([0, false]);
  });
});

describe('the first page of others', () => {
  it('shows an agency’s staff what is theirs', async () => {
    const page = await home('health');
    const { byStatus, overdue } = await system.get('/agencies/health/referrals/summary');
    expect(new URL(page.url).pathname).toBe('/console');
    expect(figureOf(page, '/console/worklist?status=received')).toBe(byStatus.received ?? 0);
    expect(figureOf(page, '/console/worklist?overdue=true')).toBe(overdue);
    expect(page.text).not.toContain('/console/cases');
  });

  it('shows intake its last manifests', async () => {
    const page = await home('intake');
    expect([new URL(page.url).pathname, page.status]).toEqual(['/console', 200]);
    expect(parse(page.text).querySelector('a[href="/console/intake/returnee"]')).not.toBeNull();
  });
});

/** Escalations that are open, once an agency has let time pass. */
async function raised(): Promise<{ id: string }[]> {
  const found = await system.arrive({ needs: ['health-care'] });
  await system.answer(referralOf(found, 'medical-care'), { status: 'rejected', code: 'safety' });
  return system.all(`/escalations?case=${found.id}`);
}

/** Under which name somebody is logged in. */
function nameOf(page: Shown): string {
  return parse(page.text).querySelector('form.who span')!.text;
}
