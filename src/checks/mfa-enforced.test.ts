import { checkTester } from '../../test/check-tester.ts';
import { account, enforcement, system } from '../../test/rows.ts';
import { mfaEnforced } from './mfa-enforced.ts';

const guest = account({ kind: 'external', personId: null, ownerId: 'W-2', purpose: 'audits', password: 'unknown' });
const machine = (password: 'yes' | 'no' | 'unknown') => account({ kind: 'service', personId: null, ownerId: 'W-1', purpose: 'deploys', password });

checkTester(mfaEnforced, {
  conforms: {
    'a policy asks everywhere': { item: account(), given: { scope: [system()], told: [enforcement()] } },
    'trap 5: a guest of whom it is asked': { item: guest, given: { scope: [system()], told: [enforcement()] } },
    'a machine with a password of which it is asked': { item: machine('yes'), given: { scope: [system()], told: [enforcement()] } },
    'a machine of which it is asked, with or without a password': { item: machine('unknown'), given: { scope: [system()], told: [enforcement()] } },
  },
  deviates: {
    'trap 3: a trusted network': {
      item: account(),
      given: { scope: [system()], told: [enforcement({ enforced: 'no', bypasses: ['Office (from a network zone)'] })] },
      because: 'there is a way around it: Office (from a network zone)',
      cites: { told: [0] },
    },
    'trap 3: a remembered device': {
      item: account(),
      given: { scope: [system()], told: [enforcement({ enforced: 'no', by: [], bypasses: ['Everyone: Any (a remembered device is not asked again)'] })] },
      because: 'there is a way around it: Everyone: Any (a remembered device is not asked again)',
      cites: { told: [0] },
    },
    'trap 3: in a group that the policy leaves out': {
      item: account(),
      given: { scope: [system()], told: [enforcement({ enforced: 'no', by: [], bypasses: ['Default: Any'] })] },
      because: 'there is a way around it: Default: Any',
      cites: { told: [0] },
    },
    'trap 5: a guest of whom it is not asked': {
      item: guest,
      given: { scope: [system()], told: [enforcement({ enforced: 'no', by: [] })] },
      because: 'no policy requires a second factor',
      cites: { told: [0] },
    },
    'trap 6: a machine with a password': {
      item: machine('yes'),
      given: { scope: [system()], told: [enforcement({ enforced: 'no', by: [] })] },
      because: 'no policy requires a second factor',
      cites: { told: [0] },
    },
    'trap 7: an emergency account that the policy leaves out': {
      item: account({ kind: 'shared', personId: null, ownerId: 'W-1', purpose: 'emergencies', privileged: 'yes' }),
      given: { scope: [system()], told: [enforcement({ enforced: 'no', bypasses: ['Emergency: Any'] })] },
      because: 'there is a way around it: Emergency: Any',
      cites: { told: [0] },
    },
    'trap 9: long-term access keys, which the policy does not catch': {
      item: account(),
      given: { scope: [system()], told: [enforcement({ bypasses: ['long-term access keys'] })] },
      because: 'there is a way around it: long-term access keys',
      cites: { told: [0] },
    },
    'trap 1: enrolled is not enforced': {
      item: account(),
      given: { scope: [system()], told: [enforcement({ enrolled: 'yes', enforced: 'no', by: [] })] },
      because: 'no policy requires a second factor',
      cites: { told: [0] },
    },
  },
  unknown: {
    'a silent system': { item: account(), given: { scope: [system()] }, because: 'okta does not say whether a second factor is required' },
    'trap 5: a guest of whom nothing is said': {
      item: guest,
      given: { scope: [system()], told: [enforcement({ enforced: 'unknown', by: [] })] },
      because: 'okta does not say whether a second factor is required',
    },
    'trap 6: a machine of which it is not asked, and nobody says whether it has a password': {
      item: machine('unknown'),
      given: { scope: [system()], told: [enforcement({ enforced: 'no', by: [] })] },
      because: 'okta does not say whether anybody can sign in with it',
    },
    'a condition nobody understands': {
      item: account(),
      given: { scope: [system()], told: [enforcement({ enforced: 'unknown' })] },
      because: 'okta does not say whether a second factor is required',
    },
  },
  notYet: { 'a system out of scope': { item: account() } },
  ignores: { 'trap 6: a machine without a password': machine('no'), 'nothing to sign in with': account({ password: 'no' }) },
});
