import type { AuditView, Caller } from '@retorno/service';
import { parse } from 'node-html-parser';
import type { Setting } from '../frame/page';
import { askedOf, sourceOf } from './asked';
import { auditCsv, auditPage } from './audit';

const EVA: Caller = { subject: 'eva', name: 'Eva', roles: new Set(['auditor']) };
const CASE = '0199a000-0000-7000-8000-000000000001';

const row = (changes: Partial<AuditView> = {}): AuditView => ({
  id: CASE,
  at: '2026-11-23T15:00:00.000Z',
  service: 'coordinator',
  subject: 'u1',
  name: 'Ana',
  roles: ['operations', 'operations-lead'],
  agency: null,
  authority: null,
  action: 'POST /cases/:id/close',
  about: [`case:${CASE}`],
  status: 200,
  refused: null,
  reason: null,
  times: 1,
  ...changes,
});

const setting = (language: 'es' | 'en' = 'es'): Setting => ({
  language,
  caller: EVA,
  address: '/console/audit',
  now: new Date('2026-11-23T16:00:00.000Z'),
});

function shown(items: readonly AuditView[], query: Record<string, unknown> = {}, silent: string[] = []) {
  const { asked, wrong } = askedOf(query);
  const next = items.length > 0 ? 'later' : null;
  return parse(auditPage(setting(), asked, { items: [...items], next, silent }, wrong).body.text);
}

const cells = (rows: readonly AuditView[]) =>
  shown(rows)
    .querySelectorAll('tbody tr')
    .map((tr) => tr.childNodes.map((td) => td.text.replace(/\s+/g, ' ').trim()).filter(Boolean));

describe('the audit as a page', () => {
  it('says in words who did what, about what, and how it ended', () => {
    const [[when, who, what, about, outcome]] = cells([row()]) as [string[]];
    expect([when, who, what, about, outcome]).toEqual([
      expect.stringContaining('10:00'),
      'Ana jefatura de operaciones',
      'Cerró un caso',
      `caso ${CASE}`,
      'hecho',
    ]);
  });

  it('says of a refusal why, of a failure what, and of many how many', () => {
    const rows = [
      row({ refused: 'not-allowed', status: 403, times: 40, action: 'GET /statistics' }),
      row({ status: 409, reason: 'lo pide la fiscalía' }),
      row({ subject: null, name: null, roles: [], about: [], refused: 'not-logged-in', status: 401 }),
    ];
    expect(cells(rows).map((row_) => row_.slice(1))).toEqual([
      [
        'Ana jefatura de operaciones',
        'Quiso abrir otra página o lista: Estadísticas 40 veces',
        `caso ${CASE}`,
        'negado: no es para su rol',
      ],
      [
        'Ana jefatura de operaciones',
        'Cerró un caso',
        `caso ${CASE}`,
        'no se hizo (409)',
        'lo pide la fiscalía',
      ],
      ['alguien sin identificarse', 'Cerró un caso', 'negado: sin sesión'],
    ]);
  });

  it('calls a case by its number where both are known, and leads to it', () => {
    const page = shown([row({ about: ['case:RT-2026-000001', `case:${CASE}`] })]);
    const links = page.querySelectorAll('tbody a').map((a) => a.getAttribute('href'));
    expect(links).toEqual(['/console/audit?who=u1', '/console/cases/RT-2026-000001']);
  });

  it('keeps the filters in every address, and leaves a wrong one out', () => {
    const page = shown([row()], { who: 'ana', outcome: 'refused', case: '<b>', cursor: 'x' });
    const links = page.querySelectorAll('.pages a, a.button').map((a) => a.getAttribute('href'));
    expect(links).toEqual([
      '/console/audit?who=ana&outcome=refused&cursor=later',
      '/console/audit?who=ana&outcome=refused',
      '/console/audit/download?who=ana&outcome=refused',
    ]);
    expect(page.querySelector('[role=alert]')!.text).toContain('RT-2026-000123');
    expect(page.querySelector('#case')!.getAttribute('aria-invalid')).toBe('true');
  });

  it('says what to do when nothing is found, and whose rows are missing', () => {
    const page = shown([], {}, ['health']);
    expect(page.text).toContain('No hay nada anotado');
    expect(page.querySelector('[role=status]')!.text).toContain('health');
  });
});

describe('what is asked of the services', () => {
  it('is days of Lima, whole, and all routes of an action', () => {
    const { asked } = askedOf({ action: 'see-notice', from: '2026-11-20', to: '2026-11-30', who: 'a b' });
    const query = new URLSearchParams(sourceOf(asked, ['RT-2026-000001', CASE], 50).split('?')[1]);
    expect(Object.fromEntries(query)).toEqual({
      who: 'a b',
      case: `RT-2026-000001,${CASE}`,
      action: 'GET /intake/notices/:id',
      from: '2026-11-20T00:00:00-05:00',
      to: '2026-12-01T00:00:00-05:00',
      limit: '50',
    });
  });

  it('is nothing that an address made up', () => {
    const { asked, wrong } = askedOf({
      action: 'toString',
      outcome: 'x',
      case: 'Rosa',
      returnee: '1',
      from: '2026-02-30',
      to: 'x',
    });
    expect(Object.values(asked).join('')).toBe('');
    expect(wrong).toEqual(['case', 'returnee', 'from', 'to']);
  });
});

describe('the audit as a table', () => {
  it('is no formula, whoever is called like one', () => {
    const [head, line] = auditCsv('en', [row({ name: '=cmd|x', reason: '+1', times: 3 })]).split('\r\n');
    expect(head).toMatch(/^when,who,user id,/);
    expect(line).toBe(
      `2026-11-23T15:00:00.000Z,'=cmd|x,u1,operations lead,,,Closed a case,POST /cases/:id/close,case:${CASE},done,200,3,'+1,coordinator`,
    );
  });
});
