import { checkTester } from '../../test/check-tester.ts';
import { protectionChange } from '../../test/operation-rows.ts';
import { commit, protection, system } from '../../test/rows.ts';
import { instant } from '../core/instant.ts';
import { changesLandedUnderRules } from './changes-landed-under-rules.ts';

const scope = [system({ systemId: 'github' })];
const rules = [protection()];
const landed = 'it landed on main on 2026-05-20T12:00:00Z';
const off = protectionChange();
const on = protectionChange({
  eventId: 'E-2',
  action: 'protected_branch.create',
  change: 'created',
  loosened: 'no',
  occurredAt: instant('2026-05-20T11:59:00Z'),
});
const ofAll = protectionChange({ kind: 'ruleset', action: 'repository_ruleset.update', repoId: null, repo: null, change: 'changed' });

checkTester(changesLandedUnderRules, {
  conforms: {
    'the rules stood': { item: commit(), given: { scope, rules } },
    'they were put back before': { item: commit(), given: { scope, rules, edits: [off, on] } },
    'loosened only afterwards': { item: commit(), given: { scope, rules, edits: [{ ...off, occurredAt: instant('2026-05-20T12:00:01Z') }] } },
    'loosened long before: the rules themselves have been looked at since': {
      item: commit(),
      given: { scope, rules, edits: [{ ...off, occurredAt: instant('2026-05-19T00:00:00Z') }] },
    },
    'a rule of the whole organization elsewhere': { item: commit(), given: { scope, rules, ofAll: [{ ...ofAll, loosened: 'no' }] } },
  },
  deviates: {
    'trap 34: the rule was off for ten minutes around it': {
      item: commit(),
      given: { scope, rules, edits: [off, { ...on, occurredAt: instant('2026-05-20T12:05:00Z') }] },
      because: `${landed}, after protected_branch.destroy by ines-duarte on 2026-05-20T11:55:00Z had loosened the rules`,
    },
    'trap 34: the rule of the whole organization was': {
      item: commit(),
      given: { scope, rules, ofAll: [ofAll] },
      because: `${landed}, after repository_ruleset.update by ines-duarte on 2026-05-20T11:55:00Z had loosened the rules`,
    },
    'trap 35: the first days of a repository': {
      item: commit(),
      given: { scope, rules: [protection({ inForce: 'no', requiredApprovals: null })] },
      because: `${landed}, while no rule bound the branch`,
    },
    'trap 35: evaluated only': {
      item: commit(),
      given: { scope, rules: [protection({ inForce: 'evaluate' })] },
      because: `${landed}, while its rules were only evaluated and blocked nothing`,
    },
    'a rule that asks for nothing': {
      item: commit(),
      given: { scope, rules: [protection({ requiredApprovals: 0 })] },
      because: `${landed}, while the branch asked for no approval`,
    },
  },
  unknown: {
    'trap 39: rules that cannot be read are not "none"': {
      item: commit(),
      given: { scope, rules: [protection({ inForce: 'unknown' })] },
      because: `${landed}, and its rules then are not known`,
    },
    'trap 35: the rules of another branch': {
      item: commit({ branch: 'release-2' }),
      given: { scope, rules },
      because: 'it landed on release-2 on 2026-05-20T12:00:00Z, and its rules then are not known',
    },
    'nobody tells what the edit did': {
      item: commit(),
      given: { scope, rules, edits: [{ ...off, change: 'changed', loosened: 'unknown' }] },
      because: `${landed}, and whether protected_branch.destroy by ines-duarte on 2026-05-20T11:55:00Z had loosened the rules is not told`,
    },
    'nobody tells how many approvals': {
      item: commit(),
      given: { scope, rules: [protection({ requiredApprovals: null })] },
      because: `${landed}, and how many approvals it asked for is not known`,
    },
  },
  notYet: { 'a system out of scope': { item: commit(), given: { rules } } },
  ignores: { 'the very first commit': commit({ how: 'created', parents: [] }), 'what a merge brought': commit({ first: false }) },
});
