import { type Instant, NEVER } from '../core/instant.ts';
import { assemble } from '../engine/assemble.ts';
import { nextChange } from '../engine/deadlines.ts';
import type { Posture } from '../engine/posture.ts';
import type { Ground } from './grounds.ts';

/** What the posture of now rests on. */
export type Live = Pick<Ground, 'engine' | 'coverage' | 'assessor' | 'checks' | 'catalog' | 'period' | 'waivers' | 'periods' | 'asOf' | 'stamp'> &
  Partial<Pick<Ground, 'besides'>>;

/**
 * The posture of now, asked on every click. It is assembled again only where something was learned, or where time alone
 * has changed a claim since: reasons name instants and never ages, so until then it says the same.
 */
export function livePosture(): (on: Live) => Promise<Posture> {
  let last: { readonly of: unknown; readonly posture: Posture; readonly until: Instant } | null = null;
  return async (on) => {
    const { asOf } = on;
    if (last?.of === on.periods && last.posture.asOf <= asOf && asOf < last.until) return { ...last.posture, ...(await stampOf(on)) };
    const posture = assemble(on, await on.stamp(asOf));
    last = {
      of: on.periods,
      posture,
      until: Math.min(nextChange({ ...on, also: [on.period, ...on.waivers, ...(on.besides?.changes(asOf) ?? [])] }, asOf), nextLook(on, asOf)),
    };
    return posture;
  };
}

/** A look that a source's clock puts ahead of ours is spoken of from then on. */
function nextLook({ engine }: Live, after: Instant): Instant {
  let next = NEVER;
  for (const { at } of engine.looks()) if (at > after && at < next) next = at;
  return next;
}

/** Who is spoken of, and when: what another reading of the same may have otherwise. */
async function stampOf(on: Live): Promise<Pick<Posture, 'asOf' | 'checkpoint'>> {
  const { asOf, checkpoint } = await on.stamp(on.asOf);
  return { asOf, checkpoint };
}
