import { checkTester } from '../../test/check-tester.ts';
import { passwordPolicy, system } from '../../test/rows.ts';
import { passwordsStrong } from './passwords-strong.ts';

checkTester(passwordsStrong, {
  conforms: { 'long, and not the last ones': { item: passwordPolicy(), given: { scope: [system({ systemId: 'aws' })] } } },
  deviates: {
    'no policy of its own': {
      item: passwordPolicy({ exists: false, minLength: null, reusePrevention: null }),
      given: { scope: [system({ systemId: 'aws' })] },
      because: 'there is no policy, so the default of the provider holds',
    },
    short: { item: passwordPolicy({ minLength: 8 }), given: { scope: [system({ systemId: 'aws' })] }, because: 'asks for 8 characters, not 12' },
    'the same again': {
      item: passwordPolicy({ reusePrevention: null }),
      given: { scope: [system({ systemId: 'aws' })] },
      because: 'former passwords may be used again',
    },
  },
  unknown: {
    'a silent system': {
      item: passwordPolicy({ minLength: null }),
      given: { scope: [system({ systemId: 'aws' })] },
      because: 'the system does not say how long a password must be',
    },
  },
  notYet: { 'a system out of scope': { item: passwordPolicy() } },
});
