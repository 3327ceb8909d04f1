import { conforms, defineCheck, deviates } from '../../../checks/check.ts';
import { accounts, systems } from './datasets.ts';

export const adminsFew = defineCheck({
  id: 'admins-few',
  title: 'A check of the tests',
  version: 1,
  asserts: 'No system in scope has more than three administrators.',
  population: systems.where(({ inScope }) => inScope),
  with: { admins: accounts.where(({ role, state }) => role === 'admin' && state === 'active').all() },

  examine(system, { admins }) {
    const its = admins.filter((admin) => admin.system === system.id);
    return its.length <= 3 ? conforms() : deviates(`${its.length} administrators: ${its.map(({ login }) => login).join(', ')}`, { cites: its });
  },
});
