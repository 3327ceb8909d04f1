import { checkTester } from '../../test/check-tester.ts';
import { account, commit, registerEntry, system } from '../../test/rows.ts';
import { instant } from '../core/instant.ts';
import { directPushesReviewed } from './direct-pushes-reviewed.ts';

const scope = [system({ systemId: 'github' })];
const pushers = [account({ systemId: 'github', userId: 'g2', personId: 'W-2' })];
const pushed = commit({ how: 'pushed', prId: null, prNumber: null });
const followUp = (reviewerId: string) =>
  registerEntry({ register: 'change-reviews', subject: pushed.sha, reviewerId, reviewedAt: instant('2026-05-22T00:00:00Z') });
const none = 'was pushed to main by bruno-novak on 2026-05-20T12:00:00Z, and nobody else had reviewed it by 2026-05-25T12:00:00Z';

checkTester(directPushesReviewed, {
  conforms: { 'reviewed by someone else': { item: pushed, given: { scope, pushers, followUps: [followUp('W-1')] } } },
  deviates: {
    'nobody looked': { item: pushed, given: { scope, pushers }, at: instant('2026-06-10T00:00:00Z'), because: none },
    'who pushed it reviewed it': { item: pushed, given: { scope, pushers, followUps: [followUp('W-2')] }, at: instant('2026-06-10T00:00:00Z'), because: none },
  },
  unknown: {
    'nobody knows who pushed it': {
      item: pushed,
      given: { scope, followUps: [followUp('W-1')] },
      because: 'it is not known who bruno-novak is, so neither whether they reviewed themselves',
    },
  },
  notYet: { 'there is time left': { item: pushed, given: { scope, pushers }, at: instant('2026-05-23T00:00:00Z') }, 'a system out of scope': { item: pushed } },
  ignores: { 'what came through a pull request': commit(), 'a new branch': commit({ how: 'created', prId: null, prNumber: null }) },
});
