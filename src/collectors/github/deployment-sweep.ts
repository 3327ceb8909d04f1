import { z } from 'zod';
import { IncompleteError } from '../../core/error.ts';
import { days, type Instant } from '../../core/instant.ts';
import { nextLink } from '../../core/link.ts';
import { parse } from '../answers.ts';
import type { Artifact } from '../source.ts';
import { path } from './answers.ts';
import { type Course, get, list } from './change-asking.ts';

const at = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text));
const Account = z.object({ id: z.int(), login: z.string().min(1), type: z.string().optional() });
const Organization = z.object({ id: z.int(), login: z.string() });
const Repository = z.object({ id: z.int(), name: z.string().min(1), full_name: z.string().min(1) });
export type Repository = z.infer<typeof Repository>;

/** GET /repos/{owner}/{repo}/deployments */
const Deployment = z.object({
  id: z.int(),
  sha: z.string().min(1),
  ref: z.string().nullish(),
  task: z.string().nullish(),
  environment: z.string().min(1),
  production_environment: z.boolean().nullish(),
  creator: Account.nullish(),
  created_at: at,
});
/** GET /repos/{owner}/{repo}/deployments/{id}/statuses */
const Status = z.object({
  state: z.string(),
  description: z.string().nullish(),
  log_url: z.string().nullish(),
  target_url: z.string().nullish(),
  created_at: at,
});
/** GET /repos/{owner}/{repo}/actions/runs/{id}/approvals. It bears no time: that of the first state after the wait stands in. */
const Approval = z.object({ state: z.string(), user: Account, environments: z.array(z.object({ name: z.string() })) });
/** GET /repos/{owner}/{repo}/environments */
const Environment = z.object({
  id: z.int(),
  name: z.string().min(1),
  can_admins_bypass: z.boolean().nullish(),
  deployment_branch_policy: z.object({ protected_branches: z.boolean(), custom_branch_policies: z.boolean() }).nullish(),
  protection_rules: z
    .array(
      z.object({
        type: z.string(),
        wait_timer: z.int().nullish(),
        prevent_self_review: z.boolean().nullish(),
        reviewers: z.array(z.object({ type: z.string(), reviewer: z.object({ login: z.string().optional(), slug: z.string().optional() }) })).nullish(),
      }),
    )
    .default([]),
});
const Policies = z.object({ branch_policies: z.array(z.object({ name: z.string().min(1) })) });
/** GET /repos/{owner}/{repo}/releases */
const Release = z.object({
  id: z.int(),
  tag_name: z.string().min(1),
  target_commitish: z.string().nullish(),
  author: Account.nullish(),
  draft: z.boolean(),
  prerelease: z.boolean(),
  published_at: at.nullish(),
});
export type Release = z.infer<typeof Release>;

export interface Made {
  readonly deployment: z.infer<typeof Deployment>;
  /** Oldest first. */
  readonly statuses: readonly z.infer<typeof Status>[];
  readonly runId: string | null;
  readonly approvals: readonly z.infer<typeof Approval>[];
}

export interface Place {
  readonly environment: z.infer<typeof Environment>;
  readonly branches: readonly string[];
}

/** What is known of the deployments of a repository after a run. */
export interface Known {
  readonly newest: number;
  /** Those that may still change: they are asked again. */
  readonly open: readonly number[];
  readonly release: number;
}

interface Told {
  readonly repository: Repository;
  readonly made: readonly Made[];
  readonly places: readonly Place[];
  readonly published: readonly Release[];
}

/** A deployment is followed for so long after it was made: a verification, or a later failure, is reported to it. */
const FOLLOWED = days(3);
/** So many deployments of one repository in one run; what is left is asked in the next, at once. */
const DEPLOYMENTS = 100;

interface Start {
  readonly org: string;
  readonly at: Instant;
  readonly since: Instant;
  readonly known: Readonly<Record<string, Known>>;
}

/** Repository by repository: what it deploys to, what was deployed since, and what became of what was deployed before. */
export function* sweepDeployments({ org, at: now, since, known }: Start): Course<{
  readonly organization: number;
  readonly told: readonly Told[];
  readonly left: Readonly<Record<string, Known>>;
  readonly ended: boolean;
}> {
  const { id: organization, login } = yield* get('organization', `/orgs/${path(org)}`, Organization);
  if (login.toLowerCase() !== org.toLowerCase())
    throw new IncompleteError(`${login} answered for the organization ${org}: it was renamed, or this is another one`);
  const repositories = pagesAs(yield* list('repositories', `/orgs/${path(org)}/repos?type=all&per_page=100`), z.array(Repository)).flat();
  const told: Told[] = [];
  const left: Record<string, Known> = {};
  let ended = true;
  for (const repository of repositories) {
    const before = known[repository.id] ?? { newest: 0, open: [], release: 0 };
    const root = `/repos/${path(org)}/${path(repository.name)}`;
    const places = yield* placesOf(repository.name, root);
    const fresh = (yield* recent(
      `${repository.name} deployments`,
      `${root}/deployments?per_page=100`,
      Deployment,
      ({ id, created_at }) => id > before.newest && created_at >= since,
    )).toReversed();
    const asked = fresh.slice(0, DEPLOYMENTS);
    ended &&= asked.length === fresh.length;
    const again: z.infer<typeof Deployment>[] = [];
    for (const id of before.open) again.push(yield* get(`${repository.name} deployment ${id}`, `${root}/deployments/${id}`, Deployment));
    const made: Made[] = [];
    for (const deployment of [...again, ...asked]) made.push(yield* madeOf(repository.name, root, deployment));
    const published = yield* recent(
      `${repository.name} releases`,
      `${root}/releases?per_page=100`,
      Release,
      ({ id, published_at }) => id > before.release && (published_at ?? now) >= since,
    );
    told.push({ repository, made, places, published: published.flatMap((release) => (release.draft ? [] : [release])) });
    left[repository.id] = {
      newest: Math.max(before.newest, ...asked.map(({ id }) => id)),
      open: made.flatMap(({ deployment }) => (now - deployment.created_at < FOLLOWED ? [deployment.id] : [])),
      release: Math.max(before.release, ...published.flatMap((release) => (release.draft ? [] : [release.id]))),
    };
  }
  return { organization, told, left, ended };
}

function* placesOf(name: string, root: string): Course<readonly Place[]> {
  const pages = pagesAs(yield* list(`${name} environments`, `${root}/environments?per_page=100`), z.object({ environments: z.array(Environment) }));
  const places: Place[] = [];
  for (const environment of pages.flatMap((page) => page.environments)) {
    const policy = environment.deployment_branch_policy;
    const policies = policy?.custom_branch_policies
      ? pagesAs(
          yield* list(`${name} branches of ${environment.name}`, `${root}/environments/${path(environment.name)}/deployment-branch-policies?per_page=100`),
          Policies,
        )
      : [];
    const named = policies.flatMap(({ branch_policies: its }) => its.map((it) => it.name));
    places.push({ environment, branches: policy?.protected_branches ? ['protected branches', ...named] : named });
  }
  return places;
}

/** The newest entries of a list that begins with the newest, as long as they are wanted. */
function* recent<Entry>(name: string, url: string, schema: z.ZodType<Entry>, wanted: (entry: Entry) => boolean): Course<readonly Entry[]> {
  const entries: Entry[] = [];
  for (let page = 1; ; page++) {
    const answer: Artifact = yield { name, page, url };
    const its = parse(answer, z.array(schema));
    const end = its.findIndex((entry) => !wanted(entry));
    entries.push(...(end < 0 ? its : its.slice(0, end)));
    if (end >= 0 || nextLink(answer.headers.link) === null) return entries;
  }
}

function* madeOf(name: string, root: string, deployment: z.infer<typeof Deployment>): Course<Made> {
  const question = `${name} states of ${deployment.id}`;
  const statuses = pagesAs(yield* list(question, `${root}/deployments/${deployment.id}/statuses?per_page=100`), z.array(Status)).flat();
  const run =
    statuses.map(({ log_url, target_url }) => /\/actions\/runs\/(\d+)/.exec(`${log_url ?? ''} ${target_url ?? ''}`)?.[1]).find((id) => id !== undefined) ??
    null;
  const approvals =
    run === null ? [] : pagesAs(yield* list(`${name} approvals of ${deployment.id}`, `${root}/actions/runs/${run}/approvals`), z.array(Approval)).flat();
  return { deployment, statuses: statuses.toSorted((a, b) => a.created_at - b.created_at), runId: run, approvals };
}

const pagesAs = <Answer>(pages: readonly Artifact[] | null, schema: z.ZodType<Answer>): readonly Answer[] => (pages ?? []).map((page) => parse(page, schema));
