import { days, iso } from '../core/instant.ts';
import { type BirthrightRule, birthrightRules } from '../datasets/access/birthright-rules.ts';
import { systems } from '../datasets/asset/systems.ts';
import { engagements } from '../datasets/people/engagements.ts';
import { conforms, defineCheck, deviates, notYet, unknown } from './check.ts';
import { grantOf, grantsGiven, TOLERANCE } from './grants.ts';
import { outOfScope } from './scope.ts';
import { approvedByOthers, TOLD } from './stated.ts';

const PATIENCE = days(TOLD);

export const automatedGrantsCovered = defineCheck({
  id: 'automated-grants-covered',
  title: 'Access that is given by itself follows from an approved rule',
  version: 1,
  asserts:
    'Every account, group, application or role that was given by automation is one that a rule gives to the department of whoever received it, and somebody other than its author had approved that rule by then.',
  population: grantsGiven.where(({ actorKind }) => actorKind === 'automation'),
  with: { scope: systems.on('systemId'), holders: engagements.on('userId'), rules: birthrightRules.on('systemId') },
  parameters: {
    tolerance: '5 minutes between the clocks',
    patience: '8 days until the register must be seen to hold the rule, and the account to be known',
    register: 'access-birthright-rules, with what is given under "grants" by name; an account itself by any rule of its system',
  },

  examine({ systemId, login, detail, actor, succeeded, occurredAt }, { at, scope, holders, rules }) {
    const out = outOfScope(scope);
    if (out) return out;
    if (succeeded === 'unknown') return unknown('the log does not say whether the grant took effect');
    const [holder] = holders.filter((account) => account.systemId === systemId);
    const naming = rules.filter((rule) => gives(rule, detail) && holder !== undefined && fits(rule, holder) !== 'no');
    const approved = naming.filter((rule) => approvedByOthers(rule) === 'yes' && rule.approvedAt !== null && rule.approvedAt <= occurredAt + TOLERANCE);
    if (holder && approved.some((rule) => fits(rule, holder) === 'yes')) return conforms();
    if (at < occurredAt + PATIENCE) return notYet({ until: occurredAt + PATIENCE });
    const given = `${grantOf({ detail })} was given by ${actor} on ${iso(occurredAt)}`;
    if (!holder || (holder.personId === null && holder.ownerId === null))
      return unknown(`nobody knows whose account ${login} is, and so which rule it falls under`);
    if (approved.length > 0) return unknown(`${given}, and HR does not tell the department of ${login}`);
    const silent = naming.find((rule) => approvedByOthers(rule) === 'unknown');
    if (silent) return unknown(`${given} as the rule ${silent.ruleId} says, and nothing tells who approved that`);
    const [late] = naming;
    if (late) return deviates(`${given}, and nobody else had approved the rule ${late.ruleId} by then`, { cites: naming });
    return deviates(`${given}, and no rule gives that to ${login}`);
  },
});

const gives = ({ grants }: BirthrightRule, detail: string | null): boolean =>
  detail === null || grants.some((grant) => grant.toLowerCase() === detail.toLowerCase());

/** Whether a rule is for somebody: such a rule gives access with an engagement, and so to nobody but a person. */
function fits(
  { audience }: BirthrightRule,
  { personId, department }: { readonly personId: string | null; readonly department: string | null },
): 'yes' | 'no' | 'unknown' {
  if (personId === null) return 'no';
  if (audience.length === 0) return 'yes';
  if (department === null) return 'unknown';
  return audience.some((its) => its.toLowerCase() === department.toLowerCase()) ? 'yes' : 'no';
}
