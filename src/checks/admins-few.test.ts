import { checkTester } from '../../test/check-tester.ts';
import { permission, roleTaker, root, system } from '../../test/rows.ts';
import { adminsFew } from './admins-few.ts';

const scope = [system({ systemId: 'aws' })];
const users = ['ada', 'ben', 'cyd', 'dee'].map((name, place) => permission({ name, principalId: `arn:${place + 1}` }));
const role = permission({ kind: 'role', principalId: 'arn:role/Administrator', name: 'Administrator' });
const taker = (name: string, more: Parameters<typeof roleTaker>[0] = {}) => roleTaker({ principalId: `arn:user/${name}`, name, ...more });

checkTester(adminsFew, {
  conforms: {
    'a role that administers, and whom it trusts': { item: root(), given: { scope, holders: [role], takers: [taker('ada'), taker('ben'), taker('cyd')] } },
    'a role that administers nothing, whoever may take it': {
      item: root(),
      given: { scope, holders: users.slice(0, 3), takers: [taker('dee', { takes: ['arn:role/Reader'] })] },
    },
    'one counts once, by policies and by a role': {
      item: root(),
      given: { scope, holders: [...users.slice(0, 3), role], takers: [taker('ada', { principalId: 'arn:1' })] },
    },
    'a role that only another role may take': {
      item: root(),
      given: { scope, holders: [...users.slice(0, 3), role], takers: [taker('Deployer', { kind: 'role', principalId: 'arn:role/Deployer' })] },
    },
    three: {
      item: root(),
      given: {
        scope: [system({ systemId: 'aws' })],
        holders: [permission({ name: 'ada' }), permission({ name: 'ben', principalId: 'arn:2' }), permission({ name: 'cyd', principalId: 'arn:3' })],
      },
    },
  },
  deviates: {
    'a fourth who may take the role whenever he likes': {
      item: root(),
      given: { scope, holders: [...users.slice(0, 3), role], takers: [taker('dee'), taker('eve', { takes: ['arn:role/Reader'] })] },
      because:
        '4 users are granted administration: ada by AdministratorAccess; ben by AdministratorAccess; cyd by AdministratorAccess; dee by taking Administrator',
      cites: { holders: [0, 1, 2, 3], takers: [0] },
    },
    'by way of another role, and from another account': {
      item: root(),
      given: {
        scope,
        holders: [...users.slice(0, 3), role],
        takers: [
          taker('dee', { accountId: '210987654321', takes: ['arn:role/Deployer'] }),
          taker('Deployer', { kind: 'role', principalId: 'arn:role/Deployer' }),
        ],
      },
      because: '4 users are granted administration: ada by AdministratorAccess; ben by AdministratorAccess; cyd by AdministratorAccess; dee by taking Deployer',
      cites: { holders: [0, 1, 2, 3], takers: [0, 1] },
    },
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
    'a fourth of whom it cannot be said whether the role trusts it': {
      item: root(),
      given: { scope, holders: [...users.slice(0, 3), role], takers: [taker('dee', { takes: [], mayTake: ['arn:role/Administrator'] })] },
      because: '3 users are granted administration, and it cannot be decided for dee by taking Administrator',
    },
    'a fourth who may take a role of which it cannot be said whether it administers': {
      item: root(),
      given: { scope, holders: [...users.slice(0, 3), { ...role, admin: 'unknown', by: [] }], takers: [taker('dee')] },
      because: '3 users are granted administration, and it cannot be decided for dee by taking Administrator',
    },
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
  notJoined: {
    holders: {
      'a role that AWS makes for itself': { ...role, principalId: 'arn:aws:iam::123456789012:role/aws-service-role/x.amazonaws.com/Y' },
      'who administers nothing': permission({ admin: 'no' }),
    },
  },
});
