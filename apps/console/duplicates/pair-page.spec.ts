import { parse } from 'node-html-parser';
import { aSetting, NOW } from '../case/testing';
import type { CaseOfPair, Likeness, MergePreview } from './pair';
import type { RegisteredPerson } from '../person';
import { stateOf } from './pair';
import { pairPage, type PairFile } from './pair-page';
import { pairQueuePage } from './queue-page';

const aCase = (n: number, changes: Partial<CaseOfPair> = {}): CaseOfPair => ({
  id: `c-${n}`,
  number: `RT-2026-00000${n}`,
  status: 'open',
  openedAt: NOW,
  mergedInto: null,
  mergedFrom: [],
  needs: [],
  referrals: [],
  escalations: [],
  ...changes,
});

const suspects = (other: number, changes: object = {}) => ({
  id: 'e-1',
  reason: 'duplicate-suspected',
  status: 'open',
  resolution: null,
  detail: { otherCaseId: `c-${other}` },
  ...changes,
});

const likeness: Likeness = {
  score: 91,
  ground: 'similar-person',
  fields: [{ field: 'names', agreement: 'close' }],
  registrations: [{ returneeId: 'r-1' }, { returneeId: 'r-2' }],
};

const aPerson = (familyNames: string): RegisteredPerson => ({
  person: {
    familyNames,
    givenNames: 'Luz',
    dateOfBirth: '1990-05-16',
    sex: 'F',
    nationality: 'PE',
    documentType: 'none',
    languages: ['es'],
  },
  journey: { sendingAuthority: 'consulate:cl-santiago' },
});

const preview: MergePreview = {
  into: { number: 'RT-2026-000001' },
  from: { number: 'RT-2026-000002', status: 'closing' },
  referrals: [
    {
      agency: 'restricted',
      agencyName: null,
      service: 'restricted',
      title: null,
      restricted: true,
      status: 'received',
      caseNumber: 'RT-2026-000002',
      fate: 'recalled',
      told: ['cancellation-requested'],
    },
  ],
  needs: [{ code: 'restricted', before: null, after: 'open', reason: null }],
  fields: ['contact'],
  consent: { before: 'granted', after: 'withdrawn' },
  escalations: ['ack-overdue'],
  fingerprint: 'f1',
};

const file: PairFile = {
  cases: [aCase(2, { escalations: [suspects(1)] }), aCase(1)],
  compared: { likeness, persons: [aPerson('GUAMAN <b>'), aPerson('Huamán')] },
  preview,
};

const lead = aSetting('es', 'operations', 'operations-lead');
const show = (of: PairFile, setting = lead) => parse(pairPage(setting, of).body.text);
const textOf = (root: ReturnType<typeof show>, selector: string) =>
  (root.querySelector(selector)?.text ?? '').replace(/\s+/g, ' ').trim();

describe('how two cases stand to each other', () => {
  it('is read from either: suspected, decided, one case, or nothing', () => {
    expect(stateOf([aCase(1), aCase(2, { escalations: [suspects(1)] })])).toBe('suspected');
    const decided = suspects(1, { status: 'resolved', resolution: 'different' });
    expect(stateOf([aCase(1), aCase(2, { escalations: [decided] })])).toBe('different');
    const merged = aCase(2, { status: 'closed', mergedInto: { id: 'c-1', number: 'RT-2026-000001' } });
    expect(stateOf([aCase(1), merged])).toBe('merged');
    expect(stateOf([aCase(1), aCase(2, { escalations: [suspects(9)] })])).toBe('unsuspected');
    // What was suspected of a case that went into the other one is suspected of that one.
    expect(
      stateOf([aCase(1, { mergedFrom: [{ id: 'c-9' }] }), aCase(2, { escalations: [suspects(9)] })]),
    ).toBe('suspected');
  });
});

describe('two cases side by side', () => {
  it('carry what was shown into the decision, and show data as text', () => {
    const root = show(file);
    const form = root.querySelector('form:has(button[value=same])')!;
    expect(
      form.querySelectorAll('input').map((one) => `${one.getAttribute('name')}=${one.getAttribute('value')}`),
    ).toEqual(['into=RT-2026-000001', 'seen=f1']);
    expect(root.toString()).toContain('GUAMAN &lt;b&gt;, Luz');
    const lines = root.querySelectorAll('[aria-label="Qué pasa con cada derivación"] tbody :is(th, td)');
    expect(lines.map((cell) => cell.text.trim())).toEqual([
      'restringido',
      'RT-2026-000002',
      'se pide detenerla',
      'se le pide detenerse',
    ]);
    expect(textOf(root, 'section[aria-labelledby=same]')).toContain(
      'El consentimiento pasa de otorgado a retirado',
    );
  });

  it('offer no decision where there is none to take, or to whoever takes none', () => {
    const buttons = (of: PairFile, setting = lead) => show(of, setting).querySelectorAll('button').length;
    expect(buttons(file)).toBe(2);
    expect(buttons(file, aSetting('es', 'operations'))).toBe(0);
    expect(buttons(file, aSetting('es', 'auditor'))).toBe(0);
    const decided = suspects(1, { status: 'resolved', resolution: 'different' });
    expect(buttons({ ...file, cases: [aCase(2, { escalations: [decided] }), aCase(1)] })).toBe(0);
    // Nobody suspects them: they can be one, but there is nothing to say that they are two about.
    expect(buttons({ ...file, cases: [aCase(2), aCase(1)] })).toBe(1);
  });

  it('say why a merge is not possible, or a decision was refused, and keep the reason', () => {
    const impossible = { refused: 'case-not-open', detail: 'RT-2026-000001 is closed.' };
    expect(textOf(show({ ...file, preview: impossible }), 'section[aria-labelledby=same]')).toContain(
      'El caso no está abierto.',
    );
    const refused = { refused: 'changed-meanwhile', detail: '', decision: 'same', reason: 'un pasaporte' };
    const root = show({ ...file, refused });
    expect(textOf(root, '[role=alert]')).toContain('cambió mientras usted miraba');
    expect([textOf(root, '#reason-same'), textOf(root, '#reason-different')]).toEqual(['un pasaporte', '']);
  });

  it('say what is still missing once they are one', () => {
    const closing = aCase(2, {
      status: 'closing',
      mergedInto: { id: 'c-1', number: 'RT-2026-000001' },
      referrals: [{ status: 'received' }, { status: 'cancelled' }],
    });
    expect(textOf(show({ cases: [closing, aCase(1)] }), '[role=status]')).toContain(
      'RT-2026-000002: cerrándose. Falta que las instituciones confirmen que dejan una derivación.',
    );
  });
});

describe('the queue of pairs', () => {
  it('leads to each pair, and says what to do when there is none', () => {
    const item = {
      id: 'e-1',
      caseNumber: 'RT-2026-000002',
      detail: { otherCaseNumber: 'RT-2026-000001', ground: 'same-document', score: '100' },
      dueAt: '2026-11-20T15:00:00.000Z',
      owner: null,
    };
    const filter = { owner: '', cursor: '' } as const;
    const root = parse(pairQueuePage(lead, filter, { items: [item], next: 'x' }).body.text);
    expect(root.querySelector('tbody a')?.getAttribute('href')).toBe(
      '/console/duplicates/RT-2026-000002/RT-2026-000001',
    );
    expect(textOf(root, 'tbody .bad')).toMatch(/^venció /);
    expect(root.querySelector('a.button')?.getAttribute('href')).toBe('/console/duplicates?cursor=x');
    const none = parse(pairQueuePage(lead, filter, { items: [], next: null }).body.text);
    expect(textOf(none, '.empty')).toContain('No hay posibles duplicados');
  });
});
