import { instant } from '../core/instant.ts';
import { checkTester } from '../../test/check-tester.ts';
import { account, worker } from '../../test/rows.ts';
import { leaver } from '../../test/source-rows.ts';
import { statedLeaverAccessRemoved } from './stated-leaver-access-removed.ts';

const END = instant('2026-05-01T00:00:00Z');
const alone = leaver({ hrEndAt: null, statedEndAt: END, statement: 'T-1' });
const earlier = leaver({ hrEndAt: instant('2026-05-20T00:00:00Z'), statedEndAt: END, statement: 'T-1' });
const stays = [worker()];

checkTester(statedLeaverAccessRemoved, {
  conforms: {
    'nothing is left': { item: alone, given: { engagements: stays } },
    'who came back may have access again': {
      item: alone,
      given: { accounts: [account()], engagements: [...stays, worker({ startAt: instant('2026-05-20T00:00:00Z') })] },
    },
  },
  deviates: {
    'an account, where HR tells of no end': {
      item: alone,
      given: { accounts: [account()], engagements: stays },
      because: 'left on 2026-05-01T00:00:00Z by the statement T-1 and still holds ines.duarte in okta',
      cites: { accounts: [0] },
    },
    'from the earlier end on, where HR tells of a later one': {
      item: earlier,
      given: { accounts: [account()], engagements: [worker({ terminationAt: instant('2026-05-20T00:00:00Z') })] },
      at: instant('2026-05-02T00:00:00Z'),
      because: 'left on 2026-05-01T00:00:00Z by the statement T-1 and still holds ines.duarte in okta',
      cites: { accounts: [0] },
    },
    'a return does not excuse the time between': {
      item: alone,
      given: { accounts: [account()], engagements: [...stays, worker({ startAt: instant('2026-05-20T00:00:00Z') })] },
      at: instant('2026-05-10T00:00:00Z'),
      because: 'left on 2026-05-01T00:00:00Z by the statement T-1 and still holds ines.duarte in okta',
      cites: { accounts: [0] },
    },
  },
  unknown: {
    'an account of which nobody says whether it is alive': {
      item: alone,
      given: { accounts: [account({ status: 'unknown' })], engagements: stays },
      because: 'left on 2026-05-01T00:00:00Z by the statement T-1, and nobody says whether ines.duarte in okta can still be used',
    },
  },
  notYet: { 'within the deadline': { item: alone, given: { accounts: [account()], engagements: stays }, at: instant('2026-05-01T23:59:59Z') } },
  notJoined: { accounts: { 'an account that was closed': account({ status: 'deactivated' }) } },
  ignores: {
    'who left by HR alone': leaver(),
    'who left by HR, earlier than was stated': leaver({ statedEndAt: instant('2026-05-20T00:00:00Z'), statement: 'T-1' }),
  },
});
