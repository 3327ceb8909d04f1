import { days, iso } from '../core/instant.ts';
import { systems } from '../datasets/asset/systems.ts';
import { holderOf } from '../datasets/change/approval.ts';
import { ruleBypasses } from '../datasets/change/rule-bypasses.ts';
import { accounts } from '../datasets/people/accounts.ts';
import { registerEntries } from '../datasets/register/entries.ts';
import { conforms, defineCheck, deviates, notYet, unknown } from './check.ts';
import { outOfScope } from './scope.ts';

const DEADLINE = days(5);
/** Registers are read once a week: what was written in time is told by then. */
const TOLD = days(8);

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
  parameters: { deadline: '5 days', told: 'the register is read up to 8 days later' },

  examine({ systemId, actorId, actor, occurredAt }, { at, scope, followUps, actors }) {
    const out = outOfScope(scope);
    if (out) return out;
    const timely = followUps.filter(({ reviewedAt }) => reviewedAt !== null && occurredAt - days(1) < reviewedAt && reviewedAt <= occurredAt + DEADLINE);
    const who = actorId === null ? null : holderOf(systemId, actorId, actors);
    const others = timely.filter(({ reviewerId }) => reviewerId !== null && `person ${reviewerId}` !== who);
    if (others.length > 0) return who === null ? unknown(`it is not known who ${actor} is, so neither whether they reviewed themselves`) : conforms();
    const told = occurredAt + DEADLINE + TOLD;
    if (at < told) return notYet({ until: told });
    return deviates(`${actor} went around the rules on ${iso(occurredAt)}, and nobody else had reviewed it by ${iso(occurredAt + DEADLINE)}`);
  },
});
