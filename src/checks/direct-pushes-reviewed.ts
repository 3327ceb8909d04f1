import { iso } from '../core/instant.ts';
import { systems } from '../datasets/asset/systems.ts';
import { holderOf } from '../datasets/change/approval.ts';
import { commits } from '../datasets/change/commits.ts';
import { accounts } from '../datasets/people/accounts.ts';
import { registerEntries } from '../datasets/register/entries.ts';
import { conforms, defineCheck, deviates, notYet, unknown } from './check.ts';
import { DEADLINE, PARAMETERS, reviewedAfter, TOLD } from './follow-up.ts';
import { outOfScope } from './scope.ts';

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
    authors: accounts.on('userId', 'authorId'),
  },
  parameters: PARAMETERS,

  examine({ systemId, pusherId, pusher, authorId, author, branch, landedAt }, { at, scope, followUps, pushers, authors }) {
    const out = outOfScope(scope);
    if (out) return out;
    const makers = [holderOf(systemId, pusherId, pushers), holderOf(systemId, authorId, authors)];
    const by = pusher ?? 'an account that is gone';
    const reviewed = reviewedAfter(landedAt, followUps, makers);
    if (reviewed === 'yes') return conforms();
    if (reviewed === 'unknown') return unknown(`it is reviewed, and cannot be told whether by someone other than ${[...new Set([by, author])].join(' and ')}`);
    if (at < landedAt + TOLD) return notYet({ until: landedAt + TOLD });
    return deviates(`was pushed to ${branch} by ${by} on ${iso(landedAt)}, and nobody else had reviewed it by ${iso(landedAt + DEADLINE)}`);
  },
});
