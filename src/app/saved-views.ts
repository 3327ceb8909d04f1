import { randomUUID } from 'node:crypto';
import { ConfigurationError } from '../core/error.ts';
import type { Instant } from '../core/instant.ts';
import type { Database } from '../store/database.ts';
import { keptViews, type ViewRow } from '../store/views.ts';

export type SavedView = ViewRow;

/** Whoever keeps views. */
export interface Keeper {
  readonly id: string;
  readonly name: string;
}

/** How people look at pages, kept under a name: their own, and those that are shared with everybody. */
export interface SavedViews {
  /** One's own, and the shared ones; of one page, where asked. */
  list(who: Keeper, page: string | null): Promise<readonly SavedView[]>;
  /** Throws `ConfigurationError` where the name is taken, or there are too many. */
  save(who: Keeper, view: Pick<SavedView, 'page' | 'name' | 'search'>): Promise<SavedView>;
  /** `null` where there is none of one's own. Throws `ConfigurationError` where the name is taken. */
  change(who: Keeper, id: string, change: Partial<Pick<SavedView, 'name' | 'search'>>): Promise<SavedView | null>;
  /** Shares a view of one's own, or takes any shared one back. `null` where there is none that one may. */
  share(who: Keeper, id: string, shared: boolean): Promise<SavedView | null>;
  /** Whether there was one of one's own. */
  remove(who: Keeper, id: string): Promise<boolean>;
}

/** More of them nobody finds again. */
const MOST = 200;

export function savedViews(database: () => Pick<Database, 'sql'>, clock: () => Instant): SavedViews {
  const kept = keptViews(database);
  const own = async (who: Keeper, id: string) => {
    const view = await kept.view(id);
    return view?.owner === who.id ? view : null;
  };
  const put = async (view: SavedView) => {
    if (await kept.isTaken(view))
      throw new ConfigurationError(`you have a view called "${view.name}" of this page already. Give it another name, or change that one.`);
    await kept.put(view);
    return view;
  };

  return {
    list: (who, page) => kept.seenBy(who.id, page),

    async save(who, { page, name, search }) {
      if ((await kept.countOf(who.id)) >= MOST) throw new ConfigurationError(`you have ${MOST} views. Remove some that you no longer need.`);
      const now = clock();
      return put({ id: randomUUID(), owner: who.id, ownerName: who.name, shared: false, page, name, search, createdAt: now, changedAt: now });
    },

    async change(who, id, change) {
      const view = await own(who, id);
      return view && put({ ...view, ...change, changedAt: clock() });
    },

    async share(who, id, shared) {
      const view = await kept.view(id);
      if (!view || (shared ? view.owner !== who.id : view.owner !== who.id && !view.shared)) return null;
      return put({ ...view, shared, changedAt: clock() });
    },

    async remove(who, id) {
      const view = await own(who, id);
      if (view) await kept.remove(id);
      return view !== null;
    },
  };
}
