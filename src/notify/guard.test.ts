import { afterAll, describe, expect, it } from 'vitest';
import { guard, isNetwork, type Resolve } from './guard.ts';
import { guardedSend } from './post.ts';
import { receiver } from './testing/receiver.ts';

const open = await receiver();
afterAll(() => open.close());
const at = (address: string) => ({ address, family: address.includes(':') ? (6 as const) : (4 as const) });
const named =
  (...addresses: readonly string[]): Resolve =>
  async () =>
    addresses.map(at);
const REFUSED = (host: string) => ({
  failed: `${host} is at an address that may not be reached from here. Allow its network under alerts.allow if it is meant`,
  retry: false,
});

describe('which addresses may be reached', () => {
  const may = guard([]);
  it.each([
    '127.0.0.1',
    '127.9.9.9',
    '0.0.0.0',
    '10.1.2.3',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '100.64.0.1',
    '100.100.100.200', // metadata of Alibaba Cloud
    '169.254.169.254', // metadata of AWS, Azure and Google Cloud
    '192.0.0.192', // metadata of Oracle Cloud
    '224.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::ffff:127.0.0.1',
    '::ffff:7f00:1',
    '0:0:0:0:0:ffff:a9fe:a9fe',
    '::127.0.0.1',
    '64:ff9b::a9fe:a9fe',
    '2002:7f00:1::',
    '2001:0:53aa:64c::1',
    'fd00:ec2::254', // metadata of AWS
    'fe80::1',
    'fe80::1%eth0',
    'fec0::1',
    'ff02::1',
    'localhost',
    '',
  ])('not %s', (address) => expect(may(address)).toBe(false));

  it.each(['8.8.8.8', '172.32.0.1', '100.128.0.1', '2606:4700::1111', '::ffff:8.8.8.8'])('%s', (address) => expect(may(address)).toBe(true));

  it('and those that are allowed, and no neighbour of theirs', () => {
    const some = guard(['10.1.0.0/16', 'fd12::/32', '127.0.0.1']);
    expect(['10.1.255.1', '10.2.0.1', 'fd12:0::1', 'fd13::1', '127.0.0.1', '::ffff:127.0.0.1', '127.0.0.2'].map(some)).toEqual([
      true,
      false,
      true,
      false,
      true,
      true,
      false,
    ]);
  });

  it.each([
    ['10.0.0.0/8', true],
    ['10.0.0.0/33', false],
    ['fd00::/8', true],
    ['fd00::/129', false],
    ['::1', true],
    ['acme.example', false],
    ['10.0.0.0/8/8', false],
  ])('%s is a network: %s', (text, is) => expect(isNetwork(text)).toBe(is));
});

describe('an address that leads inside', () => {
  const sends = (url: string, resolve: Resolve = named('8.8.8.8')) => guardedSend({ allowed: [], resolve, timeout: 2000 })(url, {}, '{}');

  it.each([
    [`http://127.0.0.1:${open.port}/`, '127.0.0.1'],
    [`http://2130706433:${open.port}/`, '127.0.0.1'],
    [`http://0x7f.1:${open.port}/`, '127.0.0.1'],
    [`http://017700000001:${open.port}/`, '127.0.0.1'],
    [`https://[::ffff:7f00:1]:${open.port}/`, '::ffff:7f00:1'],
    ['http://169.254.169.254/latest/meta-data/', '169.254.169.254'],
  ])('%s is not asked', async (url, host) => expect(await sends(url)).toEqual(REFUSED(host)));

  it('is not asked by a name, nor where one of its addresses is inside', async () => {
    expect(await sends('https://inside.example/', named('10.0.0.1'))).toEqual(REFUSED('inside.example'));
    expect(await sends('https://both.example/', named('8.8.8.8', '127.0.0.1'))).toEqual(REFUSED('both.example'));
    expect(await sends('https://both.example/', named('127.0.0.1', '8.8.8.8'))).toEqual(REFUSED('both.example'));
  });

  it.each(['file:///etc/passwd', 'ftp://acme.example/', 'https://user:password@acme.example/', 'gopher://acme.example', 'not an address'])(
    '%s is none',
    async (url) => expect(await sends(url)).toEqual({ failed: 'it is not an address like https://hooks.example/path', retry: false }),
  );

  it('is not spoken to in the clear where it is public', async () => {
    expect(await sends('http://public.example/')).toEqual({ failed: 'public.example is to be reached by https', retry: false });
  });

  it('is asked at the very address that was looked at, whatever its name says a moment later', async () => {
    const asked: string[] = [];
    // The first answer is allowed; whoever asks again is led elsewhere.
    const rebinding: Resolve = async (host) => {
      asked.push(host);
      return [at(asked.length === 1 ? '127.0.0.1' : '127.0.0.2')];
    };
    const before = open.got.length;
    const send = guardedSend({ allowed: ['127.0.0.1'], resolve: rebinding });
    expect(await send(`http://rebinding.example:${open.port}/hook`, { 'content-type': 'text/plain' }, 'once')).toEqual({ status: 200, retryAfter: null });
    expect(asked).toEqual(['rebinding.example']);
    expect(open.got.slice(before)).toMatchObject([{ url: '/hook', body: 'once', headers: { host: `rebinding.example:${open.port}` } }]);
    expect(await send(`http://rebinding.example:${open.port}/hook`, {}, 'twice')).toEqual(REFUSED('rebinding.example'));
    expect(open.got.length).toBe(before + 1);
  });
});

it('tells a name that nobody knows from one that has no answer yet', async () => {
  const unknown: Resolve = () => Promise.reject(new Error('ENOTFOUND'));
  expect(await guardedSend({ allowed: [], resolve: unknown })('https://nowhere.example/', {}, '')).toEqual({
    failed: 'the name nowhere.example cannot be resolved',
    retry: true,
  });
  const silent: Resolve = () => new Promise(() => undefined);
  expect(await guardedSend({ allowed: [], resolve: silent, timeout: 50 })('https://silent.example/', {}, '')).toEqual({
    failed: 'the name silent.example cannot be resolved',
    retry: true,
  });
});
