import { z } from 'zod';
import { IncompleteError } from '../../core/error.ts';
import { days } from '../../core/instant.ts';
import type { Period } from '../../core/interval.ts';
import type { Mark, Of } from '../collector.ts';
import { Organization, path } from './answers.ts';
import { type Course, get } from './change-asking.ts';
import { bypassesOf } from './change-bypasses.ts';
import { mergesOf } from './change-merges.ts';
import { OVERVIEW, Repository } from './change-queries.ts';
import { placeOf } from './change-rows.ts';
import { type Config, LATENESS, Left, type Run, type Told, type Visit } from './change-state.ts';
import { takenOff, updatesOf } from './change-updates.ts';
import { overviewOf } from './overview.ts';

/** So many questions in one run; what is left is asked in the next, at once. */
const QUESTIONS = 250;
/** GraphQL gives so many points an hour to everyone who uses the credential: this many are left to the others. */
const POINTS = 300;
/** GitHub keeps what was decided by rules for about so long. */
const RULES_KEPT = days(30);

/** Where a run left off: all is told before `until`; a sweep of all repositories that began at `began` goes on at `from`. */
const Marked = z.object({
  until: z.int(),
  sweep: z.object({ began: z.int(), from: z.int() }).nullable(),
  repositories: z.record(z.string(), Left),
});

export interface Swept {
  readonly told: Told;
  readonly polled: Period;
  /** Of uses of a bypass GitHub remembers a month. */
  readonly polledBypasses: Period;
  readonly mark: Mark;
  readonly caller: string;
  readonly organization: string;
  readonly repositories: { readonly received: number; readonly total: number };
}

/** Goes through the repositories of an organization, each from where it was left off. */
export function* sweep({ config, at, after, since }: Pick<Of<Config>, 'config' | 'at' | 'after' | 'since'>): Course<Swept> {
  const marked = after === null ? null : Marked.parse(JSON.parse(after));
  const { until, sweep: open, repositories: left } = marked ?? { until: since, sweep: null, repositories: {} };
  const began = open?.began ?? at;
  const told: Told = { commits: new Map(), pullRequests: new Map(), reviews: new Map(), checkRuns: new Map(), bypasses: new Map() };
  const meter = { asked: 0, points: Infinity };
  const run: Run = { config, at, since, told, spent: () => meter.asked >= QUESTIONS || meter.points < POINTS };

  const { owner, caller, total, received, all } = yield* metered(meter, overview(config.org));
  const states: Record<string, Left> = { ...left };
  let from: number | null = null;
  for (const repository of all) {
    if (from === null && repository.databaseId >= (open?.from ?? 0)) {
      if (run.spent()) from = repository.databaseId;
      else {
        const { left: its, done } = yield* metered(meter, visit(run, repository, states[repository.databaseId]));
        states[repository.databaseId] = its;
        if (!done) from = repository.databaseId;
      }
    }
  }

  const to = from === null ? Math.max(until, began - LATENESS) : until;
  const remembered = Math.min(to, Math.max(until, began - RULES_KEPT));
  return {
    told,
    polled: { from: until, to },
    polledBypasses: { from: remembered, to },
    mark: {
      after: JSON.stringify({ until: to, sweep: from === null ? null : { began, from }, repositories: states }),
      more: from !== null && meter.points >= POINTS, // with its points used up the next run would wait for an hour: it is left to its own time
    },
    caller,
    organization: owner,
    repositories: { received, total },
  };
}

/** Counts what a course asks, and the points that GitHub says are left. */
function* metered<Result>(meter: { asked: number; points: number }, course: Course<Result>): Course<Result> {
  for (let step = course.next(); ; ) {
    if (step.done) return step.value;
    const answer = yield step.value;
    meter.asked++;
    const points = 'document' in step.value ? Number(answer.headers['x-ratelimit-remaining']) : Number.NaN;
    if (!Number.isNaN(points)) meter.points = points;
    step = course.next(answer);
  }
}

/** Every repository there is, in the order of their ids. */
function* overview(org: string) {
  const known = yield* get('organization', `/orgs/${path(org)}`, Organization);
  const question = (page: number) => (page === 1 ? 'repositories' : `repositories#${page}`);
  const { organization, caller, total, repositories } = yield* overviewOf(org, question, OVERVIEW, Repository);
  if (organization !== known.id) throw new IncompleteError(`another organization than ${org} answered: its id is ${organization}, not ${known.id}`);
  const distinct = [...new Map(repositories.map((it) => [it.databaseId, it])).values()].sort((a, b) => a.databaseId - b.databaseId);
  const { public_repos: shown, total_private_repos: hidden } = known;
  const counted = shown === undefined || hidden === undefined ? total : Math.max(total, shown + hidden);
  return { owner: String(known.id), caller, total: counted, received: distinct.length, all: distinct };
}

/** One repository: how its branch moved, what was merged, and which rules were gone around. Quiet ones are not asked. */
function* visit(run: Run, repository: Repository, left: Left | undefined): Course<{ readonly left: Left; readonly done: boolean }> {
  const branch = repository.defaultBranchRef?.name ?? left?.branch ?? '';
  const it: Visit = {
    run,
    repository,
    place: placeOf(run.config.system, repository),
    branches: [branch, left?.branch ?? branch],
    root: `/repos/${path(run.config.org)}/${path(repository.name)}`,
    counter: { commits: 0 },
  };
  const settled = run.at - LATENESS;
  const before: Left = left ?? { branch, head: null, last: null, next: null, stray: null, pushedAt: null, merges: null, bypasses: run.since };
  const head = repository.defaultBranchRef?.target?.oid ?? null;
  const quiet =
    left !== undefined && left.next === null && left.stray === null && left.head === head && left.branch === branch && left.pushedAt === repository.pushedAt;

  let state = before;
  if (!quiet && head !== null) {
    const updated = yield* updatesOf(it, head, state, left === undefined);
    state = { ...state, ...updated.left };
    if (!updated.done) return { left: state, done: false };
  }
  const merged = yield* mergesOf(it, state.merges);
  state = { ...state, merges: merged.left };
  if (!merged.done) return { left: state, done: false };
  if (!quiet && state.stray !== null) yield* takenOff(it, state);
  if (!quiet && head !== null && run.config.bypasses) {
    yield* bypassesOf(it, branch, state.bypasses);
    state = { ...state, bypasses: Math.max(state.bypasses, settled) };
  }
  const pushedAt = repository.pushedAt !== null && repository.pushedAt < settled && state.stray === null ? repository.pushedAt : null;
  return { left: { ...state, branch, pushedAt }, done: true };
}
