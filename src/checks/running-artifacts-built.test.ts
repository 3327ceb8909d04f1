import { checkTester } from '../../test/check-tester.ts';
import { system } from '../../test/rows.ts';
import { builtArtifact, runningArtifact } from '../../test/source-rows.ts';
import { runningArtifactsBuilt } from './running-artifacts-built.ts';

const scope = [system({ systemId: 'aws' })];
const digest = `sha256:${'a'.repeat(64)}`;
const foreign = { foreign: true, digest } as const;

checkTester(runningArtifactsBuilt, {
  conforms: {
    'the pipeline built it': { item: runningArtifact(), given: { scope, built: [builtArtifact()] } },
    'the pipeline built it too': {
      item: runningArtifact(),
      given: { scope, built: [builtArtifact(), builtArtifact({ builder: 'laptop', byPipeline: 'no' })] },
    },
    'of another maker, and pinned': { item: runningArtifact({ ...foreign, image: `public.example/envoy@${digest}` }), given: { scope } },
  },
  deviates: {
    'nothing built it': { item: runningArtifact(), given: { scope }, because: `nothing shows that the pipeline built ${digest}` },
    'a laptop built it': {
      item: runningArtifact(),
      given: { scope, built: [builtArtifact({ builder: 'laptop', byPipeline: 'no' })] },
      because: `${digest} was built by laptop, which is no pipeline`,
      cites: { built: [0] },
    },
    'of another maker, by a tag': {
      item: runningArtifact({ ...foreign, image: 'public.example/envoy:v1' }),
      given: { scope },
      because: 'public.example/envoy:v1 is of another maker, who can put something else in its place: it is pinned to no digest',
    },
  },
  unknown: {
    'the platform does not say': {
      item: runningArtifact({ digest: null }),
      given: { scope },
      because: 'the platform does not say which digest of registry.acme.example/web:v12 runs',
    },
    'who built it is not told': {
      item: runningArtifact(),
      given: { scope, built: [builtArtifact({ byPipeline: 'unknown' })] },
      because: `it is not told whether the pipeline built ${digest}`,
    },
  },
  notYet: { 'a system out of scope': { item: runningArtifact() } },
  ignores: { 'what is tried out': runningArtifact({ environment: 'nonproduction' }) },
});
