import { parse } from 'node-html-parser';
import { Notifications } from './notifications';
import { Browser } from '../../../tests/support/browser';
import { Mailbox } from '../../../tests/support/mailbox';
import { returneeBody } from '../../../tests/support/returnee';
import { System } from '../../../tests/support/system';

let system: System;
let box: Mailbox;
beforeAll(async () => {
  box = await Mailbox.open();
  system = await System.start({
    env: { SMTP_URL: box.url, NOTIFY_FROM: 'retorno@example.org', NOTIFY_TO: 'guardia@example.org' },
  });
});
afterAll(async () => {
  await system.stop();
  await box.close();
});

const her = returneeBody({
  family_names: 'Xzumaeta Qollqewaman',
  given_names: 'Wayrachka',
  document_type: 'dni',
  document_number: '76543217',
  needs: ['health-care'],
});

/** As the coordinator does by itself every few seconds. */
const look = (): Promise<void> =>
  system.topology.services
    .find(({ name }) => name === 'coordinator')!
    .app.get(Notifications)
    .step();

const notificationsOf = async (): Promise<string> => {
  const { checks } = await system.get('/readyz');
  return checks.find(({ service }: { service: string }) => service === 'coordinator').notifications;
};

describe('an escalation that nobody takes', () => {
  it('is told by e-mail once it is due, without a word of whom it is about', async () => {
    const found = await system.arrive(her);
    await system.answers(found, 'medical-care', {
      status: 'rejected',
      code: 'safety',
      note: 'Wayrachkanote',
    });
    await look();
    expect(box.mails).toEqual([]);
    await system.advance('1 d');
    await system.advance(16 * 60_000);
    await look();
    const [mail] = box.mails as [Mailbox['mails'][0]];
    expect(mail.text).toContain(found.number);
    expect(mail.raw).not.toMatch(/Xzumaeta|Qollqewaman|Wayrachka|76543217/);
    const [, link] = /(\/console\/escalations\/\S+)/.exec(mail.text)!;
    const desk = new Browser(system.topology.url);
    const page = await desk.logIn(link!, 'operations', system.topology.logins.password!);
    expect([page.status, parse(page.text).querySelector('main')!.text]).toEqual([
      200,
      expect.stringContaining(found.number),
    ]);
  });

  it('is told by e-mail as the screens and /readyz say', async () => {
    const desk = new Browser(system.topology.url);
    const home = await desk.logIn('/console', 'operations', system.topology.logins.password!);
    expect(parse(home.text).querySelectorAll('.notice')).toEqual([]);
    const queue = await desk.open('/console/escalations');
    expect(parse(queue.text).text).toMatch(/también fuera de la pantalla: por correo, desde 15 min/);
    expect(await notificationsOf()).toBe('e-mail to 1');
  });

  it('and of which nobody can be told shows on the screens and in /readyz, which stays ready', async () => {
    await box.close();
    await system.advance('1 d');
    await look();
    const desk = new Browser(system.topology.url);
    const home = await desk.logIn('/console', 'operations', system.topology.logins.password!);
    expect(parse(home.text).querySelector('.notice')!.text).toMatch(/correo no llegan desde el 25 nov/);
    expect(await notificationsOf()).toBe('e-mail to 1, 1 not reached');
    box = await Mailbox.open({ port: box.port });
    await system.advance(10 * 60_000);
    await look();
    expect(box.mails).toHaveLength(1);
    expect(await notificationsOf()).toBe('e-mail to 1');
  });
});

describe('an installation without a mail server', () => {
  it('says on the screens and in /readyz that nobody is told', async () => {
    const silent = await System.start();
    try {
      const desk = new Browser(silent.topology.url);
      const home = await desk.logIn('/console', 'operations', silent.topology.logins.password!);
      expect(parse(home.text).querySelector('.notice')!.text).toContain('no se avisa a nadie');
      expect((await desk.open('/console/escalations')).text).toContain('no se avisa a nadie');
      const { checks } = await silent.get('/readyz');
      expect(checks.find(({ service }: { service: string }) => service === 'coordinator')).toMatchObject({
        ok: true,
        notifications: 'off: neither SMTP_URL nor WEBHOOK_URL is set',
      });
    } finally {
      await silent.stop();
    }
  }, 60_000);
});
