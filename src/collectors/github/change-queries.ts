import { z } from 'zod';
import { when } from '../answers.ts';

// What is asked of GitHub's GraphQL, and how its answers are read. A question costs one point for each hundred
// connections that it opens, so the pages below are as large as that allows and no larger.

/** Pull requests of one page: with ten commits each and their authors, the page costs six points. */
export const PULLS = 40;
/** Commits whose pull requests are asked for in one question. */
export const TIES = 100;

const PAGE = 'pageInfo { hasNextPage endCursor }';
const ACTOR =
  '__typename login ... on User { databaseId } ... on Bot { databaseId } ... on Mannequin { databaseId } ... on EnterpriseUserAccount { user { databaseId } }';
const COMMIT =
  'commit { oid committedDate committedViaWeb committer { name user { databaseId login } } authors(first: 10) { totalCount nodes { name user { databaseId login } } } }';
const REVIEW = `fullDatabaseId author { ${ACTOR} } authorCanPushToRepository state createdAt submittedAt commit { oid }`;
const EVENT = '__typename ... on ReviewDismissedEvent { createdAt previousReviewState review { fullDatabaseId } } ... on HeadRefForcePushedEvent { createdAt }';
const EVENTS = 'itemTypes: [REVIEW_DISMISSED_EVENT, HEAD_REF_FORCE_PUSHED_EVENT]';

/** Every repository with the head of its default branch, when it was pushed to, and when a merged pull request was last touched. */
export const OVERVIEW = `query Overview($org: String!, $after: String) {
  viewer { login }
  organization(login: $org) {
    databaseId login
    repositories(first: 100, after: $after, ownerAffiliations: [OWNER], orderBy: { field: CREATED_AT, direction: ASC }) {
      totalCount ${PAGE}
      nodes {
        databaseId name nameWithOwner createdAt pushedAt
        defaultBranchRef { name target { oid } }
        pullRequests(first: 1, states: [MERGED], orderBy: { field: UPDATED_AT, direction: DESC }) { nodes { updatedAt } }
      }
    }
  }
}`;

/** Past pull requests are leafed over: only where they end is of interest. */
export const PAST = `query Past($owner: String!, $name: String!, $after: String) {
  repository(owner: $owner, name: $name) {
    pullRequests(first: 100, after: $after, states: [MERGED], orderBy: { field: UPDATED_AT, direction: ASC }) {
      ${PAGE} edges { cursor node { updatedAt } }
    }
  }
}`;

export const MERGED = `query Merged($owner: String!, $name: String!, $after: String) {
  repository(owner: $owner, name: $name) {
    pullRequests(first: ${PULLS}, after: $after, states: [MERGED], orderBy: { field: UPDATED_AT, direction: ASC }) {
      ${PAGE}
      edges {
        cursor
        node {
          fullDatabaseId number title body baseRefName headRefName headRefOid createdAt updatedAt mergedAt
          author { ${ACTOR} }
          mergedBy { ${ACTOR} }
          mergeCommit { oid }
          labels(first: 50) { ${PAGE} nodes { name } }
          closingIssuesReferences(first: 50) { ${PAGE} nodes { number repository { nameWithOwner } } }
          reviews(first: 50) { ${PAGE} nodes { ${REVIEW} } }
          timelineItems(first: 50, ${EVENTS}) { ${PAGE} nodes { ${EVENT} } }
          commits(first: 10) { ${PAGE} nodes { ${COMMIT} } }
        }
      }
    }
  }
}`;

/** The connections of a pull request that may be longer than a page. `checks` begins in the second question, which knows the number. */
export const PARTS = ['labels', 'closingIssuesReferences', 'reviews', 'timelineItems', 'commits', 'checks'] as const;
export type Part = (typeof PARTS)[number];
/** What is still to be asked of one pull request: where each part goes on. `null` begins a part. */
export interface Pending {
  readonly number: number;
  readonly parts: Readonly<Partial<Record<Part, string | null>>>;
}

const NEXT: Readonly<Record<Part, (cursor: string, number: string) => string>> = {
  labels: (cursor) => `labels(first: 100, after: ${cursor}) { ${PAGE} nodes { name } }`,
  closingIssuesReferences: (cursor) => `closingIssuesReferences(first: 100, after: ${cursor}) { ${PAGE} nodes { number repository { nameWithOwner } } }`,
  reviews: (cursor) => `reviews(first: 100, after: ${cursor}) { ${PAGE} nodes { ${REVIEW} } }`,
  timelineItems: (cursor) => `timelineItems(first: 100, after: ${cursor}, ${EVENTS}) { ${PAGE} nodes { ${EVENT} } }`,
  commits: (cursor) => `commits(first: 100, after: ${cursor}) { ${PAGE} nodes { ${COMMIT} } }`,
  checks: (cursor, number) => `checks: commits(last: 1) { nodes { commit { oid statusCheckRollup { contexts(first: 100, after: ${cursor}) { ${PAGE} nodes {
    __typename
    ... on CheckRun { id name status conclusion startedAt completedAt isRequired(pullRequestNumber: ${number}) checkSuite { app { name } } }
    ... on StatusContext { id context state createdAt isRequired(pullRequestNumber: ${number}) }
  } } } } } }`,
};

/** What is left of several pull requests, in one question. Whether a check is required is said for one pull request at a time, by its number. */
export function restOf(owner: string, name: string, pending: readonly Pending[]): { readonly document: string; readonly variables: Record<string, unknown> } {
  const variables: Record<string, unknown> = { owner, name };
  const declared = ['$owner: String!', '$name: String!'];
  const asked = pending.map(({ number, parts }, place) => {
    variables[`n${place}`] = number;
    declared.push(`$n${place}: Int!`);
    const its = PARTS.flatMap((part, index) => {
      const cursor = parts[part];
      if (cursor === undefined) return [];
      variables[`c${place}_${index}`] = cursor;
      declared.push(`$c${place}_${index}: String`);
      return [NEXT[part](`$c${place}_${index}`, `$n${place}`)];
    });
    return `p${place}: pullRequest(number: $n${place}) { ${its.join(' ')} }`;
  });
  return { document: `query Rest(${declared.join(', ')}) { repository(owner: $owner, name: $name) { ${asked.join('\n')} } }`, variables };
}

/** Through which pull requests commits came, by GitHub's own word. */
export function tiesOf(owner: string, name: string, shas: readonly string[]): { readonly document: string; readonly variables: Record<string, unknown> } {
  const variables: Record<string, unknown> = { owner, name };
  for (const [place, sha] of shas.entries()) variables[`o${place}`] = sha;
  const declared = shas.map((_, place) => `$o${place}: GitObjectID!`).join(', ');
  const asked = shas.map((_, place) => `c${place}: object(oid: $o${place}) { ...tie }`).join(' ');
  return {
    document: `query Ties($owner: String!, $name: String!, ${declared}) { repository(owner: $owner, name: $name) { ${asked} } }
fragment tie on Commit { associatedPullRequests(first: 20) { nodes { fullDatabaseId number merged mergedAt baseRefName headRefOid mergeCommit { oid } } } }`,
    variables,
  };
}

const id = z.union([z.string().min(1), z.int()]).transform(String);
const at = when.transform((value, context) => {
  if (value === null) context.addIssue({ code: 'custom', message: 'no instant' });
  return value ?? 0;
});
const Paged = { pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullable() }) };
const paged = <Node extends z.ZodType>(node: Node) => z.object({ ...Paged, nodes: z.array(node) });
const Oid = z.object({ oid: z.string().min(1) });

const Account = z.object({
  __typename: z.string(),
  login: z.string().min(1),
  databaseId: z.int().nullish(),
  user: z.object({ databaseId: z.int().nullish() }).nullish(),
});
export type Account = z.infer<typeof Account>;
const GitActor = z.object({ name: z.string().nullish(), user: z.object({ databaseId: z.int().nullish(), login: z.string() }).nullish() });
export type GitActor = z.infer<typeof GitActor>;
const PullCommit = z.object({
  commit: z.object({
    oid: z.string().min(1),
    committedDate: at,
    committedViaWeb: z.boolean(),
    committer: GitActor.nullish(),
    authors: z.object({ totalCount: z.int(), nodes: z.array(GitActor) }),
  }),
});
const PullReview = z.object({
  fullDatabaseId: id,
  author: Account.nullish(),
  authorCanPushToRepository: z.boolean().nullish(),
  state: z.string(),
  createdAt: at,
  submittedAt: when,
  commit: Oid.nullish(),
});
const PullEvent = z.object({
  __typename: z.string(),
  createdAt: at,
  previousReviewState: z.string().nullish(),
  review: z.object({ fullDatabaseId: id }).nullish(),
});
const Context = z.object({
  __typename: z.string(),
  id: z.string().min(1),
  name: z.string().nullish(),
  context: z.string().nullish(),
  status: z.string().nullish(),
  conclusion: z.string().nullish(),
  state: z.string().nullish(),
  startedAt: when,
  completedAt: when,
  createdAt: when,
  isRequired: z.boolean().nullish(),
  checkSuite: z.object({ app: z.object({ name: z.string() }).nullish() }).nullish(),
});
export type Context = z.infer<typeof Context>;
const Checks = z.object({
  nodes: z.array(z.object({ commit: z.object({ oid: z.string().min(1), statusCheckRollup: z.object({ contexts: paged(Context) }).nullish() }) })),
});
const Parts = {
  labels: paged(z.object({ name: z.string() })),
  closingIssuesReferences: paged(z.object({ number: z.int(), repository: z.object({ nameWithOwner: z.string() }) })),
  reviews: paged(PullReview),
  timelineItems: paged(PullEvent),
  commits: paged(PullCommit),
};
const Pull = z.object({
  fullDatabaseId: id,
  number: z.int(),
  title: z.string(),
  body: z.string().nullish(),
  baseRefName: z.string().min(1),
  headRefName: z.string(),
  headRefOid: z.string().min(1),
  createdAt: at,
  updatedAt: at,
  mergedAt: at,
  author: Account.nullish(),
  mergedBy: Account.nullish(),
  mergeCommit: Oid.nullish(),
  ...Parts,
});
export type Pull = z.infer<typeof Pull>;

const data = <Shape extends z.ZodRawShape>(shape: Shape) =>
  z.object({ data: z.object(shape) }).transform((answer) => answer.data as z.infer<z.ZodObject<Shape>>);
export const Repository = z.object({
  databaseId: z.int(),
  name: z.string().min(1),
  nameWithOwner: z.string().min(1),
  createdAt: at,
  pushedAt: when,
  defaultBranchRef: z.object({ name: z.string().min(1), target: Oid.nullable() }).nullable(),
  pullRequests: z.object({ nodes: z.array(z.object({ updatedAt: at })) }),
});
export type Repository = z.infer<typeof Repository>;
export const Past = data({
  repository: z.object({ pullRequests: z.object({ ...Paged, edges: z.array(z.object({ cursor: z.string(), node: z.object({ updatedAt: at }) })) }) }),
});
export const Merged = data({
  repository: z.object({ pullRequests: z.object({ ...Paged, edges: z.array(z.object({ cursor: z.string(), node: Pull })) }) }),
});
export const Rest = data({
  repository: z.record(
    z.string(),
    z.object({
      labels: Parts.labels.optional(),
      closingIssuesReferences: Parts.closingIssuesReferences.optional(),
      reviews: Parts.reviews.optional(),
      timelineItems: Parts.timelineItems.optional(),
      commits: Parts.commits.optional(),
      checks: Checks.optional(),
    }),
  ),
});
const Tie = z.object({
  fullDatabaseId: id,
  number: z.int(),
  merged: z.boolean(),
  mergedAt: when,
  baseRefName: z.string(),
  headRefOid: z.string(),
  mergeCommit: Oid.nullish(),
});
export type Tie = z.infer<typeof Tie>;
export const Ties = data({
  repository: z.record(z.string(), z.object({ associatedPullRequests: z.object({ nodes: z.array(Tie) }) })),
});
