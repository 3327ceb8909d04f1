import { iso } from '../core/instant.ts';
import { systems } from '../datasets/asset/systems.ts';
import { deployments } from '../datasets/change/deployments.ts';
import { conforms, defineCheck, deviates, unknown } from './check.ts';
import { outOfScope } from './scope.ts';

export const deploymentsMadeByPipeline = defineCheck({
  id: 'deployments-made-by-pipeline',
  title: 'Production is deployed to by the pipeline',
  version: 1,
  asserts: 'Every deployment to production was made by a pipeline, none by a person by hand.',
  population: deployments.where(({ production }) => production),
  with: { scope: systems.on('systemId') },

  examine({ creatorKind, creator, environment, createdAt }, { scope }) {
    const out = outOfScope(scope);
    if (out) return out;
    if (creatorKind === 'pipeline') return conforms();
    if (creatorKind === 'human') return deviates(`${creator} deployed to ${environment} by hand on ${iso(createdAt)}`);
    return unknown(`it is not known whether ${creator} is a pipeline or a person`);
  },
});
