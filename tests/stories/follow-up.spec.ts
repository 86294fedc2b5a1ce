/** How returnees fare 1, 3 and 6 months after the arrival, through the public interface. */
import type { Case } from '../support/case-view';
import { System } from '../support/system';

let system: System;
beforeAll(async () => {
  system = await System.start();
});
afterAll(() => system.stop());

const ARRIVED = { arrival_date: '2026-11-20', needs: ['health-care'] };
let questions: { code: string; choices: { code: string }[] }[];
let version: number;
const answersAt = (level: 'worst' | 'best') =>
  Object.fromEntries(
    questions.map(({ code, choices }) => [code, level === 'worst' ? choices[0]!.code : choices.at(-2)!.code]),
  );
const said = (changes: object = {}) => ({
  version,
  answers: answersAt('best'),
  by: 'desk 4',
  channel: 'telephone',
  ...changes,
});
const escalationsOf = async (of: Case) =>
  (await system.all(`/escalations?case=${of.id}`)).filter((one) => one.reason.startsWith('follow-up'));

const dueNow = async (query = '') =>
  (await system.all(`/follow-ups${query}`)).map(({ caseNumber, month, status }) => [
    caseNumber,
    month,
    status,
  ]);

describe('a follow-up', () => {
  let heard: Case;
  let silent: Case;
  let unasked: Case;
  beforeAll(async () => {
    heard = await system.arrive(ARRIVED);
    silent = await system.arrive(ARRIVED);
    unasked = await system.arrive({ ...ARRIVED, consent: 'refused' });
    ({ questions, version } = (await system.get(`/cases/${heard.id}/follow-ups`)).questionnaire);
  });

  it('says when its waves are due and what to ask', async () => {
    const { items, questionnaire, followed, plan } = await system.get(`/cases/${heard.number}/follow-ups`);
    expect(items).toMatchObject([
      { month: 1, from: '2026-12-20T05:00:00.000Z', until: '2027-01-19T05:00:00.000Z', status: 'not-due' },
      { month: 3, from: '2027-02-20T05:00:00.000Z', status: 'not-due' },
      { month: 6, from: '2027-05-20T05:00:00.000Z', status: 'not-due' },
    ]);
    expect(followed).toBe(true);
    expect(questionnaire.questions).toHaveLength(12);
    expect(plan.find((one: any) => one.dimension === 'social').referrals).toMatchObject([
      { agency: 'health', service: 'medical-care' },
    ]);
    expect((await system.get(`/cases/${unasked.id}/follow-ups`)).followed).toBe(false);
  });

  it('is refused before its time, with when it begins', async () => {
    const { status, body } = await system.call('POST', `/cases/${heard.id}/follow-ups/1`, said());
    expect([status, body.type]).toEqual([409, 'urn:retorno:problem:follow-up-not-due']);
    expect(body.detail).toContain('2026-12-20');
  });

  it('is listed while it is due, for those who agreed to be asked, page by page', async () => {
    expect(await dueNow()).toEqual([]);
    await system.moveTo('2026-12-21T15:00:00Z');
    const due = await dueNow();
    const byNumber = (one: unknown[], other: unknown[]): number =>
      String(one[0]).localeCompare(String(other[0]));
    expect(due.toSorted(byNumber)).toEqual(
      [heard, silent].map(({ number }) => [number, 1, 'open']).toSorted(byNumber),
    );
    const first = await system.get('/follow-ups?limit=1');
    const second = await system.get(`/follow-ups?limit=1&cursor=${first.next}`);
    expect([...first.items, ...second.items].map((item: any) => item.caseNumber)).toEqual(
      due.map(([number]) => number),
    );
    expect(second.next).toBeNull();
    expect(first.items[0]).toMatchObject({
      arrivalDate: '2026-11-20',
      from: '2026-12-20T05:00:00.000Z',
      until: '2027-01-19T05:00:00.000Z',
      closes: '2027-02-20T05:00:00.000Z',
    });
    expect([await dueNow('?status=overdue'), await dueNow('?month=3')]).toEqual([[], []]);
  });

  it.each([
    ['month=2', 'month', 422],
    ['status=done', 'status', 422],
    ['limit=0', 'limit', 400],
    ['cursor=x', 'cursor', 400],
  ])('is not listed by %s, which is refused by name', async (query, field, code) => {
    const { status, body } = await system.call('GET', `/follow-ups?${query}`);
    expect([status, JSON.stringify(body)]).toEqual([code, expect.stringContaining(field)]);
  });

  it('is recorded with scores, in the timeline; what was said shows to whoever opens the case only', async () => {
    await system.moveTo('2026-12-21T15:00:00Z');
    const { status, body } = await system.call('POST', `/cases/${heard.id}/follow-ups/1`, said());
    expect(status).toBe(200);
    expect(body.items[0]).toMatchObject({ status: 'answered', version: 1, scores: { composite: 1 } });
    await system.settle();
    const entry = (await system.caseOf(heard)).timeline.at(-1)!;
    expect(entry).toMatchObject({
      type: 'follow-up-recorded',
      detail: { by: 'desk 4', answers: answersAt('best') },
    });
    const published: { body: string }[] = await system.topology.services
      .find((service) => service.name === 'statistics')!
      .messaging.dataSource.query('select body from case_tally where key = $1', [heard.id]);
    expect(published[0]!.body).toContain('"composite":1');
    expect(published[0]!.body).not.toContain('desk 4');
    expect(published[0]!.body).not.toContain('able-to-stay');
  });

  it('names what is wrong with answers', async () => {
    const wrong = said({ answers: { ...answersAt('best'), work: 'perhaps' } });
    const refused = await system.call('POST', `/cases/${silent.id}/follow-ups/1`, wrong);
    expect([refused.status, refused.body.detail]).toEqual([
      422,
      expect.stringContaining('work must be one of'),
    ]);
    const nobody = await system.call('POST', `/cases/${silent.id}/follow-ups/1`, {
      version,
      channel: 'visit',
    });
    expect(nobody.status).toBeGreaterThanOrEqual(400);
    expect(JSON.stringify(nobody.body)).toContain('by');
    const noConsent = await system.call('POST', `/cases/${unasked.id}/follow-ups/1`, said());
    expect([noConsent.status, noConsent.body.type]).toEqual([409, 'urn:retorno:problem:no-consent']);
  });

  it('that nobody answered is escalated after 30 days, unless there is no consent', async () => {
    await system.moveTo('2027-01-19T06:00:00Z');
    expect(await escalationsOf(heard)).toEqual([]);
    expect(await escalationsOf(unasked)).toEqual([]);
    expect(await dueNow('?status=overdue')).toEqual([[silent.number, 1, 'overdue']]);
    expect(await dueNow('?status=open')).toEqual([]);
    expect(await escalationsOf(silent)).toMatchObject([
      { reason: 'follow-up-overdue', group: 'follow-up-overdue:1', detail: { month: '1' } },
    ]);
  });

  it('of somebody who does badly is a concern that names needs and referrals', async () => {
    const worst = said({ answers: answersAt('worst') });
    expect((await system.call('POST', `/cases/${silent.id}/follow-ups/1`, worst)).status).toBe(200);
    await system.settle();
    const [concern, ...others] = await escalationsOf(silent);
    expect(others).toEqual([]);
    expect(concern).toMatchObject({ reason: 'follow-up-concern', detail: { composite: '0' } });
    expect(concern.detail.needs).toContain('health-care');
    const { plan } = await system.get(`/cases/${silent.id}/follow-ups`);
    const social = plan.find((one: any) => one.dimension === 'social');
    expect(concern.detail.referrals).toContain(social.referrals[0].id);
  });
});
