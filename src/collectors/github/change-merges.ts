import { IncompleteError } from '../../core/error.ts';
import { checkRuns } from '../../datasets/change/check-runs.ts';
import type { z } from 'zod';
import { type Course, query } from './change-asking.ts';
import { type Context, MERGED, Merged, PARTS, PAST, type Part, Past, type Pending, type Pull, Rest, restOf } from './change-queries.ts';
import { checkRows, pullRow, reviewRows, type Whole } from './change-rows.ts';
import { LATENESS, type Left, type Visit } from './change-state.ts';

type Place = NonNullable<Left['merges']>;
const START: Place = { cursor: null, at: -1 };

/**
 * The merged pull requests that were touched since, in the order in which they were: one that is touched meanwhile moves
 * to the end and is told again there. The place kept is behind what can still change without anyone seeing it.
 */
export function* mergesOf(visit: Visit, left: Left['merges']): Course<{ readonly left: Left['merges']; readonly done: boolean }> {
  const { run, repository } = visit;
  const newest = repository.pullRequests.nodes[0]?.updatedAt;
  if (newest === undefined || (left !== null && newest <= left.at)) return { left, done: true };
  const begun = left ?? START;
  const passed = begun.at < run.since && repository.createdAt < run.since ? yield* leafOver(visit, begun) : { left: begun, done: true };
  if (!passed.done) return passed;

  const settled = run.at - LATENESS;
  let place = passed.left;
  let after = place.cursor;
  for (let page = 1; ; page++) {
    const name = `${repository.name} merged ${page}`;
    const { pullRequests }: z.infer<typeof Merged>['repository'] = (yield* query(name, MERGED, { ...named(visit), after }, Merged)).repository;
    const wholes = yield* complete(
      visit,
      name,
      pullRequests.edges.map(({ node }) => node),
    );
    tell(visit, wholes);
    for (const { cursor, node } of pullRequests.edges) if (node.updatedAt < settled) place = { cursor, at: node.updatedAt };
    after = following(name, pullRequests.pageInfo, after);
    if (after === null) return { left: place, done: true };
    if (run.spent()) return { left: place, done: (pullRequests.edges.at(-1)?.node.updatedAt ?? 0) >= settled };
  }
}

/** Goes past the pull requests that nobody has touched since the observation period began. */
function* leafOver(visit: Visit, begun: Place): Course<{ readonly left: Place; readonly done: boolean }> {
  const { run, repository } = visit;
  let place = begun;
  let after = begun.cursor;
  for (let page = 1; ; page++) {
    const name = `${repository.name} merged before ${page}`;
    const { pullRequests }: z.infer<typeof Past>['repository'] = (yield* query(name, PAST, { ...named(visit), after }, Past)).repository;
    for (const { cursor, node } of pullRequests.edges) if (node.updatedAt < run.since) place = { cursor, at: node.updatedAt };
    after = following(name, pullRequests.pageInfo, after);
    if (after === null || place.cursor !== after) return { left: place, done: true };
    if (run.spent()) return { left: place, done: false };
  }
}

const named = ({ run, repository }: Visit) => ({ owner: run.config.org, name: repository.name });

/** Where a list goes on; `null` where it has ended. */
function following(
  name: string,
  { hasNextPage, endCursor }: { readonly hasNextPage: boolean; readonly endCursor: string | null },
  after: string | null,
): string | null {
  if (!hasNextPage) return null;
  if (endCursor === null || endCursor === after) throw new IncompleteError(`"${name}" named a page as the next one that it had given before`);
  return endCursor;
}

/** Asks for the checks of pull requests, and for whatever of them did not fit on a page, until nothing is left. */
function* complete(visit: Visit, name: string, pulls: readonly Pull[]): Course<readonly Whole[]> {
  const wholes = new Map(pulls.map((pull) => [pull.number, { pull, sha: pull.headRefOid, contexts: [] as Context[] }]));
  let pending: readonly Pending[] = pulls.map((pull) => ({ number: pull.number, parts: { ...open(pull), checks: null } }));
  for (let round = 1; pending.length > 0; round++) {
    const { document, variables } = restOf(visit.run.config.org, visit.repository.name, pending);
    const { repository } = yield* query(`${name} rest ${round}`, document, variables, Rest);
    pending = pending.flatMap(({ number, parts }, place) => {
      const [rest, whole] = [repository[`p${place}`], wholes.get(number)];
      if (!rest || !whole) throw new IncompleteError(`"${name} rest ${round}" says nothing of pull request ${number}`);
      const commit = rest.checks?.nodes[0]?.commit;
      const contexts = commit?.statusCheckRollup?.contexts;
      whole.sha = commit?.oid ?? whole.sha;
      whole.contexts.push(...(contexts?.nodes ?? []));
      whole.pull = joined(whole.pull, rest);
      const next = { ...open(rest), ...(contexts?.pageInfo.hasNextPage ? { checks: contexts.pageInfo.endCursor } : {}) };
      for (const part of PARTS) {
        const cursor = next[part];
        if (cursor !== undefined && (cursor === null || cursor === parts[part]))
          throw new IncompleteError(`"${name} rest ${round}" named a page as the next one that it had given before`);
      }
      return Object.keys(next).length === 0 ? [] : [{ number, parts: next }];
    });
  }
  return [...wholes.values()].map(({ pull, sha, contexts }) => ({ pull, checked: { sha, contexts } }));
}

type Parts = { readonly [Its in Exclude<Part, 'checks'>]?: Pull[Its] | undefined };

/** The parts that go on after what was given, and where. */
function open(given: Parts): Partial<Record<Part, string | null>> {
  return Object.fromEntries(
    PARTS.flatMap((part) => {
      const pageInfo = part === 'checks' ? undefined : given[part]?.pageInfo;
      return pageInfo?.hasNextPage ? [[part, pageInfo.endCursor]] : [];
    }),
  );
}

function joined(pull: Pull, rest: Parts): Pull {
  const after = <Node>(before: { readonly nodes: readonly Node[] }, more: { readonly nodes: readonly Node[] } | undefined) => [
    ...before.nodes,
    ...(more?.nodes ?? []),
  ];
  return {
    ...pull,
    labels: { ...pull.labels, nodes: after(pull.labels, rest.labels) },
    closingIssuesReferences: { ...pull.closingIssuesReferences, nodes: after(pull.closingIssuesReferences, rest.closingIssuesReferences) },
    reviews: { ...pull.reviews, nodes: after(pull.reviews, rest.reviews) },
    timelineItems: { ...pull.timelineItems, nodes: after(pull.timelineItems, rest.timelineItems) },
    commits: { ...pull.commits, nodes: after(pull.commits, rest.commits) },
  };
}

/** Those merged into another branch are no change of the default branch yet. */
function tell({ run: { told, config }, place, branches }: Visit, wholes: readonly Whole[]): void {
  for (const whole of wholes) {
    if (branches.includes(whole.pull.baseRefName)) {
      told.pullRequests.set(whole.pull.fullDatabaseId, pullRow(place, whole, config.tickets));
      for (const review of reviewRows(place, whole)) told.reviews.set(review.reviewId, review);
      for (const check of checkRows(place, whole)) told.checkRuns.set(checkRuns.key(check), check);
    }
  }
}
