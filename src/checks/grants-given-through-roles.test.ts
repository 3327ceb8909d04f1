import { checkTester } from '../../test/check-tester.ts';
import { permission, system } from '../../test/rows.ts';
import { grantsGivenThroughRoles } from './grants-given-through-roles.ts';

const given = { scope: [system({ systemId: 'aws' })] };

checkTester(grantsGivenThroughRoles, {
  conforms: {
    'through a group': { item: permission(), given },
    'nothing at all': { item: permission({ admin: 'no', level: 'none', atMost: 'none', held: [] }), given },
  },
  deviates: {
    'trap 23: attached and written in': {
      item: permission({ held: ['AdministratorAccess, attached', 'debugging, inline'], direct: ['AdministratorAccess', 'debugging'] }),
      given,
      because: 'holds by itself, not through a group: AdministratorAccess, debugging',
    },
  },
  notYet: { 'a system out of scope': { item: permission() } },
  ignores: { 'a role, which is held by assuming it': permission({ kind: 'role', direct: ['AdministratorAccess'] }) },
});
