import { Controller, Get, Module, Param, Post } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { generateKeyPair, SignJWT, exportJWK, UnsecuredJWT, type JWTPayload, type CryptoKey } from 'jose';
import { createLogger } from '../logger';
import { createNest } from '../service';
import { Allow, AllowAgency, AllowKnown, Public, Who } from './allow';
import type { Caller } from './caller';
import { AccessSettings } from './settings';
import { Throttle, ThrottleSettings } from './throttle';
import { tokensOf } from './tokens';

@Controller()
class BakeryController {
  @Get('price')
  @Public('prices are on the door')
  price() {
    return { caller: null };
  }

  @Get('shelf')
  @AllowKnown()
  shelf(@Who() caller: Caller) {
    return { name: caller.name };
  }

  @Get('books')
  @Allow('auditor')
  books() {
    return {};
  }

  @Get('ovens/:slug')
  @AllowAgency({ param: 'slug' }, ['integration'], ['operations'])
  oven(@Param('slug') slug: string) {
    return { slug };
  }

  @Post('forgotten')
  forgotten() {
    return {};
  }
}

@Module({ controllers: [BakeryController] })
class BakeryModule {}

const ISSUER = 'https://issuer.example';
const AUDIENCE = 'urn:bakery';
let app: NestExpressApplication;
let url: string;
let ours: CryptoKey;
let publicKey: CryptoKey;
let theirs: CryptoKey;
const lines: string[] = [];

beforeAll(async () => {
  ({ privateKey: ours, publicKey } = await generateKeyPair('ES256', { extractable: true }));
  theirs = (await generateKeyPair('ES256')).privateKey;
  const jwks = { keys: [{ ...(await exportJWK(publicKey)), kid: 'k', alg: 'ES256' }] };
  const settings = Object.assign(new AccessSettings(), {
    OIDC_ISSUER: ISSUER,
    OIDC_AUDIENCE: AUDIENCE,
    OIDC_JWKS: JSON.stringify(jwks),
  });
  const logger = createLogger('bakery', 'warn', { write: (line: string) => lines.push(line) });
  app = await createNest(
    { module: BakeryModule },
    { logger, tokens: tokensOf(settings), throttle: throttleOf({}) },
  );
  await app.listen(0, '127.0.0.1');
  url = await app.getUrl();
});
afterAll(() => app.close());

function throttleOf(settings: Partial<ThrottleSettings>): Throttle {
  return new Throttle(Object.assign(new ThrottleSettings(), settings));
}

interface Made {
  key?: CryptoKey | Uint8Array;
  alg?: string;
  issuer?: string;
  audience?: string;
  age?: number;
  life?: number;
}

/** A good token of somebody, but for what is said otherwise. */
function token(claims: JWTPayload, made: Made = {}): Promise<string> {
  const at = Math.floor(Date.now() / 1_000) - (made.age ?? 0);
  return new SignJWT({ sub: 'u1', name: 'Ana', ...claims })
    .setProtectedHeader({ alg: made.alg ?? 'ES256', kid: 'k' })
    .setIssuer(made.issuer ?? ISSUER)
    .setAudience(made.audience ?? AUDIENCE)
    .setIssuedAt(at)
    .setExpirationTime(at + (made.life ?? 300))
    .sign(made.key ?? ours);
}

async function ask(path: string, bearer?: string, method = 'GET') {
  const headers = bearer === undefined ? {} : { authorization: `Bearer ${bearer}` };
  const answer = await fetch(`${url}${path}`, { method, headers });
  return { status: answer.status, headers: answer.headers, body: (await answer.json()) as any };
}

describe('the door of a service', () => {
  it('lets everybody in where that is said, with a reason', async () => {
    expect((await ask('/price')).status).toBe(200);
    expect((await ask('/price', 'nonsense')).status).toBe(200);
  });

  it('knows who comes', async () => {
    expect((await ask('/shelf', await token({}))).body).toEqual({ name: 'Ana' });
  });

  it('tells who comes without a token how to get in', async () => {
    const { status, headers, body } = await ask('/shelf');
    expect([status, headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
    expect(body.type).toBe('urn:retorno:problem:unknown-caller');
  });

  it('refuses a token that was forged, is over, or is for another place', async () => {
    const secret = new Uint8Array(32).fill(7);
    const wrong: Record<string, string> = {
      'not a token': 'abc.def.ghi',
      'of another issuer': await token({}, { issuer: 'https://elsewhere.example' }),
      'for another place': await token({}, { audience: 'urn:butchery' }),
      'signed by somebody else': await token({}, { key: theirs }),
      'signed with a secret': await token({}, { alg: 'HS256', key: secret }),
      'signed with the public key as a secret': await token(
        {},
        {
          alg: 'HS256',
          key: new TextEncoder().encode(JSON.stringify(await exportJWK(publicKey))),
        },
      ),
      'not signed': new UnsecuredJWT({ sub: 'u1' }).setIssuer(ISSUER).setAudience(AUDIENCE).encode(),
      expired: await token({}, { age: 400 }),
      'made to last': await token({}, { age: 1_000, life: 100_000 }),
      'of tomorrow': await token({}, { age: -86_400 }),
      'of nobody': await token({ sub: '' }),
      'of an agency that it does not name': await token({ roles: ['integration'] }),
    };
    for (const [what, bearer] of Object.entries(wrong)) {
      const { status, headers } = await ask('/shelf', bearer);
      expect([what, status]).toEqual([what, 401]);
      expect(headers.get('www-authenticate')).toBe('Bearer error="invalid_token"');
    }
  });

  it('stays shut to other roles, and says whose it is', async () => {
    expect((await ask('/books', await token({ roles: ['auditor'] }))).status).toBe(200);
    const { status, body } = await ask('/books', await token({ roles: ['operations-lead', 'intake'] }));
    expect([status, body.detail]).toEqual([403, 'This is for the roles: auditor.']);
  });

  it('opens an agency to its own only', async () => {
    const health = await token({ roles: ['integration'], agency: 'health' });
    expect((await ask('/ovens/health', health)).status).toBe(200);
    expect((await ask('/ovens/insurance', health)).status).toBe(403);
    const worker = await token({ roles: ['agency-worker'], agency: 'health' });
    expect((await ask('/ovens/health', worker)).status).toBe(403);
    expect((await ask('/ovens/health', await token({ roles: ['operations'] }))).status).toBe(200);
    expect((await ask('/ovens/health', await token({ roles: [], agency: 'health' }))).status).toBe(403);
  });

  it('stays shut where nobody said who may come', async () => {
    const everybody = await token({ roles: ['operations-lead', 'auditor'] });
    expect((await ask('/forgotten', everybody, 'POST')).status).toBe(403);
  });

  it('notes every refusal, without the token and without the address', async () => {
    const noted = lines.length;
    const bearer = await token({ roles: ['statistics'] });
    await ask('/ovens/health?secret=1', bearer);
    const line = lines.slice(noted).join('');
    expect(JSON.parse(line)).toMatchObject({
      status: 403,
      method: 'GET',
      route: '/ovens/:slug',
      subject: 'u1',
    });
    expect(line).not.toMatch(/secret|eyJ/);
  });
});
