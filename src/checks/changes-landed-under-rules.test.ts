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
const all = protectionChange({ eventId: 'E-3', repoId: null, repo: null, target: null });
const ofAll = protectionChange({ kind: 'ruleset', action: 'repository_ruleset.update', repoId: null, repo: null, change: 'changed' });

/** Edits of one ruleset, a minute apart. */
const ruleset = (minute: number, loosened: 'yes' | 'no' | 'unknown', ...what: string[]) =>
  protectionChange({
    ...{ eventId: `R-${minute}`, kind: 'ruleset', action: 'repository_ruleset.update', change: 'changed', target: 'Reviewed changes', loosened, what },
    occurredAt: instant(`2026-05-20T11:${minute}:00Z`),
  });
const disabled = ruleset(10, 'yes', 'ruleset_enforcement: disabled', 'ruleset_old_enforcement: active');
const deleted = ruleset(11, 'yes', 'ruleset_bypass_actors_added', 'ruleset_enforcement: active', 'ruleset_rules_deleted');
const loosenedBy = (minute: number) => `${landed}, after repository_ruleset.update by ines-duarte on 2026-05-20T11:${minute}:00Z had loosened the rules`;
const perhapsBack = (minute: number) =>
  `${landed}, and whether all that repository_ruleset.update by ines-duarte on 2026-05-20T11:${minute}:00Z had loosened came back is not told`;

checkTester(changesLandedUnderRules, {
  conforms: {
    'the rules stood': { item: commit(), given: { scope, rules } },
    'a first commit that a pull request brought': { item: commit({ parents: [] }), given: { scope, rules } },
    'created in the browser upon another': { item: commit({ how: 'created' }), given: { scope, rules } },
    'they were put back before': { item: commit(), given: { scope, rules, edits: [off, on] } },
    'a ruleset was switched on again': {
      item: commit(),
      given: { scope, rules, edits: [disabled, ruleset(20, 'no', 'ruleset_enforcement: active', 'ruleset_old_enforcement: disabled')] },
    },
    'part by part': {
      item: commit(),
      given: { scope, rules, edits: [deleted, ruleset(20, 'no', 'ruleset_rules_added'), ruleset(21, 'no', 'ruleset_bypass_actors_deleted')] },
    },
    'loosened only afterwards': { item: commit(), given: { scope, rules, edits: [{ ...off, occurredAt: instant('2026-05-20T12:00:01Z') }] } },
    'loosened long before: the rules themselves have been looked at since': {
      item: commit(),
      given: { scope, rules, edits: [{ ...off, occurredAt: instant('2026-05-19T00:00:00Z') }] },
    },
    'a rule of the same branch in another system': { item: commit(), given: { scope, rules: [protection({ systemId: 'gitlab', inForce: 'no' }), ...rules] } },
    'an edit of the same repository in another system': { item: commit(), given: { scope, rules, edits: [{ ...off, systemId: 'gitlab' }] } },
    'loosened and put back at once, told in that order': {
      item: commit(),
      given: { scope, rules, edits: [off, { ...on, occurredAt: off.occurredAt }] },
    },
    'a rule of the whole organization elsewhere': { item: commit(), given: { scope, rules, ofAll: [{ ...ofAll, loosened: 'no' }] } },
  },
  deviates: {
    'loosened as it landed': {
      item: commit(),
      given: { scope, rules, edits: [{ ...off, occurredAt: instant('2026-05-20T12:00:00Z') }] },
      because: `${landed}, after protected_branch.destroy by ines-duarte on 2026-05-20T12:00:00Z had loosened the rules`,
      cites: { edits: [0] },
    },
    'put back for the repository, not for the organization': {
      item: commit(),
      given: { scope, rules, edits: [on], ofAll: [all] },
      because: `${landed}, after protected_branch.destroy by ines-duarte on 2026-05-20T11:55:00Z had loosened the rules`,
      cites: { ofAll: [0] },
    },
    'an unrelated edit puts nothing back': {
      item: commit(),
      given: { scope, rules, edits: [disabled, ruleset(20, 'no', 'ruleset_enforcement: disabled', 'ruleset_rules_added')] },
      because: loosenedBy(10),
      cites: { edits: [0] },
    },
    'a new name puts nothing back': {
      item: commit(),
      given: { scope, rules, edits: [deleted, ruleset(20, 'no', 'ruleset_name: Reviewed changes', 'ruleset_old_name: Reviews')] },
      because: loosenedBy(11),
      cites: { edits: [0] },
    },
    'half of it came back': {
      item: commit(),
      given: { scope, rules, edits: [deleted, ruleset(20, 'no', 'ruleset_rules_added')] },
      because: loosenedBy(11),
      cites: { edits: [0] },
    },
    'what was edited had been removed since': {
      item: commit(),
      given: { scope, rules, edits: [off, { ...on, change: 'changed', what: ['enforce'] }] },
      because: `${landed}, after protected_branch.destroy by ines-duarte on 2026-05-20T11:55:00Z had loosened the rules`,
      cites: { edits: [0] },
    },
    'two rules loosened: the first of them': {
      item: commit(),
      given: { scope, rules, edits: [{ ...off, eventId: 'E-0', target: 'release', occurredAt: instant('2026-05-20T11:58:00Z') }, off] },
      because: `${landed}, after protected_branch.destroy by ines-duarte on 2026-05-20T11:55:00Z had loosened the rules`,
      cites: { edits: [1] },
    },
    'one rule loosened twice, and another between: the first of them': {
      item: commit(),
      given: {
        scope,
        rules,
        edits: [
          off,
          { ...off, eventId: 'E-5', occurredAt: instant('2026-05-20T11:59:00Z') },
          { ...off, eventId: 'E-0', target: 'release', occurredAt: instant('2026-05-20T11:58:00Z') },
        ],
      },
      because: `${landed}, after protected_branch.destroy by ines-duarte on 2026-05-20T11:55:00Z had loosened the rules`,
      cites: { edits: [0] },
    },
    'two rules loosened at one instant: the first by its id': {
      item: commit(),
      given: { scope, rules, edits: [off, { ...off, eventId: 'E-0', action: 'protected_branch.update', target: 'release' }] },
      because: `${landed}, after protected_branch.update by ines-duarte on 2026-05-20T11:55:00Z had loosened the rules`,
      cites: { edits: [1] },
    },
    'two edits of the whole organization that name no rule': {
      item: commit(),
      given: { scope, rules, ofAll: [all, { ...all, eventId: 'E-4', action: 'protected_branch.create', change: 'created', loosened: 'no' }] },
      because: `${landed}, after protected_branch.destroy by ines-duarte on 2026-05-20T11:55:00Z had loosened the rules`,
      cites: { ofAll: [0] },
    },
    'trap 34: the rule was off for ten minutes around it': {
      item: commit(),
      given: { scope, rules, edits: [off, { ...on, occurredAt: instant('2026-05-20T12:05:00Z') }] },
      because: `${landed}, after protected_branch.destroy by ines-duarte on 2026-05-20T11:55:00Z had loosened the rules`,
      cites: { edits: [0] },
    },
    'trap 34: the rule of the whole organization was': {
      item: commit(),
      given: { scope, rules, ofAll: [ofAll] },
      because: `${landed}, after repository_ruleset.update by ines-duarte on 2026-05-20T11:55:00Z had loosened the rules`,
      cites: { ofAll: [0] },
    },
    'trap 35: the first days of a repository': {
      item: commit(),
      given: { scope, rules: [protection({ inForce: 'no', requiredApprovals: null })] },
      because: `${landed}, while no rule bound the branch`,
      cites: { rules: [0] },
    },
    'trap 35: evaluated only': {
      item: commit(),
      given: { scope, rules: [protection({ inForce: 'evaluate' })] },
      because: `${landed}, while its rules were only evaluated and blocked nothing`,
      cites: { rules: [0] },
    },
    'a rule that asks for nothing': {
      item: commit(),
      given: { scope, rules: [protection({ requiredApprovals: 0 })] },
      because: `${landed}, while the branch asked for no approval`,
      cites: { rules: [0] },
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
    'edited again, and nobody tells which way': {
      item: commit(),
      given: { scope, rules, edits: [deleted, ruleset(20, 'unknown', 'ruleset_rules_updated', 'ruleset_bypass_actors_updated')] },
      because: perhapsBack(11),
    },
    'the first edit names no field': {
      item: commit(),
      given: { scope, rules, edits: [ruleset(12, 'yes'), ruleset(20, 'no', 'ruleset_rules_added')] },
      because: perhapsBack(12),
    },
    'nobody tells how many approvals': {
      item: commit(),
      given: { scope, rules: [protection({ requiredApprovals: null })] },
      because: `${landed}, and how many approvals it asked for is not known`,
    },
  },
  notYet: { 'a system out of scope': { item: commit(), given: { rules } } },
  notJoined: {
    edits: {
      'a rule that was overridden and not edited': protectionChange({ change: 'overridden' }),
      'the protection of secrets at a push': protectionChange({ kind: 'push-protection' }),
    },
    ofAll: { 'a rule of one repository': protectionChange() },
  },
  ignores: { 'the very first commit': commit({ how: 'created', parents: [] }), 'what a merge brought': commit({ first: false }) },
});
