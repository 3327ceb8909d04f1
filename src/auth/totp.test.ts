import { TOTP, URI } from 'otpauth';
import { expect, it } from 'vitest';
import { base32, otpauthUri, stepOf } from './totp.ts';

const secret = Buffer.from('12345678901234567890');

// RFC 6238, appendix B, SHA-1: the last six of its eight digits.
it.each([
  [59, '287082'],
  [1_111_111_109, '081804'],
  [1_111_111_111, '050471'],
  [1_234_567_890, '005924'],
  [2_000_000_000, '279037'],
  [20_000_000_000, '353130'],
])('at second %d the code is %s, half a minute before and after too, and a minute off no more', (second, code) => {
  const at = second * 1000;
  const step = Math.floor(second / 30);
  expect(stepOf(secret, code, at)).toBe(step);
  expect([stepOf(secret, code, at - 30_000), stepOf(secret, code, at + 30_000)]).toEqual([step, step]);
  expect([stepOf(secret, code, at + 60_000), at < 90_000 ? null : stepOf(secret, code, at - 60_000)]).toEqual([null, null]);
  expect(stepOf(secret, `${code.slice(0, 3)} ${code.slice(3)}`, at)).toBe(step);
});

it.each(['', '28708', '2870822', 'abcdef', '28708２'])('takes no %j', (code) => {
  expect(stepOf(secret, code, 59_000)).toBe(null);
});

it('is read by another implementation as it was meant', () => {
  const read = URI.parse(otpauthUri(secret, 'maria.lopez@acme.example', 'Tickmark Acme & Söhne'));
  expect(read).toBeInstanceOf(TOTP);
  expect([read.issuer, read.label, read.secret.base32]).toEqual(['Tickmark Acme & Söhne', 'maria.lopez@acme.example', base32(secret)]);
  expect((read as TOTP).generate({ timestamp: 59_000 })).toBe('287082');
});
