import { checkTester } from '../../test/check-tester.ts';
import { account, registerEntry, ruleBypass, system } from '../../test/rows.ts';
import { instant } from '../core/instant.ts';
import { ruleBypassesReviewed } from './rule-bypasses-reviewed.ts';

const scope = [system({ systemId: 'github' })];
const actors = [account({ systemId: 'github', userId: 'g1', personId: 'W-1' })];
const followUp = (over: Parameters<typeof registerEntry>[0] = {}) =>
  registerEntry({
    register: 'change-reviews',
    subject: 'a'.repeat(40),
    reviewerId: 'W-2',
    reviewedAt: instant('2026-05-22T00:00:00Z'),
    committedAt: instant('2026-05-22T09:00:00Z'),
    ...over,
  });

checkTester(ruleBypassesReviewed, {
  conforms: {
    'trap 28: reviewed by someone else in time': { item: ruleBypass(), given: { scope, actors, followUps: [followUp()] } },
    'on the same day': { item: ruleBypass(), given: { scope, actors, followUps: [followUp({ reviewedAt: instant('2026-05-20T00:00:00Z') })] } },
  },
  deviates: {
    'trap 28: nobody looked': {
      item: ruleBypass(),
      given: { scope, actors },
      at: instant('2026-06-10T00:00:00Z'),
      because: 'ines-duarte went around pull_request on 2026-05-20T12:00:00Z, and nobody else had reviewed it by 2026-05-25T12:00:00Z',
    },
    'who did it reviewed it': {
      item: ruleBypass(),
      given: { scope, actors, followUps: [followUp({ reviewerId: 'W-1' })] },
      at: instant('2026-06-10T00:00:00Z'),
      because: 'ines-duarte went around pull_request on 2026-05-20T12:00:00Z, and nobody else had reviewed it by 2026-05-25T12:00:00Z',
    },
    'too late': {
      item: ruleBypass(),
      given: { scope, actors, followUps: [followUp({ reviewedAt: instant('2026-05-28T00:00:00Z') })] },
      at: instant('2026-06-10T00:00:00Z'),
      because: 'ines-duarte went around pull_request on 2026-05-20T12:00:00Z, and nobody else had reviewed it by 2026-05-25T12:00:00Z',
    },
    'an entry dated back': {
      item: ruleBypass({ rules: [] }),
      given: { scope, actors, followUps: [followUp({ committedAt: instant('2026-06-09T00:00:00Z') })] },
      at: instant('2026-06-10T00:00:00Z'),
      because: 'ines-duarte went around the rules on 2026-05-20T12:00:00Z, and nobody else had reviewed it by 2026-05-25T12:00:00Z',
    },
  },
  unknown: {
    'nobody can say when the entry was written': {
      item: ruleBypass(),
      given: { scope, actors, followUps: [followUp({ commit: null, committedAt: null, approval: 'unknown' })] },
      because: 'it is reviewed, and cannot be told whether by someone other than ines-duarte',
    },
    'nobody knows who did it': {
      item: ruleBypass(),
      given: { scope, followUps: [followUp()] },
      because: 'it is reviewed, and cannot be told whether by someone other than ines-duarte',
    },
  },
  notYet: {
    'the register is still to be read': { item: ruleBypass(), given: { scope, actors }, at: instant('2026-05-30T00:00:00Z') },
    'a system out of scope': { item: ruleBypass() },
  },
});
