import { z } from 'zod';
import { IncompleteError } from '../../core/error.ts';
import { days, type Instant, iso } from '../../core/instant.ts';
import { nextLink } from '../../core/link.ts';
import { parse } from '../answers.ts';
import type { Artifact } from '../source.ts';
import { path } from './answers.ts';
import { type Course, get, list } from './change-asking.ts';
import { overviewOf } from './overview.ts';
import { Run, Runs } from './run-rows.ts';

const RUNNING = `query Running($org: String!, $after: String) {
  viewer { login }
  organization(login: $org) {
    databaseId
    login
    repositories(first: 100, after: $after, orderBy: { field: CREATED_AT, direction: ASC }) {
      totalCount
      pageInfo { hasNextPage endCursor }
      nodes { databaseId name nameWithOwner environments(first: 1) { totalCount } deployments(first: 1) { totalCount } }
    }
  }
}`;
const Repository = z.object({
  databaseId: z.int(),
  name: z.string().min(1),
  nameWithOwner: z.string().min(1),
  environments: z.object({ totalCount: z.int() }).nullable(),
  deployments: z.object({ totalCount: z.int() }),
});
type Repository = z.infer<typeof Repository>;

/** One that may still change: it is looked at again, and told again when it has. */
const Open = z.object({ id: z.int(), repo: z.int(), at: z.int(), updated: z.int() });
type Open = z.infer<typeof Open>;
/** How far a sweep over several runs has come: repositories that are done, and up to when another has been told. */
const Sweep = z.object({ begun: z.int(), done: z.array(z.int()).readonly(), part: z.object({ repo: z.int(), from: z.int() }).nullable() });
type Sweep = z.infer<typeof Sweep>;
/** `known` are the repositories of which all is told before `until`. One that is deployed from for the first time is told from the beginning. */
export const Mark = z.object({ until: z.int(), known: z.array(z.int()).readonly(), sweep: Sweep.nullable(), open: z.array(Open).readonly() });
export type Mark = z.infer<typeof Mark>;

export interface Start {
  readonly org: string;
  readonly at: Instant;
  readonly since: Instant;
  readonly until: Instant;
  readonly known: readonly number[];
  readonly sweep: Sweep;
  readonly open: readonly Open[];
}
export interface ToldRun {
  readonly repository: Repository;
  readonly run: Run;
}
export interface Swept {
  readonly caller: string;
  readonly organization: number;
  readonly seen: number;
  readonly total: number;
  readonly told: readonly ToldRun[];
  /** Where the next run goes on; `null`: the sweep came to its end. */
  readonly left: Sweep | null;
  readonly known: readonly number[];
  readonly open: readonly Open[];
}

/** So many pages of a hundred runs in one run of the collector, or a few more; what is left is asked in the next, at once. */
const PAGES = 20;
/** GitHub gives no more than so many for one question, whatever it counts. */
const LIMIT = 1000;
const SECOND = 1000;
/** A run that did not succeed is begun again within this time, or hardly ever. */
const FOLLOWED = days(3);
/** GitHub lets a run wait for thirty days, and last for thirty-five. */
const LASTS = days(36);
const OPEN = 300;
const ENDED_WELL: readonly string[] = ['success', 'neutral', 'skipped'];

/** The runs of each repository that is deployed from, oldest first; what became of those that had not ended. */
export function* sweepRuns(start: Start): Course<Swept> {
  const { repositories, total, ...witnessed } = yield* overviewOf(start.org, (page) => `repositories ${page}`, RUNNING, Repository);
  const deployed = repositories.flatMap((it) => (isDeployed(it) ? [it] : []));
  const { told, left, done } = yield* news(start, deployed);
  const followed = left === null ? yield* changes(start, deployed, new Set(told.map(({ run }) => run.id))) : { told: [], open: start.open };
  const fresh = told.flatMap(({ repository, run }) => (isSettled(run, start) ? [] : [openOf(run, repository)]));
  const open = [...new Map([...followed.open, ...fresh].map((it) => [it.id, it])).values()].toSorted((a, b) => b.at - a.at || b.id - a.id).slice(0, OPEN);
  return {
    ...witnessed,
    seen: repositories.length,
    total,
    told: [...told, ...followed.told],
    left,
    known: left === null ? done : start.known,
    open,
  };
}

/** Whoever may not look is told of no environment: then a deployment is what shows it. */
const isDeployed = ({ environments, deployments }: Repository): boolean => (environments?.totalCount ?? 0) > 0 || deployments.totalCount > 0;

/** Runs since the last sweep, repository by repository, as many as one run of the collector may tell. */
function* news(
  start: Start,
  repositories: readonly Repository[],
): Course<{ readonly told: readonly ToldRun[]; readonly left: Sweep | null; readonly done: readonly number[] }> {
  const told: ToldRun[] = [];
  const { begun, part } = start.sweep;
  const done = [...start.sweep.done];
  let budget = PAGES;
  for (const repository of repositories) {
    const { databaseId: id } = repository;
    if (!done.includes(id)) {
      if (budget <= 0) return { told, left: { begun, done, part: null }, done };
      const from = part?.repo === id ? part.from : start.known.includes(id) ? start.until : start.since;
      const { runs, pages, rest } = yield* between(start.org, repository, from, begun, budget);
      told.push(...runs.map((run) => ({ repository, run })));
      if (rest !== null) return { told, left: { begun, done, part: { repo: id, from: rest } }, done };
      budget -= pages;
      done.push(id);
    }
  }
  return { told, left: null, done };
}

/**
 * The runs that were begun in a time, window by window: where a window holds more than GitHub gives, it is made smaller.
 * `rest` is where to go on, once the budget is used up.
 */
function* between(
  org: string,
  repository: Repository,
  from: Instant,
  end: Instant,
  budget: number,
): Course<{ readonly runs: readonly Run[]; readonly pages: number; readonly rest: Instant | null }> {
  const runs: Run[] = [];
  const last = wholeSecond(end);
  let start = wholeSecond(from);
  let width = last - start;
  let pages = 0;
  while (start <= last) {
    if (pages >= budget) return { runs, pages, rest: start };
    const window = yield* windowOf(org, repository, start, Math.min(last, start + width));
    pages += window.pages;
    if (window.runs === null) width = wholeSecond(Math.min(width, last - start) * Math.min(0.5, (0.8 * LIMIT) / window.total));
    else {
      runs.push(...window.runs);
      start += width + SECOND;
      if (window.total < LIMIT / 2) width = width * 2 + SECOND;
    }
  }
  return { runs, pages, rest: null };
}

const wholeSecond = (at: Instant): Instant => Math.floor(at / SECOND) * SECOND;
const rootOf = (org: string, { name }: Repository): string => `/repos/${path(org)}/${path(name)}/actions/runs`;

/** Every run that was begun in a window, both ends included; `null` where there are more than GitHub gives. */
function* windowOf(
  org: string,
  repository: Repository,
  from: Instant,
  to: Instant,
): Course<{ readonly runs: readonly Run[] | null; readonly total: number; readonly pages: number }> {
  const name = `${repository.name} runs ${iso(from)} to ${iso(to)}`;
  const url = `${rootOf(org, repository)}?created=${iso(from)}..${iso(to)}&exclude_pull_requests=true&per_page=100`;
  const runs = new Map<number, Run>();
  let total = 0;
  for (let page = 1; ; page++) {
    const answer: Artifact = yield { name, page, url };
    const { total_count: counted, workflow_runs: listed } = parse(answer, Runs);
    total = Math.max(total, counted);
    if (page === 1 && total >= LIMIT) {
      if (from === to) throw new IncompleteError(`"${name}": GitHub counts ${total} runs in one second, and gives at most ${LIMIT}`);
      return { runs: null, total, pages: 1 };
    }
    for (const run of listed) runs.set(run.id, run);
    if (nextLink(answer.headers.link) === null) {
      // A run that is removed while the list is read moves another to a page that was read before.
      if (runs.size < total) throw new IncompleteError(`"${name}": GitHub counts ${total} runs and lists ${runs.size}`);
      return { runs: [...runs.values()], total, pages: page };
    }
  }
}

/** What may have changed since: told again where it has. One that was removed stays as it was told last. */
function* changes(
  start: Start,
  repositories: readonly Repository[],
  told: ReadonlySet<number>,
): Course<{ readonly told: readonly ToldRun[]; readonly open: readonly Open[] }> {
  const places = new Map(repositories.map((repository) => [repository.databaseId, repository]));
  const again: ToldRun[] = [];
  const left: Open[] = [];
  for (const open of start.open) {
    const repository = places.get(open.repo);
    if (repository && !told.has(open.id)) {
      const run = yield* runOf(start.org, repository, open.id);
      if (run && run.updated_at !== open.updated) again.push({ repository, run });
      if (run && !isSettled(run, start)) left.push(openOf(run, repository));
    }
  }
  return { told: again, open: left };
}

/** "Not Found" may be a missing right as well: where the same right shows the runs of the repository, this one was removed. */
function* runOf(org: string, repository: Repository, id: number): Course<Run | null> {
  const [name, root] = [`${repository.name} run ${id}`, rootOf(org, repository)];
  const [answer] = (yield* list(name, `${root}/${id}?exclude_pull_requests=true`, [{ status: 404, says: 'Not Found' }])) ?? [];
  if (answer) return parse(answer, Run);
  yield* get(`${name} is gone`, `${root}?per_page=1`, Runs);
  return null;
}

function isSettled({ status, conclusion, created_at }: Run, { at }: Start): boolean {
  const age = at - created_at;
  if (age >= LASTS) return true;
  return status === 'completed' && (ENDED_WELL.includes(conclusion ?? '') || age >= FOLLOWED);
}

const openOf = ({ id, created_at: at, updated_at: updated }: Run, { databaseId: repo }: Repository): Open => ({ id, repo, at, updated });
