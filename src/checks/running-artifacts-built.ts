import { systems } from '../datasets/asset/systems.ts';
import { builtArtifacts } from '../datasets/change/built-artifacts.ts';
import { runningArtifacts } from '../datasets/change/running-artifacts.ts';
import { conforms, defineCheck, deviates, unknown } from './check.ts';
import { outOfScope } from './scope.ts';

export const runningArtifactsBuilt = defineCheck({
  id: 'running-artifacts-built',
  title: 'What runs in production is what the pipeline built, by digest',
  version: 1,
  asserts:
    'Everything that runs in production was built by the pipeline, by the digest that the platform observed, or is of another maker and pinned to a digest.',
  population: runningArtifacts.where(({ environment }) => environment !== 'nonproduction'),
  with: { scope: systems.on('systemId'), built: builtArtifacts.on('digest') },

  examine({ image, digest, foreign }, { scope, built }) {
    const out = outOfScope(scope);
    if (out) return out;
    if (foreign)
      return /@sha256:[0-9a-f]{64}$/.test(image)
        ? conforms()
        : deviates(`${image} is of another maker, who can put something else in its place: it is pinned to no digest`);
    if (digest === null) return unknown(`the platform does not say which digest of ${image} runs`);
    if (built.some(({ byPipeline }) => byPipeline === 'yes')) return conforms();
    if (built.length === 0) return deviates(`nothing shows that the pipeline built ${digest}`);
    if (built.some(({ byPipeline }) => byPipeline === 'unknown')) return unknown(`it is not told whether the pipeline built ${digest}`);
    return deviates(`${digest} was built by ${[...new Set(built.map(({ builder }) => builder))].sort().join(', ')}, which is no pipeline`, { cites: built });
  },
});
