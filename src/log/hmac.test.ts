import { createHmac, randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { hmac } from './hmac.ts';

it.each([
  ['0b'.repeat(20), Buffer.from('Hi There'), 'b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7'],
  [Buffer.from('Jefe').toString('hex'), Buffer.from('what do ya want for nothing?'), '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843'],
  ['aa'.repeat(20), Buffer.alloc(50, 0xdd), '773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe'],
  ['aa'.repeat(131), Buffer.from('Test Using Larger Than Block-Size Key - Hash Key First'), '60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54'],
])('is what RFC 4231 says (key %s)', (key, text, expected) => {
  expect(hmac(Buffer.from(key, 'hex'), text).toString('hex')).toBe(expected);
});

it.each([0, 1, 31, 32, 63, 64, 65, 200])('is what Node says, of keys of %i bytes, of little and much, in one part or several', (length) => {
  const key = randomBytes(length);
  for (const size of [0, 1, 55, 64, 4096, 16_383, 16_384, 16_385, 100_000]) {
    const [text, more] = [randomBytes(size), randomBytes(7)];
    expect(hmac(key, text)).toEqual(createHmac('sha256', key).update(text).digest());
    expect(hmac(key, text, more)).toEqual(createHmac('sha256', key).update(text).update(more).digest());
  }
});
