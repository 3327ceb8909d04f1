import { ternary } from '../../core/ternary.ts';
import type { CheckRun } from '../../datasets/change/check-runs.ts';
import type { Commit as CommitRow } from '../../datasets/change/commits.ts';
import type { PullRequest } from '../../datasets/change/pull-requests.ts';
import type { Review } from '../../datasets/change/reviews.ts';
import type { Landing } from './change-history.ts';
import type { Account, Context, GitActor, Pull, Repository, Tie } from './change-queries.ts';

/** A pull request with all its parts, to their ends. */
export interface Whole {
  readonly pull: Pull;
  /** Of its last commit. */
  readonly checked: { readonly sha: string; readonly contexts: readonly Context[] };
}

/** What every row says of where it happened. */
export interface Place {
  readonly systemId: string;
  readonly repoId: string;
  readonly repo: string;
}

export const placeOf = (system: string, { databaseId, nameWithOwner }: Repository): Place => ({
  systemId: system,
  repoId: String(databaseId),
  repo: nameWithOwner,
});

export function commitRow(place: Place, branch: string, { commit, stretch, broughtBy }: Landing, tie: Tie | undefined): CommitRow {
  const { sha, author, parents, commit: written } = commit;
  return {
    ...place,
    sha,
    branch,
    first: sha === broughtBy,
    broughtBy,
    prId: tie?.fullDatabaseId ?? null,
    prNumber: tie?.number ?? null,
    how: stretch.how,
    pusherId: stretch.actor ? String(stretch.actor.id) : null,
    pusher: stretch.actor?.login || null,
    authorId: author?.id === undefined ? null : String(author.id),
    author: author?.login || written.author?.name || 'unknown',
    verified: ternary(written.verification?.verified),
    parents: parents.map((parent) => parent.sha),
    committedAt: written.committer?.date ?? stretch.at,
    landedAt: stretch.at,
  };
}

export function pullRow(place: Place, { pull }: Whole, projects: readonly string[]): PullRequest {
  const signers = pull.commits.nodes.flatMap(({ commit: { authors, committer, committedViaWeb } }) => [
    ...authors.nodes,
    ...(committer && !committedViaWeb ? [committer] : []), // what was made on the site is committed by GitHub itself
  ]);
  const pushes = [
    ...pull.timelineItems.nodes.flatMap(({ __typename, createdAt }) => (__typename === 'HeadRefForcePushedEvent' ? [createdAt] : [])),
    ...pull.commits.nodes.map(({ commit }) => commit.committedDate),
  ];
  return {
    ...place,
    prId: pull.fullDatabaseId,
    number: pull.number,
    title: pull.title || `#${pull.number}`,
    branch: pull.baseRefName,
    authorId: accountId(pull.author),
    author: pull.author?.login ?? 'ghost',
    authorKind: kindOf(pull.author),
    contributorIds: unique([accountId(pull.author), ...signers.map(signerId)]),
    strangers: unique([
      ...signers.map((signer) => (signerId(signer) === null ? signer.name || 'nobody named' : null)),
      ...pull.commits.nodes.map(({ commit: { oid, authors } }) =>
        authors.totalCount > authors.nodes.length ? `${authors.totalCount - authors.nodes.length} more authors of ${oid.slice(0, 12)}` : null,
      ),
    ]),
    reviewerIds: unique(pull.reviews.nodes.map(({ author }) => accountId(author))),
    mergedById: accountId(pull.mergedBy),
    mergedBy: pull.mergedBy?.login ?? 'ghost',
    headSha: pull.headRefOid,
    mergeSha: pull.mergeCommit?.oid ?? null,
    labels: unique(pull.labels.nodes.map(({ name }) => name.toLowerCase())),
    tickets: ticketsOf(pull, projects),
    createdAt: pull.createdAt,
    lastPushAt: pushes.length === 0 ? null : Math.max(...pushes),
    mergedAt: pull.mergedAt,
  };
}

export function reviewRows({ systemId }: Place, { pull }: Whole): readonly Review[] {
  const dismissals = new Map(
    pull.timelineItems.nodes.flatMap((event) =>
      event.review && event.__typename === 'ReviewDismissedEvent' ? [[event.review.fullDatabaseId, event] as const] : [],
    ),
  );
  return pull.reviews.nodes.map((review) => {
    const state = VERDICTS[review.state] ?? 'unknown';
    const dismissal = dismissals.get(review.fullDatabaseId);
    const before = VERDICTS[dismissal?.previousReviewState ?? ''] ?? 'unknown';
    const given = state === 'dismissed' ? before : state;
    return {
      systemId,
      reviewId: review.fullDatabaseId,
      prId: pull.fullDatabaseId,
      reviewerId: accountId(review.author),
      reviewer: review.author?.login ?? 'ghost',
      reviewerKind: kindOf(review.author),
      mayApprove: review.author ? ternary(review.authorCanPushToRepository) : 'unknown',
      state,
      dismissedAt: state === 'dismissed' ? (dismissal?.createdAt ?? null) : null,
      stateBefore: given === 'dismissed' || given === 'pending' ? 'unknown' : given,
      sha: review.commit?.oid ?? null,
      submittedAt: review.submittedAt ?? review.createdAt,
    };
  });
}

export function checkRows({ systemId }: Place, { pull, checked }: Whole): readonly CheckRun[] {
  return checked.contexts.map((context) => {
    const isRun = context.__typename === 'CheckRun';
    const conclusion = isRun ? runOutcome(context) : (STATUSES[context.state ?? ''] ?? 'unknown');
    const begun = (isRun ? (context.startedAt ?? context.completedAt) : context.createdAt) ?? pull.mergedAt;
    return {
      systemId,
      // By node id: numbers of check runs have outgrown the 32 bits that an id has in GraphQL.
      checkRunId: context.id,
      prId: pull.fullDatabaseId,
      sha: checked.sha,
      mergeSha: pull.mergeCommit?.oid ?? null,
      name: (isRun ? context.name : context.context) || 'unnamed',
      app: context.checkSuite?.app?.name || null,
      required: ternary(context.isRequired),
      conclusion,
      completedAt: conclusion === 'pending' ? null : isRun ? context.completedAt : context.createdAt,
      startedAt: begun,
    };
  });
}

const VERDICTS: Readonly<Record<string, Review['state']>> = {
  APPROVED: 'approved',
  CHANGES_REQUESTED: 'changes-requested',
  COMMENTED: 'commented',
  DISMISSED: 'dismissed',
  PENDING: 'pending',
};
const CONCLUSIONS: Readonly<Record<string, CheckRun['conclusion']>> = {
  SUCCESS: 'success',
  FAILURE: 'failure',
  NEUTRAL: 'neutral',
  SKIPPED: 'skipped',
  CANCELLED: 'cancelled',
  TIMED_OUT: 'timed-out',
  ACTION_REQUIRED: 'action-required',
  STALE: 'stale',
  STARTUP_FAILURE: 'startup-failure',
};
const STATUSES: Readonly<Record<string, CheckRun['conclusion']>> = {
  SUCCESS: 'success',
  FAILURE: 'failure',
  ERROR: 'failure',
  PENDING: 'pending',
  EXPECTED: 'pending',
};

const runOutcome = ({ status, conclusion }: Context): CheckRun['conclusion'] =>
  status === 'COMPLETED' ? (CONCLUSIONS[conclusion ?? ''] ?? 'unknown') : 'pending';

function accountId(account: Account | null | undefined): string | null {
  const id = account?.databaseId ?? account?.user?.databaseId;
  return id === null || id === undefined ? null : String(id);
}

const signerId = ({ user }: GitActor): string | null => (user?.databaseId ? String(user.databaseId) : null);

function kindOf(account: Account | null | undefined): PullRequest['authorKind'] {
  if (account?.__typename === 'Bot') return 'bot';
  return account?.__typename === 'User' || account?.__typename === 'EnterpriseUserAccount' ? 'human' : 'unknown';
}

/** Issues that it closes, and keys of the projects of the ticket system wherever one is written. */
function ticketsOf({ closingIssuesReferences, title, headRefName, body }: Pull, projects: readonly string[]): readonly string[] {
  const issues = closingIssuesReferences.nodes.map(({ number, repository }) => `${repository.nameWithOwner}#${number}`);
  const key = new RegExp(`(?<![A-Za-z0-9])(?:${projects.join('|')})-\\d+(?![A-Za-z0-9])`, 'gi');
  const keys = projects.length === 0 ? [] : [...`${title}\n${headRefName}\n${body ?? ''}`.matchAll(key)].map(([found]) => found.toUpperCase());
  return unique([...issues, ...keys]);
}

const unique = (all: readonly (string | null)[]): readonly string[] => [...new Set(all.flatMap((it) => (it === null || it === '' ? [] : [it])))];
