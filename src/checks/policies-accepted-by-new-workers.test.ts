import { checkTester } from '../../test/check-tester.ts';
import { acceptance, ines, policyVersion } from '../../test/operation-rows.ts';
import { instant } from '../core/instant.ts';
import { policiesAcceptedByNewWorkers } from './policies-accepted-by-new-workers.ts';

const joiner = { ...ines, startAt: instant('2026-05-11T00:00:00Z') };
const policy = policyVersion();
const next = policyVersion({ documentId: 'POL-1-2', version: '2', effectiveAt: instant('2026-05-20T00:00:00Z') });
const other = policyVersion({ documentId: 'POL-2-1', policyId: 'POL-2', title: 'Secrets' });
const known = [policy];
const on = (day: string, over: Parameters<typeof acceptance>[0] = {}) => acceptance({ acceptedAt: instant(`${day}T09:00:00Z`), ...over });
const late = (what = 'Acceptable use, version 1') => `began on 2026-05-11T00:00:00Z and had not accepted ${what} by 2026-05-25T00:00:00Z`;

checkTester(policiesAcceptedByNewWorkers, {
  conforms: {
    'stated by themselves, in time': { item: joiner, given: { known, byEmail: [on('2026-05-12')] } },
    'told by a system of record, under the number of HR': {
      item: joiner,
      given: { known, byId: [on('2026-05-12', { workerId: 'W-1', emails: [], shownBy: 'system' })] },
    },
    'with the papers, before the first day': { item: joiner, given: { known, byEmail: [on('2026-05-04')] } },
    'a later version than the one in force then': { item: joiner, given: { known: [policy, next], byEmail: [on('2026-05-22', { version: '2' })] } },
    'late, and accepted since: it deviated until then': { item: joiner, given: { known, byEmail: [on('2026-05-29')] } },
    'a doubtful acceptance beside a good one': { item: joiner, given: { known, byEmail: [on('2026-05-12', { shownBy: 'none' }), on('2026-05-13')] } },
    'a newer version asks for no acceptance any more, and they accepted the other policy': {
      item: joiner,
      given: {
        known: [policy, policyVersion({ documentId: 'POL-1-3', version: '3', effectiveAt: instant('2026-05-01T00:00:00Z'), mustBeAccepted: false }), other],
        byEmail: [on('2026-05-12', { policyId: 'POL-2' })],
      },
    },
  },
  deviates: {
    'nothing was accepted': { item: joiner, given: { known }, because: late() },
    'one of two policies': {
      item: joiner,
      given: { known: [policy, other], byEmail: [on('2026-05-12')] },
      because: late('Secrets, version 1'),
    },
    'both of them': { item: joiner, given: { known: [other, policy] }, because: late('Acceptable use, version 1 and Secrets, version 1') },
    'trap: an acceptance of an older version matches by the name of the policy': {
      item: joiner,
      given: {
        known: [policy, policyVersion({ documentId: 'POL-1-2', version: '2', effectiveAt: instant('2026-05-01T00:00:00Z') })],
        byEmail: [on('2026-05-12')],
      },
      because: late('Acceptable use, version 2'),
    },
    'a version that nobody knows': { item: joiner, given: { known, byEmail: [on('2026-05-12', { version: '9' })] }, because: late() },
    'recorded under the number of somebody else': {
      item: joiner,
      given: { known, byEmail: [on('2026-05-12', { workerId: 'W-9', shownBy: 'system' })] },
      because: late(),
    },
    'who comes back accepts anew': { item: joiner, given: { known, byEmail: [on('2026-01-05')] }, because: late() },
    'late, and not yet then': { item: joiner, given: { known, byEmail: [on('2026-05-29')] }, at: instant('2026-05-27T00:00:00Z'), because: late() },
  },
  unknown: {
    'nothing shows who stated it': {
      item: joiner,
      given: { known, byEmail: [on('2026-05-12', { shownBy: 'none' })] },
      because: 'nothing shows that it was they who accepted Acceptable use, version 1',
    },
    'an export that does not say what shows it': {
      item: joiner,
      given: { known, byEmail: [on('2026-05-12', { shownBy: 'unknown' })] },
      because: 'nothing shows that it was they who accepted Acceptable use, version 1',
    },
    'nobody tells whether the policy was approved': {
      item: joiner,
      given: { known: [policyVersion({ approved: 'unknown' })] },
      because: 'whether anybody approved Acceptable use, version 1 is not told',
    },
  },
  notYet: {
    'there is time': { item: joiner, given: { known }, at: instant('2026-05-24T23:59:59Z') },
    'left within it': { item: { ...joiner, terminationAt: instant('2026-05-20T00:00:00Z') }, given: { known } },
    'no policy was in force then': { item: joiner, given: { known: [next] } },
    'the one in force need not be accepted': { item: joiner, given: { known: [policyVersion({ mustBeAccepted: false })] } },
  },
  notJoined: { known: { 'a draft': policyVersion({ approved: 'no', approverEmails: [], approvedAt: null }) } },
});
