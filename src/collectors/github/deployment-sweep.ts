import { z } from 'zod';
import { days, type Instant } from '../../core/instant.ts';
import { nextLink } from '../../core/link.ts';
import { arrayOf, parse } from '../answers.ts';
import type { Artifact } from '../source.ts';
import { path } from './answers.ts';
import { type Course, get, list } from './change-asking.ts';
import { BranchPolicies, Deployment, type Environment, Environments, Release } from './deployment-answers.ts';
import { inOrder, type Made, madeOf, outcomesOf } from './deployment-outcomes.ts';
import { OVERVIEW, type Outcome, Repository } from './deployment-queries.ts';
import { overviewOf } from './overview.ts';

export interface Place {
  readonly repository: Repository;
  readonly environment: Environment;
  readonly branches: readonly string[];
}
export interface Published {
  readonly repository: Repository;
  readonly release: Release;
}
export interface ToldDeployment {
  readonly repository: Repository;
  readonly made: Made;
}

/** One that may still change: it is looked at again, and told again when it has. */
const Open = z.object({ id: z.int(), node: z.string(), repo: z.int(), at: z.int(), states: z.int() });
export type Open = z.infer<typeof Open>;
/** How far a sweep over several runs has come: repositories that are done, and how far back another has been told. */
const Sweep = z.object({
  begun: z.int(),
  done: z.array(z.int()).readonly(),
  part: z.object({ repo: z.int(), page: z.int(), before: z.int() }).nullable(),
});
export type Sweep = z.infer<typeof Sweep>;
export const Mark = z.object({ until: z.int(), sweep: Sweep.nullable(), open: z.array(Open).readonly() });
export type Mark = z.infer<typeof Mark>;

export interface Start {
  readonly org: string;
  readonly at: Instant;
  /** Everything that was made before is told. */
  readonly until: Instant;
  readonly sweep: Sweep;
  readonly open: readonly Open[];
  /** Checks by name that examine the running system. */
  readonly checks: readonly string[];
}
export interface Swept {
  readonly caller: string;
  readonly organization: number;
  readonly seen: number;
  readonly total: number;
  readonly places: readonly Place[];
  readonly told: readonly ToldDeployment[];
  readonly published: readonly Published[];
  /** Where the next run goes on; `null`: the sweep came to its end. */
  readonly left: Sweep | null;
  readonly open: readonly Open[];
}

/** So many pages of a hundred deployments in one run; what is left is asked in the next, at once. */
const PAGES = 5;
/** A check of the running system, or a later failure, is reported within this time. */
const FOLLOWED = days(3);
/** GitHub lets a run wait for an approval for thirty days, and a run last for thirty-five. */
const LASTS = days(36);
const OPEN = 500;
const DONE: readonly string[] = ['SUCCESS', 'FAILURE', 'ERROR', 'INACTIVE', 'DESTROYED'];

/** What protects each environment; what was deployed since, newest first; what became of what was deployed before. */
export function* sweepDeployments(start: Start): Course<Swept> {
  const { repositories, ...witnessed } = yield* overviewOf(start.org, (page) => `repositories ${page}`, OVERVIEW, Repository);
  const places: Place[] = [];
  for (const repository of repositories) if (isDeployed(repository)) places.push(...(yield* placesOf(start.org, repository)));
  const { told, left } = yield* news(start, repositories);
  const followed = yield* changes(start, repositories, new Set(told.map(({ made }) => made.deployment.id)));
  const published = left === null ? yield* releasesOf(start, repositories) : [];
  const fresh = told.flatMap(({ repository, made }) => (isSettled(made, start) ? [] : [openOf(made, repository)]));
  const open = [...followed.open, ...fresh].toSorted((a, b) => b.at - a.at || b.id - a.id).slice(0, OPEN);
  return {
    ...witnessed,
    seen: repositories.length,
    places,
    told: [...told, ...followed.told],
    published,
    left,
    open,
  };
}

/** Whoever may not look is told of no environment in GraphQL, and refused in REST: where something is deployed, REST is asked. */
const isDeployed = ({ environments, deployments }: Repository): boolean => (environments?.totalCount ?? 0) > 0 || deployments.nodes.length > 0;
const rootOf = (org: string, { name }: Repository): string => `/repos/${path(org)}/${path(name)}`;

function* placesOf(org: string, repository: Repository): Course<readonly Place[]> {
  const [name, root] = [repository.name, `${rootOf(org, repository)}/environments`];
  const places: Place[] = [];
  for (const page of (yield* list(`${name} environments`, `${root}?per_page=100`)) ?? []) {
    for (const environment of parse(page, Environments).environments) {
      const policy = environment.deployment_branch_policy;
      const question = `${name} branches of ${environment.name}`;
      const policies = policy?.custom_branch_policies
        ? yield* list(question, `${root}/${path(environment.name)}/deployment-branch-policies?per_page=100`)
        : null;
      const named = (policies ?? []).flatMap((it) => parse(it, BranchPolicies).branch_policies.map((branch) => branch.name));
      places.push({ repository, environment, branches: policy?.protected_branches ? ['protected branches', ...named] : named });
    }
  }
  return places;
}

/** Deployments since the last sweep, repository by repository, as many as one run may tell. */
function* news(start: Start, repositories: readonly Repository[]): Course<{ readonly told: readonly ToldDeployment[]; readonly left: Sweep | null }> {
  const told: ToldDeployment[] = [];
  const { begun, done, part } = start.sweep;
  const finished = [...done];
  let budget = PAGES;
  for (const repository of repositories) {
    const { databaseId: id } = repository;
    const isNew = repository.deployments.nodes.some(({ createdAt }) => createdAt >= start.until);
    if (isNew && !done.includes(id)) {
      if (budget <= 0) return { told, left: { begun, done: finished, part: null } };
      const { made, pages, rest } = yield* newest(start, repository, part?.repo === id ? part : null, budget);
      told.push(...made.map((it) => ({ repository, made: it })));
      if (rest) return { told, left: { begun, done: finished, part: { repo: id, ...rest } } };
      budget -= pages;
      finished.push(id);
    }
  }
  return { told, left: null };
}

interface Page {
  readonly page: number;
  /** When the last deployment on it was made: whatever is newer has been told. */
  readonly before: Instant;
}

/** The deployments of a repository, newest first, until those that were told in an earlier sweep. */
function* newest(
  start: Start,
  repository: Repository,
  told: Page | null,
  budget: number,
): Course<{ readonly made: readonly Made[]; readonly pages: number; readonly rest: Page | null }> {
  const made = new Map<number, Made>();
  let { from, answer } = yield* reopened(start, repository, told);
  for (let pages = 1; ; pages++) {
    const listed = parse(answer, arrayOf(Deployment));
    const ours = listed.flatMap((it) => (it.created_at >= start.until ? [it] : []));
    const fresh = ours.flatMap((it) => (!made.has(it.id) && (told === null || it.created_at <= told.before) ? [it] : []));
    const page = from + pages - 1;
    const outcomes = yield* outcomesOf(
      `${repository.name} deployments ${page}`,
      fresh.map((it) => it.node_id),
    );
    for (const deployment of fresh) {
      const outcome = outcomes.get(deployment.node_id);
      if (outcome) made.set(deployment.id, yield* madeOf(start, repository, deployment, outcome));
    }
    const last = listed.at(-1);
    const whole = { made: [...made.values()], pages };
    if (!last || ours.length < listed.length || nextLink(answer.headers.link) === null) return { ...whole, rest: null };
    if (pages >= budget) return { ...whole, rest: { page, before: last.created_at } };
    answer = yield { ...listOf(start.org, repository, from), page: pages + 1 };
  }
}

const listOf = (org: string, repository: Repository, from: number) => ({
  name: `${repository.name} deployments from page ${from}`,
  url: `${rootOf(org, repository)}/deployments?per_page=100&page=${from}`,
});

/**
 * A later run goes on at the page where the one before ended: what was made since has moved entries on to later pages.
 * Where some were removed they have moved to earlier ones: it is begun a page before, until both meet.
 */
function* reopened({ org }: Start, repository: Repository, told: Page | null): Course<{ from: number; answer: Artifact }> {
  for (let from = told?.page ?? 1; ; from--) {
    const answer = yield { ...listOf(org, repository, from), page: 1 };
    const [first] = parse(answer, arrayOf(Deployment));
    if (told === null || from === 1 || (first && first.created_at >= told.before)) return { from, answer };
  }
}

/** What may have changed since: told again where it has. One that was removed stays as it was told last. */
function* changes(
  start: Start,
  repositories: readonly Repository[],
  told: ReadonlySet<number>,
): Course<{ readonly told: readonly ToldDeployment[]; readonly open: readonly Open[] }> {
  const places = new Map(repositories.map((repository) => [repository.databaseId, repository]));
  const watched = start.open.flatMap((open) => {
    const repository = places.get(open.repo);
    return repository && !told.has(open.id) ? [{ open, repository }] : [];
  });
  const outcomes = yield* outcomesOf(
    'open deployments',
    watched.map(({ open }) => open.node),
  );
  const again: ToldDeployment[] = [];
  const left: Open[] = [];
  for (const { open, repository } of watched) {
    const outcome = outcomes.get(open.node);
    const isYoung = start.at - open.at < FOLLOWED;
    if (outcome && (outcome.statuses.totalCount !== open.states || (isYoung && start.checks.length > 0))) {
      const deployment = yield* get(`${repository.name} deployment ${open.id}`, `${rootOf(start.org, repository)}/deployments/${open.id}`, Deployment);
      const made = yield* madeOf(start, repository, deployment, outcome);
      again.push({ repository, made });
      if (!isSettled(made, start)) left.push(openOf(made, repository));
    } else if (outcome && (isYoung || (start.at - open.at < LASTS && !isDone(outcome)))) left.push(open);
  }
  return { told: again, open: left };
}

const isDone = (outcome: Outcome): boolean => DONE.includes(inOrder(outcome).at(-1)?.state ?? '');

function isSettled({ deployment, statuses }: Made, { at }: Start): boolean {
  const age = at - deployment.created_at;
  return age >= LASTS || (age >= FOLLOWED && DONE.includes(statuses.at(-1)?.state ?? ''));
}

const openOf = ({ deployment, count }: Made, { databaseId }: Repository): Open => ({
  id: deployment.id,
  node: deployment.node_id,
  repo: databaseId,
  at: deployment.created_at,
  states: count,
});

/** A draft is published long after it was made: what counts is when it was published. */
function* releasesOf({ org, until }: Start, repositories: readonly Repository[]): Course<readonly Published[]> {
  const published: Published[] = [];
  for (const repository of repositories) {
    for (const { databaseId: id, isDraft, publishedAt } of repository.releases.nodes) {
      if (!isDraft && publishedAt !== null && publishedAt >= until) {
        const release = yield* get(`${repository.name} release ${id}`, `${rootOf(org, repository)}/releases/${id}`, Release);
        published.push({ repository, release });
      }
    }
  }
  return published;
}
