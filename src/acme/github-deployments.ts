import { type Instant, iso, minutes } from '../core/instant.ts';
import type { WireAnswer, WireRequest } from '../sources/wire.ts';
import { type Actor, actorOf, type Change, changesOf } from './changes.ts';
import { REPOSITORIES } from './github.ts';
import { person, type World } from './world.ts';

/** What is deployed to customers, each after every change. */
export const DEPLOYED: readonly string[] = ['platform', 'billing', 'web', 'api-gateway'];

/** What goes wrong with deployments, so many days before the last one. */
export const DEPLOYMENT_DAYS = {
  /** Made from a laptop: no run stands behind it, nobody approved it, nothing verified it. */
  byHand: { day: 205, repo: 'web' },
  /** The approval was skipped. */
  unapproved: { day: 226, repo: 'api-gateway' },
  /** The smoke test failed; the earlier commit was deployed again within the hour. */
  rolledBack: { day: 17, repo: 'billing', after: 60 },
  /** The same, but nobody looked until the next morning. */
  rolledBackLate: { day: 193, repo: 'web', after: 900 },
  /** The tests failed on the commit that a merge had made, and it was deployed all the same. */
  untested: { day: 216, repo: 'platform' },
} as const;

export interface Made {
  readonly id: number;
  readonly repo: string;
  readonly sha: string;
  readonly task: 'deploy' | 'rollback';
  readonly at: Instant;
  readonly creator: Actor;
  readonly run: number | null;
  readonly approver: Actor | null;
  readonly verified: boolean | null;
}

export const PIPELINE: Actor = { id: 41_898_282, login: 'github-actions[bot]', type: 'Bot', name: 'GitHub Actions', email: 'actions@acme.example' };
const histories = new WeakMap<World, readonly Made[]>();

export function deploymentsOf(world: World): readonly Made[] {
  const known = histories.get(world);
  if (known) return known;
  const usual = changesOf(world).flatMap((change) => (DEPLOYED.includes(change.repo) ? [afterChange(world, change)] : []));
  const { rolledBack, rolledBackLate } = DEPLOYMENT_DAYS;
  const wrong = [byHand(world), ...failedAndReversed(world, rolledBack), ...failedAndReversed(world, rolledBackLate)];
  const all = [...usual, ...wrong]
    .sort((a, b) => a.at - b.at)
    .map((made, place): Made => ({ ...made, id: 800_001 + place, run: made.run === null ? null : 900_001 + place }));
  histories.set(world, all);
  return all;
}

type Draft = Omit<Made, 'id'>;

function afterChange(world: World, { repo, sha, landedAt, actor, pullRequest }: Change): Draft {
  const author = pullRequest?.author ?? actor;
  const { day, repo: skipped } = DEPLOYMENT_DAYS.unapproved;
  // The last change of that day went out without waiting.
  const unapproved = repo === skipped && lastBefore(world, skipped, world.ago(day, 24))?.sha === sha;
  return {
    repo,
    sha,
    task: 'deploy',
    at: landedAt + minutes(20),
    creator: PIPELINE,
    run: 1,
    approver: unapproved ? null : approverFor(world, author),
    verified: true,
  };
}

function byHand(world: World): Draft {
  const { day, repo } = DEPLOYMENT_DAYS.byHand;
  const at = world.ago(day, 18);
  return {
    repo,
    sha: lastBefore(world, repo, at)?.sha ?? '',
    task: 'deploy',
    at,
    creator: actorOf(person(world, 2)),
    run: null,
    approver: null,
    verified: null,
  };
}

/** What was deployed last failed, and the commit before it was deployed again so many minutes later. */
function failedAndReversed(world: World, { day, repo, after }: { readonly day: number; readonly repo: string; readonly after: number }): readonly Draft[] {
  const at = world.ago(day, 18);
  const last = lastBefore(world, repo, at);
  const shared = { repo, creator: PIPELINE, run: 1, approver: approverFor(world, last?.pullRequest?.author ?? null) };
  const before = lastBefore(world, repo, (last?.landedAt ?? at) - 1);
  return [
    { ...shared, sha: last?.sha ?? '', task: 'deploy', at, verified: false },
    {
      ...shared,
      sha: before?.sha ?? '',
      approver: approverFor(world, before?.pullRequest?.author ?? null),
      task: 'rollback',
      at: at + minutes(after),
      verified: true,
    },
  ];
}

export const lastBefore = (world: World, repo: string, at: Instant): Change | undefined =>
  changesOf(world).findLast((change) => change.repo === repo && change.landedAt <= at);

/** One of the two who lead the engineers, and not who wrote it. */
function approverFor(world: World, author: Actor | null): Actor {
  const [first, second] = [person(world, 1), person(world, 2)].map(actorOf);
  if (!first || !second) throw new RangeError('Acme has nobody who leads');
  return first.id === author?.id ? second : first;
}

export const DEPLOYING: readonly string[] = ['environments', 'deployments'];

/** GitHub's answers in REST about deployments. `rest` is what follows in the path. */
export function deploymentAnswer(
  world: World,
  at: Instant,
  repo: string,
  what: string,
  rest: readonly string[],
): { readonly body: unknown } | { readonly list: readonly unknown[] } | null {
  if (what === 'environments') {
    if (rest.length > 0) return { body: { total_count: 1, branch_policies: [{ id: 1, name: 'main' }] } };
    return DEPLOYED.includes(repo) ? { body: { total_count: 1, environments: [environment(repo)] } } : { body: { total_count: 0, environments: [] } };
  }
  const known = madeBy(world, at).filter((made) => made.repo === repo);
  const [id] = rest;
  if (id === undefined) return { list: known.toReversed().map(deployment) };
  const made = known.find((it) => String(it.id) === id);
  return made ? { body: deployment(made) } : null;
}

/** GitHub's answers in GraphQL about deployments; `null` where it is asked for something else. */
export function deploymentsOfAcme(world: World, at: Instant, { method, url, body }: WireRequest): WireAnswer | null {
  if (method !== 'POST' || url !== 'https://api.github.com/graphql') return null;
  const { query, variables } = JSON.parse(new TextDecoder().decode(body ?? undefined)) as Query;
  const operation = /^\s*query (\w+)/.exec(query)?.[1];
  if (operation === 'Deployed') return told(at, overview(world, at));
  if (operation !== 'Became') return null;
  const known = new Map(madeBy(world, at).map((made) => [nodeOf(made), made]));
  const nodes = variables.ids.map((id) => {
    const made = known.get(id);
    return made ? became(made, at) : null;
  });
  return told(at, { nodes });
}

interface Query {
  readonly query: string;
  readonly variables: { readonly ids: readonly string[] };
}

const PLACE = 'production';
export const madeBy = (world: World, at: Instant): readonly Made[] => deploymentsOf(world).filter((made) => made.at <= at);
const nodeOf = ({ id }: Made): string => `DE_acme${id}`;
export const told = (at: Instant, data: unknown): WireAnswer => ({
  status: 200,
  headers: { date: new Date(at).toUTCString(), 'content-type': 'application/json; charset=utf-8' },
  body: new TextEncoder().encode(JSON.stringify({ data })),
});

function overview(world: World, at: Instant) {
  const nodes = REPOSITORIES.map((name, place) => {
    const newest = madeBy(world, at).findLast(({ repo }) => repo === name);
    return {
      databaseId: 4000 + place,
      name,
      nameWithOwner: `acme/${name}`,
      environments: { totalCount: DEPLOYED.includes(name) ? 1 : 0 },
      deployments: { nodes: newest ? [{ createdAt: iso(newest.at) }] : [] },
      releases: { nodes: [] },
    };
  });
  const repositories = { totalCount: nodes.length, pageInfo: { hasNextPage: false, endCursor: String(nodes.length) }, nodes };
  return { viewer: { login: 'amara-okafor' }, organization: { databaseId: 77, login: 'acme', repositories } };
}

function became(made: Made, at: Instant) {
  const { repo, run, approver } = made;
  const states = statuses(made).filter(({ createdAt }) => Date.parse(createdAt) <= at);
  const decided = approver && made.at + minutes(10) <= at ? [approver] : [];
  const reviews = decided.map(({ id, login }) => ({ state: 'APPROVED', user: { databaseId: id, login }, environments: { nodes: [{ name: PLACE }] } }));
  // A rollback is set going on what is newest, and deploys what is older: its run is not one on the commit deployed.
  const ran = run === null || made.task === 'rollback' ? [] : [{ workflowRun: { url: addressOf(repo, run), deploymentReviews: { nodes: reviews } } }];
  return {
    id: nodeOf(made),
    statuses: { totalCount: states.length, nodes: states },
    last: { nodes: states },
    commit: { checkSuites: { totalCount: ran.length + 1, nodes: [{ workflowRun: null }, ...ran] } },
  };
}

/** GitHub's answer in REST about who approved a run; `null` where there is no such run. */
export function approvalsOf(world: World, at: Instant, run: string): readonly unknown[] | null {
  const made = madeBy(world, at).find((it) => String(it.run) === run);
  if (!made) return null;
  const { approver } = made;
  const account = approver && { id: approver.id, login: approver.login, type: approver.type };
  return account && made.at + minutes(10) <= at ? [{ state: 'approved', comment: '', user: account, environments: [{ name: PLACE }] }] : [];
}

const addressOf = (repo: string, run: number): string => `https://github.com/acme/${repo}/actions/runs/${run}`;

const deployment = (made: Made) => ({
  id: made.id,
  node_id: nodeOf(made),
  sha: made.sha,
  ref: 'main',
  task: made.task,
  environment: PLACE,
  production_environment: false,
  creator: { id: made.creator.id, login: made.creator.login, type: made.creator.type },
  performed_via_github_app: null,
  created_at: iso(made.at),
});

/** Newest first. */
function statuses(made: Made) {
  const { at, repo, run, approver, verified } = made;
  const status = (state: string, minute: number, description = '') => ({
    id: `${nodeOf(made)}_${minute}`,
    state,
    description,
    logUrl: run === null ? null : `${addressOf(repo, run)}/job/1`,
    createdAt: iso(at + minutes(minute)),
  });
  return [
    ...(verified === null ? [] : [status(verified ? 'SUCCESS' : 'FAILURE', 25, verified ? 'Smoke test passed' : 'Smoke test failed: checkout answers 500')]),
    status('SUCCESS', 15),
    status('IN_PROGRESS', approver ? 10 : 1),
    ...(approver ? [status('WAITING', 0)] : []),
  ];
}

const environment = (repo: string) => ({
  id: 600_000 + DEPLOYED.indexOf(repo),
  name: PLACE,
  can_admins_bypass: false,
  deployment_branch_policy: { protected_branches: false, custom_branch_policies: true },
  protection_rules: [
    { id: 1, type: 'required_reviewers', prevent_self_review: true, reviewers: [{ type: 'Team', reviewer: { slug: 'core' } }] },
    { id: 2, type: 'branch_policy' },
  ],
});
