import { checkTester } from '../../test/check-tester.ts';
import { policy, system } from '../../test/rows.ts';
import { policiesScoped } from './policies-scoped.ts';

checkTester(policiesScoped, {
  conforms: { 'actions and resources are named': { item: policy(), given: { scope: [system({ systemId: 'aws' })] } } },
  deviates: {
    'trap 25: everything, in the second statement': {
      item: policy({ document: '{"Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"a"},{"Effect":"Allow","Action":"*","Resource":"*"}]}' }),
      given: { scope: [system({ systemId: 'aws' })] },
      because: 'grants administration of the account',
    },
    'a whole service': {
      item: policy({ document: '{"Statement":{"Effect":"Allow","Action":["ec2:*"],"Resource":"*"}}' }),
      given: { scope: [system({ systemId: 'aws' })] },
      because: 'grants every action of a service on every resource',
    },
    'all but': {
      item: policy({ document: '{"Statement":[{"Effect":"Allow","NotAction":"iam:*","Resource":"*"}]}' }),
      given: { scope: [system({ systemId: 'aws' })] },
      because: 'grants every action of a service on every resource',
    },
  },
  unknown: {
    'everything under a condition': {
      item: policy({ document: '{"Statement":[{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"IpAddress":{"aws:SourceIp":"10.0.0.0/8"}}}]}' }),
      given: { scope: [system({ systemId: 'aws' })] },
      because: 'grants wildcards under a condition, which cannot be decided from the policy alone',
    },
  },
  notYet: { 'a system out of scope': { item: policy() } },
  ignores: {
    'a policy of the provider': policy({ managedBy: 'provider' }),
    'one that nobody holds': policy({ attachments: 0 }),
    'a boundary': policy({ boundaries: 1 }),
  },
});
