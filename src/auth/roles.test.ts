import { expect, test } from 'vitest';
import { GRANTS, may, PERMISSIONS, ROLES } from './roles.ts';

const WRITES = PERMISSIONS.filter((it) => /\.(write|act|run|make|configure)$/.test(it));

test('an admin may everything', () => {
  expect(PERMISSIONS.filter((permission) => !may({ role: 'admin', scopes: null }, permission))).toEqual([]);
});

test('an auditor changes nothing', () => {
  expect(WRITES.filter((permission) => may({ role: 'auditor', scopes: null }, permission))).toEqual([]);
});

test('users, tokens of others and settings are changed by admins alone', () => {
  const only = ['users.write', 'tokens.write', 'settings.write'] as const;
  expect(ROLES.filter((role) => only.some((permission) => GRANTS[role].includes(permission)))).toEqual(['admin']);
});

test('a scope takes away, and never gives', () => {
  expect(may({ role: 'manager', scopes: ['posture.read'] }, 'posture.read')).toBe(true);
  expect(may({ role: 'manager', scopes: ['posture.read'] }, 'findings.read')).toBe(false);
  expect(may({ role: 'auditor', scopes: ['settings.write'] }, 'settings.write')).toBe(false);
});
