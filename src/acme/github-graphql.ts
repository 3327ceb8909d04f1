import { type Instant, iso } from '../core/instant.ts';
import {
  existing,
  happened,
  headAt,
  type Host,
  type HostActor,
  type HostCheck,
  type HostCommit,
  type HostPull,
  type HostRepository,
  ZEROS,
} from './github-model.ts';

type Json = Readonly<Record<string, unknown>>;

interface Query {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** Answers the queries of the collector, each known by its name. */
export function graphql(host: Host, at: Instant, { query, variables }: Query): Json {
  const operation = /^\s*query (\w+)/.exec(query)?.[1];
  if (operation === 'Overview') return overview(host, at, cursorOf(variables.after));
  const repository = existing(host, at).find(({ name }) => name === variables.name);
  if (!repository) return { repository: null };
  if (operation === 'Past')
    return {
      repository: { pullRequests: leafed(pullsAt(repository, at), variables.after, Math.min(100, host.page), (it) => ({ updatedAt: iso(it.updatedAt) })) },
    };
  if (operation === 'Merged')
    return {
      repository: {
        pullRequests: leafed(pullsAt(repository, at), variables.after, Math.min(40, host.page), ({ pull, updatedAt }) => wholePull(host, pull, at, updatedAt)),
      },
    };
  if (operation === 'Rest') return { repository: restAnswer(host, repository, at, variables) };
  return { repository: tiesAnswer(repository, at, variables) };
}

const cursorOf = (after: unknown): number => (typeof after === 'string' ? Number(after) : 0);

function part(host: Host, all: readonly unknown[], first: number, after: unknown = null): Json {
  const [start, size] = [cursorOf(after), Math.min(first, host.page)];
  const nodes = all.slice(start, start + size);
  return { pageInfo: { hasNextPage: start + size < all.length, endCursor: nodes.length === 0 ? null : String(start + nodes.length) }, nodes };
}

function overview(host: Host, at: Instant, start: number): Json {
  const all = existing(host, at);
  const nodes = all.slice(start, start + host.page).map((repository) => {
    const [head, newest] = [headAt(repository, at), pullsAt(repository, at).at(-1)];
    const pushed = happened(repository, at).at(-1)?.at;
    return {
      databaseId: repository.id,
      name: repository.name,
      nameWithOwner: `${host.org}/${repository.name}`,
      createdAt: iso(repository.createdAt),
      pushedAt: pushed === undefined ? (head === null ? null : iso(repository.createdAt)) : iso(pushed),
      defaultBranchRef: head === null ? null : { name: repository.branch, target: { oid: head } },
      pullRequests: { nodes: newest ? [{ updatedAt: iso(newest.updatedAt) }] : [] },
    };
  });
  const pageInfo = { hasNextPage: start + nodes.length < all.length, endCursor: String(start + nodes.length) };
  return { viewer: { login: host.viewer }, organization: { databaseId: host.id, login: host.org, repositories: { totalCount: all.length, pageInfo, nodes } } };
}

interface Touched {
  readonly pull: HostPull;
  readonly updatedAt: Instant;
}
const sorted = new WeakMap<HostRepository, { readonly at: Instant; readonly pulls: readonly Touched[] }>();

/** Merged pull requests in the order in which they were touched last. */
function pullsAt(repository: HostRepository, at: Instant): readonly Touched[] {
  const last = sorted.get(repository);
  if (last?.at === at) return last.pulls;
  const pulls = repository.pulls
    .filter(({ mergedAt }) => mergedAt <= at)
    .map((pull) => ({
      pull,
      updatedAt: pull.reviews.reduce((latest, review) => Math.max(latest, ...[review.at, review.dismissedAt ?? 0].filter((it) => it <= at)), pull.mergedAt),
    }))
    .sort((a, b) => a.updatedAt - b.updatedAt || a.pull.id - b.pull.id);
  sorted.set(repository, { at, pulls });
  return pulls;
}

/** A cursor names the last entry by what the list is sorted by, so that it holds its place when others move. */
function leafed(pulls: readonly Touched[], after: unknown, size: number, node: (touched: Touched) => Json): Json {
  const [updated = -1, id = -1] = typeof after === 'string' ? after.split(':').map(Number) : [];
  const found = pulls.findIndex((it) => it.updatedAt > updated || (it.updatedAt === updated && it.pull.id > id));
  const rest = found === -1 ? [] : pulls.slice(found);
  const edges = rest.slice(0, size).map((it) => ({ cursor: `${it.updatedAt}:${it.pull.id}`, node: node(it) }));
  return { pageInfo: { hasNextPage: rest.length > size, endCursor: edges.at(-1)?.cursor ?? null }, edges };
}

const actor = (it: HostActor | null): Json | null => it && { __typename: it.type, login: it.login, databaseId: it.id };
const signer = (author: HostActor | null, name: string): Json => ({
  name,
  user: author?.type === 'User' ? { databaseId: author.id, login: author.login } : null,
});
const pullCommit = ({ sha, author, name, at, web }: HostCommit): Json => ({
  commit: {
    oid: sha,
    committedDate: iso(at),
    committedViaWeb: web,
    committer: web ? { name: 'GitHub', user: { databaseId: 19_864_447, login: 'web-flow' } } : signer(author, name),
    authors: { totalCount: 1, nodes: [signer(author, name)] },
  },
});
const reviewsAt = ({ reviews }: HostPull, at: Instant): readonly Json[] =>
  reviews
    .filter((review) => review.at <= at)
    .map((review) => ({
      fullDatabaseId: String(review.id),
      author: actor(review.by),
      authorCanPushToRepository: true,
      state: review.dismissedAt !== null && review.dismissedAt <= at ? 'DISMISSED' : review.state,
      createdAt: iso(review.at),
      submittedAt: iso(review.at),
      commit: { oid: review.sha },
    }));
const eventsAt = ({ reviews, rewrittenAt }: HostPull, at: Instant): readonly Json[] => [
  ...rewrittenAt.filter((it) => it <= at).map((it) => ({ __typename: 'HeadRefForcePushedEvent', createdAt: iso(it) })),
  ...reviews.flatMap(({ id, state, dismissedAt }) =>
    dismissedAt !== null && dismissedAt <= at
      ? [{ __typename: 'ReviewDismissedEvent', createdAt: iso(dismissedAt), previousReviewState: state, review: { fullDatabaseId: String(id) } }]
      : [],
  ),
];
const headOf = ({ commits }: HostPull): string => commits.at(-1)?.sha ?? ZEROS;
const partsOf = (host: Host, pull: HostPull, at: Instant): Readonly<Record<string, readonly unknown[]>> => ({
  labels: pull.labels.map((name) => ({ name })),
  closingIssuesReferences: pull.closes.map((number) => ({ number, repository: { nameWithOwner: `${host.org}/issues` } })),
  reviews: reviewsAt(pull, at),
  timelineItems: eventsAt(pull, at),
  commits: pull.commits.map(pullCommit),
});
const FIRST: Readonly<Record<string, number>> = { labels: 50, closingIssuesReferences: 50, reviews: 50, timelineItems: 50, commits: 10 };

function wholePull(host: Host, pull: HostPull, at: Instant, updatedAt: Instant): Json {
  return {
    fullDatabaseId: String(pull.id),
    number: pull.number,
    title: pull.title,
    body: pull.body,
    baseRefName: pull.base,
    headRefName: pull.headName,
    headRefOid: headOf(pull),
    createdAt: iso(pull.createdAt),
    updatedAt: iso(updatedAt),
    mergedAt: iso(pull.mergedAt),
    author: actor(pull.author),
    mergedBy: actor(pull.mergedBy),
    mergeCommit: { oid: pull.mergeSha },
    ...Object.fromEntries(Object.entries(partsOf(host, pull, at)).map(([name, all]) => [name, part(host, all, FIRST[name] ?? 0)])),
  };
}

function restAnswer(host: Host, repository: HostRepository, at: Instant, variables: Query['variables']): Json {
  const names = ['labels', 'closingIssuesReferences', 'reviews', 'timelineItems', 'commits', 'checks'];
  const byNumber = numbersOf(repository);
  const answers: Record<string, Json> = {};
  for (let place = 0; `n${place}` in variables; place++) {
    const pull = byNumber.get(Number(variables[`n${place}`]));
    if (!pull) throw new RangeError(`there is no pull request ${variables[`n${place}`]}`);
    const parts = partsOf(host, pull, at);
    answers[`p${place}`] = Object.fromEntries(
      names.flatMap((name, index) => {
        const key = `c${place}_${index}`;
        if (!(key in variables)) return [];
        if (name !== 'checks') return [[name, part(host, parts[name] ?? [], 100, variables[key])]];
        const contexts = part(host, pull.checks.map(checkRun), 100, variables[key]);
        return [[name, { nodes: [{ commit: { oid: headOf(pull), statusCheckRollup: pull.checks.length === 0 ? null : { contexts } } }] }]];
      }),
    );
  }
  return answers;
}

const checkRun = ({ id, name, conclusion, startedAt, completedAt, required }: HostCheck): Json => ({
  __typename: 'CheckRun',
  id: `CR_${id}`,
  name,
  status: 'COMPLETED',
  conclusion,
  startedAt: iso(startedAt),
  completedAt: iso(completedAt),
  isRequired: required,
  checkSuite: { app: { name: 'GitHub Actions' } },
});

const numbers = new WeakMap<HostRepository, ReadonlyMap<number, HostPull>>();

function numbersOf(repository: HostRepository): ReadonlyMap<number, HostPull> {
  const all = numbers.get(repository) ?? new Map(repository.pulls.map((pull) => [pull.number, pull]));
  numbers.set(repository, all);
  return all;
}

const holders = new WeakMap<HostRepository, ReadonlyMap<string, readonly HostPull[]>>();

/** Pull requests by every commit that they hold, or became. */
function holdersOf(repository: HostRepository): ReadonlyMap<string, readonly HostPull[]> {
  const before = holders.get(repository);
  if (before) return before;
  const all = new Map<string, HostPull[]>();
  for (const pull of repository.pulls) {
    for (const sha of new Set([...pull.commits.map((commit) => commit.sha), pull.mergeSha])) all.set(sha, [...(all.get(sha) ?? []), pull]);
  }
  holders.set(repository, all);
  return all;
}

function tiesAnswer(repository: HostRepository, at: Instant, variables: Query['variables']): Json {
  const all = holdersOf(repository);
  const answers: Record<string, Json> = {};
  for (let place = 0; `o${place}` in variables; place++) {
    const nodes = (all.get(String(variables[`o${place}`])) ?? [])
      .filter(({ mergedAt }) => mergedAt <= at)
      .map((pull) => ({
        fullDatabaseId: String(pull.id),
        number: pull.number,
        merged: true,
        mergedAt: iso(pull.mergedAt),
        baseRefName: pull.base,
        headRefOid: headOf(pull),
        mergeCommit: { oid: pull.mergeSha },
      }));
    answers[`c${place}`] = { associatedPullRequests: { nodes } };
  }
  return answers;
}
