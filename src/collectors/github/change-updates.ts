import { days, type Duration, hours, type Instant, iso } from '../../core/instant.ts';
import { nextLink } from '../../core/link.ts';
import { commits as dataset } from '../../datasets/change/commits.ts';
import { arrayOf, parse } from '../answers.ts';
import type { Artifact } from '../source.ts';
import { type Course, list, query } from './change-asking.ts';
import {
  batchesOf,
  Commit,
  Comparison,
  foundationOf,
  isAfter,
  type Landing,
  landingsOf,
  linesOf,
  NOTHING,
  pullsOf,
  type Standing,
  type Stretch,
  showsAll,
  stretchesOf,
  Update,
} from './change-history.ts';
import { TIES, type Tie, Ties, tiesOf } from './change-queries.ts';
import { commitRow } from './change-rows.ts';
import { LATENESS, type Left, type Visit } from './change-state.ts';

/** How the list of updates can be narrowed, each for a time that lies a little within it. */
const WINDOWS: readonly (readonly [string, Duration])[] = [
  ['week', days(5)],
  ['month', days(26)],
  ['quarter', days(85)],
  ['year', days(350)],
];

/** How the default branch has moved since it was left off, and every commit that reached it so. */
export function* updatesOf(
  visit: Visit,
  head: string,
  left: Left,
  first: boolean,
): Course<{ readonly left: Pick<Left, 'head' | 'last' | 'next' | 'stray'>; readonly done: boolean }> {
  const { run, repository } = visit;
  const name = `${repository.name} updates`;
  const newborn = repository.createdAt >= run.since ? repository.createdAt : null;
  const settled = run.at - LATENESS;
  const url = left.next ?? updatesUrl(visit, left.last?.at ?? run.since);
  let standing: Standing = { head: left.head, last: left.last };
  let founded = newborn !== null || !first;
  let tip: string | null = null;
  let ahead: readonly Update[] = [];

  for (let page = 1; ; page++) {
    const answer: Artifact = yield { name, page, url };
    const updates = inOrder(parse(answer, arrayOf(Update)));
    for (const { after } of updates) tip = NOTHING.test(after) ? tip : after;
    const unknown = updates.flatMap((update) => (isAfter(update, standing.last) ? [update] : []));
    const fresh = unknown.flatMap((update) => (update.timestamp < settled ? [update] : []));
    ahead = [...ahead, ...unknown.slice(fresh.length)];
    const past = fresh.flatMap((update) => (update.timestamp < run.since ? [update] : []));
    const present = fresh.slice(past.length);
    for (const { id, before, after, timestamp } of past) {
      standing = { head: NOTHING.test(after) ? before : after, last: { at: timestamp, id } };
      founded = true;
    }
    const [oldest] = present;
    if (oldest && !founded) {
      standing = { head: NOTHING.test(oldest.before) ? null : yield* foundation(visit, oldest.before), last: null };
      founded = true;
    }
    const moved = stretchesOf(standing, present, newborn);
    yield* tell(visit, moved.stretches);
    standing = moved.standing;
    const next = nextLink(answer.headers.link);
    if (next === null) break;
    if (run.spent()) return { left: { ...standing, next, stray: left.stray }, done: false };
  }

  yield* tell(visit, missedBefore(standing, ahead, newborn));
  const known = tip ?? standing.head;
  if (head === known || head === standing.head) return { left: { ...standing, next: null, stray: null }, done: true };
  // No update explains where the branch stands: it was not listed yet, or never will be.
  if (newborn !== null && known === null) {
    yield* tell(visit, [{ base: null, after: head, how: 'created', at: newborn, actor: null }]);
    return { left: { head, last: standing.last, next: null, stray: null }, done: true };
  }
  const base = founded ? known : yield* foundation(visit, head);
  if (base === head) return { left: { head, last: standing.last, next: null, stray: null }, done: true };
  const stray = left.stray?.sha === head ? left.stray : { sha: head, at: run.at };
  yield* tell(visit, [{ base, after: head, how: 'unexplained', at: stray.at, actor: null }]);
  return { left: { head: founded ? standing.head : base, last: standing.last, next: null, stray }, done: true };
}

/**
 * What came to a branch by updates that are not listed, before those that are too young to be told: it may lie in the time
 * of which this run tells all. It is told as the next run tells it.
 */
const missedBefore = (standing: Standing, young: readonly Update[], newborn: Instant | null): readonly Stretch[] =>
  stretchesOf(standing, young, newborn).stretches.flatMap((stretch) => (stretch.how === 'unexplained' ? [stretch] : []));

/**
 * Pull requests that were merged and lie on no way to where the branch stands, while an update of it is not listed yet:
 * a rewrite may have taken them off again. They are told by when they were merged.
 */
export function* takenOff(visit: Visit, { head, last }: Pick<Left, 'head' | 'last'>): Course<void> {
  const { run, place, branches } = visit;
  const merged = [...run.told.pullRequests.values()]
    .flatMap((it) => (it.repoId === place.repoId && branches.includes(it.branch) && it.mergedAt >= (last?.at ?? run.since) ? [it] : []))
    .sort((a, b) => a.mergedAt - b.mergedAt);
  for (const { mergeSha, mergedAt } of merged) {
    const told = [...run.told.commits.values()].some(({ repoId, sha }) => repoId === place.repoId && sha === mergeSha);
    if (mergeSha !== null && mergeSha !== head && !told) {
      const stretch: Stretch = { base: head, after: mergeSha, how: 'unexplained', at: mergedAt, actor: null };
      yield* tell(visit, [stretch]);
    }
  }
}

function updatesUrl({ run, root, branches: [branch = ''] }: Visit, from: Instant): string {
  const window = WINDOWS.find(([, length]) => run.at - from + hours(6) <= length)?.[0];
  return `${root}/activity?ref=${encodeURIComponent(`refs/heads/${branch}`)}&direction=asc&per_page=100${window ? `&time_period=${window}` : ''}`;
}

const inOrder = (updates: readonly Update[]): readonly Update[] => updates.toSorted((a, b) => a.timestamp - b.timestamp || a.id - b.id);

/** The commit that a branch had when the observation period began, where no update of that time is listed any more. */
function* foundation({ run, repository, root }: Visit, head: string): Course<string | null> {
  const fresh = yield* list(`${repository.name} commits since`, `${root}/commits?sha=${head}&since=${iso(run.since)}&per_page=100`);
  return foundationOf(
    head,
    (fresh ?? []).flatMap((page) => parse(page, arrayOf(Commit))),
  );
}

/** Asks for the commits of each stretch and for the pull requests that they came through. */
function* tell(visit: Visit, stretches: readonly Stretch[]): Course<void> {
  for (const batch of batchesOf(stretches)) {
    const commits = yield* commitsOf(visit, batch);
    if (batch.length === 1 || showsAll(batch, commits)) yield* tellBatch(visit, batch, commits);
    else for (const stretch of batch) yield* tellBatch(visit, [stretch], yield* commitsOf(visit, [stretch]));
  }
}

function* commitsOf({ repository, root, counter }: Visit, batch: readonly Stretch[]): Course<ReadonlyMap<string, Commit>> {
  const [base, after] = [batch[0]?.base ?? null, batch.at(-1)?.after ?? ''];
  const name = `${repository.name} commits ${++counter.commits}`;
  if (base !== null) {
    const unrelated = { status: 404, says: `No common ancestor between ${base} and ${after}.` };
    const pages = yield* list(name, `${root}/compare/${base}...${after}?per_page=100`, [unrelated]);
    if (pages !== null) return byId(pages.flatMap((page) => parse(page, Comparison).commits));
  }
  const pages = yield* list(`${name} in all`, `${root}/commits?sha=${after}&per_page=100`);
  return byId((pages ?? []).flatMap((page) => parse(page, arrayOf(Commit))));
}

const byId = (commits: readonly Commit[]): ReadonlyMap<string, Commit> => new Map(commits.map((commit) => [commit.sha, commit]));

function* tellBatch(visit: Visit, batch: readonly Stretch[], commits: ReadonlyMap<string, Commit>): Course<void> {
  const { run, place, branches } = visit;
  const landings = landingsOf(batch, commits);
  const ties = yield* tiesTo(visit, landings);
  const pulls = pullsOf(landings, ties, branches);
  for (const landing of landings) {
    const row = commitRow(place, branches[0] ?? '', landing, pulls.get(landing.broughtBy));
    const key = dataset.key(row);
    const told = run.told.commits.get(key);
    // What reached the branch twice, after a rewrite, is told by the time it came through no pull request.
    if (!told || told.prId !== null || row.prId === null) run.told.commits.set(key, row);
  }
}

/** What a repository was created with came through nothing. */
function* tiesTo({ run, repository, counter: { commits } }: Visit, landings: readonly Landing[]): Course<ReadonlyMap<string, readonly Tie[]>> {
  const asked = linesOf(landings.flatMap((landing) => (landing.stretch.how === 'created' ? [] : [landing])));
  const ties = new Map<string, readonly Tie[]>();
  for (let place = 0; place < asked.length; place += TIES) {
    const shas = asked.slice(place, place + TIES);
    const { document, variables } = tiesOf(run.config.org, repository.name, shas);
    const answer = yield* query(`${repository.name} ties ${commits}-${place / TIES + 1}`, document, variables, Ties);
    for (const [index, sha] of shas.entries()) ties.set(sha, answer.repository[`c${index}`]?.associatedPullRequests.nodes ?? []);
  }
  return ties;
}
