import { checkTester } from '../../test/check-tester.ts';
import { pullRequest, system } from '../../test/rows.ts';
import { changesTicketed } from './changes-ticketed.ts';

const scope = [system({ systemId: 'github' })];

checkTester(changesTicketed, {
  conforms: { 'it names a ticket': { item: pullRequest(), given: { scope } } },
  deviates: {
    'it names none': { item: pullRequest({ tickets: [] }), given: { scope }, because: 'was merged by bruno-novak on 2026-05-20T12:00:00Z and names no ticket' },
    'a bot’s update is no exception': {
      item: pullRequest({ tickets: [], authorKind: 'bot', labels: ['dependencies'] }),
      given: { scope },
      because: 'was merged by bruno-novak on 2026-05-20T12:00:00Z and names no ticket',
    },
  },
  notYet: { 'a system out of scope': { item: pullRequest() } },
});
