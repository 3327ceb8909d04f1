import { checkTester } from '../../test/check-tester.ts';
import { permission, root, system } from '../../test/rows.ts';
import { adminsFew } from './admins-few.ts';

checkTester(adminsFew, {
  conforms: {
    three: {
      item: root(),
      given: {
        scope: [system({ systemId: 'aws' })],
        holders: [permission({ name: 'ada' }), permission({ name: 'ben', principalId: 'arn:2' }), permission({ name: 'cyd', principalId: 'arn:3' })],
      },
    },
  },
  deviates: {
    'trap 25: four, by a policy that the provider wrote': {
      item: root(),
      given: {
        scope: [system({ systemId: 'aws' })],
        holders: [
          permission({ name: 'ada' }),
          permission({ name: 'ben', principalId: 'arn:2' }),
          permission({ name: 'cyd', principalId: 'arn:3' }),
          permission({ name: 'dee', principalId: 'arn:4' }),
        ],
      },
      because:
        '4 users are granted administration: ada by AdministratorAccess; ben by AdministratorAccess; cyd by AdministratorAccess; dee by AdministratorAccess',
      cites: { holders: [0, 1, 2, 3] },
    },
  },
  unknown: {
    'a fourth that cannot be decided': {
      item: root(),
      given: {
        scope: [system({ systemId: 'aws' })],
        holders: [
          permission({ name: 'ada' }),
          permission({ name: 'ben', principalId: 'arn:2' }),
          permission({ name: 'cyd', principalId: 'arn:3' }),
          permission({ name: 'dee', principalId: 'arn:4', admin: 'unknown', by: [] }),
        ],
      },
      because: '3 users are granted administration, and it cannot be decided for dee',
    },
  },
  notYet: { 'a system out of scope': { item: root() } },
});
