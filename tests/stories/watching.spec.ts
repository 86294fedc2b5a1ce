import { networkInterfaces } from 'node:os';
import { connect } from 'node:net';
import { System } from '../support/system';

let system: System;
beforeAll(async () => {
  system = await System.start();
});
afterAll(() => system.stop());

describe('lists', () => {
  it('go page by page through everything once, in their order', async () => {
    const registered = [];
    for (let n = 0; n < 7; n++) {
      await system.advance(60_000);
      registered.push(await system.register({ needs: ['shelter', 'health-care', 'emotional-support'] }));
    }
    const numbers = registered.map((r) => r.caseNumber);
    const cases = await system.all('/cases', 3);
    expect(cases.map((c) => c.number)).toEqual(numbers.toReversed());

    for (const path of ['/escalations', '/agencies', '/roundtable', '/agencies/health/referrals']) {
      const whole = await system.all(path);
      expect(whole.length).toBeGreaterThan(4);
      expect(await system.all(path, 2)).toEqual(whole);
    }
    const manifests = await system.all('/intake/manifests', 1);
    expect(manifests).toEqual([]);
  });

  it('of cases answer by status, agency and number', async () => {
    const done = await system.arrive({ document_type: 'passport' });
    const waiting = await system.arrive({ needs: ['emotional-support'] });
    const numbersOf = async (query: string) => (await system.all(`/cases?${query}`)).map((c) => c.number);
    expect(await numbersOf('status=completed')).toEqual([done.number]);
    expect(await numbersOf('agency=health')).toContain(waiting.number);
    expect(await numbersOf('agency=health')).not.toContain(done.number);
    expect(await numbersOf('agency=education')).toEqual([]);
    expect(await numbersOf(`q=${waiting.number}`)).toEqual([waiting.number]);
    expect(await numbersOf(`q=${waiting.id}`)).toEqual([waiting.number]);
    expect(await numbersOf('q=RT-2026')).toContain(done.number);
    expect(await numbersOf('q=%25')).toEqual([]);
    expect(await numbersOf('overdue=true')).toEqual([]);
  });

  it('of an agency answer by status and lateness', async () => {
    const found = await system.arrive({ needs: ['recognition-of-studies'] });
    await system.complete(found, 'dni-verify', 'verified');
    const list = (query: string) => system.all(`/agencies/education/referrals?${query}`);
    expect(await list('status=received')).toHaveLength(1);
    expect(await list('status=accepted')).toHaveLength(0);
    expect(await list('overdue=true')).toHaveLength(0);
    await system.advance('4 d');
    expect(await list('overdue=true')).toHaveLength(1);
  });
});

describe('a case', () => {
  it('is found by its id and by its number', async () => {
    const found = await system.arrive({ needs: ['health-care'] });
    expect(await system.get(`/cases/${found.number}`)).toEqual(found);
    expect(found).toMatchObject({
      id: expect.any(String),
      number: expect.stringMatching(/^RT-\d{4}-\d{6}$/),
      status: 'open',
      openedAt: system.clock.now().toISOString(),
      closedAt: null,
    });
  });
});

describe('the live view', () => {
  it('streams what happens to cases, to everybody who watches', async () => {
    const watchers = await Promise.all([system.follow(), system.follow()]);
    const found = await system.arrive({ needs: ['health-care'] });
    await system.complete(found, 'medical-care');
    for (const watcher of watchers) {
      expect(watcher.contentType).toContain('text/event-stream');
      await watcher.until((events) =>
        events.some(({ data }) => (data.referral as { status?: string } | undefined)?.status === 'completed'),
      );
      const mine = watcher.events.filter(({ data }) => data.caseId === found.id);
      expect(mine[0]!.data).toMatchObject({ type: 'case-opened', caseNumber: found.number });
      watcher.close();
    }
  });
});

describe('the system', () => {
  it('says that it lives, can work, and how it does', async () => {
    expect(await system.get('/livez')).toEqual({ status: 'ok' });
    const ready = await system.get('/readyz');
    expect(ready.checks.every((check: { ok: boolean }) => check.ok)).toBe(true);
    const services = ready.checks.map((check: { service: string }) => check.service).toSorted();
    expect(services).toEqual([
      'console',
      'coordinator',
      'education',
      'employment',
      'health',
      'identity',
      'insurance',
      'intake',
      'portal',
      'statistics',
    ]);
    const metrics: string = await system.get('/metrics');
    expect(metrics).toContain('# HELP retorno_outbox');
    for (const service of services) expect(metrics).toContain(`retorno_outbox{service="${service}"}`);
  });

  it('describes its whole interface', async () => {
    const { paths } = await system.get('/docs-json');
    // The interface as documented.
    for (const path of [
      'post /intake/manifests',
      'get /intake/manifests/{id}',
      'get /intake/manifests/{id}/rows',
      'post /intake/returnees',
      'put /intake/returnees/{id}/consent',
      'get /cases',
      'get /cases/{id}',
      'post /cases/{id}/close',
      'post /cases/{id}/reopen',
      'post /cases/{id}/needs',
      'post /cases/{id}/needs/{code}/settle',
      'post /cases/{id}/referrals/{rid}/waive',
      'post /cases/{id}/referrals/{rid}/reroute',
      'post /cases/{id}/referrals/{rid}/cancel',
      'post /cases/{id}/referrals/{rid}/remind',
      'post /cases/{id}/referrals/{rid}/confirmation',
      'get /escalations',
      'post /escalations/{id}/claim',
      'post /escalations/{id}/resolve',
      'get /agencies',
      'get /agencies/health/referrals',
      'post /agencies/health/referrals/{rid}/answers',
      'get /parked',
      'post /parked/{id}/redrive',
      'post /parked/{id}/skip',
      'get /live',
      'get /livez',
      'get /readyz',
      'get /metrics',
    ]) {
      const [verb, address] = path.split(' ');
      expect([path, paths[address!]?.[verb!] !== undefined]).toEqual([path, true]);
    }
    expect((await system.call('GET', '/docs')).status).toBe(200);
  });

  it('listens on the loopback address only', async () => {
    const { port } = new URL(system.topology.url);
    const outside = Object.values(networkInterfaces())
      .flat()
      .filter((address) => address && !address.internal && address.family === 'IPv4');
    for (const address of outside) {
      const reached = await new Promise<boolean>((resolve) => {
        const socket = connect({ host: address!.address, port: Number(port), timeout: 2_000 });
        socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
        socket.once('timeout', () => resolve(false)).once('close', () => socket.destroy());
      });
      expect([address!.address, reached]).toEqual([address!.address, false]);
    }
    expect(system.topology.url).toBe(`http://127.0.0.1:${port}`);
  });
});
