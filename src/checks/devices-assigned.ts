import { iso } from '../core/instant.ts';
import { endpoints } from '../datasets/asset/endpoints.ts';
import { systems } from '../datasets/asset/systems.ts';
import { workers } from '../datasets/people/workers.ts';
import { conforms, defineCheck, deviates, span, unknown } from './check.ts';
import { inUse } from './devices.ts';
import { outOfScope } from './scope.ts';
import { firstOf } from './until.ts';

export const devicesAssigned = defineCheck({
  id: 'devices-assigned',
  title: 'Every device belongs to somebody who works here',
  version: 2,
  asserts:
    'Every device of the workforce that is neither lost nor retired is assigned to somebody whom HR knows and who did not leave more than {handover} before.',
  population: endpoints.where(inUse),
  mustExist: true,
  with: { scope: systems.on('systemId'), holders: workers.on('emails', 'userEmails') },
  parameters: { handover: span('14 days', 'after the end of the last day') },

  examine({ userEmails, status }, { at, scope, holders }, { handover }) {
    const out = outOfScope(scope);
    if (out) return out;
    const wrong: typeof deviates = (because, more) =>
      status === 'unknown' ? unknown(`${because}; its tool does not say whether it is in use`) : deviates(because, more);
    if (userEmails.length === 0) return wrong('is assigned to nobody');
    if (holders.length === 0) return wrong(`is assigned to ${[...userEmails].sort().join(', ')}, whom HR does not know`);
    const last = Math.max(...holders.map(({ terminationAt }) => terminationAt ?? Infinity));
    if (at < last + handover) return conforms(firstOf(at, last + handover));
    const names = [...new Set(holders.map(({ fullName }) => fullName))].sort().join(', ');
    return wrong(`is still assigned to ${names}, who left on ${iso(last)}`, { cites: holders });
  },
});
