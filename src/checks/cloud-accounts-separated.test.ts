import { checkTester } from '../../test/check-tester.ts';
import { cloudAccount } from '../../test/operation-rows.ts';
import { cloudAccountsSeparated } from './cloud-accounts-separated.ts';

checkTester(cloudAccountsSeparated, {
  conforms: { 'production alone': { item: cloudAccount() }, 'tests alone': { item: cloudAccount({ environment: 'nonproduction' }) } },
  deviates: { 'production and tests together': { item: cloudAccount({ mixed: 'yes' }), because: 'holds production together with other work' } },
  unknown: {
    'nobody states what it is for': { item: cloudAccount({ environment: 'unknown' }), because: 'what it is for is not stated' },
    'trap 71: nobody states whether other work lies there': {
      item: cloudAccount({ mixed: 'unknown' }),
      because: 'whether production shares it with other work is not stated',
    },
  },
  ignores: { 'a closed one': cloudAccount({ status: 'closed' }) },
});
