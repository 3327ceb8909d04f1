import { type Instant, minutes } from '../core/instant.ts';
import type { WireAnswer, WireRequest } from '../sources/wire.ts';
import { type Change, type ChangeCommit, changesOf, hash, rootOf } from './changes.ts';
import { REPOSITORIES } from './github.ts';
import { hostAnswer } from './github-host.ts';
import type { Host, HostCommit, HostPull, HostRepository, HostUpdate } from './github-model.ts';
import type { World } from './world.ts';

/** What GitHub answers about the changes of Acme; the rest of its answers are elsewhere. */
export const githubChangesOfAcme = (world: World, at: Instant, request: WireRequest): WireAnswer | null =>
  request.url.startsWith('https://api.github.com/') ? hostAnswer(hostOf(world), at, request) : null;

const hosts = new WeakMap<World, Host>();

function hostOf(world: World): Host {
  const known = hosts.get(world);
  if (known) return known;
  const all = [...changesOf(world).entries()].map(([place, change]) => ({ change, update: updateOf(change, 70_001 + place) }));
  const host: Host = {
    org: 'acme',
    viewer: 'amara-okafor',
    id: 77,
    page: 20, // small pages, so that paging is always walked
    repositories: REPOSITORIES.map((name, place) =>
      repositoryOf(
        world,
        name,
        place,
        all.filter(({ change }) => change.repo === name),
      ),
    ),
  };
  hosts.set(world, host);
  return host;
}

interface Landed {
  readonly change: Change;
  readonly update: HostUpdate;
}

function repositoryOf(world: World, name: string, place: number, landed: readonly Landed[]): HostRepository {
  const root = name === 'sandbox' ? null : rootOf(name);
  const first: readonly HostCommit[] = root === null ? [] : [{ sha: root, parents: [], author: null, name: 'Acme', at: world.ago(900 + place), web: false }];
  const commits = new Map([...first, ...landed.flatMap(({ change }) => commitsOf(change))].map((commit) => [commit.sha, commit]));
  return {
    id: 4000 + place,
    name,
    branch: 'main',
    createdAt: world.ago(900 + place),
    root,
    updates: landed.map(({ update }) => update),
    unlisted: new Set(),
    pulls: landed.flatMap(({ change }) => pullOf(change)),
    bypasses: landed.flatMap(({ change, update }) =>
      change.bypass ? [{ id: update.id + 500_000, update, rules: [{ type: 'pull_request', ruleset: 'Reviewed changes' }] }] : [],
    ),
    commitOf: (sha) => commits.get(sha),
  };
}

const updateOf = ({ before, sha, landedAt, how, actor }: Change, id: number): HostUpdate => ({
  id,
  before,
  after: sha,
  at: landedAt,
  type: how === 'push' ? 'push' : 'pr_merge',
  actor,
});

/** The commit of the branch, and those of the pull request that a merge keeps. */
function commitsOf({ before, sha, landedAt, how, actor, pullRequest }: Change): readonly HostCommit[] {
  const author = pullRequest?.author ?? actor;
  const branch = pullRequest ? chain(pullRequest.commits, before) : [];
  const merged: HostCommit = {
    sha,
    parents: [before, ...(how === 'merge' ? branch.slice(-1).map((commit) => commit.sha) : [])],
    author: how === 'merge' ? actor : author,
    name: author.name,
    at: how === 'push' ? landedAt - minutes(2) : landedAt,
    web: how !== 'push',
  };
  return [...branch, merged];
}

const chain = (commits: readonly ChangeCommit[], base: string): readonly HostCommit[] =>
  commits.map(({ sha, author, at }, place) => ({ sha, parents: [commits[place - 1]?.sha ?? base], author, name: author.name, at, web: false }));

function pullOf({ sha, before, landedAt, actor, pullRequest }: Change): readonly HostPull[] {
  if (pullRequest === null) return [];
  const { id, number, title, body, branch, author, createdAt, commits, reviews, checks, labels } = pullRequest;
  return [
    {
      id: numbered(id),
      number,
      title,
      body,
      base: 'main',
      headName: branch,
      mergeSha: sha,
      author,
      mergedBy: actor,
      createdAt,
      mergedAt: landedAt,
      commits: chain(commits, before),
      reviews: reviews.map(({ id: reviewId, by, state, at, sha: reviewed }) => ({ id: numbered(reviewId), by, state, at, sha: reviewed, dismissedAt: null })),
      checks: checks.map((check) => ({ ...check, id: numbered(check.id) })),
      labels,
      closes: [],
      rewrittenAt: [],
    },
  ];
}

/** GitHub counts in numbers of 31 bits. */
const numbered = (id: string): number => hash(id) % 2_147_483_647;
