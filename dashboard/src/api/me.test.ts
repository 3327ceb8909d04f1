import { describe, expect, it } from 'vitest';
import { GRANTS, type ROLES } from '../../../src/auth/roles.ts';
import { PLACES } from '../shell/places.ts';
import { mayOpen } from './me.ts';

const open = (
  role: (typeof ROLES)[number],
  bounds: Parameters<typeof mayOpen>[1] extends infer Its | undefined ? (Its extends { bounds: infer B } ? B : never) : never = null,
) => PLACES.flatMap(({ places }) => places.flatMap(({ to }) => (mayOpen(to, { permissions: [...GRANTS[role]], bounds }) ? [to] : [])));

describe('the way to a page', () => {
  it('is shown to an admin for every page', () => {
    expect(open('admin')).toEqual(PLACES.flatMap(({ places }) => places.map(({ to }) => to)));
  });

  it('is not shown to whoever is refused there', () => {
    expect(open('member')).not.toContain('/people');
    expect(open('member')).not.toContain('/log');
    expect(open('member')).toContain('/settings');
    expect(mayOpen('/settings/users/u1', { permissions: [...GRANTS.auditor], bounds: null })).toBe(false);
    expect(mayOpen('/settings/users/u1', { permissions: [...GRANTS.manager], bounds: null })).toBe(true);
    expect(mayOpen('/settings/tokens', { permissions: [...GRANTS.member], bounds: null })).toBe(true);
  });

  it('does not lead a bounded auditor to what tells of the whole company', () => {
    const permissions = [...GRANTS.auditor];
    const bounds = { period: null, controls: ['AC-01'] };
    expect([mayOpen('/settings/retention', { permissions, bounds: null }), mayOpen('/settings/retention', { permissions, bounds })]).toEqual([true, false]);
    expect(mayOpen('/settings/keys', { permissions, bounds })).toBe(true);
  });
});
