import { checkTester } from '../../test/check-tester.ts';
import { account, commit, registerEntry, system } from '../../test/rows.ts';
import { instant } from '../core/instant.ts';
import { directPushesReviewed } from './direct-pushes-reviewed.ts';

const scope = [system({ systemId: 'github' })];
const pushers = [account({ systemId: 'github', userId: 'g2', personId: 'W-2' })];
const authors = [account({ systemId: 'github', userId: 'g1', personId: 'W-1' })];
const pushed = commit({ how: 'pushed', prId: null, prNumber: null });
const followUp = (reviewerId: string) =>
  registerEntry({
    register: 'change-reviews',
    subject: pushed.sha,
    reviewerId,
    reviewedAt: instant('2026-05-22T00:00:00Z'),
    committedAt: instant('2026-05-22T09:00:00Z'),
  });
const none = 'was pushed to main by bruno-novak on 2026-05-20T12:00:00Z, and nobody else had reviewed it by 2026-05-25T12:00:00Z';

checkTester(directPushesReviewed, {
  conforms: { 'reviewed by someone else': { item: pushed, given: { scope, pushers, authors, followUps: [followUp('W-3')] } } },
  deviates: {
    'trap 28: nobody looked': { item: pushed, given: { scope, pushers, authors }, at: instant('2026-06-10T00:00:00Z'), because: none },
    'who wrote it reviewed it': {
      item: pushed,
      given: { scope, pushers, authors, followUps: [followUp('W-1')] },
      at: instant('2026-06-10T00:00:00Z'),
      because: none,
    },
    'who pushed it reviewed it': {
      item: pushed,
      given: { scope, pushers, authors, followUps: [followUp('W-2')] },
      at: instant('2026-06-10T00:00:00Z'),
      because: none,
    },
  },
  unknown: {
    'nobody knows who pushed it': {
      item: pushed,
      given: { scope, authors, followUps: [followUp('W-3')] },
      because: 'it is reviewed, and cannot be told whether by someone other than bruno-novak and ines-duarte',
    },
    'nobody knows who wrote it': {
      item: { ...pushed, authorId: null, author: 'M. Lopez' },
      given: { scope, pushers, followUps: [followUp('W-3')] },
      because: 'it is reviewed, and cannot be told whether by someone other than bruno-novak and M. Lopez',
    },
  },
  notYet: {
    'there is time left': { item: pushed, given: { scope, pushers, authors }, at: instant('2026-05-23T00:00:00Z') },
    'a system out of scope': { item: pushed },
  },
  ignores: { 'what came through a pull request': commit(), 'a new branch': commit({ how: 'created', prId: null, prNumber: null }) },
});
