import type { Instant } from '../../core/instant.ts';
import type { Account } from '../people/accounts.ts';
import type { PullRequest } from './pull-requests.ts';
import type { Review } from './reviews.ts';

/** Whether two accounts are those of two people. `unknown` where the people graph does not tie one of them. */
export type Apart = 'yes' | 'no' | 'unknown';

const named = (system: string, userId: string, accounts: readonly Account[]) =>
  accounts.filter((account) => account.systemId === system && account.userId === userId);

/** Who stands behind an account of a system: a person, or an account that is declared to be its own. `null` where nobody knows. */
export function holderOf(system: string, userId: string | null, accounts: readonly Account[]): string | null {
  const [account, another] = userId === null ? [] : named(system, userId, accounts);
  if (!account || another) return null;
  if (account.personId !== null) return `person ${account.personId}`;
  // A machine and an outsider are nobody else's second login: somebody answers for them, and they have an account of their own.
  return account.ownerId !== null && account.kind !== 'shared' ? `account ${userId}` : null;
}

/** Whether an account is that of a person who is none of the others. A machine is no person. */
export function isApart(system: string, userId: string | null, others: readonly (string | null)[], accounts: readonly Account[]): Apart {
  if (userId !== null && (others.includes(userId) || isMachine(system, userId, accounts))) return 'no';
  const holder = holderOf(system, userId, accounts);
  const holders = others.map((other) => holderOf(system, other, accounts));
  if (holder !== null && holders.includes(holder)) return 'no';
  return holder === null || holders.includes(null) ? 'unknown' : 'yes';
}

const isMachine = (system: string, userId: string, accounts: readonly Account[]): boolean =>
  named(system, userId, accounts).some(({ kind }) => kind === 'service');

/**
 * The accounts that had a hand in a pull request; `null` for each hand that no account is known of. A bot that opened it
 * is nobody's second login, and no host ties what it commits to an account: there it goes by its name.
 */
export function makersOf({ authorId, authorKind, author, contributorIds, strangers }: PullRequest): readonly (string | null)[] {
  const bot = authorKind === 'bot';
  const people = contributorIds.filter((id) => !bot || id !== authorId);
  const unnamed = strangers.filter((name) => !bot || (name !== author && name !== `${author}[bot]`));
  const opener = bot || (authorId !== null && people.includes(authorId)) ? [] : [authorId];
  return [...people, ...opener, ...unnamed.map(() => null)];
}

/** What there is to say of the approval of a pull request at an instant. */
export interface Approval {
  readonly independent: Apart;
  readonly because: string;
  /** Accounts that prove who is who. A review that is missing may be the one that counts, so none is ever cited. */
  readonly cites: readonly Account[];
}

/**
 * Whether, at the merge or at another instant, an approval stood of the very commits that were merged, by somebody who
 * contributed nothing to them. Bots approve nothing; an approval of earlier commits is one of something else.
 */
export function approvalOf(change: PullRequest, reviews: readonly Review[], accounts: readonly Account[], at: Instant = change.mergedAt): Approval {
  const { systemId, headSha } = change;
  const makers = makersOf(change);
  const standing = lastWords(reviews, at).filter((review) => stood(review, at) !== 'no');
  const valid = standing.filter(
    ({ reviewerKind, mayApprove, reviewerId }) =>
      reviewerKind !== 'bot' && mayApprove !== 'no' && !(reviewerId !== null && isMachine(systemId, reviewerId, accounts)),
  );
  const ofHead = valid.filter(({ sha }) => sha === null || sha === headSha);
  const judged = ofHead.map((review) => ({ review, sure: isSure(review, at), apart: isApart(systemId, review.reviewerId, makers, accounts) }));
  const names = [...new Set(ofHead.map(({ reviewer }) => reviewer))].sort().join(', ');
  const says = (independent: Apart, because: string, cites: readonly Account[] = []): Approval => ({ independent, because, cites });

  if (judged.some(({ sure, apart }) => sure && apart === 'yes')) return says('yes', `${names} had approved it`);
  if (judged.some(({ apart }) => apart === 'yes')) return says('unknown', `it cannot be told whether the review by ${names} is an approval that counts`);
  if (judged.some(({ apart }) => apart === 'unknown'))
    return says('unknown', `it cannot be told whether ${names} and those who contributed are different people`);
  if (standing.length === 0) return says('no', 'nobody had approved it');
  if (valid.length === 0) return says('no', 'only bots, or people who may not approve, had approved it');
  if (ofHead.length === 0) return says('no', 'commits were added after the approval, and nobody approved the last');
  return says(
    'no',
    `only ${names}, who contributed to it, had approved it`,
    accounts.filter((account) => account.systemId === systemId),
  );
}

/** Of each reviewer the last verdict given by then; a comment is none. Whoever is not known is nobody else. */
function lastWords(reviews: readonly Review[], at: Instant): readonly Review[] {
  const verdicts = reviews.filter(({ submittedAt, state, stateBefore }) => {
    const said = state === 'dismissed' ? stateBefore : state;
    return submittedAt <= at && said !== 'commented' && said !== 'pending';
  });
  return verdicts.filter(
    ({ reviewerId, submittedAt }) => reviewerId === null || !verdicts.some((other) => other.reviewerId === reviewerId && other.submittedAt > submittedAt),
  );
}

/** Whether a review was an approval at an instant: one that was dismissed counted until then. */
function stood({ state, stateBefore, dismissedAt }: Review, at: Instant): Apart {
  if (state === 'approved') return 'yes';
  if (state === 'unknown') return 'unknown';
  if (state !== 'dismissed' || stateBefore === 'changes-requested' || (dismissedAt !== null && dismissedAt <= at)) return 'no';
  return dismissedAt === null || stateBefore === 'unknown' ? 'unknown' : 'yes';
}

const isSure = (review: Review, at: Instant): boolean =>
  stood(review, at) === 'yes' && review.sha !== null && review.reviewerKind === 'human' && review.mayApprove === 'yes';
