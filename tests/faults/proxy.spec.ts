import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { eventually } from '../support/eventually';
import { TcpProxy } from './proxy';

let server: Server;
let proxy: TcpProxy;
/** What the server heard, by connection. */
let heard: string[];

/** A server that says everything back. */
beforeEach(async () => {
  heard = [];
  server = createServer((socket) => {
    const at = heard.push('') - 1;
    socket.on('error', () => undefined);
    socket.on('data', (piece) => {
      heard[at] += piece.toString();
      socket.write(piece);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  proxy = await TcpProxy.open((server.address() as AddressInfo).port);
});

afterEach(async () => {
  await proxy.close();
  await new Promise((resolve) => server.close(resolve));
});

interface Client {
  socket: Socket;
  said: () => string;
  ended: Promise<void>;
}

function client(greeting: string): Client {
  const socket = connect(proxy.port, '127.0.0.1');
  let said = '';
  socket.on('error', () => undefined);
  socket.on('data', (piece) => (said += piece.toString()));
  socket.write(greeting);
  return {
    socket,
    said: () => said,
    ended: new Promise<void>((resolve) => socket.once('close', () => resolve())),
  };
}

async function answered(one: Client, text: string): Promise<void> {
  await eventually(() => one.said() === text);
}

describe('a line', () => {
  it('carries bytes both ways and in order', async () => {
    const one = client('hello');
    one.socket.write(' again');
    await answered(one, 'hello again');
  });

  it('delays what it carries', async () => {
    const end = proxy.disturb({ latencyMs: 60 });
    const began = performance.now();
    await answered(client('hello'), 'hello');
    expect(performance.now() - began).toBeGreaterThan(110);
    end();
  });

  it('carries no more bytes than it is told', async () => {
    const end = proxy.disturb({ bytesPerSecond: 100 });
    const began = performance.now();
    await answered(client('1234567890'), '1234567890');
    expect(performance.now() - began).toBeGreaterThan(190);
    end();
  });

  it('swallows one way while it is half-open, and cuts those connections at the end', async () => {
    const one = client('hello');
    await answered(one, 'hello');
    const end = proxy.disturb({ swallows: ['down'] });
    one.socket.write(' again');
    await eventually(() => heard[0] === 'hello again');
    end();
    await one.ended;
    expect(one.said()).toBe('hello');
  });

  it('leaves a connection silent that is half-open for good, also once the server has gone', async () => {
    const one = client('hello');
    await answered(one, 'hello');
    const end = proxy.disturb({ swallows: ['up'] }, true);
    one.socket.write(' again');
    const other = client('other');
    await eventually(() => proxy.connections() === 2 && heard.length === 2);
    end();
    one.socket.write(' and again');
    await answered(client('new'), 'new');
    expect([one.said(), heard[0], one.socket.destroyed]).toEqual(['hello', 'hello', false]);
    one.socket.destroy();
    other.socket.destroy();
    await eventually(() => proxy.connections() === 1);
  });

  it('disturbs and cuts only those that name themselves so', async () => {
    const health = client('retorno-health');
    const intake = client('retorno-intake');
    await answered(health, 'retorno-health');
    await answered(intake, 'retorno-intake');
    const end = proxy.disturb({ swallows: ['up', 'down'], only: 'health' });
    intake.socket.write('!');
    await answered(intake, 'retorno-intake!');
    end();
    expect(proxy.reset('health')).toBe(1);
    await health.ended;
    expect(intake.socket.destroyed).toBe(false);
  });

  it('refuses new connections', async () => {
    const end = proxy.disturb({ refuses: true });
    await client('hello').ended;
    end();
    await answered(client('hello'), 'hello');
  });

  it('ends a connection whose server is not there', async () => {
    await new Promise((resolve) => server.close(resolve));
    await client('hello').ended;
    expect(proxy.connections()).toBe(0);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
});
