import type { Sorted } from './cursor.ts';

/** A list that is paged through, sorted, and what is said beside each page. */
export interface Kept<Entry, About> extends Sorted<Entry> {
  readonly asOf: number | null;
  readonly about: About;
}

/** Lists that are paged through, each sorted once; the least lately asked goes first. */
export interface Lists {
  get(name: string): Kept<unknown, unknown> | undefined;
  keep(name: string, list: Kept<unknown, unknown>): void;
}

/** So many entries of lists are kept in all, a few hundred bytes each: a list that is longer is made anew for each page. */
const ENTRIES = 1_000_000;

export function listsOf(room = ENTRIES): Lists {
  const kept = new Map<string, Kept<unknown, unknown>>();
  let held = 0;
  const drop = (name: string, { entries }: Kept<unknown, unknown>) => {
    kept.delete(name);
    held -= entries.length;
  };
  return {
    get(name) {
      const there = kept.get(name);
      if (there) {
        kept.delete(name);
        kept.set(name, there);
      }
      return there;
    },
    keep(name, list) {
      const before = kept.get(name);
      if (before) drop(name, before);
      if (list.entries.length > room) return;
      kept.set(name, list);
      held += list.entries.length;
      for (const [oldest, its] of kept) {
        if (held <= room) break;
        drop(oldest, its);
      }
    },
  };
}
