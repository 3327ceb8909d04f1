import { type Instant, NEVER } from '../core/instant.ts';

/** Until the first of these that lies ahead; none where all lie behind, or never come. */
export function firstOf(at: Instant, ...instants: readonly (Instant | null | undefined)[]): { readonly until?: Instant } {
  const ahead = instants.filter((it): it is Instant => typeof it === 'number' && it > at && it < NEVER);
  return ahead.length === 0 ? {} : { until: Math.min(...ahead) };
}
