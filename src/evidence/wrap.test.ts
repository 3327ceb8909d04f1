import { createCipheriv, randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { unwrapSecret, wrapSecrets } from './wrap.ts';

const KEY = randomBytes(32);
const alone = (secret: Buffer): Buffer => {
  const wrap = createCipheriv('id-aes256-wrap', KEY, Buffer.alloc(8, 0xa6));
  return Buffer.concat([wrap.update(secret), wrap.final()]);
};

it.each([0, 1, 5, 6, 512])('wraps %i secrets together as each alone, byte for byte', (count) => {
  const secrets = Array.from({ length: count }, () => randomBytes(32));
  const wrapped = wrapSecrets(KEY, secrets);
  expect(wrapped.map((its) => its.toString('hex'))).toEqual(secrets.map((secret) => alone(secret).toString('hex')));
  expect(wrapped.map((its) => unwrapSecret(KEY, its, 'one'))).toEqual(secrets);
});

it('wraps as RFC 3394 section 4.6 does', () => {
  const key = Buffer.from('000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f', 'hex');
  const secret = Buffer.from('00112233445566778899aabbccddeeff000102030405060708090a0b0c0d0e0f', 'hex');
  const expected = '28c9f404c4b810f4cbccb35cfb87f8263f5786e2d80ed326cbc7f0e71a99f43bfb988b9b7a02dd21';
  const all = wrapSecrets(
    key,
    Array.from({ length: 8 }, () => secret),
  );
  expect(new Set(all.map((its) => its.toString('hex')))).toEqual(new Set([expected]));
});

it('refuses a secret of another length', () => {
  expect(() =>
    wrapSecrets(
      KEY,
      Array.from({ length: 8 }, () => randomBytes(24)),
    ),
  ).toThrow(new RangeError('a secret of 24 bytes, not 32'));
});
