import { systems } from '../datasets/asset/systems.ts';
import { environments } from '../datasets/change/environments.ts';
import { conforms, defineCheck, deviates, unknown } from './check.ts';
import { outOfScope } from './scope.ts';

export const environmentsProtected = defineCheck({
  id: 'environments-protected',
  title: 'Production environments ask for an approval',
  version: 1,
  asserts:
    'Every production environment asks for an approval by someone other than who started the run, takes deployments of named branches only, and binds administrators.',
  population: environments.where(({ production }) => production),
  with: { scope: systems.on('systemId') },

  examine({ environment, reviewers, selfReviewPrevented, adminsBypass, branches }, { scope }) {
    const out = outOfScope(scope);
    if (out) return out;
    if (reviewers.length === 0) return deviates(`${environment} asks for no approval`);
    if (selfReviewPrevented === 'no') return deviates(`who starts a run may approve it for ${environment} themselves`);
    if (branches.length === 0) return deviates(`${environment} takes deployments of any branch`);
    if (adminsBypass === 'yes') return deviates(`administrators may go around the rules of ${environment}`);
    return selfReviewPrevented === 'yes' && adminsBypass === 'no' ? conforms() : unknown(`not all rules of ${environment} are known`);
  },
});
