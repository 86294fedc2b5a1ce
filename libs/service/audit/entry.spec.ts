import type { Caller, Role } from '../access/caller';
import { aboutOf, entryOf, isProgram, type Answered } from './entry';

const AT = new Date('2026-11-23T15:00:00Z');
const CASE = '0199a000-0000-7000-8000-000000000001';
const by = (...roles: Role[]): Caller => ({ subject: 'u1', name: 'Ana', roles: new Set(roles) });

const opened: Answered = {
  caller: by('operations'),
  method: 'GET',
  route: '/cases/:id',
  params: { id: CASE },
  status: 200,
};
const written = (changes: Partial<Answered>) => entryOf({ ...opened, ...changes }, AT, 'all');

describe('the audit', () => {
  it('has who opened whose data, by the route and its ids', () => {
    expect(written({})).toMatchObject({
      at: AT.toISOString(),
      subject: 'u1',
      name: 'Ana',
      roles: ['operations'],
      action: 'GET /cases/:id',
      about: [`case:${CASE}`],
      status: 200,
      refused: null,
      times: 1,
    });
  });

  it('has what a request is about beside its address, once', () => {
    const about = [`case:${CASE}`, 'case:RT-2026-000001'];
    expect(written({ alsoAbout: about })?.about).toEqual(about);
    const link = { method: 'POST', route: '/portal/links', params: {}, status: 201 };
    expect(written({ ...link, alsoAbout: about })?.about).toEqual(about);
  });

  it('has every change by a person, also one that failed, and no lists', () => {
    expect(written({ method: 'POST', route: '/cases/:id/close', status: 409 })).toMatchObject({
      action: 'POST /cases/:id/close',
      status: 409,
    });
    expect(written({ method: 'POST', route: '/intake/searches', params: {} })).toBeDefined();
    expect(written({ method: 'POST', route: '/parked/:id/skip', status: 404 })).toBeUndefined();
    expect(written({ route: '/cases', params: {} })).toBeUndefined();
    expect(written({ route: '/parked/:id/message' })).toMatchObject({ about: [`message:${CASE}`] });
    expect(written({ route: '/parked/:id' })).toBeUndefined();
    expect(written({ status: 404 })).toBeUndefined();
  });

  it('leaves out what systems do, and not what they are refused', () => {
    const system = { ...by('integration'), agency: 'health' };
    const answer = { caller: system, method: 'POST', route: '/agencies/health/referrals/:rid/answers' };
    expect(written(answer)).toBeUndefined();
    expect(written({ ...answer, status: 403 })).toMatchObject({ refused: 'not-allowed', agency: 'health' });
  });

  it('takes a login that has an office’s role as well for a person', () => {
    expect(isProgram(by('integration'))).toBe(true);
    expect(isProgram(by('agency-worker', 'integration'))).toBe(true);
    expect(isProgram(by('agency-worker'))).toBe(false);
    expect(isProgram(by('integration', 'operations'))).toBe(false);
    expect(isProgram(by('portal', 'auditor'))).toBe(false);
    expect(isProgram({ ...by('operations'), isSystem: true })).toBe(true);
  });

  it('says why somebody was refused', () => {
    expect(written({ status: 401, caller: undefined })).toMatchObject({
      subject: null,
      refused: 'not-logged-in',
      about: [],
    });
    expect(written({ status: 403 })).toMatchObject({ refused: 'not-allowed', about: [`case:${CASE}`] });
    expect(written({ status: 429 })).toMatchObject({ refused: 'too-many' });
    expect(written({ status: 404, refused: 'of-another' })).toMatchObject({ refused: 'of-another' });
  });

  it('has refusals only where other services write down the rest', () => {
    expect(entryOf(opened, AT, 'refusals')).toBeUndefined();
    expect(entryOf({ ...opened, status: 403 }, AT, 'refusals')).toBeDefined();
  });

  it('calls the addresses of all agencies the same', () => {
    const route = '/agencies/social-inclusion/referrals/:rid';
    expect(written({ caller: by('agency-worker'), route, params: { rid: CASE } })).toMatchObject({
      action: 'GET /agencies/:agency/referrals/:rid',
      about: [`referral:${CASE}`],
    });
  });

  it('holds ids and numbers of cases, and nothing else that somebody wrote into an address', () => {
    const about = (route: string, params: Record<string, unknown>) => aboutOf({ route, params });
    expect(about('/cases/:id', { id: 'rt-2026-000123' })).toEqual(['case:RT-2026-000123']);
    expect(about('/intake/returnees/:id/hold', { id: CASE.toUpperCase() })).toEqual([`returnee:${CASE}`]);
    expect(about('/cases/:id/referrals/:rid/waive', { id: CASE, rid: CASE })).toEqual([
      `case:${CASE}`,
      `referral:${CASE}`,
    ]);
    for (const id of ['Rosa Quispe', '45678912', 'a@b.pe', `${CASE}x`, undefined, [CASE]]) {
      expect(about('/cases/:id', { id })).toEqual([]);
    }
    expect(about('/portal/my/:token', { token: CASE })).toEqual([]);
  });
});
