import { lifecycleEvents } from '../datasets/identity/lifecycle-events.ts';
import { conforms, defineCheck, deviates, unknown } from './check.ts';

export const adminRolesGrantedByOthers = defineCheck({
  id: 'admin-roles-granted-by-others',
  title: 'Administrator roles are granted by someone else',
  version: 1,
  asserts: 'Nobody granted an administrator role of the identity provider to their own account.',
  population: lifecycleEvents.where(({ type, succeeded }) => type === 'role-added' && succeeded !== 'no'),

  examine({ userId, actorId, actor, actorKind, detail, succeeded }) {
    if (actorId === userId) return deviates(`${actor} granted themselves ${detail ?? 'an administrator role'}`);
    if (succeeded === 'unknown') return unknown('the log does not say whether the grant took effect');
    return actorKind === 'unknown' ? unknown(`the log does not say what kind of actor ${actor} is`) : conforms();
  },
});
