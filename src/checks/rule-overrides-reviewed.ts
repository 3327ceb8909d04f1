import { iso } from '../core/instant.ts';
import { systems } from '../datasets/asset/systems.ts';
import { holderOf } from '../datasets/change/approval.ts';
import { accounts } from '../datasets/people/accounts.ts';
import { registerEntries } from '../datasets/register/entries.ts';
import { protectionChanges } from '../datasets/repo/protection-changes.ts';
import { conforms, defineCheck, deviates, notYet, unknown } from './check.ts';
import { DEADLINE, PARAMETERS, reviewedAfter, TOLD } from './follow-up.ts';
import { outOfScope } from './scope.ts';

export const ruleOverridesReviewed = defineCheck({
  id: 'rule-overrides-reviewed',
  title: 'Every use of the right to override a rule is reviewed afterwards',
  version: 1,
  asserts:
    'Whenever somebody used their right to override a rule of a branch, or the protection against secrets, someone else reviewed it within five days, by the register of change reviews.',
  population: protectionChanges.where(({ change }) => change === 'overridden'),
  with: {
    scope: systems.on('systemId'),
    followUps: registerEntries.where(({ register }) => register === 'change-reviews').on('subject', 'eventId'),
    actors: accounts.on('userId', 'actorId'),
  },
  parameters: PARAMETERS,

  examine({ systemId, actorId, actor, action, target, repo, occurredAt }, { at, scope, followUps, actors }) {
    const out = outOfScope(scope);
    if (out) return out;
    const reviewed = reviewedAfter(occurredAt, followUps, [holderOf(systemId, actorId, actors)]);
    if (reviewed === 'yes') return conforms();
    if (reviewed === 'unknown') return unknown(`it is reviewed, and cannot be told whether by someone other than ${actor}`);
    if (at < occurredAt + TOLD) return notYet({ until: occurredAt + TOLD });
    const around = `${target ?? 'a rule'} in ${repo ?? systemId} on ${iso(occurredAt)} (${action})`;
    return deviates(`${actor} overrode ${around}, and nobody else had reviewed it by ${iso(occurredAt + DEADLINE)}`);
  },
});
