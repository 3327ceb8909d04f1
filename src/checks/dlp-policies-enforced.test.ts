import { checkTester } from '../../test/check-tester.ts';
import { dlpPolicy } from '../../test/operation-rows.ts';
import { dlpPoliciesEnforced } from './dlp-policies-enforced.ts';

checkTester(dlpPoliciesEnforced, {
  conforms: { 'it blocks': { item: dlpPolicy() }, 'it warns': { item: dlpPolicy({ enforcement: 'warn' }) } },
  deviates: {
    'it only watches': { item: dlpPolicy({ enforcement: 'monitor' }), because: 'only watches email and stops nothing' },
    'switched off': { item: dlpPolicy({ enabled: false }), because: 'is off; nothing watches email' },
    'on, and does nothing': { item: dlpPolicy({ enforcement: 'off', channel: 'web' }), because: 'is off; nothing watches web' },
  },
  ignores: { 'one that is not required': dlpPolicy({ required: false, enabled: false }) },
});
