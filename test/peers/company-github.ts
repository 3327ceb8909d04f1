import { schema as github } from '@octokit/graphql-schema';
import { buildSchema, execute, type GraphQLFieldResolver, getNamedType, parse, validate } from 'graphql';
import { days, minutes } from '../../src/core/instant.ts';
import type { Answered, Asked } from './company.ts';
import { type Changes, type Commit, type Deployed, type History, INES, type Pull, stamp } from './company-changes.ts';
import { restOf } from './company-github-rest.ts';

// GitHub's own GraphQL schema, run by graphql-js over what happened: an answer holds what was asked for, in the kinds that the schema names.
const schema = buildSchema(github.idl, { assumeValidSDL: true }); // GitHub names one field of it twice

/** GitHub as it answers of one organization with two repositories, of which one has a history. */
export function githubOf(history: History): (asked: Asked) => Promise<Answered> {
  const rootValue = rootOf(history);
  const rest = restOf(history);
  return async (asked) => {
    if (asked.url.pathname !== '/graphql') return rest(asked);
    const { query, variables } = JSON.parse(asked.text) as { readonly query: string; readonly variables: Record<string, unknown> };
    const document = parse(query);
    const invalid = validate(schema, document);
    if (invalid.length > 0) return { status: 200, body: { errors: invalid.map(({ message }) => ({ message })) } };
    return { status: 200, body: await execute({ schema, document, rootValue, variableValues: variables, fieldResolver }) };
  };
}

/** A list stands for every connection: pages hold as much as is asked for, from either end. */
const fieldResolver: GraphQLFieldResolver<Record<string, unknown>, unknown, Record<string, never>> = (source, args, context, info) => {
  const value = source[info.fieldName];
  if (typeof value === 'function') return value(args, context, info);
  if (!Array.isArray(value) || !getNamedType(info.returnType).name.endsWith('Connection')) return value;
  const { first, last, orderBy } = args as { readonly first?: number; readonly last?: number; readonly orderBy?: { readonly direction: string } };
  const all: readonly unknown[] = orderBy?.direction === 'DESC' ? value.toReversed() : value;
  const nodes = last === undefined ? all.slice(0, first) : all.slice(-last);
  if (last === undefined && nodes.length < all.length && first !== 1) throw new RangeError(`${info.fieldName} is longer than a page`);
  const edges = nodes.map((node, place) => ({ node, cursor: `${place}` }));
  return { totalCount: all.length, nodes, edges, pageInfo: { hasNextPage: false, endCursor: edges.at(-1)?.cursor ?? null } };
};

function rootOf(history: History) {
  const { web, deployments } = history;
  const pulls = web.pulls.map(pullOf);
  const nodes = new Map(deployments.map((it) => [`D_${it.id}`, deploymentOf(it)]));
  const repositories = [repositoryOf(web, 101, 'web', pulls, deployments), emptyOf()];
  return {
    viewer: { login: INES.login },
    organization: () => ({ databaseId: 77, login: 'acme', repositories }),
    repository: ({ name }: { readonly name: string }) => repositories.find((it) => it.name === name) ?? null,
    nodes: ({ ids }: { readonly ids: readonly string[] }) => ids.map((id) => nodes.get(id) ?? null),
  };
}

type Node = ReturnType<typeof pullOf>;

function repositoryOf(web: Changes, databaseId: number, name: string, pulls: readonly Node[], deployments: readonly Deployed[]) {
  const holding = (sha: string) => {
    const its = web.pulls.findIndex(({ head, merge }) => head.sha === sha || merge.sha === sha);
    return { __typename: 'Commit', associatedPullRequests: its < 0 ? [] : [pulls[its]] };
  };
  return {
    ...{ databaseId, name, nameWithOwner: `acme/${name}`, createdAt: stamp(web.root.at), pushedAt: stamp(web.updates.at(-1)?.at ?? web.root.at) },
    defaultBranchRef: { name: 'main', target: { __typename: 'Commit', oid: web.head.sha } },
    pullRequests: pulls,
    pullRequest: ({ number }: { readonly number: number }) => pulls[number - 1] ?? null,
    object: ({ oid }: { readonly oid: string }) => holding(oid),
    environments: [{ name: 'production' }],
    deployments: deployments.map(({ at }) => ({ createdAt: stamp(at) })),
    releases: [],
  };
}

/** A repository that was made a year ago and left alone. */
const emptyOf = () => ({
  ...{ databaseId: 102, name: 'lab', nameWithOwner: 'acme/lab', createdAt: '2025-01-01T00:00:00Z', pushedAt: null, defaultBranchRef: null },
  ...{ pullRequests: [], pullRequest: () => null, object: () => null, environments: [], deployments: [], releases: [] },
});

const CHECKS = ['unit', 'semgrep'];

function pullOf({ number, title, by, mergedBy, mergedAt, head, merge, reviews, failing }: Pull) {
  const contexts = CHECKS.map((name) => ({
    ...{ __typename: 'CheckRun', id: `CR_${number}_${name}`, name, status: 'COMPLETED', conclusion: failing.includes(name) ? 'FAILURE' : 'SUCCESS' },
    ...{
      startedAt: stamp(mergedAt - minutes(200)),
      completedAt: stamp(mergedAt - minutes(190)),
      isRequired: true,
      checkSuite: { app: { name: 'GitHub Actions' } },
    },
  }));
  return {
    ...{ __typename: 'PullRequest', fullDatabaseId: String(5000 + number), number, title, body: '', baseRefName: 'main', headRefName: `work-${number}` },
    ...{ headRefOid: head.sha, createdAt: stamp(mergedAt - days(1)), updatedAt: stamp(Math.max(mergedAt, ...reviews.map(({ at }) => at))) },
    ...{ merged: true, mergedAt: stamp(mergedAt), author: by, mergedBy, mergeCommit: { oid: merge.sha } },
    ...{ labels: [], closingIssuesReferences: [], timelineItems: [] },
    reviews: reviews.map(({ by: author, at }, place) => ({
      ...{ fullDatabaseId: String(6000 + number * 10 + place), author, authorCanPushToRepository: true, state: 'APPROVED' },
      ...{ createdAt: stamp(at), submittedAt: stamp(at), commit: { oid: head.sha } },
    })),
    commits: [{ commit: { ...commitOf(head), statusCheckRollup: { contexts } } }],
  };
}

function commitOf({ sha, at, by }: Commit) {
  const actor = { name: by.login, user: { __typename: 'User', databaseId: by.databaseId, login: by.login } };
  return { __typename: 'Commit', oid: sha, committedDate: stamp(at), committedViaWeb: false, committer: actor, authors: [actor] };
}

function deploymentOf({ id, states, approver }: Deployed) {
  const url = `https://github.com/acme/web/actions/runs/${9000 + id}`;
  const deploymentReviews = approver === null ? [] : [{ state: 'APPROVED', user: approver, environments: [{ name: 'production' }] }];
  return {
    ...{ __typename: 'Deployment', id: `D_${id}`, commit: { checkSuites: [{ workflowRun: { url, deploymentReviews } }] } },
    statuses: states.map(({ state, at, description }, place) => ({
      id: `DS_${id}_${place}`,
      state,
      description,
      logUrl: `${url}/job/1`,
      createdAt: stamp(at),
    })),
  };
}
