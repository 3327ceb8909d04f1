import { iso } from '../core/instant.ts';
import { systems } from '../datasets/asset/systems.ts';
import { workers } from '../datasets/hr/workers.ts';
import { accounts } from '../datasets/people/accounts.ts';
import { conforms, defineCheck, deviates } from './check.ts';
import { outOfScope } from './scope.ts';

export const outsideCollaboratorsOwned = defineCheck({
  id: 'outside-collaborators-owned',
  title: 'Somebody answers for every outsider',
  version: 1,
  asserts: 'Every active account of somebody outside of the company is declared with a purpose and with a person who works here and answers for it.',
  population: accounts.where(({ status, kind }) => (status === 'active' || status === 'invited') && kind === 'external'),
  with: { scope: systems.on('systemId'), owners: workers.on('workerId', 'ownerId') },

  examine({ ownerId, purpose }, { at, scope, owners }) {
    const out = outOfScope(scope);
    if (out) return out;
    if (ownerId === null) return deviates('nobody is declared to answer for it');
    if (purpose === null) return deviates('no purpose is declared');
    if (owners.length === 0) return deviates(`${ownerId} is declared to answer for it, whom HR does not know`);
    const latest = Math.max(...owners.map(({ terminationAt }) => terminationAt ?? Infinity));
    if (at < latest) return conforms(latest === Infinity ? {} : { until: latest });
    return deviates(`${ownerId}, who answers for it, left on ${iso(latest)}`, { cites: owners });
  },
});
