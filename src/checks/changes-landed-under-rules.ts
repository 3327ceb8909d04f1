import { iso } from '../core/instant.ts';
import { systems } from '../datasets/asset/systems.ts';
import { commits } from '../datasets/change/commits.ts';
import { branchProtection } from '../datasets/repo/branch-protection.ts';
import { type ProtectionChange, protectionChanges } from '../datasets/repo/protection-changes.ts';
import { conforms, defineCheck, deviates, span, unknown } from './check.ts';
import { cameBack, inOrder } from './protection-edits.ts';
import { outOfScope } from './scope.ts';

const edits = protectionChanges.where(({ change, kind }) => change !== 'overridden' && kind !== 'push-protection');

export const changesLandedUnderRules = defineCheck({
  id: 'changes-landed-under-rules',
  title: 'Changes land while the rules of the branch stand',
  version: 2,
  asserts:
    'Whenever a change reached a default branch, a rule in force asked for an approval there, and no rule had been loosened shortly before and not put back.',
  population: commits.where(({ first, how, parents }) => first && !(how === 'created' && parents.length === 0)),
  with: {
    scope: systems.on('systemId'),
    rules: branchProtection.on('repoId'),
    edits: edits.on('repoId'),
    ofAll: edits.where(({ repoId }) => repoId === null).on('systemId'),
  },
  parameters: { minApprovals: '1 approval', window: span('36 hours', 'before it landed; what was loosened earlier is seen in the rules themselves') },

  examine({ systemId, branch, landedAt }, { scope, rules, edits: its, ofAll }, { window }) {
    const out = outOfScope(scope);
    if (out) return out;
    const rule = rules.find((row) => row.systemId === systemId && row.branch === branch);
    const landed = `it landed on ${branch} on ${iso(landedAt)}`;
    if (!rule || rule.inForce === 'unknown') return unknown(`${landed}, and its rules then are not known`);
    if (rule.inForce === 'no') return deviates(`${landed}, while no rule bound the branch`, { cites: [rule] });
    if (rule.inForce === 'evaluate') return deviates(`${landed}, while its rules were only evaluated and blocked nothing`, { cites: [rule] });
    if (rule.requiredApprovals === 0) return deviates(`${landed}, while the branch asked for no approval`, { cites: [rule] });
    const recent = [...its, ...ofAll].filter((edit) => edit.systemId === systemId && edit.occurredAt <= landedAt && landedAt - window < edit.occurredAt);
    const open = recent
      .filter(({ loosened }) => loosened !== 'no')
      .map((edit) => ({ edit, back: cameBack(edit, recent, landedAt) }))
      .filter(({ back }) => back !== 'yes')
      .sort((a, b) => inOrder(a.edit, b.edit));
    const loosening = open.find(({ edit, back }) => edit.loosened === 'yes' && back === 'no')?.edit;
    if (loosening) return deviates(`${landed}, after ${said(loosening)} had loosened the rules`, { cites: [loosening] });
    const [doubtful] = open;
    if (doubtful?.edit.loosened === 'yes') return unknown(`${landed}, and whether all that ${said(doubtful.edit)} had loosened came back is not told`);
    if (doubtful) return unknown(`${landed}, and whether ${said(doubtful.edit)} had loosened the rules is not told`);
    return rule.requiredApprovals === null ? unknown(`${landed}, and how many approvals it asked for is not known`) : conforms();
  },
});

const said = ({ action, actor, occurredAt }: ProtectionChange): string => `${action} by ${actor} on ${iso(occurredAt)}`;
