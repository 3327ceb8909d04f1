import { checkTester } from '../../test/check-tester.ts';
import { passwordPolicy, system } from '../../test/rows.ts';
import { passwordsStrong } from './passwords-strong.ts';

checkTester(passwordsStrong, {
  conforms: {
    'long, and not the last ones': { item: passwordPolicy(), given: { scope: [system({ systemId: 'aws' })] } },
    'good enough, whether it is in force or not': { item: passwordPolicy({ inForce: 'unknown' }), given: { scope: [system({ systemId: 'aws' })] } },
  },
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
    'too short, and nobody says whether it is in force': {
      item: passwordPolicy({ minLength: 8, inForce: 'unknown' }),
      given: { scope: [system({ systemId: 'aws' })] },
      because: 'the system does not say whether it is in force',
    },
    'the same again, and nobody says whether it is in force': {
      item: passwordPolicy({ reusePrevention: null, inForce: 'unknown' }),
      given: { scope: [system({ systemId: 'aws' })] },
      because: 'the system does not say whether it is in force',
    },
    'a silent system': {
      item: passwordPolicy({ minLength: null }),
      given: { scope: [system({ systemId: 'aws' })] },
      because: 'the system does not say how long a password must be',
    },
  },
  notYet: { 'a system out of scope': { item: passwordPolicy() } },
  ignores: { 'one that is switched off': passwordPolicy({ inForce: 'no', minLength: 4, reusePrevention: null }) },
});
