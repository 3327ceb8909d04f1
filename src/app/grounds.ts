import type { Catalog } from '../engine/catalog.ts';
import { checks } from '../checks/index.ts';
import type { Grounds } from '../engine/assemble.ts';
import type { Engine } from '../engine/engine.ts';
import { type PeriodReader, periodReader } from '../engine/period.ts';
import type { Cache } from './cache.ts';

type Synced = Awaited<ReturnType<Cache['sync']>>;
/** What postures and periods are read from, as far as the log is known. */
export type Known = Grounds & Pick<Synced, 'size' | 'history'> & { readonly periods: PeriodReader };

/** Follows the log, and remembers all that was worked out of it until it tells more: a second question costs no second reading. */
export function groundsOf(cache: Cache, catalog: Catalog): () => Promise<Known> {
  let last: { readonly engine: Engine; readonly size: number; readonly known: Known } | null = null;
  return async () => {
    const { engine, coverage, assessor, size, history } = await cache.sync();
    if (last?.engine === engine && last.size === size) return last.known;
    const grounds = { engine, coverage, assessor, checks, catalog };
    const known = { ...grounds, size, history, periods: periodReader(grounds) };
    last = { engine, size, known };
    return known;
  };
}
