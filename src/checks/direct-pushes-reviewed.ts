import { days, iso } from '../core/instant.ts';
import { systems } from '../datasets/asset/systems.ts';
import { holderOf } from '../datasets/change/approval.ts';
import { commits } from '../datasets/change/commits.ts';
import { accounts } from '../datasets/people/accounts.ts';
import { registerEntries } from '../datasets/register/entries.ts';
import { conforms, defineCheck, deviates, notYet, unknown } from './check.ts';
import { outOfScope } from './scope.ts';

const DEADLINE = days(5);
/** Registers are read once a week: what was written in time is told by then. */
const TOLD = days(8);

export const directPushesReviewed = defineCheck({
  id: 'direct-pushes-reviewed',
  title: 'Every push past the pull requests is reviewed afterwards',
  version: 1,
  asserts: 'Whatever was pushed to a default branch through no pull request was reviewed by someone else within five days, by the register of change reviews.',
  population: commits.where(({ first, prId, how }) => first && prId === null && how !== 'created'),
  with: {
    scope: systems.on('systemId'),
    followUps: registerEntries.where(({ register }) => register === 'change-reviews').on('subject', 'sha'),
    pushers: accounts.on('userId', 'pusherId'),
  },
  parameters: { deadline: '5 days', told: 'the register is read up to 8 days later' },

  examine({ systemId, pusherId, pusher, branch, landedAt }, { at, scope, followUps, pushers }) {
    const out = outOfScope(scope);
    if (out) return out;
    const timely = followUps.filter(({ reviewedAt }) => reviewedAt !== null && landedAt - days(1) < reviewedAt && reviewedAt <= landedAt + DEADLINE);
    const who = pusherId === null ? null : holderOf(systemId, pusherId, pushers);
    const others = timely.filter(({ reviewerId }) => reviewerId !== null && `person ${reviewerId}` !== who);
    const by = pusher ?? 'an account that is gone';
    if (others.length > 0) return who === null ? unknown(`it is not known who ${by} is, so neither whether they reviewed themselves`) : conforms();
    const told = landedAt + DEADLINE + TOLD;
    if (at < told) return notYet({ until: told });
    return deviates(`was pushed to ${branch} by ${by} on ${iso(landedAt)}, and nobody else had reviewed it by ${iso(landedAt + DEADLINE)}`);
  },
});
