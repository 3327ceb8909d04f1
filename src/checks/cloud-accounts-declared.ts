import { cloudAccounts } from '../datasets/asset/cloud-accounts.ts';
import { systems } from '../datasets/asset/systems.ts';
import { rootAccounts } from '../datasets/iam/root-accounts.ts';
import { conforms, defineCheck, deviates } from './check.ts';
import { outOfScope } from './scope.ts';

export const cloudAccountsDeclared = defineCheck({
  id: 'cloud-accounts-declared',
  title: 'Every cloud account is in the register',
  version: 1,
  asserts:
    'Every cloud account that evidence is collected from stands in the register of cloud accounts with somebody who answers for it, and none that is collected from is said to be closed.',
  population: rootAccounts,
  mustExist: true,
  with: { scope: systems.on('systemId'), declared: cloudAccounts.on('accountId') },

  examine({ accountId }, { scope, declared }) {
    const out = outOfScope(scope);
    if (out) return out;
    const [entry] = declared;
    if (!entry) return deviates(`${accountId} is not in the register of cloud accounts`);
    if (entry.status === 'closed') return deviates('is said to be closed, and answers', { cites: declared });
    return entry.ownerId === null ? deviates('nobody is named who answers for it', { cites: declared }) : conforms();
  },
});
