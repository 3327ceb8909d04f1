import { checkTester } from '../../test/check-tester.ts';
import { AT, privilegedSession, rootUse } from '../../test/rows.ts';
import { days, hours, instant, minutes } from '../core/instant.ts';
import { rootUseRecorded } from './root-use-recorded.ts';

const usedAt = instant('2026-05-10T02:20:00Z');
const session = (over: Parameters<typeof privilegedSession>[0] = {}) =>
  privilegedSession({
    account: '123456789012',
    startedAt: usedAt - minutes(20),
    endedAt: usedAt + minutes(40),
    approved: 'yes',
    approverEmails: ['ben@acme.example'],
    ...over,
  });
const none = 'was used on 2026-05-10T02:20:00Z, and no session of emergency access is on record for then';

checkTester(rootUseRecorded, {
  conforms: {
    'a session on record that another approved': { item: rootUse({ usedAt }), given: { sessions: [session()] } },
    'a session of its ARN': { item: rootUse({ usedAt }), given: { sessions: [session({ account: 'arn:aws:iam::123456789012:root' })] } },
    'clocks five minutes apart': { item: rootUse({ usedAt }), given: { sessions: [session({ startedAt: usedAt + minutes(5) })] } },
    'one session that nobody approved, and one that somebody did': {
      item: rootUse({ usedAt }),
      given: { sessions: [session(), session({ sessionId: 'P-2', approved: 'no', approverEmails: [] })] },
    },
    'on record on the same day': { item: rootUse({ usedAt }), given: { sessions: [session()] }, at: usedAt + hours(1) },
  },
  deviates: {
    'nothing on record': { item: rootUse({ usedAt }), because: none },
    'trap 10: a use that a newer one followed: each reading is examined by its own time': {
      item: rootUse({ usedAt }),
      given: { sessions: [session({ startedAt: usedAt + days(1), endedAt: usedAt + days(1) + hours(1) })] },
      because: none,
    },
    'a session of another account': { item: rootUse({ usedAt }), given: { sessions: [session({ account: '210987654321' })] }, because: none },
    'a session of a user of the account': {
      item: rootUse({ usedAt }),
      given: { sessions: [session({ account: 'arn:aws:iam::123456789012:user/ada' })] },
      because: none,
    },
    'a session that was over': { item: rootUse({ usedAt }), given: { sessions: [session({ endedAt: usedAt - minutes(6) })] }, because: none },
    'a session that nobody says to have ended': { item: rootUse({ usedAt }), given: { sessions: [session({ endedAt: null })] }, because: none },
    'no ticket': {
      item: rootUse({ usedAt }),
      given: { sessions: [session({ ticketId: null })] },
      because: 'was used on 2026-05-10T02:20:00Z, and session P-1 names no ticket',
      cites: { sessions: [0] },
    },
    'nobody but its author': {
      item: rootUse({ usedAt }),
      given: { sessions: [session({ approved: 'no', approverEmails: [] })] },
      because: 'was used on 2026-05-10T02:20:00Z, and nobody but its author stands behind session P-1',
      cites: { sessions: [0] },
    },
  },
  unknown: {
    'nothing tells who approved it': {
      item: rootUse({ usedAt }),
      given: { sessions: [session({ approved: 'unknown', approverEmails: [] })] },
      because: 'was used on 2026-05-10T02:20:00Z, and nothing shows that anybody but its author stands behind session P-1',
    },
    'a report without root': {
      item: rootUse({ usedAt, told: false, credential: 'any' }),
      given: { sessions: [session()] },
      because: 'the credential report of 2026-05-10T02:20:00Z does not say when root was last used by any',
    },
  },
  notYet: { 'the entry may still be committed': { item: rootUse({ usedAt: AT - days(9) }) } },
});
