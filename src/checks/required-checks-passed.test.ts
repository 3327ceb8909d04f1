import { checkTester } from '../../test/check-tester.ts';
import { checkRun, protection, pullRequest, system } from '../../test/rows.ts';
import { instant } from '../core/instant.ts';
import { requiredChecksPassed } from './required-checks-passed.ts';

const scope = [system({ systemId: 'github' })];
const rules = [protection()];
const early = instant('2026-05-19T09:00:00Z');
const late = instant('2026-05-20T13:00:00Z');

checkTester(requiredChecksPassed, {
  conforms: {
    'the required check succeeded': { item: pullRequest(), given: { scope, rules, runs: [checkRun()] } },
    'a failure was run again and succeeded': {
      item: pullRequest(),
      given: { scope, rules, runs: [checkRun(), checkRun({ checkRunId: 'CR_0', conclusion: 'failure', startedAt: early, completedAt: early })] },
    },
    'no check is required': { item: pullRequest(), given: { scope, rules: [protection({ requiredChecks: [] })] } },
    'trap 35: rules that are only evaluated require nothing': {
      item: pullRequest(),
      given: { scope, rules: [protection({ inForce: 'evaluate', requiredChecks: ['scan'] })] },
    },
    'a check that is not required failed': {
      item: pullRequest(),
      given: { scope, rules, runs: [checkRun(), checkRun({ checkRunId: 'CR_2', name: 'lint', required: 'no', conclusion: 'failure' })] },
    },
  },
  deviates: {
    'it failed': {
      item: pullRequest(),
      given: { scope, rules, runs: [checkRun({ conclusion: 'failure' })] },
      because: 'was merged on 2026-05-20T12:00:00Z while ci ended in failure',
    },
    'trap 33: skipped is not success': {
      item: pullRequest(),
      given: { scope, rules, runs: [checkRun({ conclusion: 'skipped' })] },
      because: 'was merged on 2026-05-20T12:00:00Z while ci ended in skipped',
    },
    'it ended after the merge': {
      item: pullRequest(),
      given: { scope, rules, runs: [checkRun({ completedAt: late })] },
      because: 'was merged on 2026-05-20T12:00:00Z while ci had not ended',
    },
    'it was run again and had not ended': {
      item: pullRequest(),
      given: {
        scope,
        rules,
        runs: [checkRun(), checkRun({ checkRunId: 'CR_3', conclusion: 'pending', startedAt: instant('2026-05-20T11:59:00Z'), completedAt: null })],
      },
      because: 'was merged on 2026-05-20T12:00:00Z while ci had not ended',
    },
    'trap 33: another application succeeded under its name': {
      item: pullRequest(),
      given: {
        scope,
        rules,
        runs: [
          checkRun({ conclusion: 'failure' }),
          checkRun({
            checkRunId: 'CR_4',
            app: 'somebody-else',
            required: 'no',
            startedAt: instant('2026-05-19T11:00:00Z'),
            completedAt: instant('2026-05-19T11:00:00Z'),
          }),
        ],
      },
      because: 'was merged on 2026-05-20T12:00:00Z while ci ended in failure',
    },
    'the rules require one that never ran': {
      item: pullRequest(),
      given: { scope, rules: [protection({ requiredChecks: ['ci', 'scan'] })], runs: [checkRun()] },
      because: 'was merged on 2026-05-20T12:00:00Z while scan had not ended',
    },
    'trap 33: it ran on an earlier commit': {
      item: pullRequest(),
      given: { scope, rules, runs: [checkRun({ sha: 'd'.repeat(40) })] },
      because: 'was merged on 2026-05-20T12:00:00Z while ci had not ended',
    },
  },
  unknown: {
    'what is known succeeded, and the rules may have required more': {
      item: pullRequest(),
      given: { scope, runs: [checkRun()] },
      because: 'it is not known which checks main required',
    },
    'the rules are not known': { item: pullRequest(), given: { scope }, because: 'it is not known which checks main required' },
    'the host says nothing of how it ended': {
      item: pullRequest(),
      given: { scope, rules, runs: [checkRun({ conclusion: 'unknown' })] },
      because: 'it is not known how ci ended',
    },
  },
  notYet: { 'a system out of scope': { item: pullRequest() } },
});
