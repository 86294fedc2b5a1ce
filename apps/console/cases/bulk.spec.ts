import { bulkPage, chosenIn, MOST_STEPS, stepsIn, stepsOf, type CaseOfBulk } from './bulk';
import type { Setting } from '../frame/page';

const NOW = new Date('2026-11-23T15:00:00Z');
const EARLIER = '2026-11-23T14:59:00.000Z';
const LATER = '2026-11-23T15:01:00.000Z';
const setting: Setting = {
  language: 'es',
  caller: { subject: 'u-1', name: 'Ana', roles: new Set(['operations']) },
  address: '/console/cases',
  now: NOW,
};

type Referral = CaseOfBulk['referrals'][number];
function referral(changes: Partial<Referral> = {}): Referral {
  return {
    id: 'r-1',
    agency: 'health',
    agencyName: 'Salud',
    service: 'medical-care',
    title: { es: 'Atención médica', en: 'Medical care' },
    status: 'accepted',
    ackDueAt: EARLIER,
    dueAt: LATER,
    acknowledgedAt: EARLIER,
    cancellation: null,
    ...changes,
  };
}

function caseWith(...referrals: Referral[]): CaseOfBulk {
  const escalation = { reason: 'ack-overdue', dueAt: LATER };
  return {
    id: 'c-1',
    number: 'RT-2026-000001',
    referrals,
    escalations: [
      { ...escalation, id: 'e-open', status: 'open' },
      { ...escalation, id: 'e-claimed', status: 'claimed' },
      { ...escalation, id: 'e-resolved', status: 'resolved' },
    ],
  };
}

describe('only what is late now is reminded of', () => {
  it.each<[string, boolean, Partial<Referral>]>([
    ['answered in time and not due yet', false, {}],
    ['past the day on which it should be done', true, { dueAt: EARLIER }],
    ['neither accepted nor rejected in time', true, { status: 'received', acknowledgedAt: null }],
    ['done', false, { status: 'completed', dueAt: EARLIER }],
    ['not sent yet', false, { status: 'planned', dueAt: EARLIER }],
    ['asked to stop, and it is time', true, { cancellation: { dueAt: EARLIER } }],
    ['asked to stop, with time left', false, { dueAt: EARLIER, cancellation: { dueAt: LATER } }],
  ])('%s: %s', (_what, isLate, changes) => {
    expect(stepsOf('remind', [caseWith(referral(changes))], setting)).toHaveLength(isLate ? 1 : 0);
  });
});

test('only what nobody has is claimed', () => {
  expect(stepsOf('claim', [caseWith()], setting).map(({ id }) => id)).toEqual(['e-open']);
});

test('the preview names what it would touch, and not what a list does not name', () => {
  const late = [referral({ dueAt: EARLIER }), referral({ id: 'r-2', dueAt: EARLIER, agency: 'restricted' })];
  const page = bulkPage(setting, 'remind', 3, stepsOf('remind', [caseWith(...late)], setting)).body.text;
  expect(page).toContain(
    'Se recordarán 2 derivaciones con retraso, de 1 casos. Casos elegidos sin retraso: 2.',
  );
  expect(page.match(/Salud: Atención médica/g)).toHaveLength(1);
  expect(page).toContain('<td>restringido</td>');
});

test('what is confirmed is what was shown', () => {
  const late = [referral({ dueAt: EARLIER }), referral({ id: 'r-2', dueAt: EARLIER })];
  const page = bulkPage(setting, 'remind', 1, stepsOf('remind', [caseWith(...late)], setting)).body.text;
  const names = [...page.matchAll(/name="(step\.[^"]+)"/g)].map(([, name]) => [name!, 'yes']);
  expect(stepsIn(Object.fromEntries(names) as Record<string, string>)).toEqual([
    { caseId: 'c-1', id: 'r-1' },
    { caseId: 'c-1', id: 'r-2' },
  ]);
});

test('more than a form holds cannot be confirmed', () => {
  const many = Array.from({ length: MOST_STEPS + 1 }, (_, i) => referral({ id: `r-${i}`, dueAt: EARLIER }));
  const page = bulkPage(setting, 'remind', 1, stepsOf('remind', [caseWith(...many)], setting)).body.text;
  expect(page).toContain('Elija menos casos');
  expect(page).not.toContain('<form');
});

test('whatever else a form sends is neither a case nor a step', () => {
  const form = { 'case.../livez': 'yes', 'step.a/b.c': 'yes', 'step.a': 'yes', action: 'remind' };
  expect([chosenIn(form), stepsIn(form)]).toEqual([[], []]);
});
