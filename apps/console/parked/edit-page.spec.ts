import type { ParkedMessage } from '@retorno/messaging';
import type { Caller } from '@retorno/service';
import { parse } from 'node-html-parser';
import type { Setting } from '../frame/page';
import { editPage, readEdit, type RefusedEdit } from './edit-page';

const LEAD: Caller = { subject: 'luz', name: 'Luz', roles: new Set(['operations', 'operations-lead']) };
const PLACE = { service: 'health', id: 'a' };
const setting: Setting = {
  language: 'es',
  caller: LEAD,
  address: '/console/parked/health/a/edit',
  now: new Date('2026-11-23T16:00:00.000Z'),
};
const message: ParkedMessage = {
  id: 'a',
  topic: 'referrals.health.requests.v1',
  key: 'k',
  keySeq: 3,
  type: 'retorno.referral-requested.v1',
  cause: 'Error: burnt',
  behind: 2,
  data: { service: 'medical-care', text: '</textarea><script>x</script>' },
  sealed: ['returnee'],
  unknown: 1,
  notEditable: null,
  errors: [{ pointer: '/dueAt', detail: 'must be string', code: 'type', expected: 'string' }],
  edits: [{ keySeq: 2, by: 'Eva', at: '2026-11-23T15:00:00.000Z', reason: 'mal escrito' }],
};
const shown = (change: Partial<ParkedMessage> = {}, refused?: RefusedEdit) =>
  parse(editPage(setting, PLACE, { ...message, ...change }, refused).body.text, { comment: true });

describe('the form for editing a parked message', () => {
  it('holds what may be edited, as JSON that cannot leave the form', () => {
    const { text } = editPage(setting, PLACE, message).body;
    expect(text).not.toContain('<script>');
    expect(JSON.parse(shown().querySelector('#data')!.text)).toEqual(message.data);
  });

  it('names the sealed fields, says why they are not there, and counts what nobody knows', () => {
    const { text } = shown().querySelector('#sealed')!;
    expect(text).toContain('Son datos personales: returnee. No se muestran ni se pueden cambiar aquí');
    expect(text).toContain('1 campo que este servicio no conoce');
    expect(shown({ sealed: [], unknown: 0 }).querySelector('#sealed')!.text.trim()).toBe(
      'El mensaje no lleva datos personales.',
    );
  });

  it('says what the contract finds wrong, and what was edited before', () => {
    expect(shown().text).toContain('/dueAt: Debe ser un texto.');
    expect(shown().querySelector('tbody tr')!.text.replace(/\s+/g, ' ')).toMatch(/2 Eva .* mal escrito/);
  });

  it('keeps what was written when it is refused, with each error and where it is', () => {
    const problems = [
      { pointer: '/service', detail: 'must be string' },
      { pointer: '/', detail: 'must have required property' },
    ];
    const page = shown({}, { problems, data: '{"service":1}', reason: 'porque sí' });
    expect(page.querySelectorAll('[role=alert] li').map((li) => li.text.trim())).toEqual([
      '/service: must be string',
      '(todo): must have required property',
    ]);
    expect(page.querySelector('#data')!.text.trim()).toBe('{"service":1}');
    expect(page.querySelector('#data')!.getAttribute('aria-invalid')).toBe('true');
    expect(page.querySelector('#why')!.text.trim()).toBe('porque sí');
  });

  it('is none where nobody can judge what is personal, and the page says so', () => {
    const page = shown({ notEditable: 'unknown-type', data: null });
    expect([page.querySelector('form'), page.querySelector('#sealed')]).toEqual([null, null]);
    expect(page.querySelector('.alert')!.text).toContain('no conoce su tipo');
  });
});

describe('what was written in it', () => {
  it('is read as an object, and what is none is refused with the line', () => {
    expect(readEdit('es', '{"n": 1}')).toEqual({ data: { n: 1 } });
    expect(readEdit('es', '{\n"n": 1,\n}')).toEqual({
      problem: { pointer: '', detail: 'No es JSON válido: revise la línea 3.' },
    });
    for (const text of ['[1]', 'null', '"n"']) {
      expect(readEdit('es', text)).toMatchObject({ problem: { detail: expect.stringContaining('objeto') } });
    }
    expect(readEdit('es', '')).toMatchObject({ problem: {} });
  });
});
