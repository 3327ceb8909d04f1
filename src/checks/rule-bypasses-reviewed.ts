import { iso } from '../core/instant.ts';
import { systems } from '../datasets/asset/systems.ts';
import { holderOf } from '../datasets/change/approval.ts';
import { ruleBypasses } from '../datasets/change/rule-bypasses.ts';
import { accounts } from '../datasets/people/accounts.ts';
import { registerEntries } from '../datasets/register/entries.ts';
import { conforms, defineCheck, deviates, notYet, unknown } from './check.ts';
import { DEADLINE, PARAMETERS, reviewedAfter, TOLD } from './follow-up.ts';
import { outOfScope } from './scope.ts';

export const ruleBypassesReviewed = defineCheck({
  id: 'rule-bypasses-reviewed',
  title: 'Every bypass of a branch rule is reviewed afterwards',
  version: 1,
  asserts: 'Whenever somebody went around a rule of a default branch, someone else reviewed what they did within five days, by the register of change reviews.',
  population: ruleBypasses,
  with: {
    scope: systems.on('systemId'),
    followUps: registerEntries.where(({ register }) => register === 'change-reviews').on('subject', 'sha'),
    actors: accounts.on('userId', 'actorId'),
  },
  parameters: PARAMETERS,

  examine({ systemId, actorId, actor, rules, occurredAt }, { at, scope, followUps, actors }) {
    const out = outOfScope(scope);
    if (out) return out;
    const reviewed = reviewedAfter(occurredAt, followUps, [holderOf(systemId, actorId, actors)]);
    if (reviewed === 'yes') return conforms();
    if (reviewed === 'unknown') return unknown(`it is reviewed, and cannot be told whether by someone other than ${actor}`);
    if (at < occurredAt + TOLD) return notYet({ until: occurredAt + TOLD });
    const around = rules.length === 0 ? 'the rules' : rules.join(', ');
    return deviates(`${actor} went around ${around} on ${iso(occurredAt)}, and nobody else had reviewed it by ${iso(occurredAt + DEADLINE)}`);
  },
});
