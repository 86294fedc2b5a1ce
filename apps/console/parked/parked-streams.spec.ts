import type { Request } from 'express';
import type { Services } from '../services';
import { ConsoleSettings } from '../settings';
import { ParkedStreams } from './parked-streams';

const NOT_A_SERVICE = ['PUBLIC_URL', 'AGENCY_URL'];

describe('what stands still', () => {
  it('is asked of every service that the console knows, each at its own address', async () => {
    const names = Object.keys(new ConsoleSettings()).filter(
      (name) => /^(?!OIDC_)\w+_URL$/.test(name) && !NOT_A_SERVICE.includes(name),
    );
    expect(names).toContain('PORTAL_URL');
    const urls = names.map((name) => [name, `http://${name.toLowerCase().replace('_url', '')}:3000`]);
    const settings = { ...Object.fromEntries(urls), AGENCY_URL: 'http://{agency}:3000' };
    const asked: string[] = [];
    const services = {
      get: (_: Request, path: string) => {
        asked.push(path);
        const items = path.startsWith('/agencies') ? [{ slug: 'health' }] : [];
        return Promise.resolve({ items, next: null });
      },
    };
    const streams = new ParkedStreams(
      services as unknown as Services,
      settings as unknown as ConsoleSettings,
    );
    await streams.standing({} as Request);
    const hosts = asked.filter((path) => path.includes('/parked')).map((path) => new URL(path).origin);
    expect(new Set(hosts)).toEqual(new Set([...urls.map(([, url]) => url), 'http://health:3000']));
  });
});
