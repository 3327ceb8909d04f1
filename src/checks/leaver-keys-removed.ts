import { iso } from '../core/instant.ts';
import { workers } from '../datasets/hr/workers.ts';
import { accessKeys } from '../datasets/iam/access-keys.ts';
import { accounts } from '../datasets/people/accounts.ts';
import { conforms, defineCheck, span, unknown } from './check.ts';
import { wrongWith } from './keys.ts';

export const leaverKeysRemoved = defineCheck({
  id: 'leaver-keys-removed',
  title: 'Keys of leavers are switched off within {deadline}',
  version: 2,
  asserts: 'No access key belongs to, or is answered for by, a person who left more than {deadline} ago.',
  population: accessKeys.where(({ status }) => status !== 'inactive'),
  with: { holders: accounts.on('userId'), people: workers.all() },
  parameters: { deadline: span('24 hours', 'after the end of the last day') },

  examine({ systemId, status }, { at, holders, people }, { deadline }) {
    const [holder] = holders.filter((account) => account.systemId === systemId);
    if (!holder) return unknown('the account that holds it is not known');
    const who = holder.personId ?? holder.ownerId;
    if (who === null) return unknown('nobody is known who answers for it');
    const engagements = people.filter(({ workerId }) => workerId === who);
    const ends = engagements.map(({ terminationAt }) => (terminationAt === null ? Infinity : terminationAt + deadline));
    const latest = Math.max(...ends);
    if (engagements.length === 0) return unknown(`HR does not know ${who}, who is declared to answer for it`);
    if (at < latest) return conforms(latest === Infinity ? {} : { until: latest });
    return wrongWith({ status })(`${who} left on ${iso(latest - deadline)}`, { cites: engagements });
  },
});
