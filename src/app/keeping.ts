import { existsSync, renameSync } from 'node:fs';
import { days } from '../core/instant.ts';
import { holdsOf, unfinished } from '../log/disposal.ts';
import type { Database } from '../store/database.ts';
import { dump } from '../store/dump.ts';
import { compact, wipeFolder } from '../store/forget.ts';
import type { Store } from '../store/store.ts';
import type { Cache } from './cache.ts';
import { type DisposalMeans, dispose, eraLines, finishDisposals, hold, isDisposalPending, planDisposal } from './disposal.ts';
import { keepRows } from './kept-rows.ts';
import type { Workspace } from './views.ts';

type Kept =
  | 'eras'
  | 'holds'
  | 'placeHold'
  | 'releaseHold'
  | 'planDisposal'
  | 'dispose'
  | 'resumeDisposals'
  | 'waiting'
  | 'rotateKey'
  | 'retireKey'
  | 'fsck'
  | 'scrub'
  | 'scrubbed'
  | 'upkeep';

/** The whole archive is read again at least so often, as far as slices of that length suffice. */
const SCRUB_EVERY = days(1);
const SCRUB_SLICE = 5_000;

/** What keeps evidence, and ends it: the part of a workspace that looks after its log. */
export function keeping(means: DisposalMeans): Pick<Workspace, Kept> & { finish(): Promise<void> } {
  const { archive, clock } = means;
  let waiting: readonly string[] = [];

  /** A key service out of reach, say: the workspace opens all the same, and says what waits. */
  const finish = async () => {
    try {
      if (await isDisposalPending(means)) waiting = await finishDisposals(means);
    } catch (error) {
      waiting = [`a disposal is not finished, and is tried again: ${error instanceof Error ? error.message : String(error)}`];
    }
  };

  return {
    finish,
    waiting: () => waiting,
    eras: () => eraLines(means),
    holds: async () => holdsOf(await archive.about()),
    placeHold: (what, said) => hold(means, { place: what }, said),
    releaseHold: (record, said) => hold(means, { release: record }, said),
    planDisposal: (asked) => planDisposal(means, asked),

    async dispose(asked, step) {
      const done = await dispose(means, asked, step);
      waiting = done.left;
      return done;
    },

    async resumeDisposals(step) {
      waiting = await finishDisposals(means, step, true);
      return { records: unfinished(await archive.about()), left: waiting };
    },

    rotateKey: (who, overlap) => archive.rotateKey(who, overlap),
    retireKey: () => archive.retireKey(),
    fsck: (progress) => archive.fsck(progress),
    scrub: (budget) => archive.scrub(budget),
    scrubbed: () => archive.scrubbed(),

    async upkeep() {
      const retired = await archive.retireKey();
      await finish();
      const { running, last } = await archive.scrubbed();
      const isDue = running !== null || last === null || clock() - (last.finishedAt ?? 0) >= SCRUB_EVERY;
      return { retired, left: waiting, scrubbed: isDue ? await archive.scrub(SCRUB_SLICE) : { running, last } };
    },
  };
}

/** What was derived from evidence that is gone is derived again from what is left, in a database that never held the rest. */
export async function forgetDerived(
  database: Database,
  { dir, cache, reopen }: { readonly dir: string; readonly cache: Cache; readonly reopen: () => Promise<Store> },
): ReturnType<DisposalMeans['forget']> {
  const silent = () => undefined;
  if (database.kind === 'server') {
    await cache.rebuild(silent);
    const undone = await compact(database);
    const says = `the database may still hold rows that were derived from it, for its account may not: ${undone.join('; ')}`;
    return { finished: true, says: undone.length === 0 ? null : says };
  }
  if (!database.owned) {
    const says = 'the embedded database is held by another process, like a running server: that one forgets within an hour, or whoever opens it next';
    return { finished: false, says };
  }
  const old = `${dir}.disposed`;
  await cache.rebuild(silent, async () => {
    keepRows(`${dir}.kept`, await dump(database)); // who may sign in, and what was run, follows from no evidence
    await database.close();
    if (existsSync(old)) wipeFolder(old);
    renameSync(dir, old); // half a database is never opened
    wipeFolder(old);
    return reopen();
  });
  return { finished: true, says: null };
}
