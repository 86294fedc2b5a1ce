import { parse } from 'node-html-parser';
import { html, type Caller } from '@retorno/service';
import { notToldOutside, toldOutside, type NotificationView } from './told-outside';

const caller: Caller = { subject: 's', name: 'desk 2', roles: new Set(['operations']) };
const setting = { language: 'en', caller, address: '/', now: new Date('2026-11-23T15:00:00Z') } as const;
const WORKS = { receivers: 1, lastSentAt: null, failingSince: null, failure: null };

const view = (ways: NotificationView['ways']): NotificationView => ({ ways, afterMinutes: 15, again: '2 d' });
const textOf = (shown: unknown): string =>
  parse(html`${shown as string}`.text)
    .text.replace(/\s+/g, ' ')
    .trim();

describe('the word on notifications', () => {
  it('says that nobody is told when nothing is set up, in both languages', () => {
    expect(textOf(toldOutside(setting, view([])))).toContain('Nobody is told outside the screen');
    expect(textOf(notToldOutside({ ...setting, language: 'es' }, view([])))).toContain('no se avisa a nadie');
  });

  it('says by which ways, from when and how often', () => {
    const ways = [
      { way: 'e-mail', ...WORKS, receivers: 2 },
      { way: 'webhook', ...WORKS },
    ] as const;
    const text = textOf(toldOutside(setting, view(ways)));
    expect(text).toContain('by e-mail to 2 addresses and by webhook, from 15 min');
    expect(text).toContain('every 2 working days');
    expect(notToldOutside(setting, view(ways))).toBe(false);
  });

  it('says since when a way does not lead anywhere', () => {
    const failing = { ...WORKS, failingSince: '2026-11-23T14:00:00Z', failure: 'http-500' };
    const text = textOf(notToldOutside(setting, view([{ way: 'webhook', ...failing }])));
    expect(text).toContain('not been reached since 23 Nov 2026, 09:00 (http-500)');
    expect(text).not.toContain('E-mail');
  });
});
