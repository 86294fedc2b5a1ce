import type { lookup } from 'node:dns';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { ManualClock } from '@retorno/messaging';
import { createLogger, openDatabase, readSettings } from '@retorno/service';
import type { DataSource } from 'typeorm';
import { eventually } from '../../../tests/support/eventually';
import { Mailbox, type MailboxOptions } from '../../../tests/support/mailbox';
import { startPostgres, type TestDatabase } from '../../../tests/support/postgres';
import { coordinatorService } from '../service';
import { CoordinatorSettings } from '../settings';
import { codeOf } from './channels';
import type { Digest } from './digest';
import { Notifications } from './notifications';
import { CLAIM_MS, claim } from './outgoing';
import { secretOf } from './settings';
import { signatureOf, webhook } from './webhook';

const MINUTE = 60_000;
const DIGEST: Digest = { id: 'd', at: '2026-11-20T15:00:00Z', reasons: [], first: [] };
const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;

let database: TestDatabase;
/** One for each process. */
let sources: DataSource[];
let clock: ManualClock;
const opened: { close(): Promise<void> }[] = [];
const processes: Notifications[] = [];

beforeAll(async () => {
  database = await startPostgres();
  const options = { url: database.url, schema: 'coordinator', migrations: coordinatorService.migrations };
  sources = [await openDatabase(options), await openDatabase(options)];
});
beforeEach(async () => {
  // A Friday, ten o'clock in Lima.
  clock = new ManualClock(new Date('2026-11-20T15:00:00Z'));
  await sources[0]!.query('truncate escalation, escalation_owner, notified, notification_channel');
});
afterEach(async () => {
  for (const one of processes.splice(0)) await one.onModuleDestroy();
  for (const one of opened.splice(0)) await one.close();
});
afterAll(async () => {
  for (const source of sources) await source.destroy();
  await database.stop();
});

async function mailbox(options?: MailboxOptions): Promise<Mailbox> {
  const box = await Mailbox.open(options);
  opened.push(box);
  return box;
}

/** A coordinator that tells by these ways; `nth` of two that share a database. */
function coordinator(env: NodeJS.ProcessEnv, nth = 0): Notifications {
  const one = new Notifications(sources[nth]!, clock, settingsOf(env), createLogger('test', 'silent'));
  processes.push(one);
  return one;
}

function settingsOf(env: NodeJS.ProcessEnv): CoordinatorSettings {
  return readSettings(CoordinatorSettings, {
    PAIRWISE_KEY: 'ab'.repeat(32),
    PUBLIC_URL: 'https://retorno.example.org',
    NOTIFY_FROM: 'retorno@example.org',
    NOTIFY_TO: 'guardia@example.org',
    WEBHOOK_SECRET: SECRET,
    WEBHOOK_PRIVATE: 'on',
    ...env,
  });
}

/** An escalation whose time was over so many minutes ago. */
async function escalate(id: string, minutesAgo = 60, status = 'open'): Promise<void> {
  const due = new Date(clock.now().getTime() - minutesAgo * MINUTE);
  await sources[0]!.query(
    `insert into escalation (id, case_id, case_number, reason, detail, status, raised_at, due_at)
     values ($1, $1, $2, 'rejected', '{"agency":"detail-marker"}', $3, $4, $4)`,
    [id, `RT-2026-${id}`, status, due],
  );
}

function take(id: string): Promise<unknown> {
  return sources[0]!.query(
    `insert into escalation_owner (escalation_id, owner, note, claimed_at) values ($1, 'owner-marker', 'note-marker', now())`,
    [id],
  );
}

const numbersIn = (text: string): string[] => [...new Set(text.match(/RT-2026-\w+/g))];

describe('an e-mail outside the screen', () => {
  it('names what is due and nobody’s, and nothing else', async () => {
    const box = await mailbox();
    await escalate('due');
    await escalate('taken');
    await take('taken');
    await escalate('over', 60, 'resolved');
    await escalate('young', 14);
    await escalate('later', -60);
    await coordinator({ SMTP_URL: box.url }).step();
    expect(box.mails.map(({ text }) => numbersIn(text))).toEqual([['RT-2026-due']]);
    const [{ subject, text, raw, to }] = box.mails as [Mailbox['mails'][0]];
    expect(to).toEqual(['guardia@example.org']);
    expect(subject).toBe('Retorno: 1 alerta vencida sin responsable / 1 escalation due and nobody’s');
    expect(text).toContain('Derivación rechazada y sin otra institución; venció el 20 nov');
    expect(text).toContain('Referral rejected, and no other agency; due since 20 Nov 2026, 09:00 (Lima)');
    expect(text).toContain('https://retorno.example.org/console/escalations/due');
    expect(raw).not.toMatch(/marker/);
  });

  it('is one for all that became due since the last, and none while nothing did', async () => {
    const box = await mailbox();
    const teller = coordinator({ SMTP_URL: box.url });
    for (let i = 0; i < 60; i++) await escalate(`a${i}`, 120 - i);
    await teller.step();
    await teller.step();
    for (let i = 0; i < 3; i++) await escalate(`b${i}`);
    await teller.step();
    expect(box.mails).toHaveLength(1);
    expect(numbersIn(box.mails[0]!.text)).toHaveLength(50);
    expect(box.mails[0]!.text).toContain('… y 10 más.');
    expect(box.mails[0]!.subject).toContain('60 alertas');
    clock.advance(15 * MINUTE);
    await teller.step();
    clock.advance(15 * MINUTE);
    await teller.step();
    expect(box.mails.slice(1).map(({ text }) => numbersIn(text))).toEqual([
      ['RT-2026-b0', 'RT-2026-b1', 'RT-2026-b2'],
    ]);
  });

  it('comes again on the next working day while nobody takes it', async () => {
    const box = await mailbox();
    const teller = coordinator({ SMTP_URL: box.url });
    await escalate('kept');
    await escalate('left');
    await teller.step();
    await take('kept');
    clock.moveTo('2026-11-23T14:59:00Z');
    await teller.step();
    expect(box.mails).toHaveLength(1);
    clock.moveTo('2026-11-23T15:01:00Z');
    await teller.step();
    expect(numbersIn(box.mails[1]!.text)).toEqual(['RT-2026-left']);
    expect(box.mails[1]!.messageId).not.toBe(box.mails[0]!.messageId);
  });

  it('names what somebody handed over at the end of their shift, which is nobody’s again', async () => {
    const box = await mailbox();
    await escalate('handed');
    await take('handed');
    await sources[0]!.query(`update escalation_owner set owner = null where escalation_id = 'handed'`);
    await coordinator({ SMTP_URL: box.url }).step();
    expect(box.mails.map(({ text }) => numbersIn(text))).toEqual([['RT-2026-handed']]);
  });

  it('is sent once by two processes that look at the same time, again and again', async () => {
    const box = await mailbox();
    const tellers = [coordinator({ SMTP_URL: box.url }), coordinator({ SMTP_URL: box.url }, 1)];
    for (let round = 1; round <= 10; round++) {
      await escalate(`r${round}`);
      await Promise.all(tellers.flatMap((teller) => [teller.step(), teller.step()]));
      await Promise.all(tellers.map((teller) => teller.step()));
      expect(box.mails).toHaveLength(round);
      clock.advance(15 * MINUTE);
    }
    expect(box.mails.flatMap(({ text }) => numbersIn(text))).toEqual(
      Array.from({ length: 10 }, (_, i) => `RT-2026-r${i + 1}`),
    );
  });

  it('that a process took with it when it ended is sent by another, once its claim is over', async () => {
    const box = await mailbox();
    await escalate('due');
    const channel = 'webhook';
    const now = clock.now();
    const times = { now, before: now, again: new Date(now.getTime() + 1_000 * MINUTE) };
    const taken = await claim(sources[1]!, channel, times);
    const hook = await hookAt([200]);
    const other = coordinator({ WEBHOOK_URL: hook.url, SMTP_URL: box.url });
    await other.step();
    expect(hook.posts).toHaveLength(0);
    clock.advance(CLAIM_MS + 1);
    await other.step();
    expect(hook.posts.map(({ headers }) => headers['webhook-id'])).toEqual([taken!.id]);
  });

  it('that arrived without our hearing of it comes again under the same id', async () => {
    let hangUp = (): void => undefined;
    const hold = new Promise<void>((resolve) => (hangUp = resolve));
    const deaf = await mailbox({ beforeTaking: () => hold });
    await escalate('due');
    const first = coordinator({ SMTP_URL: deaf.url });
    const step = first.step();
    await eventually(() => deaf.mails.length === 1);
    await first.onModuleDestroy();
    await step;
    hangUp();
    const second = coordinator({ SMTP_URL: deaf.url }, 1);
    clock.advance(MINUTE);
    await second.step();
    expect(deaf.mails).toHaveLength(2);
    expect(deaf.mails[1]!.messageId).toBe(deaf.mails[0]!.messageId);
    expect(numbersIn(deaf.mails[1]!.text)).toEqual(['RT-2026-due']);
  });

  it('is tried again after a server that refused, at growing distances, and nothing is lost', async () => {
    const box = await mailbox();
    const { url, port } = box;
    await box.close();
    opened.pop();
    const teller = coordinator({ SMTP_URL: url });
    await escalate('due');
    await teller.step();
    expect((await teller.view()).ways).toEqual([
      {
        way: 'e-mail',
        receivers: 1,
        lastSentAt: null,
        failingSince: '2026-11-20T15:00:00.000Z',
        failure: 'ESOCKET',
      },
    ]);
    const again = await mailbox({ port });
    clock.advance(29_000);
    await teller.step();
    expect(again.mails).toHaveLength(0);
    clock.advance(1_000);
    await teller.step();
    expect(again.mails).toHaveLength(1);
    expect((await teller.view()).ways[0]).toMatchObject({
      lastSentAt: '2026-11-20T15:00:30.000Z',
      failingSince: null,
    });
  });

  it('is not sent any more when everything in it was taken meanwhile', async () => {
    const hook = await hookAt([500, 200]);
    const teller = coordinator({ WEBHOOK_URL: hook.url });
    await escalate('one');
    await escalate('two');
    await teller.step();
    await take('one');
    await take('two');
    clock.advance(10 * MINUTE);
    await teller.step();
    expect(hook.posts).toHaveLength(1);
  });

  it('reaches the others when one recipient is refused', async () => {
    const box = await mailbox({ unknown: ['gone@example.org'] });
    const teller = coordinator({
      SMTP_URL: box.url,
      NOTIFY_TO: 'gone@example.org, guardia@example.org',
    });
    await escalate('due');
    await teller.step();
    clock.advance(MINUTE);
    await teller.step();
    expect(box.mails.map(({ to }) => to)).toEqual([['guardia@example.org']]);
    expect((await teller.view()).ways[0]).toMatchObject({ receivers: 2, failure: 'smtp-550' });
  });
});

interface Post {
  headers: IncomingHttpHeaders;
  body: string;
}

/** A receiver that answers with these statuses, one after the other; `hang` never answers. */
async function hookAt(answers: readonly (number | 'hang')[]): Promise<{ url: string; posts: Post[] }> {
  const posts: Post[] = [];
  const server: Server = createServer((request, response) => {
    void text(request).then((body) => {
      const answer = answers[posts.length] ?? 200;
      posts.push({ headers: request.headers, body });
      if (answer === 'hang') return;
      response.writeHead(answer, { location: '/elsewhere' }).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  opened.push({
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`, posts };
}

describe('a post outside the screen', () => {
  it('is signed over its id, its time and its words', async () => {
    const hook = await hookAt([204]);
    await escalate('due');
    await coordinator({ WEBHOOK_URL: hook.url }).step();
    const [{ headers, body }] = hook.posts as [Post];
    const { 'webhook-id': id, 'webhook-timestamp': at, 'webhook-signature': signature } = headers;
    expect(at).toBe(String(clock.now().getTime() / 1_000));
    expect(signature).toBe(signatureOf(secretOf(SECRET)!, String(id), String(at), body));
    expect(signature).not.toBe(signatureOf(secretOf(SECRET)!, String(id), String(at), `${body} `));
    expect(JSON.parse(body)).toMatchObject({
      id,
      type: 'escalations.due',
      total: 1,
      reasons: { rejected: 1 },
      escalations: [
        {
          number: 'RT-2026-due',
          reason: 'rejected',
          dueAt: '2026-11-20T14:00:00.000Z',
          url: 'https://retorno.example.org/console/escalations/due',
        },
      ],
    });
    expect(body).not.toMatch(/marker/);
  });

  it.each([
    [500, 'http-500'],
    // It could lead anywhere.
    [302, 'http-302'],
  ])('answered with %s is posted again under the same id', async (status, failure) => {
    const hook = await hookAt([status, 200]);
    const teller = coordinator({ WEBHOOK_URL: hook.url });
    await escalate('due');
    await teller.step();
    expect((await teller.view()).ways[0]!.failure).toBe(failure);
    clock.advance(MINUTE);
    await teller.step();
    expect(hook.posts).toHaveLength(2);
    expect(hook.posts[1]!.headers['webhook-id']).toBe(hook.posts[0]!.headers['webhook-id']);
    expect(hook.posts[1]!.headers['webhook-timestamp']).not.toBe(hook.posts[0]!.headers['webhook-timestamp']);
  });

  it('that nobody answers does not hold up the end of the process, and is posted again', async () => {
    const hook = await hookAt(['hang', 200]);
    await escalate('due');
    const first = coordinator({ WEBHOOK_URL: hook.url });
    const step = first.step();
    await eventually(() => hook.posts.length === 1);
    await first.onModuleDestroy();
    await step;
    clock.advance(MINUTE);
    await coordinator({ WEBHOOK_URL: hook.url }, 1).step();
    expect(hook.posts).toHaveLength(2);
  });

  it('that is answered too slowly has failed in time', async () => {
    const hook = await hookAt(['hang']);
    const send = webhook(settingsOf({ WEBHOOK_URL: hook.url }));
    const failure = await send(DIGEST, clock.now(), AbortSignal.timeout(50)).catch(codeOf);
    expect(failure).toBe('timeout');
  });

  it('never goes to this machine, even when its name was another one’s when the setting was checked', async () => {
    const hook = await hookAt([200]);
    const { port } = new URL(hook.url);
    for (const host of ['127.0.0.1', 'localhost']) {
      const settings = {
        ...settingsOf({}),
        WEBHOOK_URL: `http://${host}:${port}/hook`,
        WEBHOOK_PRIVATE: 'off',
      };
      const failure = await webhook(settings)(DIGEST, clock.now(), AbortSignal.timeout(5_000)).catch(codeOf);
      expect([host, failure]).toEqual([host, 'private-address']);
    }
    expect(hook.posts).toHaveLength(0);
  });

  it('is not sent to a name that leads to this machine only when it is used', async () => {
    const hook = await hookAt([200]);
    const { port } = new URL(hook.url);
    const asked: string[] = [];
    const resolve = ((name: string, _options: object, done: (...args: unknown[]) => void) => {
      asked.push(name);
      done(null, [
        { address: '200.48.225.130', family: 4 },
        { address: '127.0.0.1', family: 4 },
      ]);
    }) as unknown as typeof lookup;
    const settings = {
      ...settingsOf({}),
      WEBHOOK_URL: `http://hooks.example.org:${port}/`,
      WEBHOOK_PRIVATE: 'off',
    };
    const send = webhook(settings, resolve);
    expect(await send(DIGEST, clock.now(), AbortSignal.timeout(5_000)).catch(codeOf)).toBe('private-address');
    expect([asked, hook.posts]).toEqual([['hooks.example.org'], []]);
  });
});

describe('without a mail server and a webhook', () => {
  it('nobody is told, and the view says so', async () => {
    await escalate('due');
    const teller = coordinator({});
    await teller.step();
    expect((await teller.view()).ways).toEqual([]);
  });
});
