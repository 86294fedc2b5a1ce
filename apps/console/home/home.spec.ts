import type { Caller } from '@retorno/service';
import { parse } from 'node-html-parser';
import { pageOf } from '../frame/page';
import { homePage, type AtHome } from './home';

const caller: Caller = { subject: 's', name: 'desk 2', roles: new Set(['operations']) };
/** A Thursday in Lima. */
const setting = {
  language: 'en',
  caller,
  address: '/console',
  now: new Date('2026-11-26T15:00:00Z'),
} as const;

const NO_CASES = { byStatus: {}, overdue: 0, escalated: 0, waitingFor: [], late: [], completedSince: 0 };
const CALM: AtHome = {
  cases: { ...NO_CASES, byStatus: { open: 3, completed: 2 } },
  escalations: {
    unowned: 0,
    unownedDue: 0,
    mine: 0,
    mineDue: 0,
    resolvedSince: 0,
    mineResolvedSince: 0,
  },
  parked: { count: 0, more: false, silent: [] },
  feed: [],
  catalogues: [{ slug: 'health', name: 'Ministry of Health', services: [], restricted: false }],
};

function shown(atHome: AtHome) {
  return parse(homePage(setting, atHome).body.text);
}

function figures(atHome: AtHome): Record<string, string> {
  const links = shown(atHome).querySelectorAll('.tiles a');
  return Object.fromEntries(
    links.map((link) => [link.getAttribute('href')!, link.querySelector('strong')!.text]),
  );
}

describe('the first page', () => {
  it('leads from every figure to the list behind it', () => {
    const busy: AtHome = {
      ...CALM,
      cases: {
        ...NO_CASES,
        byStatus: { open: 30, closing: 1, completed: 7 },
        overdue: 4,
        escalated: 6,
        completedSince: 3,
      },
      escalations: {
        unowned: 5,
        unownedDue: 2,
        mine: 1,
        mineDue: 0,
        resolvedSince: 9,
        mineResolvedSince: 2,
      },
      parked: { count: 8, more: false, silent: [] },
    };
    expect(figures(busy)).toEqual({
      '/console/cases?status=open': '30',
      '/console/cases?status=closing': '1',
      '/console/cases?overdue=true': '4',
      '/console/escalations': '6',
      '/console/cases?status=completed': '7',
      '/console/escalations?owner=none': '5',
      '/console/escalations?owner=mine': '1',
      '/console/cases?status=completed&endedSince=2026-11-23': '3',
      '/console/escalations?resolvedSince=2026-11-23': '9',
      '/console/escalations?resolvedSince=2026-11-23&owner=mine': '2',
      '/console/parked': '8',
    });
    expect(shown(busy).text).toContain('2 past due');
  });

  it('says so when there is nothing to do, and when nothing has begun', () => {
    expect(shown(CALM).text).toContain('Nothing is late');
    const none = { ...CALM, cases: NO_CASES, catalogues: [] };
    expect(shown(none).text).toContain('There are no cases yet');
    expect(shown(none).text).toContain('No agency has published its services yet');
    expect(shown(none).text).toContain('Nothing has happened yet');
  });

  it('lists the agencies that are late as they come, with the lists behind them', () => {
    const cases = {
      ...NO_CASES,
      late: [
        { agency: 'insurance', overdue: 5 },
        { agency: 'health', overdue: 1 },
      ],
      waitingFor: [
        { what: 'health', cases: 3 },
        { what: 'insurance', cases: 5 },
      ],
    };
    const rows = shown({ ...CALM, cases }).querySelectorAll('tbody tr');
    expect(rows.map((row) => row.querySelectorAll('th,td').map((cell) => cell.text.trim()))).toEqual([
      ['insurance', '5', '5'],
      ['Ministry of Health', '1', '3'],
    ]);
    expect(rows[0]!.querySelectorAll('a').map((link) => link.getAttribute('href'))).toEqual([
      '/console/agencies/insurance',
      '/console/cases?agency=insurance&overdue=true',
      '/console/cases?agency=insurance',
    ]);
  });

  it('names a service that did not say what stands still there, and does not say that all is well', () => {
    const page = shown({ ...CALM, parked: { count: 0, more: false, silent: ['police'] } });
    expect(page.querySelector('.notice')!.text).toContain('police');
    expect(page.text).not.toContain('Nothing is late');
    expect(page.text).not.toContain('whatever came was handled');
  });

  it('says which agencies are paused or in maintenance', () => {
    const paused = { since: '2026-11-25T15:00:00Z' };
    const maintenance = { from: '2026-11-26T14:00:00Z', until: '2026-11-26T20:00:00Z', note: 'new servers' };
    const { catalogues } = CALM;
    const said = shown({ ...CALM, catalogues: [{ ...catalogues[0]!, paused, maintenance }] }).text;
    expect(said).toMatch(
      /Ministry of Health:\s+Paused since 25 Nov 2026, 10:00.*In maintenance until 26 Nov 2026, 15:00/s,
    );
    expect(shown(CALM).querySelector('.notice')).toBeNull();
  });

  it('stays small with every agency late and much happening', () => {
    const late = Array.from({ length: 200 }, (_, i) => ({ agency: `agency-${i}`, overdue: 9 }));
    const referral = { agency: 'health', service: 'medical-care', status: 'completed' as const };
    const feed = Array.from({ length: 20 }, () => ({
      caseNumber: 'RT-2026-000001',
      type: 'referral-changed',
      at: '2026-11-26T14:00:00.000Z',
      referral,
    }));
    const page = pageOf(setting, homePage(setting, { ...CALM, cases: { ...NO_CASES, late }, feed }));
    expect(page.length).toBeLessThan(30_000);
  });
});
