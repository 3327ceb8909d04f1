import { systems } from '../datasets/asset/systems.ts';
import { workers } from '../datasets/hr/workers.ts';
import { accounts } from '../datasets/people/accounts.ts';
import { conforms, defineCheck, deviates, unknown } from './check.ts';
import { outOfScope } from './scope.ts';
import { working } from './working.ts';

export const outsideCollaboratorsOwned = defineCheck({
  id: 'outside-collaborators-owned',
  title: 'Somebody answers for every outsider',
  version: 2,
  asserts: 'Every active account of somebody outside of the company is declared with a purpose and with a person who works here and answers for it.',
  population: accounts.where(({ status, kind }) => (status === 'active' || status === 'invited' || status === 'unknown') && kind === 'external'),
  with: { scope: systems.on('systemId'), owners: workers.on('workerId', 'ownerId') },

  examine({ ownerId, purpose, status }, { at, scope, owners }) {
    const out = outOfScope(scope);
    if (out) return out;
    const wrong: typeof deviates = (because, more = {}) =>
      status === 'unknown'
        ? unknown(`${because}; its system does not say whether it can still be used`, more.until === undefined ? {} : { until: more.until })
        : deviates(because, more);
    if (ownerId === null) return wrong('nobody is declared to answer for it');
    if (purpose === null) return wrong('no purpose is declared');
    if (owners.length === 0) return wrong(`${ownerId} is declared to answer for it, whom HR does not know`);
    const { here, until, stands } = working(owners, at);
    return here ? conforms(until) : wrong(`${ownerId}, who answers for it, ${stands}`, { cites: owners, ...until });
  },
});
