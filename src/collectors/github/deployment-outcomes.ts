import { z } from 'zod';
import { arrayOf, parse } from '../answers.ts';
import type { Artifact } from '../source.ts';
import { path } from './answers.ts';
import { type Course, list, query } from './change-asking.ts';
import { Approval, type Deployment } from './deployment-answers.ts';
import { BATCH, BECAME, Became, CHECKED, Checked, type CheckRun, GONE, type Outcome, type Repository, type Status } from './deployment-queries.ts';

/** Who decided about the run for which environments. */
export interface Decision {
  readonly approved: boolean;
  readonly userId: string;
  readonly environments: readonly string[];
}

export interface Made {
  readonly deployment: Deployment;
  /** Oldest first. */
  readonly statuses: readonly Status[];
  /** How many there are. */
  readonly count: number;
  /** Run that its states name. */
  readonly runId: string | null;
  /** It ran on the commit that was deployed. */
  readonly isOfCommit: boolean;
  /** `null` where the run was removed, and with it who approved it. */
  readonly decisions: readonly Decision[] | null;
  /** Results of the checks that examine the running system, on the commit deployed; `null` where not all could be read. */
  readonly checks: readonly CheckRun[] | null;
}

/** What became of deployments, by their node ids. Those that were removed meanwhile are not among them. */
export function* outcomesOf(name: string, ids: readonly string[]): Course<ReadonlyMap<string, Outcome>> {
  const outcomes = new Map<string, Outcome>();
  for (let start = 0; start < ids.length; start += BATCH) {
    const { data } = yield* query(`${name}: what became of ${start / BATCH + 1}`, BECAME, { ids: ids.slice(start, start + BATCH) }, Became, GONE);
    for (const outcome of data.nodes) if (outcome) outcomes.set(outcome.id, outcome);
  }
  return outcomes;
}

export function* madeOf(
  { org, checks }: { readonly org: string; readonly checks: readonly string[] },
  repository: Repository,
  deployment: Deployment,
  outcome: Outcome,
): Course<Made> {
  const statuses = inOrder(outcome);
  const link = linkOf(statuses, repository);
  const runs = (outcome.commit?.checkSuites.nodes ?? []).flatMap(({ workflowRun }) => (workflowRun ? [workflowRun] : []));
  const ran = link === null ? undefined : runs.find(({ url }) => url.toLowerCase() === link.url);
  const decided = (ran?.deploymentReviews.nodes ?? []).map(({ state, user, environments }) => ({
    approved: state === 'APPROVED',
    userId: String(user.databaseId),
    environments: environments.nodes.map(({ name }) => name),
  }));
  return {
    deployment,
    statuses,
    count: outcome.statuses.totalCount,
    runId: link?.id ?? null,
    isOfCommit: ran !== undefined,
    // A run on another commit than the one deployed, as of a rollback, is not among those of the commit.
    decisions: link === null || ran ? decided : yield* approvalsOf(org, repository, deployment, link.id),
    checks: statuses.some(({ state }) => state === 'SUCCESS') ? yield* checksOf(repository, deployment, checks) : [],
  };
}

/** GitHub does not say in which order it lists them: where the first is the newest, it is turned. */
export function inOrder({ statuses, last }: Outcome): readonly Status[] {
  const all = [...new Map([...statuses.nodes, ...last.nodes].map((status) => [status.id, status])).values()];
  const turned = (all[0]?.createdAt ?? 0) > (all.at(-1)?.createdAt ?? 0) ? all.toReversed() : all;
  return turned.toSorted((a, b) => a.createdAt - b.createdAt);
}

/** The run that the states of a deployment name, if it is one of this repository. */
function linkOf(statuses: readonly Status[], { nameWithOwner }: Repository): { readonly id: string; readonly url: string } | null {
  const start = `https://github.com/${nameWithOwner}/actions/runs/`.toLowerCase();
  const links = statuses.flatMap(({ logUrl }) => {
    const url = logUrl?.toLowerCase() ?? '';
    const id = url.startsWith(start) ? /^\d+/.exec(url.slice(start.length))?.[0] : undefined;
    return id === undefined ? [] : [{ id, url: `${start}${id}` }];
  });
  return links[0] ?? null;
}

const Counted = z.object({ total_count: z.int() });

/**
 * "Not Found" may be a missing right as well as a run that was removed. Where the same right shows the runs of the
 * repository, it is the latter: then nobody can tell any more who approved it, which is `null`.
 */
function* approvalsOf(org: string, { name }: Repository, { id }: Deployment, run: string): Course<readonly Decision[] | null> {
  const root = `/repos/${path(org)}/${path(name)}/actions/runs`;
  const pages = yield* list(`${name} approvals of ${id}`, `${root}/${run}/approvals`, [{ status: 404, says: 'Not Found' }]);
  if (pages === null) {
    const runs: Artifact = yield { name: `${name} runs beside that of ${id}`, page: 1, url: `${root}?per_page=1` };
    parse(runs, Counted);
    return null;
  }
  return pages.flatMap((page) =>
    parse(page, arrayOf(Approval)).map(({ state, user, environments }) => ({
      approved: state === 'approved',
      userId: String(user.id),
      environments: environments.map((it) => it.name),
    })),
  );
}

function* checksOf({ name }: Repository, { id, node_id }: Deployment, checks: readonly string[]): Course<readonly CheckRun[] | null> {
  const found: CheckRun[] = [];
  let whole = true;
  for (const check of checks) {
    const { data } = yield* query(`${name} check ${check} of ${id}`, CHECKED, { ids: [node_id], check }, Checked, GONE);
    for (const suites of data.nodes.flatMap((node) => (node?.commit ? [node.commit.checkSuites] : []))) {
      const runs = suites.nodes.flatMap(({ checkRuns }) => (checkRuns ? [checkRuns] : []));
      whole &&= suites.totalCount <= suites.nodes.length && runs.every(({ totalCount, nodes }) => totalCount <= nodes.length);
      found.push(...runs.flatMap(({ nodes }) => nodes));
    }
  }
  return whole ? found : null;
}
