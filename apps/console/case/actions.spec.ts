import { parse } from 'node-html-parser';
import { actionPage } from './action-page';
import { ACTIONS, actionsFor, fieldAt, fieldsOf, requestOf, type Action } from './actions';
import { NOT_NAMED, aFile, aReferral, aSetting, waitsFor } from './testing';

const ALL = ['remind', 'reroute', 'waive', 'cancel', 'information', 'confirmation', 'correction'];
const file = aFile(
  {
    needs: [
      { id: '1', code: 'shelter', status: 'settled', reason: 'confirmed' },
      { id: '2', code: 'restricted', status: 'open', reason: null },
    ],
    referrals: [aReferral(), aReferral({ id: 'r-9', ...NOT_NAMED })],
  },
  {
    possible: ['close', 'reopen', 'add-need', 'settle-need'],
    referrals: {
      'r-1': {
        ...waitsFor(null),
        possible: ALL,
        providers: [
          { agency: 'a', name: 'A' },
          { agency: 'b', name: 'B' },
        ],
      },
      'r-9': {
        ...waitsFor(null),
        possible: ALL,
        providers: [],
      },
    },
  },
);
const callerOf = (...roles: Parameters<typeof aSetting>[1][]) => aSetting('es', ...roles).caller;

describe('what can be done about a case', () => {
  it('is offered by role: nothing to who only looks, waiving and correcting to a lead alone', () => {
    expect(actionsFor(callerOf('auditor'), file, 'r-1')).toEqual([]);
    expect(actionsFor(callerOf('auditor'), file, null)).toEqual([]);
    const lead = actionsFor(callerOf('operations', 'operations-lead'), file, 'r-1');
    expect(
      lead.filter((action) => !actionsFor(callerOf('operations'), file, 'r-1').includes(action)),
    ).toEqual(['waive', 'correction']);
  });

  it('is nothing that the case would refuse', () => {
    expect(actionsFor(callerOf('operations'), aFile(), null)).toEqual(['add-need', 'settle-need', 'close']);
    expect(actionsFor(callerOf('operations'), aFile(), 'r-1')).toEqual([]);
  });

  it('always asks why, or for the words that go out', () => {
    for (const action of ACTIONS) {
      const asked = fieldsOf(action, file, 'r-1').map(({ name }) => name);
      expect(asked.at(-1)).toBe(action === 'information' ? 'information' : 'reason');
    }
  });

  it('lets somebody choose the provider, but not of a referral that is not named', () => {
    expect(fieldsOf('reroute', file, 'r-1')[0]).toMatchObject({ name: 'agency', choices: ['a', 'b'] });
    expect(fieldsOf('reroute', file, 'r-9').map(({ name }) => name)).toEqual(['reason']);
  });

  it('shows a need that is not named, and settles that very need', () => {
    const setting = aSetting('es', 'operations');
    const page = parse(
      actionPage(setting, file, { action: 'settle-need', referralId: null, fields: {} }).body.text,
    );
    const options = page
      .querySelectorAll('#need option')
      .map((one) => [one.getAttribute('value'), one.textContent.trim()]);
    expect(options).toEqual([['2', 'restringido']]);
    expect(requestOf('settle-need', file, null, { need: '2', as: 'failed', reason: 'why' })).toEqual({
      path: '/cases/c-1/needs/2/settle',
      body: { reason: 'failed', note: 'why' },
    });
  });

  it.each<[Action, Record<string, string>, string, object]>([
    ['remind', {}, 'remind', { reason: 'why' }],
    ['reroute', { agency: '' }, 'reroute', { reason: 'why' }],
    ['reroute', { agency: 'b' }, 'reroute', { reason: 'why', agency: 'b' }],
    ['waive', {}, 'waive', { reason: 'why' }],
    ['cancel', {}, 'cancel', { reason: 'why' }],
    ['information', { information: 'yes' }, 'information', { information: 'yes' }],
    [
      'confirmation',
      { outcome: 'disputed', by: 'her', channel: 'visit' },
      'confirmation',
      { outcome: 'disputed', by: 'her', channel: 'visit', reason: 'why' },
    ],
    [
      'correction',
      { status: 'rejected', code: 'safety', result: '' },
      'correction',
      { reason: 'why', answer: { status: 'rejected', code: 'safety' } },
    ],
    [
      'correction',
      { status: 'completed', code: '', result: 'verified' },
      'correction',
      { reason: 'why', answer: { status: 'completed', outcome: { result: 'verified' } } },
    ],
  ])('%s %j is asked of the service with its reason', (action, fields, end, body) => {
    const asked = requestOf(action, file, 'r-1', { ...fields, reason: 'why' });
    expect(asked).toEqual({ path: `/cases/c-1/referrals/r-1/${end}`, body });
  });

  it('is asked of no referral and no need that the case does not have', () => {
    expect(requestOf('remind', file, '../../../parked/1', { reason: 'why' })).toBeUndefined();
    expect(requestOf('settle-need', file, null, { need: '7', as: 'failed', reason: 'why' })).toBeUndefined();
    expect(
      requestOf('settle-need', file, null, { need: 'shelter', as: 'failed', reason: 'why' }),
    ).toBeUndefined();
  });

  it('has a refusal beside the form, at the field that it is about, with what was typed', () => {
    const refused = {
      refused: 'invalid-fields',
      status: 422,
      detail: '',
      errors: [{ pointer: '/note', detail: 'x' }],
    };
    const fields = { code: 'died', reason: '\n<b>' };
    const asked = { action: 'close' as const, referralId: null, fields, refused };
    const { body, live } = actionPage(aSetting('es', 'operations'), file, asked);
    const page = parse(body.text);
    expect(page.querySelector('#reason')?.getAttribute('aria-describedby')).toBe('reason-wrong');
    expect(page.querySelector('#reason-wrong')?.textContent).toContain('Escriba el motivo');
    expect(page.querySelector('#code option[selected]')?.getAttribute('value')).toBe('died');
    expect(body.text).toContain('\n&lt;b&gt;</textarea>');
    // Fetched again, the page would take away what is being typed.
    expect(live).not.toBe(true);
    expect(fieldAt('close', '/reason')).toBe('code');
    expect(fieldAt('remind', '/elsewhere')).toBeUndefined();
  });
});
