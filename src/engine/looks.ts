import type { Check } from '../checks/check.ts';
import { type Instant, NEVER } from '../core/instant.ts';
import { holds, type Period } from '../core/interval.ts';
import type { Asked, Coverage } from './coverage.ts';
import { bases } from './derive.ts';
import type { LookDistance, SourceAsked } from './period-posture.ts';

/** Of each dataset that sources tell of and that a check reads, how often it was looked at in a period and the longest time between two looks. */
export function lookDistances(coverage: Coverage, period: Period): (check: Pick<Check, 'population' | 'with'>) => readonly LookDistance[] {
  const known = new Map<string, LookDistance>();
  return ({ population, with: joins }) => {
    const read = [population, ...Object.values(joins).map(({ rows }) => rows)].flatMap(({ dataset }) => bases(dataset));
    return [...new Set(read)].map((dataset) => {
      const its = known.get(dataset) ?? distanceOf(coverage, dataset, period);
      known.set(dataset, its);
      return its;
    });
  };
}

function distanceOf(coverage: Coverage, dataset: string, period: Period): LookDistance {
  const asked = coverage.asked(dataset, period);
  const longest = asked
    .flatMap((its) => longestOf(its, period) ?? [])
    .reduce<LookDistance['longest']>((most, its) => (most && most.to - most.from >= its.to - its.from ? most : its), null);
  return { dataset, looks: asked.reduce((sum, { runs }) => sum + runs.filter(({ complete, at }) => complete && holds(period, at)).length, 0), longest };
}

/** Who was asked about a dataset, how often in a period, and on which complete looks its rows rest. */
export function sourcesAsked(coverage: Coverage, dataset: string, period: Period): readonly SourceAsked[] {
  return coverage.asked(dataset, period).map(({ source, partition, runs }) => {
    const its = runs.filter(({ at }) => holds(period, at));
    const complete = its.filter((run) => run.complete);
    const before = runs.findLast((run) => run.complete && run.at < period.from);
    const records = [before, complete[0], complete.at(-1)].flatMap((run) => run?.record ?? []);
    return { source, partition, complete: complete.length, incomplete: its.length - complete.length, records: [...new Set(records)].sort((a, b) => a - b) };
  });
}

/** The longest time without a look that reaches into a period. It begins with the look before, be that in the period or not. */
function longestOf({ source, partition, looks, ...expected }: Asked, period: Period): LookDistance['longest'] {
  const [from, to] = [Math.max(expected.from, period.from), Math.min(expected.to, period.to)];
  let longest: Period | null = null;
  let since: Instant | null = null;
  const consider = (until: Instant) => {
    const began = since ?? from;
    if (until > from && began < to && until - began > 1 && until - began > (longest ? longest.to - longest.from : 0)) longest = { from: began, to: until };
  };
  for (const look of looks) {
    if (look.from >= to) break;
    consider(look.from);
    since = look.to === NEVER ? NEVER : look.to - 1;
  }
  if (since !== NEVER) consider(to);
  return longest && { ...(longest as Period), source, partition };
}
