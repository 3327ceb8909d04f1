import type { Ternary } from '../core/ternary.ts';
import type { Document } from './document.ts';

/** Whether a policy alone gives every action of some service, on everything, whoever holds it. `unknown`: under a condition only. */
export function grantsWidely({ statements }: Document): Ternary {
  const wide = statements.filter(
    ({ effect, actions, notActions, resources, notResources }) =>
      effect === 'Allow' && (notActions || actions.some((action) => /^(\*|[\w-]+:\*+)$/.test(action))) && (notResources || resources.includes('*')),
  );
  if (wide.some(({ tests }) => tests.length === 0)) return 'yes';
  return wide.length > 0 ? 'unknown' : 'no';
}
