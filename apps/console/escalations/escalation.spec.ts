import { parse } from 'node-html-parser';
import type { Caller } from '@retorno/service';
import type { Setting } from '../frame/page';
import { escalationPage, type OpenedEscalation } from './escalation';
import type { Told } from './parts';

const ANA: Caller = { subject: 'ana', name: 'Ana', roles: new Set(['operations']) };
const AUDITOR: Caller = { subject: 'eva', name: 'Eva', roles: new Set(['auditor']) };

const one: OpenedEscalation = {
  id: 'e1',
  reason: 'info-requested',
  status: 'claimed',
  detail: { agency: 'health' },
  raisedAt: '2026-11-23T15:00:00.000Z',
  dueAt: '2026-11-24T15:00:00.000Z',
  resolvedAt: null,
  caseNumber: 'RT-2026-000001',
  owner: 'Ana',
  note: 'llamé dos veces',
  referral: {
    agency: 'health',
    service: 'medical-care',
    status: 'on-hold',
    dueAt: '2026-12-01T15:00:00.000Z',
  },
  question: { at: '2026-11-23T15:00:00.000Z', by: 'Posta 4', text: '¿Tiene <b>alergias</b>?' },
  complaint: null,
};

const HEALTH = {
  slug: 'health',
  name: 'Salud',
  services: [{ code: 'medical-care', title: { es: 'Atención médica', en: 'Medical care' } }] as never,
};

function shown(change: Partial<OpenedEscalation> = {}, caller = ANA, told: Told = {}) {
  const now = new Date('2026-11-23T16:00:00.000Z');
  const setting: Setting = { language: 'es', caller, address: '/console/escalations/e1', now };
  return parse(escalationPage(setting, { ...one, ...change }, told, [HEALTH]).body.text);
}

describe('an opened escalation', () => {
  it('shows what the agency asked, as text, and leads to the case', () => {
    const page = shown();
    expect(page.querySelector('blockquote')!.innerHTML).toBe('¿Tiene &lt;b&gt;alergias&lt;/b&gt;?');
    expect(page.querySelector('a.button')!.getAttribute('href')).toBe('/console/cases/RT-2026-000001');
    expect(page.text).toContain('llamé dos veces');
    expect(page.text).toContain('Institución: Salud');
    expect(page.text.replace(/\s+/g, ' ')).toContain(
      'Salud · Atención médica: en pausa, plazo 1 dic. 2026, 10:00',
    );
  });

  it('is handed over with a note by whoever owns it', () => {
    const form = shown().querySelector('form[action$="/release"]')!;
    expect(form.querySelector('textarea')!.hasAttribute('required')).toBe(true);
  });

  it('is taken over from somebody else, and claimed when nobody has it', () => {
    const taken = (owner: string | null) =>
      shown({ owner }).querySelector('form[action$="/claim"] [name=takeOver]')?.getAttribute('value');
    expect([taken('Luis'), taken(null)]).toEqual(['yes', undefined]);
  });

  it('keeps what was written when it was refused, and says why', () => {
    const page = shown({}, ANA, { refused: 'escalation-resolved', written: 'hablé con ella' });
    expect(page.querySelector('[role=alert]')!.text).toContain('ya está resuelta');
    expect(page.querySelector('textarea[name=reason]')!.text.trim()).toBe('hablé con ella');
  });

  it('offers nothing to do once it is resolved, nor to whoever may only look', () => {
    expect(shown({ status: 'resolved' }).querySelectorAll('form')).toEqual([]);
    expect(shown({}, AUDITOR).querySelectorAll('form')).toEqual([]);
  });
});
