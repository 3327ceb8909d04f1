import { sql } from 'kysely';
import { type Duration, hours, type Instant, minutes } from '../core/instant.ts';
import { digestOf } from './secret.ts';
import type { Means } from './means.ts';

interface Limit {
  readonly max: number;
  readonly within: Duration;
  /** So long nothing is let through once it is exceeded. */
  readonly block: Duration;
}

/** How often one may try. Second factors have few digits, so there the block is long. */
export const LIMITS = {
  account: { max: 10, within: minutes(15), block: minutes(15) },
  address: { max: 60, within: minutes(15), block: minutes(15) },
  second: { max: 5, within: hours(1), block: hours(1) },
  token: { max: 100, within: minutes(15), block: minutes(15) },
  /** Sign-ins that are begun: each is remembered for minutes, whoever it is. A company's network has many who come in at nine. */
  begin: { max: 300, within: minutes(5), block: minutes(5) },
  /** Samples that somebody draws who is bounded to an audit: each is sealed for ever. */
  draw: { max: 60, within: hours(1), block: hours(1) },
  link: { max: 30, within: minutes(15), block: minutes(15) },
} as const satisfies Readonly<Record<string, Limit>>;
export type Limited = keyof typeof LIMITS;

export interface Refused {
  readonly of: Limited;
  readonly until: Instant;
  /** It is this attempt that exceeded the limit. */
  readonly first: boolean;
}

/**
 * Counts an attempt before it is made, in one statement, so that a thousand at once and several servers count to the
 * same number; a success forgets them. Gives why it may not be made, or `null`.
 */
export async function attempt({ db, clock }: Means, of: Limited, who: string): Promise<Refused | null> {
  const at = clock();
  const { max, within, block } = LIMITS[of];
  const over = sql`(a.since <= ${at - within}::bigint or a.blocked_until > 0)`;
  const { rows } = await sql<{ count: number; blocked_until: number }>`
    insert into auth.attempt as a (key, count, since, blocked_until) values (${keyOf(of, who)}, 1, ${at}, 0)
    on conflict (key) do update set
      count = case when a.blocked_until > ${at} then a.count + 1 when ${over} then 1 else a.count + 1 end,
      since = case when a.blocked_until <= ${at} and ${over} then ${at} else a.since end,
      blocked_until = case when a.blocked_until > ${at} then a.blocked_until when ${over} then 0 when a.count + 1 > ${max} then ${at + block} else 0 end
    returning count, blocked_until`.execute(db());
  const [row] = rows;
  return row && row.blocked_until > at ? { of, until: row.blocked_until, first: row.count === max + 1 } : null;
}

/** Gives how many attempts it forgets. */
export async function forgive({ db }: Means, of: Limited, who: string): Promise<number> {
  const row = await db().deleteFrom('auth.attempt').where('key', '=', keyOf(of, who)).returning('count').executeTakeFirst();
  return row?.count ?? 0;
}

/** Takes back the count of an attempt that was none: many who come through one network are not one who guesses. */
export async function pardon({ db }: Means, of: Limited, who: string): Promise<void> {
  await sql`update auth.attempt set count = greatest(count - 1, 0) where key = ${keyOf(of, who)} and blocked_until = 0`.execute(db());
}

/** Names of whoever tries are of any length, and none of our business. */
const keyOf = (of: Limited, who: string): string => `${of} ${digestOf(who.toLowerCase()).toString('base64url')}`;

/** Counts a failure for the next summary. Accounts that do not exist are one: there is no end of them. */
export async function tally({ db, clock }: Means, account: string, address: string): Promise<void> {
  await sql`insert into auth.failure as f (account, address, count, since) values (${account}, ${address}, 1, ${clock()})
    on conflict (account, address) do update set count = f.count + 1`.execute(db());
}

/** So many accounts and addresses a summary names. */
const NAMED = 50;

/** Seals one record of all failures since the last, where there were any, and forgets what has run out. To be called now and then. */
export async function tellFailures({ db, clock, record }: Means): Promise<number | null> {
  const at = clock();
  await db()
    .deleteFrom('auth.attempt')
    .where('since', '<', at - hours(24))
    .where('blocked_until', '<', at)
    .execute();
  await db().deleteFrom('auth.pending').where('ends_at', '<', at).execute();
  await db().deleteFrom('auth.session').where('ends_at', '<', at).execute();
  const rows = await db().deleteFrom('auth.failure').returningAll().execute();
  if (rows.length === 0) return null;
  const total = rows.reduce((sum, { count }) => sum + count, 0);
  const most = rows.sort((a, b) => b.count - a.count).slice(0, NAMED);
  const says = {
    count: total,
    since: Math.min(...rows.map(({ since }) => since)),
    accounts: new Set(rows.map(({ account }) => account)).size,
    addresses: new Set(rows.map(({ address }) => address)).size,
    most: most.map(({ account, address, count }) => ({ account, address, count })),
  };
  const [index = -1] = await record([{ act: 'sign-ins-failed', by: 'tickmark', target: null, says }]);
  return index;
}
