import { AsyncLocalStorage } from 'node:async_hooks';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { quietly } from './quietly';

describe('the issuer beside services in one process', () => {
  it('answers without hooks on every promise of the process, which the first use of such a storage turns on for good', async () => {
    const run = jest.spyOn(AsyncLocalStorage.prototype, 'run');
    const provider = quietly(({ Provider }) => new Provider('http://127.0.0.1/login'));
    const server = createServer(provider.callback() as RequestListener).listen(0, '127.0.0.1');
    await once(server, 'listening');
    try {
      const { port } = server.address() as AddressInfo;
      const answer = await fetch(`http://127.0.0.1:${port}/.well-known/openid-configuration`);
      expect(await answer.json()).toMatchObject({ issuer: 'http://127.0.0.1/login' });
      expect(run).not.toHaveBeenCalled();
    } finally {
      run.mockRestore();
      server.closeAllConnections();
      server.close();
    }
  });
});
