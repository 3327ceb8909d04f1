import { checkTester } from '../../test/check-tester.ts';
import { termination } from '../../test/source-rows.ts';
import { worker } from '../../test/rows.ts';
import { days, hours, instant } from '../core/instant.ts';
import { statedDeparturesRecorded } from './stated-departures-recorded.ts';

const END = instant('2026-04-01T00:00:00Z');
const late = termination({ recordedAt: END + hours(1) + 1 });
const stays = worker();
const left = (terminationAt: number) => worker({ terminationAt });

checkTester(statedDeparturesRecorded, {
  conforms: {
    'in time, where HR tells of none': { item: termination({ recordedAt: END + hours(1) }), given: { engagements: [stays] } },
    'as HR says, to a day before': { item: termination(), given: { engagements: [left(END - days(1))] } },
    'as HR says, to a day after': { item: termination(), given: { engagements: [left(END + days(1))] } },
    'late, where HR tells of it too': { item: late, given: { engagements: [left(END)] } },
    'of the engagement of then, not of the one before or after': {
      item: termination(),
      given: {
        engagements: [
          worker({ startAt: instant('2020-01-01T00:00:00Z'), terminationAt: instant('2021-01-01T00:00:00Z') }),
          left(END),
          worker({ startAt: END, terminationAt: END + days(90) }),
        ],
      },
    },
  },
  deviates: {
    'HR says another day, later': {
      item: termination(),
      given: { engagements: [left(END + days(1) + 1)] },
      because: 'was stated to take effect on 2026-04-01T00:00:00Z, and by HR the engagement ends on 2026-04-02T00:00:00.001Z',
      cites: { engagements: [0] },
    },
    'HR says another day, earlier': {
      item: termination(),
      given: { engagements: [left(END - days(1) - 1)] },
      because: 'was stated to take effect on 2026-04-01T00:00:00Z, and by HR the engagement ends on 2026-03-30T23:59:59.999Z',
      cites: { engagements: [0] },
    },
    'late, and HR tells of none': {
      item: late,
      given: { engagements: [stays] },
      because: 'was stated to take effect on 2026-04-01T00:00:00Z, and that was stated on 2026-04-01T01:00:00.001Z; HR tells of no end',
      cites: { engagements: [0] },
    },
    'before HR knows them to have begun': {
      item: termination(),
      given: { engagements: [worker({ startAt: END })] },
      because: 'was stated to take effect on 2026-04-01T00:00:00Z, and by HR no engagement of W-1 had begun by then',
      cites: { engagements: [0] },
    },
  },
  unknown: {
    'of somebody HR does not know': { item: termination(), because: 'HR knows no worker W-1, and so nobody can tell whose access is to go' },
  },
});
