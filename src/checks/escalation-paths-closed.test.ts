import { checkTester } from '../../test/check-tester.ts';
import { permission, system } from '../../test/rows.ts';
import { escalationPathsClosed } from './escalation-paths-closed.ts';

const given = { scope: [system({ systemId: 'aws' })] };
const reader = { admin: 'no', by: [], level: 'read', atMost: 'read', grants: ['read on everything: ec2'] } as const;

checkTester(escalationPathsClosed, {
  conforms: { 'a reader': { item: permission(reader), given } },
  deviates: {
    'trap 23: a role may pass any role to a function': {
      item: permission({ ...reader, kind: 'role', escalates: 'yes', ways: ['iam:PassRole with lambda:CreateFunction with lambda:InvokeFunction'] }),
      given,
      because: 'is granted what makes an administrator: iam:PassRole with lambda:CreateFunction with lambda:InvokeFunction',
    },
    'trap 23: all but IAM, by NotAction': {
      item: permission({ ...reader, escalates: 'yes', ways: ['a:A', 'b:B', 'c:C', 'd:D', 'e:E'] }),
      given,
      because: 'is granted what makes an administrator: a:A, b:B, c:C, and 2 more',
    },
  },
  unknown: {
    'under a condition that nothing tells of': {
      item: permission({ ...reader, escalates: 'unknown', ways: ['iam:PutUserPolicy'], keys: ['aws:SourceIp'] }),
      given,
      because: 'may be granted what makes an administrator, which hangs on aws:SourceIp: iam:PutUserPolicy',
    },
    'trap 22: a policy of a group that nobody described': {
      item: permission({ ...reader, admin: 'unknown', escalates: 'unknown', unreadable: ['group readers that AWS did not describe'] }),
      given,
      because: 'nothing is known of what these policies say: group readers that AWS did not describe',
    },
  },
  notYet: { 'a system out of scope': { item: permission(reader) } },
  ignores: {
    'an administrator': permission(),
    'trap 43: a role of a service of AWS, which nobody can change': permission({
      ...reader,
      kind: 'role',
      principalId: 'arn:aws:iam::123456789012:role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS',
    }),
  },
});
