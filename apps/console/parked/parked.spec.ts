import type { ParkedStream } from '@retorno/messaging';
import type { Caller } from '@retorno/service';
import { parse } from 'node-html-parser';
import type { Setting } from '../frame/page';
import { parkedPage, type ParkedList } from './parked';
import { groupsOf } from './parked-streams';
import { sequencePage, type RefusedSkip, type SequenceAnswer } from './sequence';

const OPERATOR: Caller = { subject: 'ana', name: 'Ana', roles: new Set(['operations']) };
const LEAD: Caller = { subject: 'luz', name: 'Luz', roles: new Set(['operations', 'operations-lead']) };
const AUDITOR: Caller = { subject: 'eva', name: 'Eva', roles: new Set(['auditor']) };

const stream = (id: string, change: Partial<ParkedStream> = {}): ParkedStream => ({
  id,
  kind: 'parked',
  service: 'health',
  topic: 'requests.health.v1',
  key: 'case-1',
  keySeq: 3,
  type: 'referral-requested',
  cause: 'Error: burnt',
  attempts: 1,
  behind: 2,
  since: '2026-11-23T15:00:00.000Z',
  nextTryAt: null,
  claim: null,
  ...change,
});
const setting = (caller: Caller): Setting => ({
  language: 'es',
  caller,
  address: '/console/parked',
  now: new Date('2026-11-23T16:00:00.000Z'),
});
const standing = (...streams: ParkedStream[]): ParkedList => ({
  groups: groupsOf(streams),
  jobs: [],
  isMore: false,
  silent: [],
});
const shown = (found: ParkedList, caller = OPERATOR) => parse(parkedPage(setting(caller), found).body.text);

describe('parked messages', () => {
  it('are grouped by their cause, the largest group first and the longest standing first in it', () => {
    const groups = groupsOf([
      stream('a', { cause: 'Error: alone' }),
      stream('b', { since: '2026-11-23T15:00:02.000Z' }),
      stream('c', { since: '2026-11-23T15:00:01.000Z', service: 'identity' }),
    ]);
    expect(groups.map(({ cause, streams }) => [cause, streams.map(({ id }) => id)])).toEqual([
      ['Error: burnt', ['c', 'b']],
      ['Error: alone', ['a']],
    ]);
  });

  it('that miss something before them are one group, whatever each of them misses', () => {
    const gap = (id: string, cause: string) => stream(id, { kind: 'gap', cause });
    const groups = groupsOf([
      gap('gap-1', 'events 3 to 4 have not arrived'),
      gap('gap-2', 'events 1 to 9 have not arrived'),
    ]);
    expect(groups).toHaveLength(1);
  });

  it('keep their group under the same name, so that a button pressed later means the same', () => {
    expect(groupsOf([stream('a')])[0]!.id).toBe(groupsOf([stream('b'), stream('c')])[0]!.id);
  });

  it('are handled again one by one, or a group at once', () => {
    const page = shown(standing(stream('a'), stream('b')));
    const sent = page
      .querySelectorAll('form')
      .map((form) => form.querySelectorAll('input').map((input) => input.getAttribute('name')));
    expect(sent).toEqual([['group', 'count', 'perSecond'], ['group'], ['service', 'id'], ['service', 'id']]);
    expect(shown(standing(stream('a'))).querySelectorAll('input[name=group]')).toEqual([]);
  });

  it('offer nothing to do to whoever may only look, and no button for what goes on by itself', () => {
    expect(shown(standing(stream('a'), stream('b')), AUDITOR).querySelectorAll('form')).toEqual([]);
    expect(shown(standing(stream('timer-1', { kind: 'timer' }))).querySelectorAll('form')).toEqual([]);
  });

  it('say who investigates them, and let whoever does let go', () => {
    const claim = { by: 'Ana', note: 'pregunté <b>', since: '2026-11-23T15:30:00.000Z' };
    const page = shown(standing(stream('a', { claim }), stream('b')));
    const said = page.querySelectorAll('tbody tr').map((row) => row.querySelectorAll('td')[5]!.text.trim());
    expect(said[0]).toMatch(/^Ana desde 23 nov\. 2026, 10:30.*\s+pregunté <b>$/);
    expect(said[1]).toBe('nadie');
    expect(page.querySelectorAll('form[action$="/release"]')).toHaveLength(1);
    const toLead = shown(standing(stream('a', { claim }), stream('b', { claim })), LEAD);
    expect(toLead.querySelectorAll('form[action$="/release"], form[action$="/claim"]')).toEqual([]);
  });

  it('are none: the page says what that means; a service that does not answer is no empty one', () => {
    expect(shown(standing()).text).toContain('Nada está detenido');
    const page = shown({ ...standing(), silent: ['health'] });
    expect(page.text).not.toContain('Nada está detenido');
    expect(page.text).toContain('tener mensajes detenidos: health');
  });
});

const events: SequenceAnswer = {
  topic: 'requests.health.v1',
  key: 'case-1',
  count: 3,
  first: 3,
  next: 'further',
  cause: 'Error: burnt',
  claim: null,
  events: [
    {
      keySeq: 3,
      type: 'referral-requested',
      eventId: 'x',
      at: '2026-11-23T15:00:00.000Z',
      since: '2026-11-23T15:00:01.000Z',
    },
    { keySeq: 4, type: null, eventId: null, at: 'never', since: '2026-11-23T15:00:02.000Z' },
  ],
};

describe('a parked sequence', () => {
  const opened = (caller: Caller, refused?: RefusedSkip) =>
    parse(sequencePage(setting(caller), { service: 'health', id: 'a' }, events, {}, refused).body.text);

  it('stands in its order, says which one holds the others up, and how many are not shown', () => {
    const rows = opened(OPERATOR).querySelectorAll('tbody tr');
    expect(rows.map((row) => row.querySelector('td')!.text)).toEqual(['3', '4']);
    expect(rows.map((row) => row.text.includes('detiene a los demás'))).toEqual([true, false]);
    expect(rows[1]!.text).toContain('ilegible');
    expect(opened(OPERATOR).text).toContain('Se muestran 2 de 3.');
  });

  it('comes a page at a time, and only the first of all holds the others up', () => {
    expect(opened(OPERATOR).querySelector('.pages a')!.getAttribute('href')).toContain('?cursor=further');
    const rest: SequenceAnswer = { ...events, first: 1, next: null };
    const page = parse(sequencePage(setting(OPERATOR), { service: 'health', id: 'a' }, rest).body.text);
    expect([page.querySelector('.pages'), page.text.includes('detiene a los demás')]).toEqual([null, false]);
  });

  it('is taken over from whoever investigates it, and its note kept by whoever does', () => {
    const claim = { by: 'Ana', note: 'mañana', since: '2026-11-23T15:30:00.000Z' };
    const at = (caller: Caller, id = 'a') =>
      parse(sequencePage(setting(caller), { service: 'health', id }, { ...events, claim }).body.text);
    expect(at(OPERATOR).querySelector('#note')!.text.trim()).toBe('mañana');
    expect(at(OPERATOR).querySelector('input[name=takeOver]')).toBeNull();
    expect(at(LEAD).querySelector('input[name=takeOver]')).not.toBeNull();
    expect(at(LEAD).text).toContain('Tomarla de Ana');
    expect(at(AUDITOR).querySelector('form')).toBeNull();
    expect(at(LEAD, 'gap-1').querySelector('#claim')).toBeNull();
  });

  it('is edited by a lead alone', () => {
    const links = [OPERATOR, LEAD, AUDITOR].map(
      (caller) => opened(caller).querySelectorAll('a[href$="/edit"]').length,
    );
    expect(links).toEqual([0, 1, 0]);
  });

  it('is skipped by a lead alone', () => {
    const skips = [OPERATOR, LEAD, AUDITOR].map(
      (caller) => opened(caller).querySelectorAll('form[action$="/skip"]').length,
    );
    expect(skips).toEqual([0, 1, 0]);
  });

  it('keeps the reason that was written when skipping is refused', () => {
    const page = opened(LEAD, { detail: '', written: 'ya se hizo' });
    expect(page.querySelector('#why')!.text.trim()).toBe('ya se hizo');
    expect(page.querySelector('[role=alert]')!.text).toContain('Escriba el motivo');
  });
});
