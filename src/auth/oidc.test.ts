import { expect, it } from 'vitest';
import { sawSeveral } from './oidc.ts';

it.each([
  [['mfa'], true],
  [['pwd', 'otp'], true],
  [['hwk', 'pin'], true],
  [['swk', 'face'], true],
  [['otp'], false],
  [['hwk'], false],
  [['swk'], false],
  [['pop'], false],
  [['sc'], false],
  [['fido'], false],
  [['otp', 'hwk'], false],
  [['pwd', 'kba'], false],
  [['pwd', 'sms'], false],
  [[], false],
  [[1, null, { mfa: true }], false],
])('a provider that says %j has seen more than one kind of thing: %j', (amr, several) => {
  expect(sawSeveral(amr)).toBe(several);
});
