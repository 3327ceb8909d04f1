import { type Permission, permissions } from '../datasets/iam/permissions.ts';
import { systems } from '../datasets/asset/systems.ts';
import { rootAccounts } from '../datasets/iam/root-accounts.ts';
import { conforms, count, defineCheck, deviates, unknown } from './check.ts';
import { outOfScope } from './scope.ts';

export const adminsFew = defineCheck({
  id: 'admins-few',
  title: 'Few people administer a cloud account',
  version: 1,
  asserts: 'In no cloud account do more than {most} hold administrative rights by their policies, with denies and boundaries evaluated.',
  population: rootAccounts,
  mustExist: true,
  with: { scope: systems.on('systemId'), holders: permissions.where(({ admin, kind }) => admin !== 'no' && kind === 'user').on('accountId') },
  parameters: { most: count(3, 'users') },

  examine(_account, { scope, holders }, { most }) {
    const out = outOfScope(scope);
    if (out) return out;
    const sure = holders.filter(({ admin }) => admin === 'yes');
    if (sure.length > most) return deviates(`${sure.length} users are granted administration: ${names(sure)}`, { cites: sure });
    if (holders.length > most)
      return unknown(
        `${sure.length} users are granted administration, and it cannot be decided for ${names(holders.filter(({ admin }) => admin === 'unknown'))}`,
      );
    return conforms();
  },
});

const names = (holders: readonly Permission[]): string =>
  holders
    .map(({ name, by }) => (by.length > 0 ? `${name} by ${by.join(', ')}` : name))
    .sort()
    .join('; ');
