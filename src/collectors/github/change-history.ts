import { z } from 'zod';
import { type Instant, minutes } from '../../core/instant.ts';
import { when } from '../answers.ts';
import type { Commit as CommitRow } from '../../datasets/change/commits.ts';
import type { Tie } from './change-queries.ts';

/** One move of a branch, as GitHub lists it. */
export const Update = z.object({
  id: z.int(),
  before: z.string().min(1),
  after: z.string().min(1),
  timestamp: z.iso.datetime({ offset: true }).transform((text) => Date.parse(text)),
  activity_type: z.string(),
  actor: z.object({ id: z.int(), login: z.string() }).nullish(),
});
export type Update = z.infer<typeof Update>;

export const Commit = z.object({
  sha: z.string().min(1),
  parents: z.array(z.object({ sha: z.string().min(1) })),
  author: z.object({ id: z.int().optional(), login: z.string().optional() }).nullish(),
  commit: z.object({
    author: z.object({ name: z.string().nullish() }).nullish(),
    committer: z.object({ date: when }).nullish(),
    verification: z.object({ verified: z.boolean() }).nullish(),
  }),
});
export type Commit = z.infer<typeof Commit>;
export const Comparison = z.object({ status: z.string(), commits: z.array(Commit) });

type How = CommitRow['how'];

/** GitHub marks a pull request merged so soon after the push that landed it. */
const AT_ONCE = minutes(5);

/** A stretch of history that reached a branch at once: what `after` holds and `base` does not. `base` is `null` where nothing was before. */
export interface Stretch {
  readonly base: string | null;
  readonly after: string;
  readonly how: How;
  readonly at: Instant;
  readonly actor: Update['actor'];
}

/** Where a branch stands: the last commit told, and the last update of it. */
export interface Standing {
  readonly head: string | null;
  readonly last: { readonly at: Instant; readonly id: number } | null;
}

/** Where a branch is not there before or after an update, GitHub writes zeros. */
export const NOTHING = /^0+$/;
const HOW: Readonly<Record<string, How>> = {
  push: 'pushed',
  force_push: 'force-pushed',
  branch_creation: 'created',
  pr_merge: 'merged',
  merge_queue_merge: 'merge-queue',
};

export const isAfter = ({ timestamp, id }: Update, last: Standing['last']): boolean =>
  last === null || timestamp > last.at || (timestamp === last.at && id > last.id);

/**
 * The stretches that updates brought, in order. Each must begin where the one before ended: where it does not, the
 * commits in between are told as unexplained, at the time of the update that shows them.
 */
export function stretchesOf(
  standing: Standing,
  updates: readonly Update[],
  newborn: Instant | null,
): { readonly stretches: readonly Stretch[]; readonly standing: Standing } {
  const stretches: Stretch[] = [];
  let { head, last } = standing;
  for (const { id, before, after, timestamp: at, activity_type: type, actor } of updates) {
    last = { at, id };
    const appeared = NOTHING.test(before);
    if (!appeared && before !== head) {
      const born = head === null && newborn !== null;
      stretches.push({ base: head, after: before, how: born ? 'created' : 'unexplained', at: born ? newborn : at, actor: null });
      head = before;
    }
    if (!NOTHING.test(after)) {
      stretches.push({ base: head, after, how: HOW[type] ?? 'unexplained', at, actor });
      head = after;
    }
  }
  return { stretches, standing: { head, last } };
}

/** Stretches that can be asked for in one comparison: each goes on where the one before ended, and none rewrites the branch. */
export function batchesOf(stretches: readonly Stretch[]): readonly (readonly Stretch[])[] {
  const batches: Stretch[][] = [];
  for (const stretch of stretches) {
    const batch = batches.at(-1);
    const joins = batch !== undefined && plain(stretch) && batch.every(plain) && batch.at(-1)?.after === stretch.base;
    if (joins) batch.push(stretch);
    else batches.push([stretch]);
  }
  return batches;
}

const plain = ({ base, how }: Stretch): boolean => base !== null && (how === 'pushed' || how === 'merged' || how === 'merge-queue');

/** Whether a comparison shows where each stretch of a batch ended. Where a branch was rewritten unsaid, it does not. */
export const showsAll = (batch: readonly Stretch[], commits: ReadonlyMap<string, Commit>): boolean =>
  batch.every(({ base, after }) => base === after || commits.has(after));

/** A commit and how it reached the branch. */
export interface Landing {
  readonly commit: Commit;
  readonly stretch: Stretch;
  /** The commit of the first-parent line that brought it. */
  readonly broughtBy: string;
}

/** Deals the commits of a comparison out to the stretches that brought them, and within each to the commits of its first-parent line. */
export function landingsOf(batch: readonly Stretch[], commits: ReadonlyMap<string, Commit>): readonly Landing[] {
  const landed = new Set<string>();
  const landings: Landing[] = [];
  for (const stretch of batch) {
    for (const broughtBy of lineOf(stretch, commits, landed).toReversed()) {
      const open = [broughtBy];
      for (let sha = open.pop(); sha !== undefined; sha = open.pop()) {
        const commit = commits.get(sha);
        if (commit !== undefined && !landed.has(sha)) {
          landed.add(sha);
          landings.push({ commit, stretch, broughtBy });
          open.push(...commit.parents.map((parent) => parent.sha));
        }
      }
    }
  }
  return landings;
}

/** The first-parent line of a stretch, newest first. */
function lineOf({ after }: Stretch, commits: ReadonlyMap<string, Commit>, landed: ReadonlySet<string>): readonly string[] {
  const line: string[] = [];
  for (let next = commits.get(after); next !== undefined && !landed.has(next.sha); next = commits.get(next.parents[0]?.sha ?? '')) line.push(next.sha);
  return line;
}

export const linesOf = (landings: readonly Landing[]): readonly string[] => [...new Set(landings.map(({ broughtBy }) => broughtBy))];

/**
 * The pull request of each commit of the first-parent lines. A merge that lands several commits is known by its last:
 * those below it, up to the next merge, came with it.
 */
export function pullsOf(landings: readonly Landing[], ties: ReadonlyMap<string, readonly Tie[]>, branches: readonly string[]): ReadonlyMap<string, Tie> {
  const found = new Map<string, Tie>();
  let above = null as { readonly stretch: Stretch; readonly tie: Tie } | null;
  const line = landings.flatMap((landing) => (landing.commit.sha === landing.broughtBy ? [landing] : []));
  for (const { commit, stretch } of line.toReversed()) {
    const merged = candidates(stretch, commit, ties.get(commit.sha) ?? [], branches);
    const carried: Tie | null = above?.stretch === stretch && byMerge(stretch) ? above.tie : null;
    const tie: Tie | null = merged.find((it) => became(it, commit)) ?? carried ?? merged.find((it) => heads(it, commit)) ?? merged[0] ?? null;
    if (tie !== null) {
      above = { stretch, tie };
      found.set(commit.sha, tie);
    }
  }
  return found;
}

const byMerge = ({ how }: Stretch): boolean => how === 'merged' || how === 'merge-queue';
const became = ({ mergeCommit }: Tie, { sha }: Commit): boolean => mergeCommit?.oid === sha;
const heads = ({ headRefOid }: Tie, { sha, parents }: Commit): boolean => headRefOid === sha || parents.some((parent) => parent.sha === headRefOid);

/**
 * Pull requests that were merged into the branch and hold the commit, in the order of their merging. A push that lands a
 * pull request makes GitHub call it merged at that moment; a commit pushed past one that was merged at another time did not come through it.
 */
function candidates({ how, at }: Stretch, commit: Commit, ties: readonly Tie[], branches: readonly string[]): readonly Tie[] {
  const pushed = how === 'pushed' || how === 'force-pushed';
  return ties
    .flatMap((tie) => {
      const timely = !pushed || became(tie, commit) || Math.abs((tie.mergedAt ?? 0) - at) <= AT_ONCE;
      return tie.merged && timely && branches.includes(tie.baseRefName) ? [tie] : [];
    })
    .sort((a, b) => (a.mergedAt ?? 0) - (b.mergedAt ?? 0) || a.number - b.number);
}

/** Where the history of a branch began to be new: the first commit of its first-parent line that is not among the new ones; `null` where all are. */
export function foundationOf(head: string, fresh: readonly Commit[]): string | null {
  const commits = new Map(fresh.map((commit) => [commit.sha, commit]));
  let at: string | null = head;
  for (let commit = commits.get(head); commit !== undefined; commit = at === null ? undefined : commits.get(at)) at = commit.parents[0]?.sha ?? null;
  return at;
}
