/**
 * Which addresses a message may be posted to: those of the public internet. A webhook that leads to this machine, a private
 * network or a cloud's own addresses would have us knock at doors that nobody outside can reach (SSRF). Checked again at
 * each post, since a name may lead elsewhere by then. Ranges: IANA's registries of special-purpose addresses (RFC 6890).
 */
import { lookup } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';

// An IPv4 address written as IPv6 (::ffff:10.0.0.1) is checked against the ranges of IPv4 by BlockList itself.
const SPECIAL = {
  ipv4: [
    '0.0.0.0/8',
    '10.0.0.0/8',
    '100.64.0.0/10',
    '127.0.0.0/8',
    '169.254.0.0/16',
    '172.16.0.0/12',
    '192.0.0.0/24',
    '192.0.2.0/24',
    '192.168.0.0/16',
    '198.18.0.0/15',
    '198.51.100.0/24',
    '203.0.113.0/24',
    '224.0.0.0/3',
  ],
  // What is translated to or tunnels IPv4 could be any of the above.
  ipv6: [
    '::/96',
    '64:ff9b::/96',
    '64:ff9b:1::/48',
    '100::/64',
    '2001::/23',
    '2001:db8::/32',
    '2002::/16',
    'fc00::/7',
    'fe80::/10',
    'fec0::/10',
    'ff00::/8',
  ],
} as const;

const special = new BlockList();
for (const family of ['ipv4', 'ipv6'] as const) {
  for (const range of SPECIAL[family]) {
    const [net, prefix] = range.split('/');
    special.addSubnet(net!, Number(prefix), family);
  }
}

/** Whether an address is one of the public internet. */
export function isPublicAddress(address: string): boolean {
  const version = isIP(address);
  return version !== 0 && !special.check(address, version === 4 ? 'ipv4' : 'ipv6');
}

/** Whether the host of a URL says by itself that it is not public. Other names are looked up when they are used. */
export function isPrivateHost(hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
  if (isIP(host) !== 0) return !isPublicAddress(host);
  return host === 'localhost' || host.endsWith('.localhost') || host.endsWith('.internal');
}

/** Why nothing was posted. */
export class PrivateAddressError extends Error {
  readonly code = 'private-address';
  constructor() {
    super('the name leads to an address of this machine or of a private network');
  }
}

/** How names are looked up; the machine's own way unless a test says otherwise. */
export type Resolve = typeof lookup;

/** Looks a name up for a connection, which goes to the address that was checked; fails when any is not public. */
export function publicOnly(resolve: Resolve = lookup): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, '', 0);
      if (!addresses.every(({ address }) => isPublicAddress(address)))
        return callback(new PrivateAddressError(), '', 0);
      const [first] = addresses;
      if (options.all) callback(null, addresses);
      else callback(null, first!.address, first!.family);
    });
  };
}
