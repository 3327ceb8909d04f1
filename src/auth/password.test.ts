import crypto from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { openGround } from '../server/sign-in/testing/ground.ts';
import { hashPassword, verifyPassword, weakness } from './password.ts';
import { signInByPassword } from './sign-in.ts';

/** What is asked of scrypt: the cost of every guess. It does its work all the same. */
const scrypt = vi.spyOn(crypto, 'scrypt');
syncBuiltinESMExports();
afterAll(() => {
  scrypt.mockRestore();
  syncBuiltinESMExports();
});
const asked = () => scrypt.mock.calls.map(([, , length, options]) => ({ N: typeof options === 'object' ? options.N : undefined, length }));

const about = { email: 'maria.lopez@acme.example', name: 'Maria Lopez', company: 'Acme' };

it.each([
  ['seven green lanterns', null],
  ['корова прыгает высоко', null],
  ['elevenchars', /fewer than 12 characters/],
  ['x'.repeat(300), /more than 256/],
  ['aaaaaaaabbbbb', /fewer than five different/],
  ['abcdefghijklmnop', /a row of the keyboard/],
  ['1234567890123', /a row of the keyboard/],
  ['qwertyuiopasdf', /a row of the keyboard/],
  ['Password2026!!', /tried first/],
  ['p@ssw0rd12345', /tried first/],
  ['dragondragon1', /tried first/],
  ['1q2w3e4r5t6y', /tried first/],
  ['sonyericsson', /tried first/],
  ['maria.lopez2026', /hardly more than "maria\.lopez"/],
  ['Tickmark2026!!', /hardly more than "tickmark"/],
])('judges %j', (password, expected) => {
  const said = weakness(password, about);
  if (expected === null) expect(said).toBe(null);
  else expect(said).toMatch(expected);
});

it('takes a password however its letters are composed, and no other', async () => {
  const stored = await hashPassword('de\u0301ja-vu lanterns', 4);
  expect(stored).toMatch(/^scrypt\$4\$[A-Za-z0-9+/]{22}==\$[A-Za-z0-9+/]{43}=$/);
  expect(await verifyPassword('d\u00e9ja-vu lanterns', stored, 4)).toBe(true);
  expect(await verifyPassword('deja-vu lanterns', stored, 4)).toBe(false);
  expect(await hashPassword('de\u0301ja-vu lanterns', 4)).not.toBe(stored);
});

it('is slow enough by default: 64 MB for each guess', async () => {
  scrypt.mockClear();
  await hashPassword('seven green lanterns');
  expect(asked()).toEqual([{ N: 65_536, length: 32 }]);
});

let ground: Awaited<ReturnType<typeof openGround>>;
beforeAll(async () => {
  ground = await openGround();
  await ground.add({ email: about.email });
  await ground.add({ email: 'gone@acme.example', active: false });
  await ground.add({ email: 'sso.only@acme.example', password: null });
});
afterAll(() => ground.close());

it('does the same work for whom it knows, does not know, knows no more, and knows without a password', async () => {
  for (const email of [about.email, 'nobody@acme.example', 'gone@acme.example', 'sso.only@acme.example']) {
    scrypt.mockClear();
    const outcome = await signInByPassword(ground.means, { email, password: 'not the right one', from: { address: email, agent: '' } });
    expect([email, outcome.kind, asked()]).toEqual([email, 'wrong', [{ N: 2 ** ground.means.cost, length: 32 }]]);
  }
});
