import { lookup } from 'node:dns/promises';
import { BlockList, isIP } from 'node:net';

export interface Address {
  readonly address: string;
  readonly family: 4 | 6;
}

/** Every address of a host name. */
export type Resolve = (host: string) => Promise<readonly Address[]>;

export const systemResolve: Resolve = async (host) =>
  (await lookup(host, { all: true })).map(({ address, family }) => ({ address, family: family === 6 ? 6 : 4 }));

/** Networks that are nobody's on the public internet (IANA's registries of special purpose addresses), metadata services of clouds among them. */
const RESERVED = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10', // shared by carriers; the metadata of Alibaba Cloud
  '127.0.0.0/8',
  '169.254.0.0/16', // link-local; the metadata of AWS, Azure, Google Cloud
  '172.16.0.0/12',
  '192.0.0.0/24', // the metadata of Oracle Cloud
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
  '::/96', // unspecified, loopback, and IPv4 as it was once written
  '64:ff9b::/96', // IPv4 behind NAT64: whatever lies behind it
  '64:ff9b:1::/48',
  '100::/64',
  '2001::/23', // Teredo among them
  '2001:db8::/32',
  '2002::/16', // IPv4 behind 6to4
  '3fff::/20',
  '5f00::/16',
  'fc00::/7', // the metadata of AWS
  'fe80::/10',
  'fec0::/10',
  'ff00::/8',
];

/** An address, or a network of them: `10.1.0.0/16`. */
export const isNetwork = (text: string): boolean => {
  const [address = '', bits, more] = text.split('/');
  const most = isIP(address) === 4 ? 32 : 128;
  return isIP(address) !== 0 && more === undefined && (bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= most));
};

function blockList(networks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', bits] = network.split('/');
    const family = isIP(address) === 4 ? 'ipv4' : 'ipv6';
    list.addSubnet(address, bits === undefined ? (family === 'ipv4' ? 32 : 128) : Number(bits), family);
  }
  return list;
}

const reserved = blockList(RESERVED);

/** Which addresses may be asked: public ones, and those of the networks that the configuration allows. */
export function guard(allowed: readonly string[]): (address: string) => boolean {
  const list = blockList(allowed);
  return (given) => {
    const address = plain(given);
    const family = isIP(address) === 4 ? 'ipv4' : 'ipv6';
    if (isIP(address) === 0) return false;
    return list.check(address, family) || !reserved.check(address, family);
  };
}

/** Without a zone, and IPv4 as itself where it is mapped into IPv6 (`::ffff:127.0.0.1`, however it is spelled). */
function plain(given: string): string {
  const address = given.replace(/^\[|\]$/g, '').replace(/%.*$/, '');
  if (isIP(address) !== 6) return address;
  const spelled = new URL(`http://[${address}]/`).hostname.slice(1, -1);
  const [, high = '', low = ''] = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(spelled) ?? [];
  if (high === '') return spelled;
  const [first, second] = [Number.parseInt(high, 16), Number.parseInt(low, 16)];
  return [first >> 8, first & 255, second >> 8, second & 255].join('.');
}
