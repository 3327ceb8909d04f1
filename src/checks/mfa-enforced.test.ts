import { checkTester } from '../../test/check-tester.ts';
import { account, enforcement, system } from '../../test/rows.ts';
import { mfaEnforced } from './mfa-enforced.ts';

checkTester(mfaEnforced, {
  conforms: { 'a policy asks everywhere': { item: account(), given: { scope: [system()], told: [enforcement()] } } },
  deviates: {
    'a trusted network': {
      item: account(),
      given: { scope: [system()], told: [enforcement({ enforced: 'no', bypasses: ['Office (from a network zone)'] })] },
      because: 'there is a way around it: Office (from a network zone)',
      cites: { told: [0] },
    },
    'a bypass beside a policy': {
      item: account(),
      given: { scope: [system()], told: [enforcement({ bypasses: ['long-term access keys'] })] },
      because: 'there is a way around it: long-term access keys',
      cites: { told: [0] },
    },
    'enrolled is not enforced': {
      item: account(),
      given: { scope: [system()], told: [enforcement({ enrolled: 'yes', enforced: 'no', by: [] })] },
      because: 'no policy requires a second factor',
      cites: { told: [0] },
    },
  },
  unknown: {
    'a silent system': { item: account(), given: { scope: [system()] }, because: 'okta does not say whether a second factor is required' },
    'a condition nobody understands': {
      item: account(),
      given: { scope: [system()], told: [enforcement({ enforced: 'unknown' })] },
      because: 'okta does not say whether a second factor is required',
    },
  },
  notYet: { 'a system out of scope': { item: account() } },
  ignores: { 'a machine': account({ kind: 'service' }) },
});
