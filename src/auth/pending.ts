import type { Duration } from '../core/instant.ts';
import type { Means } from './means.ts';
import { digestOf, newSecret } from './secret.ts';

/** Remembers something under a secret, for a while. The secret is the only way back to it. */
export async function remember({ db, clock }: Means, purpose: string, data: unknown, within: Duration, secret = newSecret()): Promise<string> {
  await db()
    .insertInto('auth.pending')
    .values({ digest: digestOf(`${purpose} ${secret}`), purpose, data: JSON.stringify(data), ends_at: clock() + within })
    .execute();
  return secret;
}

/** What was remembered, once: whoever comes second, with another server even, gets `null`. */
export async function recall<Data>({ db, clock }: Means, purpose: string, secret: string): Promise<Data | null> {
  const row = await db()
    .deleteFrom('auth.pending')
    .where('digest', '=', digestOf(`${purpose} ${secret}`))
    .returning(['data', 'ends_at'])
    .executeTakeFirst();
  return row && row.ends_at > clock() ? (row.data as Data) : null;
}

/** What is remembered, and stays so. */
export async function peek<Data>({ db, clock }: Means, purpose: string, secret: string): Promise<Data | null> {
  const row = await db()
    .selectFrom('auth.pending')
    .select(['data', 'ends_at'])
    .where('digest', '=', digestOf(`${purpose} ${secret}`))
    .executeTakeFirst();
  return row && row.ends_at > clock() ? (row.data as Data) : null;
}

/** Whether this is seen for the first time. It is remembered until it cannot come again. */
export async function isNew({ db, clock }: Means, purpose: string, what: string, within: Duration): Promise<boolean> {
  const row = await db()
    .insertInto('auth.pending')
    .values({ digest: digestOf(`${purpose} ${what}`), purpose, data: 'null', ends_at: clock() + within })
    .onConflict((conflict) => conflict.doNothing())
    .returning('purpose')
    .executeTakeFirst();
  return row !== undefined;
}
