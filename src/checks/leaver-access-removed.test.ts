import { endOfDay } from '../core/calendar.ts';
import { days, instant } from '../core/instant.ts';
import type { Departure } from '../datasets/hr/departures.ts';
import { checkTester } from '../../test/check-tester.ts';
import { account, worker } from '../../test/rows.ts';
import { leaverAccessRemoved } from './leaver-access-removed.ts';

const west = 'America/Los_Angeles';

const made = instant('2026-01-01T00:00:00Z');
const endAt = instant('2026-05-01T00:00:00Z');
/** HR told of it the day before, and had not the day before that. */
const departure = (over: Partial<Departure> = {}): Departure => ({
  ...{ workerId: 'W-1', fullName: 'Ines Duarte', startAt: made, effectiveAt: endAt },
  ...{ toldAt: endAt - days(1), untoldAt: endAt - days(2) },
  ...over,
});
const told = [departure()];
const late = departure({ toldAt: endAt + days(1) + 1, untoldAt: endAt + days(1) - 1 });
const notExamined = 'left on 2026-05-01T00:00:00Z, and HR told of it only on 2026-05-10T00:00:00Z: what was open from 2026-05-02T00:00:00Z on was not examined';

checkTester(leaverAccessRemoved, {
  conforms: {
    'told at the deadline': { item: worker({ terminationAt: endAt }), given: { told: [departure({ toldAt: endAt + days(1) })] } },
    'told by the first answer of HR, whenever that came': {
      item: worker({ terminationAt: endAt }),
      given: { told: [departure({ toldAt: endAt + days(9), untoldAt: null })] },
    },
    'nothing is left': {
      item: worker({ terminationAt: instant('2026-05-01T00:00:00Z') }),
      given: { told, engagements: [worker({ terminationAt: instant('2026-05-01T00:00:00Z') })] },
    },
    'who came back on the last day, and just now': {
      item: worker({ terminationAt: instant('2026-05-01T00:00:00Z') }),
      given: { told, accounts: [account()], engagements: [worker({ startAt: instant('2026-05-01T00:00:00Z') })] },
    },
    'who comes back at that instant': {
      item: worker({ terminationAt: instant('2026-05-01T00:00:00Z') }),
      given: {
        told,
        accounts: [account()],
        engagements: [worker({ startAt: instant('2026-06-20T00:00:00Z') }), worker({ startAt: instant('2026-06-10T00:00:00Z') })],
      },
      at: instant('2026-06-10T00:00:00Z'),
    },
    'who came back may have access again': {
      item: worker({ terminationAt: instant('2026-05-01T00:00:00Z') }),
      given: {
        told,
        accounts: [account()],
        engagements: [worker({ terminationAt: instant('2026-05-01T00:00:00Z') }), worker({ startAt: instant('2026-05-20T00:00:00Z') })],
      },
    },
  },
  deviates: {
    'trap 15: the last day ended in the zone of the worker': {
      item: worker({ timezone: west, terminationAt: endOfDay('2026-05-01', west) }),
      given: { accounts: [account()] },
      at: instant('2026-05-03T07:00:00Z'),
      because: 'left on 2026-05-02T07:00:00Z and still holds ines.duarte in okta',
      cites: { accounts: [0] },
    },
    'as soon as the deadline has passed, whatever else they worked on before': {
      item: worker({ terminationAt: instant('2026-05-01T00:00:00Z') }),
      given: {
        accounts: [account({ systemId: 'github', login: 'ines-d' }), account({ status: 'invited' })],
        engagements: [worker({ terminationAt: instant('2026-05-01T00:00:00Z') }), worker({ startAt: instant('2020-01-01T00:00:00Z') })],
      },
      at: instant('2026-05-02T00:00:00Z'),
      because: 'left on 2026-05-01T00:00:00Z and still holds ines-d in github, ines.duarte in okta',
      cites: { accounts: [0, 1] },
    },
    'told late, and still there': {
      item: worker({ terminationAt: endAt }),
      given: { told: [late], accounts: [account()] },
      because: 'left on 2026-05-01T00:00:00Z and still holds ines.duarte in okta',
      cites: { accounts: [0] },
    },
    'trap 19: an account in some other system': {
      item: worker({ terminationAt: instant('2026-05-01T00:00:00Z') }),
      given: { accounts: [account({ systemId: 'github', login: 'ines-d' })], engagements: [worker({ terminationAt: instant('2026-05-01T00:00:00Z') })] },
      because: 'left on 2026-05-01T00:00:00Z and still holds ines-d in github',
      cites: { accounts: [0] },
    },
    'trap 17: a return does not excuse the time between': {
      item: worker({ terminationAt: instant('2026-05-01T00:00:00Z') }),
      given: {
        accounts: [account()],
        engagements: [worker({ terminationAt: instant('2026-05-01T00:00:00Z') }), worker({ startAt: instant('2026-05-20T00:00:00Z') })],
      },
      at: instant('2026-05-10T00:00:00Z'),
      because: 'left on 2026-05-01T00:00:00Z and still holds ines.duarte in okta',
      cites: { accounts: [0] },
    },
  },
  unknown: {
    'trap 14: told only after the deadline, when all was closed': {
      item: worker({ terminationAt: endAt }),
      given: { told: [departure({ toldAt: endAt + days(9), untoldAt: endAt + days(8) })] },
      because: notExamined,
    },
    'told too late, of somebody who came back since': {
      item: worker({ terminationAt: endAt }),
      given: {
        told: [departure({ toldAt: endAt + days(9), untoldAt: endAt + days(8) })],
        accounts: [account()],
        engagements: [worker({ startAt: instant('2026-05-20T00:00:00Z') })],
      },
      because: notExamined,
    },
    'nothing shows when HR told of this end': {
      item: worker({ terminationAt: endAt }),
      given: { told: [departure({ effectiveAt: endAt - days(1) }), departure({ startAt: made - days(1) })] },
      because: 'left on 2026-05-01T00:00:00Z, and nothing shows when HR told of it',
    },
    'an account of which nobody says whether it is alive': {
      item: worker({ terminationAt: instant('2026-05-01T00:00:00Z') }),
      given: { accounts: [account({ status: 'unknown' })], engagements: [worker({ terminationAt: instant('2026-05-01T00:00:00Z') })] },
      because: 'left on 2026-05-01T00:00:00Z, and nobody says whether ines.duarte in okta can still be used',
    },
  },
  notYet: {
    'trap 15: within the deadline, in the zone of the worker': {
      item: worker({ timezone: west, terminationAt: endOfDay('2026-05-01', west) }),
      given: { accounts: [account()] },
      at: instant('2026-05-03T07:00:00Z') - 1,
    },
    'within the deadline': {
      item: worker({ terminationAt: instant('2026-05-01T00:00:00Z') }),
      given: { accounts: [account()] },
      at: instant('2026-05-01T23:59:59Z'),
    },
  },
  notJoined: { accounts: { 'an account that was closed': account({ status: 'deactivated' }), 'one that is suspended': account({ status: 'suspended' }) } },
  ignores: { 'somebody who stays': worker() },
});
