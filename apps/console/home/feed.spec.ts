import type { Caller } from '@retorno/service';
import { parse } from 'node-html-parser';
import type { Named } from '../agencies/catalogues';
import { feedOf, type Happening } from './feed';

const caller: Caller = { subject: 's', name: 'desk 2', roles: new Set(['operations']) };
const health: Named = {
  slug: 'health',
  name: 'Ministerio de Salud',
  services: [
    {
      code: 'medical-care',
      title: { es: 'Atención médica', en: 'Medical care' },
    } as Named['services'][number],
  ],
};

function lines(language: 'es' | 'en', ...feed: Partial<Happening>[]): string[] {
  const setting = { language, caller, address: '/console', now: new Date('2026-11-26T15:00:00Z') };
  const whole = feed.map((one) => ({
    caseNumber: 'RT-2026-000007',
    type: 'referral-changed',
    at: '2026-11-26T14:05:00.000Z',
    ...one,
  }));
  return parse(feedOf(setting, whole, [health]).text)
    .querySelectorAll('li')
    .map((line) => line.text.replace(/\s+/g, ' ').trim());
}

describe('what happened last', () => {
  it('is said in words, with agency and service as they are called, at the time in Lima', () => {
    const referral = {
      agency: 'health',
      service: 'medical-care',
      status: 'accepted',
      businessStatus: 'scheduled',
    } as const;
    expect(lines('es', { referral })).toEqual([
      '26 nov. 2026, 9:05 a. m. RT-2026-000007: Ministerio de Salud · Atención médica – aceptada, con cita',
    ]);
    expect(lines('en', { type: 'case-completed' })[0]).toContain('The case is completed');
  });

  it('does not name what lists do not name', () => {
    const referral = { agency: 'restricted', service: 'restricted', status: 'completed' } as const;
    expect(lines('es', { referral })[0]).toContain(': restringido – terminada');
  });

  it('leads to the case, and to the escalation', () => {
    const escalation = { id: 'case:rejected/1', reason: 'rejected' } as const;
    const setting = { language: 'es', caller, address: '/console', now: new Date() } as const;
    const feed = [
      { caseNumber: 'RT-2026-000007', type: 'escalation-raised', at: '2026-11-26T14:05:00.000Z', escalation },
    ];
    const links = parse(feedOf(setting, feed, []).text).querySelectorAll('a');
    expect(links.map((link) => link.getAttribute('href'))).toEqual([
      '/console/cases/RT-2026-000007',
      '/console/escalations/case%3Arejected%2F1',
    ]);
  });
});
