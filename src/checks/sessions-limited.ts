import { systems } from '../datasets/asset/systems.ts';
import { authPolicies } from '../datasets/identity/auth-policies.ts';
import { conforms, defineCheck, deviates, span, unknown } from './check.ts';
import { outOfScope } from './scope.ts';

export const sessionsLimited = defineCheck({
  id: 'sessions-limited',
  title: 'Sessions end in time',
  version: 1,
  asserts: 'Every rule by which the identity provider lets people in ends their session after {longest} at the latest.',
  population: authPolicies.where(({ kind, status, access }) => kind === 'session' && status !== 'disabled' && access !== 'deny'),
  mustExist: true,
  with: { scope: systems.on('systemId') },
  parameters: { longest: span('12 hours') },

  examine({ status, access, sessionLifetimeMinutes: minutes }, { scope }, { longest }) {
    const out = outOfScope(scope);
    if (out) return out;
    if (minutes !== null && minutes > 0 && minutes * 60_000 <= longest) return conforms();
    if (status === 'unknown' || access === 'unknown') return unknown('the source does not say whether this rule lets people in');
    if (minutes === null) return deviates('it sets no longest session');
    return deviates(minutes === 0 ? 'its sessions never end' : `its sessions last up to ${minutes} minutes`);
  },
});
