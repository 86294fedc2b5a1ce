/** What a returnee reads while the services behind the page do not answer. */
import { createHash } from 'node:crypto';
import { parse } from 'node-html-parser';
import { Client } from 'pg';
import { System } from '../support/system';
import { alertOf } from '../support/telephone';

const TOKEN = 'A'.repeat(27);
const logged: string[] = [];
let system: System;
beforeAll(async () => {
  // Nobody listens on the discard port.
  system = await System.start({
    env: { COORDINATOR_URL: 'http://127.0.0.1:9' },
    log: (line) => void logged.push(line),
  });
  const client = new Client({ connectionString: system.database.url });
  await client.connect();
  await client.query(
    `insert into portal.link (id, token_hash, case_id, language, created_at, expires_at)
     values (gen_random_uuid(), $1, gen_random_uuid(), 'qu', $2, $3)`,
    [
      createHash('sha256').update(TOKEN).digest(),
      system.clock.now(),
      new Date(system.clock.now().getTime() + 86_400_000),
    ],
  );
  await client.end();
});
afterAll(() => system.stop());

it('is a page that says to try again later, in the language asked for; the log says nothing of the link', async () => {
  for (const [query, words] of [
    ['', 'Inténtelo otra vez más tarde.'],
    ['?lang=en', 'Try again later.'],
  ] as const) {
    const { status, body, headers } = await system.call('GET', `/portal/my/${TOKEN}${query}`);
    expect([status, headers.get('content-type')]).toEqual([503, 'text/html; charset=utf-8']);
    expect(alertOf(parse(body))).toContain(words);
    expect(headers.get('referrer-policy')).toBe('no-referrer');
  }
  expect(logged.join('\n')).toContain('a page could not be made');
  expect(logged.join('\n')).not.toContain(TOKEN);
});

it('no link is made for a case that nobody can be asked about', async () => {
  const caseId = '0199aaaa-bbbb-7ccc-8ddd-eeeeeeeeeeee';
  const { status, body } = await system.call('POST', '/portal/links', { caseId });
  expect([status, body.type]).toEqual([503, 'urn:retorno:problem:unavailable']);
});
