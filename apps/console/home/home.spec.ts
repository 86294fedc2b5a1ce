import type { Caller } from '@retorno/service';
import { parse } from 'node-html-parser';
import { homePage, type AtHome } from './home';

const caller: Caller = { subject: 's', name: 'desk 2', roles: new Set(['operations']) };
const setting = {
  language: 'en',
  caller,
  address: '/console',
  now: new Date('2026-11-23T15:00:00Z'),
} as const;

const CALM: AtHome = {
  cases: { byStatus: { open: 3, completed: 2 }, overdue: 0, escalated: 0 },
  escalations: { unowned: 0, unownedDue: 0, mine: 0, mineDue: 0 },
  parked: { count: 0, more: false },
  agencies: [{ slug: 'health', casesWaiting: 3, standing: { byStatus: { received: 3 }, overdue: 0 } }],
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
      cases: { byStatus: { open: 30, closing: 1, completed: 7 }, overdue: 4, escalated: 6 },
      escalations: { unowned: 5, unownedDue: 2, mine: 1, mineDue: 0 },
      parked: { count: 8, more: false },
    };
    expect(figures(busy)).toEqual({
      '/console/cases?status=open': '30',
      '/console/cases?status=closing': '1',
      '/console/cases?overdue=true': '4',
      '/console/escalations': '6',
      '/console/cases?status=completed': '7',
      '/console/escalations?owner=none': '5',
      '/console/escalations?owner=mine': '1',
      '/console/parked': '8',
    });
    expect(shown(busy).text).toContain('2 past due');
  });

  it('says so when there is nothing to do, and when nothing has begun', () => {
    expect(shown(CALM).text).toContain('Nothing is late');
    const none = { ...CALM, cases: { byStatus: {}, overdue: 0, escalated: 0 }, agencies: [] };
    expect(shown(none).text).toContain('There are no cases yet');
    expect(shown(none).text).toContain('No agency has published its services yet');
  });

  it('lists the agencies that are late, the latest first, and no others', () => {
    const standing = (overdue: number) => ({ byStatus: { received: 2, accepted: 1, completed: 9 }, overdue });
    const agencies = [
      { slug: 'health', casesWaiting: 3, standing: standing(1) },
      { slug: 'identity', casesWaiting: 3, standing: standing(0) },
      { slug: 'insurance', casesWaiting: 4, standing: standing(5) },
    ];
    const rows = shown({ ...CALM, agencies }).querySelectorAll('tbody tr');
    expect(rows.map((row) => row.querySelectorAll('th,td').map((cell) => cell.text.trim()))).toEqual([
      ['insurance', '5', '3', '4'],
      ['health', '1', '3', '3'],
    ]);
    expect(rows[0]!.querySelector('a')!.getAttribute('href')).toBe('/console/agencies/insurance');
  });

  it('names an agency that could not be asked, and does not say that all is well', () => {
    const page = shown({ ...CALM, agencies: [...CALM.agencies, { slug: 'police', casesWaiting: 0 }] });
    expect(page.querySelector('.notice')!.text).toContain('police');
    expect(page.text).not.toContain('Nothing is late');
    expect(page.text).not.toContain('No agency is late');
  });

  it('stays small with every agency late', () => {
    const agencies = Array.from({ length: 200 }, (_, i) => ({
      slug: `agency-${i}`,
      casesWaiting: 9,
      standing: { byStatus: { received: 9 }, overdue: 9 },
    }));
    expect(homePage(setting, { ...CALM, agencies }).body.text.length).toBeLessThan(20_000);
  });
});
