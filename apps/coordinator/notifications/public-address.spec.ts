import { promisify } from 'node:util';
import { isPrivateHost, isPublicAddress, publicOnly } from './public-address';

describe('a public address', () => {
  it.each(['8.8.8.8', '200.48.225.130', '::ffff:8.8.8.8', '2800:200::1', '2606:4700::1111'])(
    '%s',
    (address) => {
      expect(isPublicAddress(address)).toBe(true);
    },
  );

  it.each([
    '127.0.0.1',
    '127.255.0.1',
    '0.0.0.0',
    '10.1.2.3',
    '100.64.0.1',
    '169.254.169.254',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '224.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::127.0.0.1',
    '::ffff:127.0.0.1',
    '::ffff:a9fe:a9fe',
    '64:ff9b::7f00:1',
    '2002:7f00:1::',
    'fd00::1',
    'fe80::1',
    'ff02::1',
    'no address',
  ])('is not %s', (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });
});

describe('the host of a webhook', () => {
  it.each([
    'localhost',
    'LOCALHOST',
    'a.localhost.',
    '[::1]',
    '10.0.0.1',
    'metadata.google.internal',
    '2130706433',
    '0x7f.1',
  ])('says by itself that %s is private', (host) => {
    expect(isPrivateHost(new URL(`https://${host}/`).hostname)).toBe(true);
  });

  it('may be public for all that its name says', () => {
    expect(isPrivateHost('hooks.example.org')).toBe(false);
  });

  it('is refused when its name leads to a private address', async () => {
    const look = promisify(
      publicOnly() as (host: string, options: object, done: (e: Error | null) => void) => void,
    );
    await expect(look('localhost', { all: true })).rejects.toMatchObject({ code: 'private-address' });
    await expect(look('localhost', {})).rejects.toMatchObject({ code: 'private-address' });
  });
});
