import { request } from 'node:http';
import { manifestCsv, type ManifestRow } from '../support/manifest';
import { asCells, returneeBody } from '../support/returnee';
import { referralOf } from '../support/case-view';
import { System, type Answered } from '../support/system';

const MAX_BYTES = 200_000;

let system: System;
beforeAll(async () => {
  system = await System.start({ env: { MANIFEST_MAX_BYTES: String(MAX_BYTES) } });
});
afterAll(() => system.stop());

/** A refusal that says what is wrong, as RFC 9457 wants it. */
function expectProblem(answered: Answered, status: number): void {
  expect(answered.headers.get('content-type')).toContain('application/problem+json');
  expect(answered.body).toMatchObject({
    type: expect.stringMatching(/^urn:retorno:problem:[a-z-]+$/),
    title: expect.any(String),
    status,
    detail: expect.stringMatching(/\S/),
  });
  expect(answered.status).toBe(status);
}

const csv = { 'content-type': 'text/csv' };
const send = (body: string | Buffer, headers = csv) =>
  system.call('POST', '/intake/manifests', body, headers);
const register = (changes: object) =>
  system.call('POST', '/intake/returnees', { ...returneeBody(), ...changes });
const good = () => manifestCsv([asCells(returneeBody()) as ManifestRow]);

/** Streams so many bytes without saying how many; what the server answers, however many it took. */
async function stream(bytes: number): Promise<{ status: number; sent: number }> {
  const authorization = await system.bearer({ name: 'intake', roles: ['intake'] });
  const { port } = new URL(system.topology.url);
  return new Promise((resolve, reject) => {
    let sent = 0;
    let answered: number | undefined;
    const done = () => answered !== undefined && resolve({ status: answered, sent });
    const upload = request(
      {
        port,
        host: '127.0.0.1',
        method: 'POST',
        path: '/intake/manifests',
        headers: { ...csv, authorization },
      },
      (response) => {
        answered = response.statusCode!;
        response.resume().on('end', done);
        upload.destroy();
      },
    );
    const piece = Buffer.alloc(65_536, 'a');
    const more = (): void => {
      while (sent < bytes && answered === undefined) {
        sent += piece.length;
        if (!upload.write(piece)) return void upload.once('drain', more);
      }
      upload.end();
    };
    upload.on('error', (error) => (answered === undefined ? reject(error) : done()));
    more();
  });
}

describe('a manifest is refused', () => {
  it('when it is empty', async () => expectProblem(await send(''), 422));

  it('when it is not CSV in UTF-8 by its own word', async () => {
    expectProblem(await send(good(), { 'content-type': 'text/plain' }), 415);
    expectProblem(await send(good(), { 'content-type': 'text/csv; charset=latin1' }), 415);
  });

  it('when it is longer than the stated limit, announced or not, long before its end', async () => {
    const announced = await send('a'.repeat(MAX_BYTES + 1));
    expectProblem(announced, 413);
    expect(announced.body.detail).toContain(String(MAX_BYTES));
    const { status, sent } = await stream(1_000_000_000);
    expect(status).toBe(413);
    expect(sent).toBeLessThan(20_000_000);
  });

  it.each([
    ['is not UTF-8', Buffer.concat([Buffer.from(good()), Buffer.from([0xc3, 0x28])]), 'not-utf-8'],
    ['has no header', good().split('\r\n').slice(1).join('\r\n'), 'missing-header'],
    ['lacks a column', good().replace('date_of_birth', 'birthday'), 'missing-column'],
    ['is separated by semicolons', good().replaceAll(',', ';'), 'wrong-delimiter'],
  ])('as failed, with the reason, when it %s', async (_what, body, code) => {
    const before = (await system.get('/cases?limit=200')).items.length;
    const report = await system.manifest(body);
    expect(report).toMatchObject({ status: 'failed', created: 0 });
    expect(report.errors.map((e: { code: string }) => e.code)).toContain(code);
    expect((await system.get('/cases?limit=200')).items).toHaveLength(before);
  });
});

describe('a returnee is refused with every wrong field', () => {
  it.each([
    ['unknown codes', { needs: ['yacht'], vulnerabilities: ['tall'] }, ['/vulnerabilities', '/needs']],
    [
      'an unknown country or district',
      { nationality: 'ZZ', destination_ubigeo: '000000' },
      ['/nationality', '/destination_ubigeo'],
    ],
    ['dates that cannot be', { date_of_birth: '2026-11-21' }, ['/date_of_birth']],
    [
      '31 February',
      { date_of_birth: '2001-02-31', arrival_date: '2026-02-31' },
      ['/arrival_date', '/date_of_birth'],
    ],
    ['a DNI with letters', { document_number: '1234S678' }, ['/document_number']],
    ['a formula', { given_names: '=1+1', external_id: '@SUM(1)' }, ['/external_id', '/given_names']],
    ['HTML', { given_names: '<b>Rosa</b>', email: '<img>@example.org' }, ['/given_names', '/email']],
    ['SQL', { family_names: "x'; drop table returnee; --" }, ['/family_names']],
    [
      'fields of a wrong type',
      { needs: 'shelter', years_abroad: [], sex: 1 },
      ['/needs', '/years_abroad', '/sex'],
    ],
    ['unknown fields', { shoe_size: 40 }, ['/shoe_size']],
    ['withdrawn consent', { consent: 'withdrawn' }, ['/consent']],
  ])('%s', async (_what, changes, pointers) => {
    const answered = await register(changes);
    expectProblem(answered, 422);
    const found = answered.body.errors.map((e: { pointer: string }) => e.pointer);
    expect(found.toSorted()).toEqual(pointers.toSorted());
  });

  it('and a body that is no JSON, no object, too deep or too large', async () => {
    const json = { 'content-type': 'application/json' };
    const post = (body: string) => system.call('POST', '/intake/returnees', body, json);
    expectProblem(await post('{"needs": ['), 400);
    expectProblem(await post('[]'), 422);
    expectProblem(await post('['.repeat(500_000)), 400);
    expectProblem(await post(`{"a":${'{"a":'.repeat(200)}1${'}'.repeat(200)}}`), 400);
    expectProblem(await post(`{"a":"${'x'.repeat(2_000_000)}"}`), 413);
  });

  it('but names that look strange and are names are taken', async () => {
    const { status } = await register({ family_names: "D'Ávila-Ñique", given_names: 'María J. Σ' });
    expect(status).toBe(201);
    await system.settle();
  });
});

describe('an answer is refused', () => {
  it('for a referral of another agency, or of none', async () => {
    const care = referralOf(await system.arrive({ needs: ['health-care'] }), 'medical-care');
    const body = { status: 'accepted' };
    expectProblem(await system.answer({ agency: 'identity', id: care.id }, body), 404);
    expectProblem(await system.answer({ agency: 'health', id: 'no-such-referral' }, body), 404);
    expectProblem(await system.answer({ agency: 'nobody', id: care.id }, body), 404);
    expectProblem(await system.call('GET', `/agencies/identity/referrals/${care.id}`), 404);
  });

  it('with an unknown status, an unknown field, or a rejection without a code', async () => {
    const care = referralOf(await system.arrive({ needs: ['health-care'] }), 'medical-care');
    for (const body of [
      { status: 'finished' },
      { status: 'accepted', mood: 'good' },
      { status: 'rejected' },
      { status: 'rejected', code: 'too-busy' },
      { status: 'rejected', code: 'missing-documents' },
      { status: 'accepted', businessStatus: 'confirmed' },
      { status: 'accepted', at: '2020-01-01T00:00:00Z' },
      {},
    ]) {
      expectProblem(await system.answer(care, body), 422);
    }
    expect((await system.seenBy('health', care)).status).toBe('received');
  });

  it('when it skips a step, with what is possible', async () => {
    const found = await system.arrive({ needs: ['health-care'] });
    const care = referralOf(found, 'medical-care');
    const skipped = await system.answer(care, { status: 'completed' });
    expectProblem(skipped, 409);
    expect(skipped.body.possible).toEqual(['accepted', 'rejected']);
    await system.complete(found, 'medical-care');
    const late = await system.answer(care, { status: 'in-progress' });
    expectProblem(late, 409);
    expect(late.body.possible).toEqual([]);
  });

  it('when another one came under the same Idempotency-Key, also for another referral', async () => {
    const found = await system.arrive({ needs: ['health-care', 'emotional-support'] });
    const key = { 'Idempotency-Key': 'refusals-1' };
    const first = await system.answer(referralOf(found, 'medical-care'), { status: 'accepted' }, key);
    expect(first.status).toBe(201);
    const other = await system.answer(
      referralOf(found, 'medical-care'),
      { status: 'rejected', code: 'safety' },
      key,
    );
    expectProblem(other, 422);
    expectProblem(await system.answer(referralOf(found, 'mental-health'), { status: 'accepted' }, key), 422);
    expect((await system.seenBy('health', referralOf(found, 'mental-health'))).status).toBe('received');
  });
});

describe('a command is refused', () => {
  it('for a case, a referral or an escalation that there is not', async () => {
    const reason = { reason: 'x' };
    const found = await system.arrive({ needs: ['health-care'] });
    expectProblem(await system.call('GET', '/cases/RT-2026-999999'), 404);
    expectProblem(await system.call('POST', '/cases/nothing/reopen', reason), 404);
    expectProblem(await system.call('POST', `/cases/${found.id}/referrals/nothing/cancel`, reason), 404);
    expectProblem(await system.call('POST', '/escalations/nothing/resolve', reason), 404);
    expectProblem(await system.call('POST', '/parked/nothing/redrive'), 404);
    expectProblem(await system.call('GET', '/nothing/here'), 404);
    const nobody = '00000000-0000-7000-8000-000000000000';
    const consent = { status: 'granted', at: '2026-11-20T12:00:00Z' };
    expectProblem(await system.call('PUT', `/intake/returnees/${nobody}/consent`, consent), 404);
    expectProblem(await system.call('GET', '/intake/manifests/nothing'), 404);
  });

  it('without a reason, with an unknown one, or with fields that it does not know', async () => {
    const found = await system.arrive({ needs: ['health-care'] });
    for (const [path, body] of [
      ['reopen', {}],
      ['close', { reason: 'bored' }],
      ['needs', { code: 'yacht', reason: 'x' }],
      ['referrals/medical-care/cancel', { reason: '' }],
      ['referrals/medical-care/cancel', { reason: 'x', really: true }],
      ['referrals/medical-care/confirmation', { outcome: 'perhaps', by: 'x', channel: 'x' }],
      ['referrals/medical-care/correction', { reason: 'x', answer: { status: 'finished' } }],
    ] as const) {
      const refused = await system.try(found, path, body);
      expectProblem(refused, 422);
      expect(refused.body.errors.length).toBeGreaterThan(0);
    }
    expect((await system.caseOf(found)).timeline).toEqual(found.timeline);
  });

  it('that withdraws consent as of a time that is still to come', async () => {
    const { returneeId } = await system.register();
    const path = `/intake/returnees/${returneeId}/consent`;
    expectProblem(await system.call('PUT', path, { status: 'withdrawn', at: '2036-01-01T00:00:00Z' }), 422);
    expectProblem(await system.call('PUT', path, { status: 'perhaps', at: '2026-11-20T00:00:00Z' }), 422);
  });
});

describe('a character that no database keeps is refused', () => {
  const nul = '\u0000';
  it.each([
    '/cases/%00',
    '/cases?q=%00',
    '/escalations?case=%00',
    `/cases?cursor=${Buffer.from(JSON.stringify(['2026-11-20', nul])).toString('base64url')}`,
    `/cases?cursor=${Buffer.from('["+275760-09-13T00:00:00.000Z","x"]').toString('base64url')}`,
    `/parked?cursor=${Buffer.from(JSON.stringify([nul])).toString('base64url')}`,
  ])('in %s', async (path) => expectProblem(await system.call('GET', path), 400));

  it('in names and notes', async () => {
    const found = await system.arrive({ needs: ['shelter', 'health-care'] });
    const care = referralOf(found, 'medical-care');
    expectProblem(await register({ given_names: `Rosa${nul}` }), 422);
    expectProblem(await system.answer(care, { status: 'accepted', note: nul }), 422);
    const claim = { note: `desk${nul}` };
    expectProblem(await system.call('POST', `/escalations/${found.escalations[0]!.id}/claim`, claim), 422);
    expect((await system.seenBy('health', care)).status).toBe('received');
  });
});

describe('a body of a kind that nobody reads', () => {
  it('is refused as such, and not blamed for missing fields', async () => {
    const body = JSON.stringify({ reason: 'died' });
    for (const type of ['text/plain', 'application/octet-stream', 'application/x-www-form-urlencoded']) {
      const headers = { 'content-type': type };
      expectProblem(await system.call('POST', '/cases/RT-2026-000001/close', body, headers), 415);
    }
  });
});

describe('a list is refused', () => {
  it.each([
    '/cases?limit=0',
    '/cases?limit=201',
    '/cases?limit=ten',
    '/cases?cursor=nonsense',
    '/escalations?cursor=nonsense',
    '/agencies?cursor=nonsense',
    '/roundtable?cursor=nonsense',
    '/parked?cursor=nonsense',
    '/agencies/health/referrals?cursor=nonsense',
    '/intake/manifests?cursor=nonsense',
    // A cursor of another list, and ones that were tampered with.
    `/escalations?cursor=${Buffer.from('["x","y"]').toString('base64url')}`,
    `/cases?cursor=${Buffer.from('["x","y"]').toString('base64url')}`,
    `/cases?cursor=${Buffer.from('["2026-11-20T00:00:00Z"]').toString('base64url')}`,
    `/intake/manifests?cursor=${Buffer.from('[1e99]').toString('base64url')}`,
  ])('%s', async (path) => expectProblem(await system.call('GET', path), 400));

  it.each([
    '/cases?status=happy',
    '/cases?overdue=maybe',
    '/cases?agency=No!',
    '/escalations?status=x',
    '/agencies/health/referrals?status=x',
  ])('%s', async (path) => expectProblem(await system.call('GET', path), 422));
});
