import { Body, Controller, Module, Post } from '@nestjs/common';
import request from 'supertest';
import { Public } from './access/allow';
import { Throttle, ThrottleSettings } from './access/throttle';
import { createLogger } from './logger';
import { problem } from './problem';
import { createNest } from './service';

@Public('nothing is at stake here')
@Controller('echo')
class EchoController {
  @Post()
  echo(@Body() body: unknown): unknown {
    return body;
  }
}

@Module({ controllers: [EchoController] })
class EchoModule {}

let app: Awaited<ReturnType<typeof createNest>>;
beforeAll(async () => {
  app = await createNest(
    { module: EchoModule },
    {
      logger: createLogger('echo', 'silent'),
      tokens: { callerOf: () => Promise.reject(new Error('nobody logs in here')) },
      throttle: new Throttle(new ThrottleSettings()),
    },
  );
  await app.init();
});
afterAll(() => app.close());

const send = (body: string, type = 'application/json') =>
  request(app.getHttpServer()).post('/echo').set('content-type', type).send(body);

describe('a request that cannot be read', () => {
  it.each([
    ['malformed JSON', '"QUISPE MAMANI Maria', 'application/json', 400],
    ['JSON with a name where a value should be', 'QUISPE MAMANI Maria', 'application/json', 400],
    ['a body that is too large', `"${'QUISPE '.repeat(200_000)}"`, 'application/json', 413],
    ['an unknown charset', '{"name":"QUISPE"}', 'application/json; charset=QUISPE', 415],
  ])('is refused in a fixed sentence that quotes nothing of it: %s', async (_name, body, type, status) => {
    const { status: answered, body: problem, headers } = await send(body, type);
    expect(answered).toBe(status);
    expect(headers['content-type']).toContain('application/problem+json');
    expect(problem).toMatchObject({ type: 'urn:retorno:problem:bad-request', status });
    expect(JSON.stringify(problem)).not.toMatch(/quispe|JSON at|unexpected/i);
  });

  it('says that malformed JSON is not well-formed', async () => {
    const { body } = await send('{"name":');
    expect(body.detail).toBe('The request could not be read: it is not well-formed.');
  });

  it('says how deep JSON may be nested when it is deeper', async () => {
    const { status, body } = await send('['.repeat(33) + ']'.repeat(33));
    expect([status, body.type]).toEqual([400, 'urn:retorno:problem:too-deep']);
    expect(body.detail).toContain('32 levels');
    expect((await send('['.repeat(32) + ']'.repeat(32))).status).toBe(201);
  });
});

describe('what is erased', () => {
  it('is called gone, not an error', () => {
    expect(problem(410, 'erased', 'The data was erased.').body.title).toBe('Gone');
  });
});
