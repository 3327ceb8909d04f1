import { checkTester } from '../../test/check-tester.ts';
import { checkRun, deployment, system, workflowRun } from '../../test/rows.ts';
import { instant } from '../core/instant.ts';
import { securityChecksPassed } from './security-checks-passed.ts';

const scope = [system({ systemId: 'github' })];
const scan = checkRun({ checkRunId: 'CR_2', name: 'Analyze (go)', app: 'GitHub Code Scanning', required: 'no' });
const codeql = workflowRun({ runId: '90', workflow: 'CodeQL' });
const was = 'aaaaaaaaaaaa was deployed to production on 2026-05-20T12:10:00Z';
const later = instant('2026-05-20T12:11:00Z');

checkTester(securityChecksPassed, {
  conforms: {
    'on the pull request that became it': { item: deployment(), given: { scope, checks: [checkRun(), scan] } },
    'on the commit itself': { item: deployment(), given: { scope, runs: [workflowRun(), codeql] } },
    'a failure was run again and succeeded': {
      item: deployment(),
      given: { scope, checks: [scan, { ...scan, checkRunId: 'CR_3', conclusion: 'failure', startedAt: instant('2026-05-19T09:00:00Z') }] },
    },
    'one that began only afterwards says nothing': {
      item: deployment(),
      given: { scope, runs: [codeql, workflowRun({ runId: '91', workflow: 'Nightly security', createdAt: later, updatedAt: later, conclusion: 'failure' })] },
    },
  },
  deviates: {
    'trap 33: only other checks ran': {
      item: deployment(),
      given: { scope, checks: [checkRun()], runs: [workflowRun()] },
      because: `${was}, and of the checks that had begun none is a security check by its name: CI, ci`,
    },
    'it had failed': {
      item: deployment(),
      given: { scope, checks: [{ ...scan, conclusion: 'failure' }] },
      because: `${was}, and Analyze (go) had ended as failure`,
      cites: { checks: [0] },
    },
    'one of two had failed': {
      item: deployment(),
      given: { scope, checks: [scan], runs: [{ ...codeql, conclusion: 'timed-out' }] },
      because: `${was}, and CodeQL had ended as timed-out`,
      cites: { runs: [0] },
    },
    'trap 33: skipped is not success': {
      item: deployment(),
      given: { scope, checks: [{ ...scan, conclusion: 'skipped' }] },
      because: `${was}, and of its security checks none had succeeded: Analyze (go)`,
    },
    'it had not ended': {
      item: deployment(),
      given: { scope, runs: [{ ...codeql, updatedAt: later }] },
      because: `${was}, and of its security checks none had succeeded: CodeQL`,
    },
    'that of another repository and of another system is none': {
      item: deployment(),
      given: { scope, runs: [workflowRun(), { ...codeql, repoId: 'r2' }], checks: [{ ...scan, systemId: 'gitea' }] },
      because: `${was}, and of the checks that had begun none is a security check by its name: CI`,
    },
  },
  unknown: {
    'nothing is told of the commit': { item: deployment(), given: { scope }, because: 'no check of aaaaaaaaaaaa is told' },
    'begun again since': {
      item: deployment(),
      given: { scope, runs: [{ ...codeql, attempt: 2, updatedAt: later }] },
      because: 'how CodeQL had ended on aaaaaaaaaaaa when it was deployed is not told',
    },
    'nobody tells when it ended': {
      item: deployment(),
      given: { scope, checks: [{ ...scan, completedAt: null }] },
      because: 'how Analyze (go) had ended on aaaaaaaaaaaa when it was deployed is not told',
    },
  },
  notYet: { 'a system out of scope': { item: deployment() } },
  ignores: { 'no production': deployment({ environment: 'staging', production: false }) },
});
