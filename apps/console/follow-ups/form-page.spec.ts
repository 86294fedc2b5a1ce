import { parse } from 'node-html-parser';
import { aSetting, BEFORE, LATER } from '../case/testing';
import { followedCasePage } from './case-page';
import { bodyOf, type FollowedCase, type Wave } from './follow-ups';
import { followUpFormPage } from './form-page';
import { followUpsPage } from './list-page';

const desk = aSetting('es', 'operations');
const aWave = (changes: Partial<Wave> = {}): Wave => ({
  month: 3,
  from: BEFORE,
  until: LATER,
  status: 'open',
  recordedAt: null,
  scores: null,
  ...changes,
});
const choices = [
  { code: 'no', text: { es: 'No', en: 'No' } },
  { code: 'unsaid', text: { es: 'Prefiere no responder', en: 'Rather not say' } },
];
const aCase = (...items: Wave[]): FollowedCase => ({
  caseId: 'c-1',
  caseNumber: 'RT-2026-000001',
  followed: true,
  items,
  questionnaire: {
    version: 7,
    questions: [{ code: 'new-one', dimension: 'social', text: { es: '¿Nueva?', en: 'New?' }, choices }],
  },
});

describe('the form of a follow-up', () => {
  it('asks what is published, whatever that is, and sends its version', () => {
    const wave = aWave();
    const root = parse(followUpFormPage(desk, aCase(wave), wave, {}).body.text);
    expect(root.querySelector('legend')!.text).toBe('¿Nueva?');
    const radios = root.querySelectorAll('input[type=radio]');
    expect(radios.map((one) => `${one.getAttribute('name')}=${one.getAttribute('value')}`)).toEqual([
      'q.new-one=no',
      'q.new-one=unsaid',
    ]);
    expect(root.querySelectorAll('input[name=version]').map((one) => one.getAttribute('value'))).toEqual([
      '7',
      '7',
    ]);
  });

  it('stands for answers, or for silence without any', () => {
    const typed = { version: '7', by: 'Ana', channel: 'visit', 'q.new-one': 'no', note: '' };
    expect(bodyOf({ ...typed, outcome: 'answered' })).toEqual({
      version: 7,
      outcome: 'answered',
      answers: { 'new-one': 'no' },
      by: 'Ana',
      channel: 'visit',
    });
    expect(bodyOf({ ...typed, outcome: 'declined', note: 'x' })).toEqual({
      version: 7,
      outcome: 'declined',
      by: 'Ana',
      channel: 'visit',
      note: 'x',
    });
  });

  it('keeps what was written about silence beside silence', () => {
    const wave = aWave();
    const typed = {
      version: '7',
      outcome: 'unreachable',
      by: '',
      channel: 'visit',
      note: 'cambió de número',
    };
    const refused = {
      refused: 'invalid-fields',
      detail: '',
      errors: [{ pointer: '/by', code: '', detail: '' }],
      typed,
    };
    const root = parse(followUpFormPage(desk, aCase(wave), wave, { refused }).body.text);
    expect(root.querySelector('#note-silence')!.text.trim()).toBe('cambió de número');
    expect(root.querySelector('#note-asked')!.text.trim()).toBe('');
    expect(root.querySelector('#by-silence')!.getAttribute('aria-invalid')).toBe('true');
    expect(root.querySelector('#by-asked')!.hasAttribute('aria-invalid')).toBe(false);
  });
});

describe('the follow-ups of a case', () => {
  it('can be recorded while they are open or overdue, or nobody was reached, and only by operations', () => {
    const waves = ['not-due', 'open', 'overdue', 'missed', 'answered', 'unreachable', 'declined'].map(
      (status, month) => aWave({ status, month }),
    );
    const asked = (of: FollowedCase, setting = desk) =>
      parse(followedCasePage(setting, of, '').body.text)
        .querySelectorAll('tbody a')
        .map((one) => one.getAttribute('href')!.split('/').at(-1));
    expect(asked(aCase(...waves))).toEqual(['1', '2', '5']);
    expect(asked({ ...aCase(...waves), followed: false })).toEqual([]);
    expect(asked(aCase(...waves), aSetting('es', 'auditor'))).toEqual([]);
  });
});

describe('the list', () => {
  it('keeps its filters on the next page, and says what to do when it is empty', () => {
    const filter = { status: 'overdue', month: '3', cursor: '' } as const;
    const item = {
      caseNumber: 'RT-2026-000001',
      month: 3,
      status: 'overdue',
      arrivalDate: '2026-08-20',
      until: BEFORE,
      closes: null,
    } as const;
    const root = parse(followUpsPage(desk, filter, { items: [item], next: 'x' }).body.text);
    expect(root.querySelector('a.button')!.getAttribute('href')).toBe(
      '/console/follow-ups?status=overdue&month=3&cursor=x',
    );
    expect(root.querySelector('tbody .bad')!.text).toContain('venció');
    const none = { status: '', month: '', cursor: '' } as const;
    expect(parse(followUpsPage(desk, none, { items: [], next: null }).body.text).text).toContain(
      'Hoy no hay que preguntar a nadie',
    );
  });
});
