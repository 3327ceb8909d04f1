import { systems } from '../datasets/asset/systems.ts';
import { workers } from '../datasets/hr/workers.ts';
import { accessKeys } from '../datasets/iam/access-keys.ts';
import { engagements } from '../datasets/people/engagements.ts';
import { conforms, defineCheck } from './check.ts';
import { wrongWith } from './keys.ts';
import { outOfScope } from './scope.ts';
import { working } from './working.ts';

export const accessKeysOwned = defineCheck({
  id: 'access-keys-owned',
  title: 'Somebody answers for every long-lived key',
  version: 2,
  asserts:
    'Every long-lived key in a system in scope that is not switched off belongs to an account of somebody who works here, or for which somebody who works here answers.',
  population: accessKeys.where(({ status }) => status !== 'inactive'),
  with: { scope: systems.on('systemId'), holders: engagements.on('userId'), people: workers.all() },

  examine({ systemId, login, status }, { at, scope, holders, people }) {
    const out = outOfScope(scope);
    if (out) return out;
    const wrong = wrongWith({ status });
    const [holder] = holders.filter((account) => account.systemId === systemId);
    const owner = holder?.personId ?? holder?.ownerId ?? null;
    if (!holder || owner === null) return wrong(`nobody answers for ${login}, whose key it is`);
    const its = people.filter(({ workerId }) => workerId === owner);
    if (its.length === 0) return wrong(`${owner}, who answers for it, is not known to HR`);
    const { here, until, stands } = working(its, at);
    return here ? conforms(until) : wrong(`${owner}, who answers for it, ${stands}`, { cites: [holder, ...its], ...until });
  },
});
