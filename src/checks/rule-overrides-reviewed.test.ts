import { checkTester } from '../../test/check-tester.ts';
import { protectionChange } from '../../test/operation-rows.ts';
import { account, registerEntry, system } from '../../test/rows.ts';
import { instant } from '../core/instant.ts';
import { ruleOverridesReviewed } from './rule-overrides-reviewed.ts';

const scope = [system({ systemId: 'github' })];
const actors = [account({ systemId: 'github', userId: 'g1', login: 'ines-duarte', personId: 'W-1' })];
const override = (over: Parameters<typeof protectionChange>[0] = {}) =>
  protectionChange({ action: 'protected_branch.policy_override', change: 'overridden', loosened: 'no', ...over });
const followUp = (over: Parameters<typeof registerEntry>[0] = {}) =>
  registerEntry({
    register: 'change-reviews',
    entryId: 'CR-1',
    subject: 'E-1',
    reviewerId: 'W-2',
    reviewedAt: instant('2026-05-22T00:00:00Z'),
    committedAt: instant('2026-05-22T10:00:00Z'),
    ...over,
  });
const none =
  'ines-duarte overrode main in acme/web on 2026-05-20T11:55:00Z (protected_branch.policy_override), and nobody else had reviewed it by 2026-05-25T11:55:00Z';
const late = instant('2026-06-03T00:00:00Z');

checkTester(ruleOverridesReviewed, {
  conforms: { 'trap 28: reviewed by someone else in time': { item: override(), given: { scope, actors, followUps: [followUp()] } } },
  deviates: {
    'trap 28: a use that nobody looked at': { item: override(), given: { scope, actors }, at: late, because: none },
    'who did it reviewed it': { item: override(), given: { scope, actors, followUps: [followUp({ reviewerId: 'W-1' })] }, at: late, because: none },
    'an entry that was dated back': {
      item: override(),
      given: { scope, actors, followUps: [followUp({ committedAt: instant('2026-06-02T12:00:00Z') })] },
      at: late,
      because: none,
    },
    'a push past the protection against secrets': {
      item: override({ kind: 'push-protection', action: 'secret_scanning_push_protection.bypass', target: null }),
      given: { scope, actors },
      at: late,
      because:
        'ines-duarte overrode a rule in acme/web on 2026-05-20T11:55:00Z (secret_scanning_push_protection.bypass), and nobody else had reviewed it by 2026-05-25T11:55:00Z',
    },
  },
  unknown: {
    'nobody knows who it was': {
      item: override(),
      given: { scope, followUps: [followUp()] },
      because: 'it is reviewed, and cannot be told whether by someone other than ines-duarte',
    },
  },
  notYet: { 'the register is still to be read': { item: override(), given: { scope, actors } }, 'a system out of scope': { item: override() } },
  ignores: { 'a change of the rule itself': protectionChange() },
});
