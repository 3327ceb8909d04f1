import { iso } from '../core/instant.ts';
import { systems } from '../datasets/asset/systems.ts';
import { workers } from '../datasets/hr/workers.ts';
import { accounts } from '../datasets/people/accounts.ts';
import { conforms, defineCheck, deviates, span, unknown } from './check.ts';
import { outOfScope } from './scope.ts';

export const accountsOwned = defineCheck({
  id: 'accounts-owned',
  title: 'Every account belongs to somebody who works here',
  version: 2,
  asserts:
    'Every active account in a system in scope belongs to a person whom HR knows and who did not leave more than {deadline} ago, or is declared with somebody who answers for it.',
  population: accounts.where(({ status }) => status === 'active' || status === 'invited' || status === 'unknown'),
  mustExist: true,
  with: { scope: systems.on('systemId'), holders: workers.on('workerId', 'personId') },
  parameters: { deadline: span('24 hours', 'after the end of the last day') },

  examine({ personId, ownerId, rule, status }, { at, scope, holders }, { deadline }) {
    const out = outOfScope(scope);
    if (out) return out;
    if (rule === 'ambiguous') return unknown('two people fit this account: declare whose it is');
    const wrong: typeof deviates = (because, proof) =>
      status === 'unknown' ? unknown(`${because}; its system does not say whether it can still be used`) : deviates(because, proof);
    if (personId === null) return ownerId === null ? wrong('belongs to nobody that HR knows, and nobody is declared to answer for it') : conforms();
    if (holders.length === 0) return wrong(`is declared to belong to ${personId}, whom HR does not know`);
    const ends = holders.map(({ terminationAt }) => (terminationAt ?? Infinity) + deadline);
    const latest = Math.max(...ends);
    if (at < latest) return conforms(latest === Infinity ? {} : { until: latest });
    return wrong(`belongs to ${personId}, who left on ${iso(latest - deadline)}`, { cites: holders });
  },
});
