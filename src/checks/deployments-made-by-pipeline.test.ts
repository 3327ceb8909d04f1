import { checkTester } from '../../test/check-tester.ts';
import { deployment, system } from '../../test/rows.ts';
import { deploymentsMadeByPipeline } from './deployments-made-by-pipeline.ts';

const scope = [system({ systemId: 'github' })];

checkTester(deploymentsMadeByPipeline, {
  conforms: { 'a pipeline made it': { item: deployment(), given: { scope } } },
  deviates: {
    'trap 37: a person made it': {
      item: deployment({ creatorKind: 'human', creator: 'ines-duarte' }),
      given: { scope },
      because: 'ines-duarte deployed to production by hand on 2026-05-20T12:10:00Z',
    },
  },
  unknown: {
    'the host does not say': {
      item: deployment({ creatorKind: 'unknown', creator: 'ghost' }),
      given: { scope },
      because: 'it is not known whether ghost is a pipeline or a person',
    },
  },
  notYet: { 'a system out of scope': { item: deployment() } },
  ignores: { 'another environment': deployment({ production: false }) },
});
