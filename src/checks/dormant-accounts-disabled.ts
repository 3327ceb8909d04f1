import { iso } from '../core/instant.ts';
import { systems } from '../datasets/asset/systems.ts';
import { activity } from '../datasets/identity/activity.ts';
import { users } from '../datasets/identity/users.ts';
import { conforms, defineCheck, deviates, span, unknown } from './check.ts';
import { outOfScope } from './scope.ts';

export const dormantAccountsDisabled = defineCheck({
  id: 'dormant-accounts-disabled',
  title: 'Accounts that nobody uses are disabled',
  version: 1,
  asserts: 'Every active account in a system in scope was used within {dormantAfter}, or was made within {dormantAfter}.',
  population: users.where(({ status }) => status === 'active'),
  with: { scope: systems.on('systemId'), use: activity.on('userId') },
  parameters: { dormantAfter: span('90 days') },

  examine({ systemId, createdAt }, { at, scope, use }, { dormantAfter }) {
    const out = outOfScope(scope);
    if (out) return out;
    const [last] = use.filter((row) => row.systemId === systemId);
    const since = last?.lastUsedAt ?? createdAt;
    if (since === null) return unknown(`${systemId} tells neither when it was last used nor when it was made`);
    if (at < since + dormantAfter) return conforms({ until: since + dormantAfter });
    if (!last) return unknown(`${systemId} does not tell when it was last used`);
    return deviates(last.lastUsedAt === null ? `was never used since it was made on ${iso(since)}` : `was last used on ${iso(since)}`, { cites: [last] });
  },
});
