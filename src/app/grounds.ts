import { checks } from '../checks/index.ts';
import type { Collector } from '../collectors/collector.ts';
import { schedules } from '../configuration/normalize.ts';
import type { Tables } from '../catalog/catalog.ts';
import { datasets } from '../datasets/index.ts';
import type { Grounds } from '../engine/assemble.ts';
import { Assessor, type Waiver } from '../engine/assess.ts';
import type { CaseGrounds } from '../engine/cases.ts';
import type { Catalog } from '../engine/catalog.ts';
import type { Schedule } from '../engine/occurrences.ts';
import { waiversOf } from '../engine/waivers.ts';
import type { Cache } from './cache.ts';

/** All that what is said is a function of: what the log tells, waivers laid over it. */
export interface Ground extends Grounds, CaseGrounds {
  readonly size: number;
  readonly schedules: readonly Schedule[];
}

/** Follows the log. Waivers are read anew only where it has grown. */
export function groundsOf(cache: Pick<Cache, 'sync'>, catalog: Catalog, collectors: readonly Collector[]): () => Promise<Ground> {
  let kept: { readonly engine: unknown; readonly size: number; readonly waivers: readonly Waiver[]; readonly schedules: readonly Schedule[] } | null = null;
  return async () => {
    const { engine, coverage, size, history } = await cache.sync();
    if (kept?.engine !== engine || kept.size !== size)
      kept = { engine, size, waivers: waiversOf({ engine, coverage, checks }), schedules: schedules(history, collectors) };
    const { waivers } = kept;
    return {
      engine,
      coverage,
      size,
      checks,
      catalog,
      waivers,
      assessor: new Assessor(engine, coverage, waivers),
      deadlines: history.map(({ at, file }) => ({ at, days: file.deadlines })),
      schedules: kept.schedules,
    };
  };
}

/** Every dataset that a source can tell of. */
export const told = datasets.filter(({ derived }) => !derived);

/** Their fields, as the catalogue may name them. */
export const tables: Tables = Object.fromEntries(
  told.map(({ id, row, happened }) => [
    id,
    { fields: Object.keys((row as unknown as { readonly shape: Readonly<Record<string, unknown>> }).shape), events: happened !== undefined },
  ]),
);
