import { checkTester } from '../../test/check-tester.ts';
import { deployment, system, workflowRun } from '../../test/rows.ts';
import { days, instant } from '../core/instant.ts';
import { deployedCommitsTested } from './deployed-commits-tested.ts';

const scope = [system({ systemId: 'github' })];
const own = (over: Parameters<typeof workflowRun>[0] = {}) =>
  workflowRun({ runId: '77', workflow: 'Deploy', event: 'workflow_run', updatedAt: instant('2026-05-20T12:30:00Z'), ...over });
const failed = workflowRun({ conclusion: 'failure' });
const late = { updatedAt: instant('2026-05-20T12:40:00Z') };
const deployed = 'aaaaaaaaaaaa was deployed to production on 2026-05-20T12:10:00Z';
const because = `${deployed}, and CI had ended as failure on 2026-05-20T12:06:00Z`;

checkTester(deployedCommitsTested, {
  conforms: {
    'its tests had succeeded': { item: deployment(), given: { scope, runs: [workflowRun(), own()], own: [own({ conclusion: 'failure' })] } },
    'tests and deployment are one run': { item: deployment(), given: { scope, runs: [own({ event: 'push' })], own: [own({ event: 'push' })] } },
    'a slow scan goes on beside it': {
      item: deployment(),
      given: { scope, runs: [workflowRun({ runId: '78', ...late, conclusion: 'failure' })], own: [own()] },
    },
    'a scan by schedule had failed': {
      item: deployment(),
      given: { scope, runs: [workflowRun(), workflowRun({ runId: '78', event: 'schedule', conclusion: 'failure' })] },
    },
    'one of two was superseded': { item: deployment(), given: { scope, runs: [workflowRun(), workflowRun({ runId: '78', conclusion: 'cancelled' })] } },
    'it failed first, and was begun again before': { item: deployment(), given: { scope, runs: [workflowRun({ attempt: 2 })] } },
    'it failed in a copy of the repository': {
      item: deployment(),
      given: { scope, runs: [workflowRun(), workflowRun({ runId: '78', repoId: 'r2', conclusion: 'failure' })] },
    },
  },
  deviates: {
    'its tests had failed': { item: deployment(), given: { scope, runs: [failed], own: [own()] }, because, cites: { runs: [0] } },
    'one of two had failed': { item: deployment(), given: { scope, runs: [workflowRun({ runId: '78' }), failed] }, because, cites: { runs: [1] } },
    'nothing had ended': {
      item: deployment({ runId: null }),
      given: { scope, runs: [workflowRun(late)] },
      because: `${deployed}, and none of the workflows that ran on it had succeeded`,
      cites: { runs: [0] },
    },
    'what ran was called off': {
      item: deployment({ runId: null }),
      given: { scope, runs: [workflowRun({ conclusion: 'cancelled' })] },
      because: `${deployed}, and none of the workflows that ran on it had succeeded`,
      cites: { runs: [0] },
    },
  },
  unknown: {
    'no run is told': { item: deployment(), given: { scope }, because: 'no run of a workflow on aaaaaaaaaaaa is told' },
    'what ran began later': {
      item: deployment(),
      given: { scope, runs: [workflowRun({ createdAt: instant('2026-05-20T12:20:00Z'), ...late })] },
      because: 'no run of a workflow on aaaaaaaaaaaa is told',
    },
    'the run that deployed failed, and nothing else ran': {
      item: deployment(),
      given: { scope, own: [own({ conclusion: 'failure' })] },
      because: 'no other workflow had succeeded on it, and of the run that deployed only its end is told: failure',
    },
    'the run that deployed never came to an end': {
      item: deployment(),
      given: { scope, own: [own({ status: 'in-progress', conclusion: 'none' })] },
      at: instant('2026-05-20T12:10:00Z') + days(40),
      because: 'no other workflow had succeeded on it, and of the run that deployed only its end is told: none',
    },
    'begun again since': {
      item: deployment(),
      given: { scope, runs: [workflowRun({ attempt: 2, ...late })], own: [own()] },
      because: 'how CI had ended on aaaaaaaaaaaa when it was deployed is not told',
    },
    'an end that nobody knows': {
      item: deployment(),
      given: { scope, runs: [workflowRun({ conclusion: 'unknown' })], own: [own()] },
      because: 'how CI had ended on aaaaaaaaaaaa when it was deployed is not told',
    },
  },
  notYet: {
    'the run that deploys goes on': {
      item: deployment(),
      given: { scope, own: [own({ status: 'in-progress', conclusion: 'none' })] },
      at: instant('2026-05-20T12:12:00Z'),
    },
    'a system out of scope': { item: deployment() },
  },
  ignores: { 'another environment': deployment({ production: false }), 'one by hand': deployment({ creatorKind: 'human' }) },
});
