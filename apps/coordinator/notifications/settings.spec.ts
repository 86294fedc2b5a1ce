import { readSettings } from '@retorno/service';
import { NotificationSettings, recipientsOf } from './settings';

const read = (env: NodeJS.ProcessEnv) => () => readSettings(NotificationSettings, env);
const MAIL = {
  SMTP_URL: 'smtps://retorno:secret@mail.example.org',
  NOTIFY_FROM: 'retorno@example.org',
  NOTIFY_TO: 'guardia@example.org, jefa@example.org',
  PUBLIC_URL: 'https://retorno.example.org',
};
const HOOK = {
  WEBHOOK_URL: 'https://hooks.example.org/retorno',
  WEBHOOK_SECRET: `whsec_${Buffer.alloc(32, 1).toString('base64')}`,
  PUBLIC_URL: 'https://retorno.example.org',
};

describe('the settings of notifications', () => {
  it('may all be left out: then nobody is told', () => {
    expect(read({})()).toMatchObject({
      SMTP_URL: '',
      WEBHOOK_URL: '',
      NOTIFY_AFTER: 15,
      NOTIFY_AGAIN: '1 d',
    });
  });

  it('are taken when they are whole, each recipient once', () => {
    expect(recipientsOf(read({ ...MAIL, ...HOOK })().NOTIFY_TO)).toEqual([
      'guardia@example.org',
      'jefa@example.org',
    ]);
    expect(recipientsOf('a@b,,a@b ')).toEqual(['a@b']);
  });

  it.each([
    ['SMTP_URL', { ...MAIL, SMTP_URL: 'https://mail.example.org' }],
    ['NOTIFY_FROM', { ...MAIL, NOTIFY_FROM: '' }],
    ['NOTIFY_FROM', { ...MAIL, NOTIFY_FROM: 'a@b\r\nBcc: c@d' }],
    ['NOTIFY_TO', { ...MAIL, NOTIFY_TO: '' }],
    ['NOTIFY_TO', { ...MAIL, NOTIFY_TO: 'guardia' }],
    ['NOTIFY_TO', { ...MAIL, NOTIFY_TO: Array.from({ length: 21 }, (_, i) => `a${i}@b.org`).join(',') }],
    ['PUBLIC_URL', { ...MAIL, PUBLIC_URL: '' }],
    ['PUBLIC_URL', { ...HOOK, PUBLIC_URL: '' }],
    ['WEBHOOK_SECRET', { ...HOOK, WEBHOOK_SECRET: '' }],
    ['WEBHOOK_SECRET', { ...HOOK, WEBHOOK_SECRET: 'whsec_dG9vIHNob3J0' }],
    ['WEBHOOK_URL', { ...HOOK, WEBHOOK_URL: 'http://hooks.example.org' }],
    ['WEBHOOK_URL', { ...HOOK, WEBHOOK_URL: 'https://localhost/hook' }],
    ['WEBHOOK_URL', { ...HOOK, WEBHOOK_URL: 'https://169.254.169.254/latest' }],
    ['WEBHOOK_URL', { ...HOOK, WEBHOOK_URL: 'https://[::1]/hook' }],
    ['WEBHOOK_URL', { ...HOOK, WEBHOOK_URL: 'file:///etc/passwd', WEBHOOK_PRIVATE: 'on' }],
    ['NOTIFY_AFTER', { ...MAIL, NOTIFY_AFTER: '0' }],
    ['NOTIFY_AGAIN', { ...MAIL, NOTIFY_AGAIN: 'soon' }],
  ])('stop the start naming %s', (name, env) => {
    expect(read(env)).toThrow(new RegExp(`- ${name} must be`));
  });

  it('let a webhook of this machine be only when that is said', () => {
    const here = { ...HOOK, WEBHOOK_URL: 'http://127.0.0.1:9000/hook' };
    expect(read(here)).toThrow(/WEBHOOK_URL/);
    expect(read({ ...here, WEBHOOK_PRIVATE: 'on' })().WEBHOOK_URL).toBe(here.WEBHOOK_URL);
  });
});
