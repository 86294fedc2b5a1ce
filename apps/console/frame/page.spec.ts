import { html, type Caller } from '@retorno/service';
import { parse } from 'node-html-parser';
import { pageOf, type Setting } from './page';

const caller: Caller = {
  subject: 'x',
  name: '<b>Ana</b>',
  roles: new Set(['agency-worker']),
  agency: 'health',
};
const setting: Setting = {
  language: 'es',
  caller,
  address: '/console/worklist?status=open',
  now: new Date('2026-11-23T15:00:00Z'),
};
const shown = (changes: Partial<Setting> = {}, live = true) =>
  parse(
    pageOf({ ...setting, ...changes }, { title: 'Título', screen: 'worklist', body: html`<p></p>`, live }),
  );

describe('the frame of a page', () => {
  it('shows only the screens of whoever looks, and their name as text', () => {
    const page = shown();
    const links = page.querySelectorAll('nav a').map((link) => link.getAttribute('href'));
    expect(links).toContain('/console/worklist');
    expect(links).not.toContain('/console/cases');
    expect(page.querySelector('header b')).toBeNull();
  });

  it('follows what happens unless that is paused, and lets everybody pause it', () => {
    expect(shown().querySelector('[hx-get]')?.getAttribute('hx-get')).toBe('/console/worklist?status=open');
    expect(shown().querySelector('form.live button')?.getAttribute('value')).toBe('yes');
    const paused = shown({ isPaused: true });
    expect(paused.querySelector('[hx-get]')).toBeNull();
    expect(paused.querySelector('form.live button')?.getAttribute('value')).toBe('no');
  });

  it('says nothing of live changes on a page that has none', () => {
    expect(shown({}, false).querySelector('.live, [hx-get]')).toBeNull();
  });
});
