import { parse, type HTMLElement } from 'node-html-parser';
import { pageOf } from '../frame/page';
import type { CaseFile } from './case';
import { casePage } from './case-page';
import {
  NOT_NAMED,
  aFile,
  anEscalation,
  aPlanned,
  aReferral,
  aSetting,
  BEFORE,
  LATER,
  NOW,
  waitsFor,
} from './testing';

const VIEW = { done: '', isWhole: false, disclosures: '' };
const NONE = { items: [], next: null };

function shown(file: CaseFile, view = VIEW, language: 'es' | 'en' = 'es'): HTMLElement {
  const setting = aSetting(language, 'operations');
  return parse(pageOf(setting, casePage(setting, file, NONE, view)));
}

/** Its words, each element apart from the next. */
const textOf = (element: HTMLElement | null) => (element?.structuredText ?? '').replace(/\s+/g, ' ').trim();
const cellsOf = (row: HTMLElement) => row.querySelectorAll('th, td').map(textOf).join(' | ');
const regionOf = (page: HTMLElement, label: string) =>
  page.querySelectorAll('[role=region]').find((one) => one.getAttribute('aria-label') === label)!;

describe('the page of a case', () => {
  const planned = () =>
    aFile(
      { referrals: [aReferral(), aPlanned()] },
      { critical: ['r-1', 'r-2'], referrals: { 'r-2': waitsFor('r-1') } },
    );

  it('draws each step right of what it waits for, and marks what decides the end', () => {
    const page = shown(planned());
    const [first, second] = page.querySelectorAll('svg.plan .step');
    const left = (step?: HTMLElement) => Number(step?.querySelector('rect')?.getAttribute('x'));
    expect(left(second)).toBeGreaterThan(left(first));
    expect(page.querySelectorAll('svg.plan .edge.critical')).toHaveLength(1);
    expect(page.querySelectorAll('svg.plan .step.critical')).toHaveLength(2);
  });

  it('says the same in a table: who waits for whom, what decides the end, and what is late', () => {
    const file = planned();
    const late = {
      ...file,
      shown: { ...file.shown, referrals: [aReferral({ ackDueAt: BEFORE }), aPlanned()] },
    };
    const rows = regionOf(shown(late), 'Derivaciones').querySelectorAll('tbody tr').map(cellsOf);
    expect(rows[0]).toMatch(
      /^Emisión del DNI \(decide el final\) \| RENIEC \| recibida \| +\| con retraso: 23 nov\. 2026/,
    );
    expect(rows[1]).toMatch(/^Bolsa de trabajo .*\| MTPE \| espera otro paso \| RENIEC · Emisión del DNI/);
  });

  it('draws steps that wait for each other, and a step that nobody offers', () => {
    const circle = aFile(
      { referrals: [aPlanned({ id: 'r-1' }), aPlanned()] },
      { referrals: { 'r-1': waitsFor('r-2'), 'r-2': waitsFor('r-1') } },
    );
    expect(shown(circle).querySelectorAll('svg.plan .edge')).toHaveLength(2);
    const missing = aFile(
      { referrals: [aPlanned()] },
      { referrals: { 'r-2': waitsFor(null, { service: 'card' }) } },
    );
    expect(textOf(shown(missing).querySelector('.step-missing'))).toContain('nadie lo ofrece');
  });

  it('leaves out of the drawing, not of the table, an attempt that another one has replaced', () => {
    const file = aFile({
      referrals: [
        aReferral({ id: 'r-0', status: 'rejected', code: 'no-capacity' }),
        aReferral({ attempt: 2 }),
      ],
    });
    const page = shown(file);
    expect(page.querySelectorAll('svg.plan .step')).toHaveLength(1);
    expect(textOf(regionOf(page, 'Derivaciones'))).toContain('rechazada, sin cupo');
  });

  it('says in words what is answered as restricted, and until when somebody is shown it', () => {
    const hidden = aReferral({ id: 'r-9', ...NOT_NAMED, needs: ['restricted'], code: 'restricted' });
    const timeline = [
      {
        at: NOW,
        type: 'referral-changed',
        actor: 'agency:restricted',
        cause: 'answer:rejected',
        detail: { referral: hidden, note: null, by: null },
      },
      {
        at: NOW,
        type: 'need-reopened',
        actor: 'operations',
        cause: 'dispute',
        detail: { code: 'restricted' },
      },
    ];
    const masked = {
      needs: [{ id: '1', code: 'restricted', status: 'open', reason: null }],
      referrals: [hidden],
      escalations: [
        anEscalation({
          id: 'e-2',
          reason: 'no-provider',
          referralId: null,
          detail: { service: 'restricted' },
        }),
      ],
      timeline,
    };
    const file = aFile(masked, {
      timers: [{ at: LATER, what: 'remind-ack', referralId: 'r-9' }],
      referrals: { 'r-9': { ...waitsFor(null, { service: 'restricted' }), possible: ['remind'] } },
    });
    const line = { at: NOW, agency: 'restricted', service: 'restricted', referralId: 'gone', sent: [] };
    const disclosed = { items: [{ ...line, basis: 'restricted', purpose: null }], next: null };
    const setting = aSetting('es', 'operations-lead', 'operations');
    const page = parse(pageOf(setting, casePage(setting, file, disclosed, VIEW)));
    const text = textOf(page.querySelector('main')!);
    expect(text).toContain('restringido');
    expect(text).not.toMatch(/restricted|null|se le muestra hasta/);
    const seen = aFile({ unmaskedUntil: LATER });
    expect(pageOf(setting, casePage(setting, seen, { items: [], next: null }, VIEW))).toMatch(
      /se le muestra hasta el 27 nov\. 2026, 10:00/,
    );
  });

  it('shows what somebody wrote as text, never as HTML', () => {
    const timeline = [
      {
        at: NOW,
        type: 'case-reopened',
        actor: 'operations',
        cause: 'operations:reopen',
        detail: { note: '<script>x</script>', by: '<b>Ana' },
      },
    ];
    const page = shown(aFile({ timeline }, { household: '<i>H-1' }));
    expect(page.querySelectorAll('#content script, #content b, #content i').length).toBe(0);
    expect(textOf(regionOf(page, 'Historia'))).toContain('<script>x</script>');
  });

  it('begins with the latest of the timeline, and shows all of it when asked', () => {
    const timeline = Array.from({ length: 40 }, (_, n) => ({
      at: `2026-11-23T15:${String(n).padStart(2, '0')}:00.000Z`,
      type: 'case-updated',
      actor: 'rule:planning',
      cause: 'returnee-changed',
      detail: {},
    }));
    const rows = (page: HTMLElement) => regionOf(page, 'Historia').querySelectorAll('tbody tr').map(cellsOf);
    const few = shown(aFile({ timeline }));
    expect(rows(few)).toHaveLength(25);
    expect(rows(few)[0]).toMatch(
      /10:39.* \| Cambiaron los datos del retorno \| Regla «planificación» \| cambiaron sus datos/,
    );
    expect(rows(shown(aFile({ timeline }), { ...VIEW, isWhole: true }))).toHaveLength(40);
  });

  it('has words where there is nothing to show', () => {
    const page = shown(aFile({ needs: [], referrals: [] }), VIEW, 'en');
    expect(page.querySelectorAll('.empty').length).toBe(7);
    expect(textOf(page)).not.toMatch(/undefined|null|false|\[object/);
  });
});
