import type { Check } from '../checks/check.ts';
import { type Instant, NEVER } from '../core/instant.ts';
import { subtract, union } from '../core/interval.ts';
import type { Assessor, Claim } from './assess.ts';
import type { Engine } from './engine.ts';

/** What a claim says, in one byte. A waived deviation is a deviation. */
export const KIND = { conforms: 0, deviates: 1, unknown: 2, waived: 3 } as const;

/**
 * Every claim of a check, in columns: a period is read from them by scanning, and nothing is examined or intersected
 * again. A claim costs 17 bytes, so that a million of them fit where their objects would not. Holds until the engine learns.
 */
export interface Claims {
  /** In no order. Claims of item `i` are those from `starts[i]` up to `starts[i + 1]`, in order of time and apart from each other. */
  readonly items: readonly string[];
  readonly starts: Int32Array;
  readonly from: Float64Array;
  readonly to: Float64Array;
  readonly kind: Uint8Array;
  /** Of events: when each item happened. */
  readonly happened: Float64Array | null;
}

export function claimsOf(engine: Engine, assessor: Assessor, check: Check): Claims {
  const [items, starts, from, to, kind, happened] = [[] as string[], [0], [] as number[], [] as number[], [] as number[], [] as number[]];
  const events = check.population.dataset.happened !== undefined;
  const put = (period: { readonly from: Instant; readonly to: Instant }, said: number) => {
    from.push(period.from);
    to.push(period.to);
    kind.push(said);
  };
  for (const item of engine.verdicts(check).keys()) {
    for (const claim of assessor.claims(check, item))
      for (const [part, said] of claim.kind === 'deviates' ? parts(assessor, check, item, claim) : ([[claim, KIND[claim.kind]]] as const)) put(part, said);
    items.push(item);
    starts.push(from.length);
    if (events) happened.push(engine.facts.of(check.population, item)[0]?.from ?? NEVER);
  }
  return {
    items,
    starts: Int32Array.from(starts),
    from: Float64Array.from(from),
    to: Float64Array.from(to),
    kind: Uint8Array.from(kind),
    happened: events ? Float64Array.from(happened) : null,
  };
}

/** A deviation where no waiver holds, and where one does. */
function parts(assessor: Assessor, check: Check, item: string, claim: Claim): (readonly [{ readonly from: Instant; readonly to: Instant }, number])[] {
  const marked = assessor.marked(check, { item, ...claim, whole: claim });
  if (marked.length === 1 && !marked[0]?.waiver) return [[claim, KIND.deviates]];
  const bare = union(marked.filter(({ waiver }) => !waiver));
  const waived = subtract([claim], bare);
  return [...bare.map((part) => [part, KIND.deviates] as const), ...waived.map((part) => [part, KIND.waived] as const)].sort(([a], [b]) => a.from - b.from);
}
