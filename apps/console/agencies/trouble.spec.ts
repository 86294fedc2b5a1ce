import type { Standing, WatchedAgency } from './catalogues';
import { lastsIn } from './state';
import { troublesOf } from './trouble';

const now = new Date('2026-11-27T15:00:00Z');
const ago = (minutes: number) => new Date(now.getTime() - minutes * 60_000).toISOString();
const standing: Standing = { byStatus: {}, overdue: 0, rejections: {} };
const agency: WatchedAgency = {
  slug: 'health',
  name: 'Ministerio de Salud',
  version: 1,
  services: [],
  restricted: false,
  casesWaiting: 3,
  paused: null,
  maintenance: null,
  casesHeld: 0,
  heardAt: ago(1),
  answeredAt: ago(60),
  unread: { referrals: 0, since: null },
  pace: { receive: null, accept: null, deliver: null },
};
const kinds = (changes: Partial<WatchedAgency>, as: Standing | undefined = standing) =>
  troublesOf({ ...agency, ...changes }, as, now).map(({ kind }) => kind);

describe('an agency is in trouble', () => {
  it('not while it keeps up', () => {
    expect(kinds({})).toEqual([]);
    expect(kinds({ unread: { referrals: 2, since: ago(5) } })).toEqual([]);
  });

  it('when its service has not received for ten minutes what it was sent, also where it has no service of ours', () => {
    expect(troublesOf({ ...agency, unread: { referrals: 2, since: ago(10) } }, undefined, now)).toEqual([
      { kind: 'away' },
      { kind: 'unread', count: 2, since: ago(10) },
    ]);
  });

  it('when it is late, when cases wait for it to be resumed, and when nobody answers for days', () => {
    expect(kinds({}, { ...standing, overdue: 1 })).toEqual(['late']);
    expect(kinds({ casesHeld: 2 })).toEqual(['held']);
    expect(kinds({ answeredAt: ago(3 * 24 * 60) })).toEqual(['silent']);
    expect(kinds({ answeredAt: ago(3 * 24 * 60), casesWaiting: 0 })).toEqual([]);
  });
});

describe('a span of time is said', () => {
  it.each([
    [0.4, '< 1 s'],
    [1.5, '1,5 s'],
    [45, '45 s'],
    [720, '12 min'],
    [5400, '1,5 h'],
    [40 * 3600, '40 h'],
    [3 * 86_400, '3 d'],
  ])('%d seconds as %s', (seconds, said) => {
    expect(lastsIn('es', seconds).replace('.', ',')).toBe(said);
  });
});
