import { parse } from 'node-html-parser';
import type { Caller } from '@retorno/service';
import type { Setting } from '../frame/page';
import { queuePage, type ListedEscalation, type QueueFilter } from './queue';

const ANA: Caller = { subject: 'ana', name: 'Ana', roles: new Set(['operations']) };
const AUDITOR: Caller = { subject: 'eva', name: 'Eva', roles: new Set(['auditor']) };
const NOW = new Date('2026-11-24T15:00:00.000Z');
const ALL: QueueFilter = { owner: '', reason: '', group: '', each: '', resolvedSince: '', cursor: '' };
const GROUP_ID = 'group:no-provider:shelter';

const one: ListedEscalation = {
  id: 'e1',
  reason: 'done-overdue',
  group: null,
  caseNumber: 'RT-2026-000001',
  cases: 1,
  detail: { agency: 'health', referral: '0193-not-for-people' },
  dueAt: '2026-11-25T15:00:00.000Z',
  owner: null,
  note: null,
  resolvedAt: null,
};
const group: ListedEscalation = {
  ...one,
  id: GROUP_ID,
  group: 'no-provider:shelter',
  reason: 'no-provider',
  cases: 7,
};

function shown(items: ListedEscalation[], filter = ALL, caller = ANA, language: 'es' | 'en' = 'es') {
  const setting: Setting = { language, caller, address: '/console/escalations', now: NOW };
  return parse(queuePage(setting, filter, { items, next: null }).body.text);
}

describe('the queue of escalations', () => {
  it('says what has happened in words, and shows no ids', () => {
    const row = shown([one]).querySelector('tbody tr')!;
    expect(row.text).toContain('La institución no ha terminado la atención');
    expect(row.text).toContain('Institución: health');
    expect(row.text).not.toContain('0193-not-for-people');
    expect(shown([one], ALL, ANA, 'en').text).toContain('The agency has not finished');
  });

  it('marks what is past its due time, and only that', () => {
    const late = { ...one, id: 'e2', dueAt: '2026-11-23T15:00:00.000Z' };
    const page = shown([one, late]);
    expect(page.querySelector('#escalation-e1 .bad')).toBeNull();
    expect(page.querySelector('#escalation-e2 .bad')!.text).toContain('venció');
  });

  it("tells mine from what is free and from what is somebody else's; only what is free is one click away", () => {
    const page = shown([one, { ...one, id: 'e2', owner: 'Ana' }, { ...one, id: 'e3', owner: 'Luis' }]);
    const owners = ['e1', 'e2', 'e3'].map((id) =>
      page.querySelectorAll(`#escalation-${id} td`)[2]!.text.trim(),
    );
    expect(owners).toEqual(['nadie', 'usted', 'Luis']);
    expect(page.querySelectorAll('tbody form').map((form) => form.getAttribute('action'))).toEqual([
      '/console/escalations/e1/claim',
    ]);
  });

  it('names the case in the button, for whoever hears it and does not see the row', () => {
    const button = shown([one]).querySelector('tbody button')!;
    expect(button.getAttribute('aria-label')).toBe('Tomar RT-2026-000001');
  });

  it('shows cases of one cause as one row that leads to them', () => {
    const row = shown([group], { ...ALL, owner: 'none' }).querySelector('tbody tr')!;
    expect(row.text.replace(/\s+/g, ' ')).toContain('7 casos');
    expect(row.querySelector('th a')!.getAttribute('href')).toBe(
      '/console/escalations?group=no-provider%3Ashelter&owner=none',
    );
  });

  it('takes and resolves a whole group from its page', () => {
    const page = shown([{ ...one, group: 'no-provider:shelter' }], { ...ALL, group: 'no-provider:shelter' });
    const actions = page.querySelectorAll('section form').map((form) => form.getAttribute('action'));
    const path = '/console/escalations/group%3Ano-provider%3Ashelter';
    expect(actions).toEqual([`${path}/claim`, `${path}/claim`, `${path}/resolve`]);
  });

  it('offers nothing to do to whoever may only look', () => {
    const page = shown([one], { ...ALL, group: 'no-provider:shelter' }, AUDITOR);
    expect(page.querySelectorAll('form[method=post]')).toEqual([]);
    expect(page.text).toContain('Su rol permite mirar');
  });

  it('says what an empty queue means', () => {
    expect(shown([]).text).toContain('nada espera a una persona de operaciones');
    expect(shown([], { ...ALL, owner: 'mine' }).text).toContain('No tiene alertas a su cargo');
    expect(shown([], { ...ALL, owner: 'none' }).text).toContain('Todas las alertas tienen responsable');
    expect(shown([], { ...ALL, reason: 'failed' }).text).toContain('Quite algún filtro');
  });

  it('shows what was resolved with when, neither late nor to be taken, and the way back', () => {
    const resolved = { ...one, dueAt: '2026-11-23T15:00:00.000Z', resolvedAt: '2026-11-24T14:00:00.000Z' };
    const page = shown([resolved], { ...ALL, owner: 'mine', resolvedSince: '2026-11-23' });
    expect(page.querySelector('tbody td')!.text).toContain('resuelta 24 nov. 2026');
    expect(page.querySelectorAll('tbody form, .bad')).toEqual([]);
    expect(page.querySelector('a[href="/console/escalations?owner=mine"]')).not.toBeNull();
  });

  it('shows what staff wrote as text', () => {
    const page = shown([{ ...one, note: '<img src=x>' }]);
    expect(page.querySelector('img')).toBeNull();
    expect(page.querySelector('.note')!.text).toBe('<img src=x>');
  });
});
