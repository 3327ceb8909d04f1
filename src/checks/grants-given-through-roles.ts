import { systems } from '../datasets/asset/systems.ts';
import { permissions } from '../datasets/iam/permissions.ts';
import { conforms, defineCheck, deviates } from './check.ts';
import { outOfScope } from './scope.ts';

export const grantsGivenThroughRoles = defineCheck({
  id: 'grants-given-through-roles',
  title: 'Users of a cloud account hold their rights through groups',
  version: 1,
  asserts: 'No policy is attached to or written into a single user of a cloud account: users hold policies through groups.',
  population: permissions.where(({ kind }) => kind === 'user'),
  with: { scope: systems.on('systemId') },

  examine({ direct }, { scope }) {
    const out = outOfScope(scope);
    if (out) return out;
    return direct.length > 0 ? deviates(`holds by itself, not through a group: ${direct.join(', ')}`) : conforms();
  },
});
