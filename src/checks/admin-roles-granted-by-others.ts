import { systems } from '../datasets/asset/systems.ts';
import { lifecycleEvents } from '../datasets/identity/lifecycle-events.ts';
import { accounts } from '../datasets/people/accounts.ts';
import { conforms, defineCheck, deviates, unknown } from './check.ts';
import { outOfScope } from './scope.ts';

export const adminRolesGrantedByOthers = defineCheck({
  id: 'admin-roles-granted-by-others',
  title: 'Administrator roles are granted by someone else',
  version: 1,
  asserts: 'Nobody granted an administrator role to an account of their own, or to one that they answer for.',
  population: lifecycleEvents.where(({ type, succeeded }) => type === 'role-added' && succeeded !== 'no'),
  with: { scope: systems.on('systemId'), takers: accounts.on('userId'), givers: accounts.on('userId', 'actorId') },

  examine({ systemId, userId, login, actorId, actor, actorKind, detail, succeeded }, { scope, takers, givers }) {
    const out = outOfScope(scope);
    if (out) return out;
    const role = detail ?? 'an administrator role';
    if (succeeded === 'unknown') return unknown('the log does not say whether the grant took effect');
    if (actorKind === 'automation') return conforms();
    if (actorKind === 'unknown') return unknown(`the log does not say what kind of actor ${actor} is`);
    if (actorId === userId) return deviates(`${actor} granted themselves ${role}`, { cites: [...takers, ...givers] });
    const [taker] = takers.filter((account) => account.systemId === systemId);
    const [giver] = givers.filter((account) => account.systemId === systemId);
    const [theirs, its] = [giver?.personId ?? null, taker?.personId ?? taker?.ownerId ?? null];
    if (giver === undefined || theirs === null) return unknown(`nobody knows which person ${actor} is`);
    if (taker === undefined || its === null) return unknown(`nobody knows whose account ${login} is`);
    return theirs === its ? deviates(`${actor} granted ${role} to ${login}, and both are of ${its}`, { cites: [taker, giver] }) : conforms();
  },
});
