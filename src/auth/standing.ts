import type { Instant } from '../core/instant.ts';
import type { Means } from './means.ts';

/** How somebody stands: how many second factors they have here, and when they were seen last by a session that has not ended. */
export interface Standing {
  readonly factors: number;
  readonly seenAt: Instant | null;
}

/** Of everybody who has a factor or a session, by user. */
export async function standings({ db, clock, settings }: Means): Promise<ReadonlyMap<string, Standing>> {
  const factors = await db()
    .selectFrom('auth.factor')
    .select(['user_id', ({ fn }) => fn.countAll<number>().as('count')])
    .where('kind', '!=', 'recovery')
    .groupBy('user_id')
    .execute();
  const sessions = await db()
    .selectFrom('auth.session')
    .select(['user_id', ({ fn }) => fn.max('seen_at').as('seen')])
    .where('ends_at', '>', clock())
    .where('seen_at', '>', clock() - settings.idle)
    .groupBy('user_id')
    .execute();
  const all = new Map<string, Standing>();
  for (const { user_id, count } of factors) all.set(user_id, { factors: Number(count), seenAt: null });
  for (const { user_id, seen } of sessions) all.set(user_id, { factors: all.get(user_id)?.factors ?? 0, seenAt: Number(seen) });
  return all;
}
