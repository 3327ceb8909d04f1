import { systems } from '../datasets/asset/systems.ts';
import { ofProvider, type Permission, permissions } from '../datasets/iam/permissions.ts';
import { type RoleTaker, roleTakers } from '../datasets/iam/role-takers.ts';
import { rootAccounts } from '../datasets/iam/root-accounts.ts';
import { conforms, count, defineCheck, deviates, unknown } from './check.ts';
import { outOfScope } from './scope.ts';

export const adminsFew = defineCheck({
  id: 'admins-few',
  title: 'Few people administer a cloud account',
  version: 2,
  asserts:
    'In no cloud account do more than {most} hold administrative rights, by their policies or because they may take a role that does, with denies, boundaries and trust evaluated.',
  population: rootAccounts,
  mustExist: true,
  with: {
    scope: systems.on('systemId'),
    holders: permissions.where((holder) => holder.admin !== 'no' && !ofProvider(holder)).on('accountId'),
    takers: roleTakers.all(),
  },
  parameters: { most: count(3, 'users') },

  examine(_account, { scope, holders, takers }, { most }) {
    const out = outOfScope(scope);
    if (out) return out;
    const certain = holders.filter(({ admin }) => admin === 'yes');
    const sure = administrators(certain, takers, ({ takes }) => takes);
    const users = [...sure.values()].filter(({ kind }) => kind === 'user');
    if (users.length > most) {
      const cites = [...certain, ...takers.filter(({ principalId, takes }) => sure.has(principalId) && takes.some((role) => sure.has(role)))];
      return deviates(`${users.length} users are granted administration: ${named(users)}`, { cites });
    }
    const may = administrators(holders, takers, ({ takes, mayTake }) => [...takes, ...mayTake]);
    const open = [...may.values()].filter(({ kind, principalId }) => kind === 'user' && !sure.has(principalId));
    if (users.length + open.length > most) return unknown(`${users.length} users are granted administration, and it cannot be decided for ${named(open)}`);
    return conforms();
  },
});

/** Who administers, and how. */
interface Administrator extends Pick<RoleTaker, 'principalId' | 'kind' | 'name'> {
  readonly how: string;
}

/** Those who hold the rights, and all who may take a role of one of them, and so on; by their ARN. */
function administrators(holders: readonly Permission[], takers: readonly RoleTaker[], rolesOf: (taker: RoleTaker) => readonly string[]) {
  const found = new Map<string, Administrator>();
  for (const { principalId, kind, name, by } of holders) found.set(principalId, { principalId, kind, name, how: by.length > 0 ? ` by ${by.join(', ')}` : '' });
  for (let before = -1; before !== found.size; ) {
    before = found.size;
    const more = takers.flatMap((taker): readonly Administrator[] => {
      const roles = found.has(taker.principalId) ? [] : rolesOf(taker).flatMap((role) => found.get(role)?.name ?? []);
      return roles.length > 0 ? [{ ...taker, how: ` by taking ${[...roles].sort().join(', ')}` }] : [];
    });
    for (const one of more) found.set(one.principalId, one);
  }
  return found;
}

const named = (them: readonly Administrator[]): string =>
  them
    .map(({ name, how }) => `${name}${how}`)
    .sort()
    .join('; ');
