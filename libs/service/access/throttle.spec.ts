import { Controller, Get, Module, Post } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { createLogger } from '../logger';
import type { ProblemError } from '../problem';
import { createNest } from '../service';
import { readSettings, SettingsError } from '../settings';
import { Allow, AllowKnown } from './allow';
import type { Caller, Role } from './caller';
import { Throttle, ThrottleSettings } from './throttle';
import { BadToken } from './tokens';

function throttleOf(settings: Partial<ThrottleSettings>): Throttle {
  return new Throttle(Object.assign(new ThrottleSettings(), settings));
}

function person(subject: string, of: Partial<Caller> = {}): Caller {
  return { subject, name: subject, roles: new Set<Role>(['operations']), ...of };
}

/** How many of so many requests at once are let through. */
async function passing(throttle: Throttle, caller: Caller, method: string, asked: number): Promise<number> {
  const all = Array.from({ length: asked }, () => throttle.request(caller, method).then(() => 1));
  const done = await Promise.allSettled(all);
  return done.filter(({ status }) => status === 'fulfilled').length;
}

/** So that all is asked at once, however slow the machine. */
function withoutTime(): void {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());
}

describe('what one person may ask at once', () => {
  withoutTime();

  it('is 200 reads and 100 changes, each counted apart, and nobody else waits for them', async () => {
    const throttle = throttleOf({});
    const ana = person('ana');
    expect(await passing(throttle, ana, 'GET', 1_000)).toBe(200);
    expect(await passing(throttle, ana, 'POST', 1_000)).toBe(100);
    expect(await passing(throttle, person('luis'), 'GET', 100)).toBe(100);
  });

  it('is said with when to come again', async () => {
    const throttle = throttleOf({ THROTTLE_CHANGES: 1 });
    await passing(throttle, person('ana'), 'POST', 5);
    const refused = (await throttle.request(person('ana'), 'POST').catch((e: unknown) => e)) as ProblemError;
    const { status, type, retryAfter } = refused.body;
    expect([status, type]).toEqual([429, 'urn:retorno:problem:too-many-requests']);
    expect(retryAfter).toBeGreaterThanOrEqual(1);
    expect(retryAfter).toBeLessThanOrEqual(5);
  });

  it('is a hundred times as much for a system', async () => {
    const throttle = throttleOf({});
    expect(await passing(throttle, person('s', { isSystem: true }), 'POST', 10_500)).toBe(10_000);
    const integration = { roles: new Set<Role>(['integration']), agency: 'health' };
    expect(await passing(throttle, person('i', integration), 'POST', 10_500)).toBe(10_000);
  });

  it('is any number where the setting is 0', async () => {
    const throttle = throttleOf({ THROTTLE_READS: 0 });
    expect(await passing(throttle, person('ana'), 'GET', 5_000)).toBe(5_000);
  });
});

describe('what one agency may ask at once', () => {
  withoutTime();

  it('is four times what one of its people may, however many they are; other agencies do not wait', async () => {
    const throttle = throttleOf({});
    const worker = (i: number, agency: string) =>
      person(`w${i}`, { agency, roles: new Set<Role>(['agency-worker']) });
    let passed = 0;
    for (let i = 0; i < 10; i++) passed += await passing(throttle, worker(i, 'health'), 'POST', 90);
    expect(passed).toBe(400);
    expect(await passing(throttle, worker(99, 'education'), 'POST', 90)).toBe(90);
  });

  it('is not used up by its own system', async () => {
    const throttle = throttleOf({ THROTTLE_SYSTEM_TIMES: 1 });
    const of = (role: Role) => ({ agency: 'health', roles: new Set<Role>([role]) });
    for (let i = 0; i < 8; i++) await passing(throttle, person(`s${i}`, of('integration')), 'POST', 100);
    expect(await passing(throttle, person('w', of('agency-worker')), 'POST', 100)).toBe(100);
  });
});

describe('the settings', () => {
  it('are refused by name when they make no sense', () => {
    const wrong = { THROTTLE_READS: '-1', THROTTLE_CHANGES: 'many', TRUSTED_PROXIES: 'every;one' };
    const read = () => readSettings(ThrottleSettings, wrong);
    expect(read).toThrow(SettingsError);
    for (const name of Object.keys(wrong)) expect(read).toThrow(name);
  });

  it('take the word of nobody on addresses unless proxies are named', () => {
    const trusted = (text: string) => throttleOf({ TRUSTED_PROXIES: text }).trustedProxies;
    expect([trusted(''), trusted('1'), trusted('10.0.0.0/8, 192.168.1.7')]).toEqual([
      false,
      1,
      '10.0.0.0/8, 192.168.1.7',
    ]);
  });
});

@Controller()
class ShopController {
  @Get('shelf')
  @AllowKnown()
  shelf() {
    return {};
  }

  @Post('order')
  @Allow('auditor')
  order() {
    return {};
  }
}

@Module({ controllers: [ShopController] })
class ShopModule {}

describe('the door', () => {
  let app: NestExpressApplication | undefined;
  afterEach(() => app?.close());

  /** Tokens are names here; `bad` is none. */
  async function open(settings: Partial<ThrottleSettings>): Promise<string> {
    const tokens = {
      callerOf: (name: string) =>
        name === 'bad' ? Promise.reject(new BadToken('forged')) : Promise.resolve(person(name)),
    };
    const logger = createLogger('shop', 'silent');
    app = await createNest({ module: ShopModule }, { logger, tokens, throttle: throttleOf(settings) });
    await app.listen(0, '127.0.0.1');
    return app.getUrl();
  }

  function ask(url: string, path: string, name: string, headers: Record<string, string> = {}) {
    const method = path === '/order' ? 'POST' : 'GET';
    return fetch(`${url}${path}`, { method, headers: { authorization: `Bearer ${name}`, ...headers } });
  }

  /** Asks until somebody is told to wait; undefined when nobody was in so many tries. */
  async function flood(tries: number, once: (i: number) => Promise<Response>): Promise<Response | undefined> {
    for (let i = 0; i < tries; i++) {
      const answer = await once(i);
      if (answer.status === 429) return answer;
    }
    return undefined;
  }

  it('tells who floods it to wait, also at what is not theirs, and lets others in meanwhile', async () => {
    const url = await open({ THROTTLE_READS: 2, THROTTLE_CHANGES: 1 });
    const refused = await flood(200, () => ask(url, '/shelf', 'ana'));
    expect(refused?.headers.get('content-type')).toContain('application/problem+json');
    expect(Number(refused?.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    expect((await ask(url, '/shelf', 'luis')).status).toBe(200);
    expect((await ask(url, '/order', 'ana')).status).toBe(403);
    expect(await flood(200, () => ask(url, '/order', 'ana'))).toBeDefined();
  });

  it('counts bad tokens by address, and never holds up a good one from the same', async () => {
    const url = await open({ THROTTLE_FAILURES: 5 });
    const refused = await flood(50, () => ask(url, '/shelf', 'bad'));
    expect(refused?.headers.get('retry-after')).toMatch(/^\d+$/);
    expect((await ask(url, '/shelf', 'ana')).status).toBe(200);
  });

  it('does not believe what a caller says of their own address', async () => {
    const url = await open({ THROTTLE_FAILURES: 5 });
    const pretending = (i: number) => ask(url, '/shelf', 'bad', { 'x-forwarded-for': `203.0.113.${i}` });
    expect(await flood(50, pretending)).toBeDefined();
  });

  it('believes the proxies that it is told of', async () => {
    const url = await open({ THROTTLE_FAILURES: 5, TRUSTED_PROXIES: 'loopback' });
    const from = (i: number) => ask(url, '/shelf', 'bad', { 'x-forwarded-for': `203.0.113.${i}` });
    expect(await flood(50, from)).toBeUndefined();
    expect(await flood(50, () => from(1))).toBeDefined();
  });
});
