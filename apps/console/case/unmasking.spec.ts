import type { Caller, Role } from '@retorno/service';
import { parse } from 'node-html-parser';
import type { Setting } from '../frame/page';
import { auditLinks, unmaskedPage, unmaskingPage } from './unmasking';

const setting = (...roles: Role[]): Setting => ({
  language: 'es',
  caller: { subject: 'u', name: 'U', roles: new Set(roles) } satisfies Caller,
  address: '/console',
  now: new Date('2026-11-23T16:00:00.000Z'),
});
const links = (...roles: Role[]) => {
  const part = auditLinks(setting(...roles), 'RT-2026-000001');
  return part === false
    ? []
    : parse(part.text)
        .querySelectorAll('a')
        .map((a) => a.text);
};

describe('what is restricted in a case', () => {
  it('is offered to a lead, its audit to an auditor, and neither to others', () => {
    expect(links('operations', 'operations-lead')).toEqual([
      'Quién vio y qué hizo en este caso',
      'Ver lo restringido',
    ]);
    expect(links('auditor')).toEqual(['Quién vio y qué hizo en este caso']);
    expect(links('operations')).toEqual([]);
  });

  it('is asked for with a reason, which is kept when it was not enough', () => {
    const refused = { reason: '<b>no', why: 'wrong' } as const;
    const page = parse(unmaskingPage(setting('operations-lead'), 'RT-2026-000001', refused).body.text);
    expect(page.querySelector('textarea')!.text.trim()).toBe('<b>no');
    expect(page.querySelector('[role=alert]')!.text).toContain('al menos 10');
    expect(page.text).toContain('Quedará anotado');
  });

  it('is shown in words, on a page that does not fetch itself again', () => {
    const { body, live } = unmaskedPage(setting('operations-lead'), {
      number: 'RT-2026-000001',
      until: '2026-11-23T16:15:00.000Z',
      vulnerabilities: ['trafficking'],
      needs: [],
      referrals: [
        { agency: 'protection', agencyName: 'MIMP', service: 'x', title: { es: 'Atención', en: 'Care' } },
      ],
    });
    const page = parse(body.text);
    expect(live).toBeUndefined();
    expect(page.querySelector('li')!.text).toBe('trata de personas');
    expect(page.querySelectorAll('tbody tr').map((tr) => tr.text.replace(/\s+/g, ' ').trim())).toEqual([
      'MIMP Atención',
    ]);
    expect(page.text).toContain('Quedó anotado');
  });
});
