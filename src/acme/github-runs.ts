import { type Instant, iso, minutes } from '../core/instant.ts';
import type { WireAnswer, WireRequest } from '../sources/wire.ts';
import { type Actor, changesOf } from './changes.ts';
import { approvalsOf, DEPLOYED, DEPLOYMENT_DAYS, deploymentsOf, lastBefore, madeBy, PIPELINE, told } from './github-deployments.ts';
import { REPOSITORIES } from './github.ts';
import type { World } from './world.ts';

/** One run of a workflow of Acme. */
interface Ran {
  readonly id: number;
  readonly repo: string;
  readonly workflow: 'CI' | 'Deploy';
  readonly event: 'push' | 'workflow_run' | 'workflow_dispatch';
  readonly sha: string;
  readonly actor: Actor;
  readonly begun: Instant;
  readonly ended: Instant;
  readonly passed: boolean;
}

const histories = new WeakMap<World, readonly Ran[]>();

/** In every repository that is deployed from, the tests of each push, and the run behind each deployment; oldest first. */
function runsOf(world: World): readonly Ran[] {
  const known = histories.get(world);
  if (known) return known;
  const { day, repo: careless } = DEPLOYMENT_DAYS.untested;
  const untested = lastBefore(world, careless, world.ago(day, 24))?.sha;
  const tests = changesOf(world).flatMap(({ repo, sha, actor, landedAt }, place): readonly Ran[] =>
    DEPLOYED.includes(repo)
      ? [
          {
            id: 950_001 + place,
            repo,
            workflow: 'CI',
            event: 'push',
            sha,
            actor,
            begun: landedAt,
            ended: landedAt + minutes(8),
            passed: repo !== careless || sha !== untested,
          },
        ]
      : [],
  );
  const deploys = deploymentsOf(world).flatMap(({ run, repo, sha, task, at, verified }): readonly Ran[] =>
    run === null
      ? []
      : [
          {
            id: run,
            repo,
            workflow: 'Deploy',
            event: task === 'rollback' ? 'workflow_dispatch' : 'workflow_run',
            sha: task === 'rollback' ? (lastBefore(world, repo, at)?.sha ?? sha) : sha,
            actor: PIPELINE,
            begun: at - minutes(1),
            ended: at + minutes(26),
            passed: verified !== false,
          },
        ],
  );
  const all = [...tests, ...deploys].sort((a, b) => a.begun - b.begun || a.id - b.id);
  histories.set(world, all);
  return all;
}

/** GitHub's answers about runs in REST: a list by time, newest first, or one of them. `rest` is what follows in the path. */
export function runAnswer(
  world: World,
  at: Instant,
  repo: string,
  [kind, id, part]: readonly string[],
  created: string,
): { readonly body: unknown } | { readonly list: readonly unknown[]; readonly around?: (page: readonly unknown[], total: number) => unknown } | null {
  if (kind !== 'runs') return null;
  if (id !== undefined && part === 'approvals') {
    const list = approvalsOf(world, at, id);
    return list && { list };
  }
  const known = runsOf(world).filter((it) => it.repo === repo && it.begun <= at);
  if (id !== undefined) {
    const one = known.find((it) => String(it.id) === id);
    return one ? { body: shape(one, at) } : null;
  }
  const [from = 0, to = at] = created === '' ? [] : created.split('..').map((text) => Date.parse(text));
  const list = known.filter(({ begun }) => from <= begun && begun <= to).toReversed();
  return { list: list.map((it) => shape(it, at)), around: (page, total) => ({ total_count: total, workflow_runs: page }) };
}

/** GitHub's answer in GraphQL about which repositories are deployed from; `null` where it is asked for something else. */
export function runningOfAcme(world: World, at: Instant, { method, url, body }: WireRequest): WireAnswer | null {
  if (method !== 'POST' || url !== 'https://api.github.com/graphql') return null;
  const { query } = JSON.parse(new TextDecoder().decode(body ?? undefined)) as { readonly query: string };
  if (!/^\s*query Running\b/.test(query)) return null;
  const made = madeBy(world, at);
  const nodes = REPOSITORIES.map((name, place) => ({
    databaseId: 4000 + place,
    name,
    nameWithOwner: `acme/${name}`,
    environments: { totalCount: DEPLOYED.includes(name) ? 1 : 0 },
    deployments: { totalCount: made.filter(({ repo }) => repo === name).length },
  }));
  const repositories = { totalCount: nodes.length, pageInfo: { hasNextPage: false, endCursor: String(nodes.length) }, nodes };
  return told(at, { viewer: { login: 'amara-okafor' }, organization: { databaseId: 77, login: 'acme', repositories } });
}

function shape({ id, repo, workflow, event, sha, actor, begun, ended, passed }: Ran, at: Instant) {
  const account = { id: actor.id, login: actor.login, type: actor.type };
  const over = ended <= at;
  return {
    id,
    name: workflow,
    head_branch: 'main',
    head_sha: sha,
    path: `.github/workflows/${workflow.toLowerCase()}.yml`,
    run_attempt: 1,
    event,
    status: over ? 'completed' : 'in_progress',
    conclusion: over ? (passed ? 'success' : 'failure') : null,
    html_url: `https://github.com/acme/${repo}/actions/runs/${id}`,
    created_at: iso(begun),
    updated_at: iso(over ? ended : begun),
    actor: account,
    triggering_actor: account,
    run_started_at: iso(begun),
  };
}
