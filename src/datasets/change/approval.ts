import type { Instant } from '../../core/instant.ts';
import type { Account } from '../people/accounts.ts';
import type { PullRequest } from './pull-requests.ts';
import type { Review } from './reviews.ts';

/** Whether two accounts are those of two people. `unknown` where the people graph does not tie one of them. */
export type Apart = 'yes' | 'no' | 'unknown';

/** Who stands behind an account of a system: a person, or an account that is declared to be its own. `null` where nobody knows. */
export function holderOf(system: string, userId: string, accounts: readonly Account[]): string | null {
  const its = accounts.filter((account) => account.systemId === system && account.userId === userId);
  const [account, another] = its;
  if (!account || another) return null;
  if (account.personId !== null) return `person ${account.personId}`;
  // A machine and an outsider are nobody else's second login: somebody answers for them, and they have an account of their own.
  return account.ownerId !== null && account.kind !== 'shared' ? `account ${userId}` : null;
}

/** Whether an account is that of somebody who is none of the others. */
export function isApart(system: string, userId: string | null, others: readonly (string | null)[], accounts: readonly Account[]): Apart {
  if (userId !== null && others.includes(userId)) return 'no';
  const holder = userId === null ? null : holderOf(system, userId, accounts);
  const holders = others.map((other) => (other === null ? null : holderOf(system, other, accounts)));
  if (holder !== null && holders.includes(holder)) return 'no';
  return holder === null || holders.includes(null) ? 'unknown' : 'yes';
}

/** What may stand of a reviewer at an instant: the last verdict they gave by then, and had not taken back or lost. */
export function approvalsAt(reviews: readonly Review[], at: Instant): readonly Review[] {
  const decisive = reviews.filter(({ submittedAt, state, stateBefore }) => {
    const said = state === 'dismissed' ? stateBefore : state;
    return submittedAt <= at && said !== 'commented' && said !== 'pending';
  });
  const latest = decisive.filter(
    (review) => !decisive.some((other) => other.reviewerId === review.reviewerId && other.reviewerId !== null && other.submittedAt > review.submittedAt),
  );
  return latest.filter(
    ({ state, stateBefore, dismissedAt }) =>
      state === 'approved' || (state === 'dismissed' && stateBefore === 'approved' && dismissedAt !== null && dismissedAt > at),
  );
}

/** What there is to say of the approval of a pull request when it was merged. */
export interface Approval {
  readonly independent: Apart;
  readonly because: string;
  /** Reviews that prove it. */
  readonly cites: readonly Review[];
}

/**
 * Whether somebody who contributed nothing to it had approved the very commits that were merged. Bots approve nothing;
 * an approval of earlier commits is one of something else.
 */
export function approvalOf(
  { systemId, contributorIds, authorId, strangers, headSha, mergedAt }: PullRequest,
  reviews: readonly Review[],
  accounts: readonly Account[],
): Approval {
  const standing = approvalsAt(reviews, mergedAt);
  const ofHead = standing.filter(({ sha }) => sha === headSha);
  const human = ofHead.filter(({ reviewerKind, mayApprove }) => reviewerKind !== 'bot' && mayApprove !== 'no');
  if (ofHead.length === 0 && standing.length > 0)
    return { independent: 'no', because: 'commits were added after the approval, and nobody approved the last', cites: standing };
  if (ofHead.length === 0) return { independent: 'no', because: 'nobody had approved it', cites: [] };
  if (human.length === 0) return { independent: 'no', because: 'only bots, or people who may not approve, had approved it', cites: ofHead };
  const others = [...contributorIds, ...(authorId === null ? [null] : []), ...strangers.map(() => null)];
  const found = human.map((review) => {
    const apart = isApart(systemId, review.reviewerId, others, accounts);
    return { review, apart: apart === 'yes' && (review.reviewerKind === 'unknown' || review.mayApprove === 'unknown') ? 'unknown' : apart };
  });
  const best = found.find(({ apart }) => apart === 'yes') ?? found.find(({ apart }) => apart === 'unknown');
  const names = [...new Set(human.map(({ reviewer }) => reviewer))].sort().join(', ');
  if (!best) return { independent: 'no', because: `only ${names}, who contributed to it, had approved it`, cites: human };
  return { independent: best.apart, because: `it cannot be told whether ${names} and those who contributed are different people`, cites: human };
}
