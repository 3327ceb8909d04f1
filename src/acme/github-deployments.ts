import { type Instant, iso, minutes } from '../core/instant.ts';
import { type Actor, actorOf, type Change, changesOf } from './changes.ts';
import { person, type World } from './world.ts';

/** What is deployed to customers, each after every change. */
const DEPLOYED = ['platform', 'billing', 'web', 'api-gateway'];

/** What goes wrong with deployments, so many days before the last one. */
export const DEPLOYMENT_DAYS = {
  /** Made from a laptop: no run stands behind it, nobody approved it, nothing verified it. */
  byHand: { day: 47, repo: 'web' },
  /** The approval was skipped. */
  unapproved: { day: 62, repo: 'api-gateway' },
  /** The smoke test failed; the earlier commit was deployed again forty minutes later. */
  rolledBack: { day: 17, repo: 'billing' },
} as const;

interface Made {
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

const PIPELINE: Actor = { id: 41_898_282, login: 'github-actions[bot]', type: 'Bot', name: 'GitHub Actions', email: 'actions@acme.example' };
const histories = new WeakMap<World, readonly Made[]>();

export function deploymentsOf(world: World): readonly Made[] {
  const known = histories.get(world);
  if (known) return known;
  const usual = changesOf(world).flatMap((change) => (DEPLOYED.includes(change.repo) ? [afterChange(world, change)] : []));
  const wrong = [byHand(world), ...rolledBack(world)];
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

function rolledBack(world: World): readonly Draft[] {
  const { day, repo } = DEPLOYMENT_DAYS.rolledBack;
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
      at: at + minutes(60),
      verified: true,
    },
  ];
}

const lastBefore = (world: World, repo: string, at: Instant): Change | undefined =>
  changesOf(world).findLast((change) => change.repo === repo && change.landedAt <= at);

/** One of the two who lead the engineers, and not who wrote it. */
function approverFor(world: World, author: Actor | null): Actor {
  const [first, second] = [person(world, 1), person(world, 2)].map(actorOf);
  if (!first || !second) throw new RangeError('Acme has nobody who leads');
  return first.id === author?.id ? second : first;
}

export const DEPLOYING: readonly string[] = ['environments', 'deployments', 'actions', 'releases'];

/** GitHub's answers about deployments. `rest` is what follows in the path. */
export function deploymentAnswer(
  world: World,
  at: Instant,
  repo: string,
  what: string,
  rest: readonly string[],
): { readonly body: unknown } | { readonly list: readonly unknown[] } | null {
  const deployed = DEPLOYED.includes(repo);
  if (what === 'releases') return { list: [] };
  if (what === 'environments') {
    if (rest.length > 0) return { body: { total_count: 1, branch_policies: [{ id: 1, name: 'main' }] } };
    return { body: { total_count: deployed ? 1 : 0, environments: deployed ? [environment(repo)] : [] } };
  }
  const known = deploymentsOf(world).filter((made) => made.repo === repo && made.at <= at);
  if (what === 'actions') {
    const made = known.find(({ run }) => String(run) === rest[1]);
    if (!made || rest[2] !== 'approvals') return null;
    const decided = made.approver && made.at + minutes(10) <= at ? [made.approver] : [];
    return { body: decided.map((user) => ({ state: 'approved', comment: '', user, environments: [{ id: 1, name: 'production' }] })) };
  }
  const [id, part] = rest;
  if (id === undefined) return { list: known.toReversed().map(deployment) };
  const made = known.find((it) => String(it.id) === id);
  if (!made) return null;
  return part === 'statuses'
    ? {
        list: statuses(made)
          .filter((status) => Date.parse(status.created_at) <= at)
          .toReversed(),
      }
    : { body: deployment(made) };
}

const deployment = ({ id, sha, task, at, creator }: Made) => ({
  id,
  sha,
  ref: 'main',
  task,
  environment: 'production',
  production_environment: false,
  creator: { id: creator.id, login: creator.login, type: creator.type },
  created_at: iso(at),
});

function statuses({ at, repo, run, approver, verified }: Made) {
  const log = run === null ? '' : `https://github.com/acme/${repo}/actions/runs/${run}/job/1`;
  const status = (state: string, minute: number, description = '') => ({
    state,
    description,
    log_url: log,
    target_url: log,
    created_at: iso(at + minutes(minute)),
  });
  return [
    ...(approver ? [status('waiting', 0)] : []),
    status('in_progress', approver ? 10 : 1),
    status('success', 15),
    ...(verified === null ? [] : [status(verified ? 'success' : 'failure', 25, verified ? 'Smoke test passed' : 'Smoke test failed: checkout answers 500')]),
  ];
}

const environment = (repo: string) => ({
  id: 600_000 + DEPLOYED.indexOf(repo),
  name: 'production',
  can_admins_bypass: false,
  deployment_branch_policy: { protected_branches: false, custom_branch_policies: true },
  protection_rules: [
    { id: 1, type: 'required_reviewers', prevent_self_review: true, reviewers: [{ type: 'Team', reviewer: { slug: 'core' } }] },
    { id: 2, type: 'branch_policy' },
  ],
});
