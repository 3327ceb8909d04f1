import { iso } from '../core/instant.ts';
import { systems } from '../datasets/asset/systems.ts';
import { pullRequests } from '../datasets/change/pull-requests.ts';
import { conforms, defineCheck, deviates } from './check.ts';
import { outOfScope } from './scope.ts';

export const changesTicketed = defineCheck({
  id: 'changes-ticketed',
  title: 'Every change names its ticket',
  version: 1,
  asserts: 'Every pull request merged into a default branch is linked to a ticket or issue.',
  population: pullRequests,
  with: { scope: systems.on('systemId') },

  examine({ tickets, mergedBy, mergedAt }, { scope }) {
    const out = outOfScope(scope);
    if (out) return out;
    return tickets.length > 0 ? conforms() : deviates(`was merged by ${mergedBy} on ${iso(mergedAt)} and names no ticket`);
  },
});
