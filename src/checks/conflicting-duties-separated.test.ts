import { checkTester } from '../../test/check-tester.ts';
import { engagement, grant, group, membership, role, sodRule } from '../../test/rows.ts';
import { conflictingDutiesSeparated } from './conflicting-duties-separated.ts';

const item = sodRule();
const deploys = membership({ systemId: 'github', userId: 'g1', name: 'deployers' });
const approves = grant({ userId: 'u1', role: 'Change approvers', roleId: 'app9' });
const theirs = grant({ userId: 'u2', grantId: 'g2', role: 'Change approvers', roleId: 'app9' });
const ines = engagement();
const inesElsewhere = engagement({ systemId: 'github', userId: 'g1' });
const other = engagement({ userId: 'u2', personId: 'W-2' });
const both = 'W-1 holds Deployers and Change approvers';

checkTester(conflictingDutiesSeparated, {
  conforms: {
    'two people': { item, given: { belonging: [deploys], granted: [theirs], holders: [inesElsewhere, other] } },
    'a side that nobody holds': { item, given: { belonging: [deploys], roles: [role({ name: 'change approvers' })], holders: [] } },
    'a group that nobody is in': { item, given: { granted: [approves], groups: [group({ name: 'Deployers' })], holders: [ines] } },
    'compensated, and approved': {
      item: sodRule({ compensating: 'AC-10', approverEmails: ['boss@acme.example'] }),
      given: { belonging: [deploys], granted: [approves], holders: [ines, inesElsewhere] },
    },
  },
  deviates: {
    'the two halves under two logins, in two systems': {
      item,
      given: { belonging: [deploys], granted: [approves], holders: [ines, inesElsewhere] },
      because: both,
      cites: { belonging: [0], granted: [0] },
    },
    'trap 22: through a group': {
      item,
      given: { belonging: [deploys], granted: [grant({ groups: ['Change approvers'] })], holders: [ines, inesElsewhere] },
      because: both,
      cites: { belonging: [0], granted: [0] },
    },
    'by the one who answers for a machine': {
      item,
      given: { belonging: [deploys], granted: [approves], holders: [engagement({ personId: null, ownerId: 'W-1' }), inesElsewhere] },
      because: both,
      cites: { belonging: [0], granted: [0] },
    },
    'compensated by the word of its author alone': {
      item: sodRule({ compensating: 'AC-10' }),
      given: { belonging: [deploys], granted: [approves], holders: [ines, inesElsewhere] },
      because: both,
      cites: { belonging: [0], granted: [0] },
    },
    'one account that nobody knows': {
      item,
      given: { belonging: [deploys, membership({ systemId: 'github', userId: 'g1', name: 'Change approvers' })] },
      because: 'g1 in github holds Deployers and Change approvers',
      cites: { belonging: [0, 1] },
    },
    'two people who hold both': {
      item,
      given: {
        belonging: [deploys, membership({ systemId: 'github', userId: 'g2', name: 'deployers' })],
        granted: [approves, theirs],
        holders: [ines, inesElsewhere, other, engagement({ systemId: 'github', userId: 'g2', personId: 'W-2' })],
      },
      because: 'W-1, W-2 hold Deployers and Change approvers',
      cites: { belonging: [0, 1], granted: [0, 1] },
    },
  },
  unknown: {
    'compensated, and nobody can tell who approved that': {
      item: sodRule({ compensating: 'AC-10', approved: 'unknown' }),
      given: { belonging: [deploys], granted: [approves], holders: [ines, inesElsewhere] },
      because: 'W-1 would need that somebody approved what compensates, and nothing tells',
    },
    'an account that nobody is tied to': {
      item,
      given: { belonging: [deploys], granted: [theirs], holders: [other] },
      because: 'nobody knows whose it is: g1 in github',
    },
    'a matrix whose names no system knows': {
      item,
      given: { belonging: [deploys], holders: [inesElsewhere] },
      because: 'nothing in any system that is told of is called Change approvers',
    },
  },
  ignores: { 'a rule that is not in force': sodRule({ active: false }) },
});
