import { sql } from 'kysely';
import type { Duration, Instant } from '../core/instant.ts';
import type { Database } from './database.ts';

/** Who has something to themselves, and since when by the database's clock. */
export interface TurnHolder {
  readonly holder: string;
  readonly since: Instant;
}

/** What one of all processes may do at a time. A turn that is not kept ends by itself; all of it goes by the database's clock. */
export interface Turns {
  /** Takes a turn that nobody has. Resolves to whoever has it instead; `null`: it was taken. */
  take(what: string, holder: string, lasts: Duration): Promise<TurnHolder | null>;
  /** Has it for so long again. Resolves to whether nobody else has taken it since. */
  keep(what: string, holder: string, lasts: Duration): Promise<boolean>;
  give(what: string, holder: string): Promise<void>;
}

const NOW = sql`(extract(epoch from clock_timestamp()) * 1000)::bigint`;

/** The embedded database may be another one after a disposal: it is asked for each time. */
export function turnsIn(database: () => Pick<Database, 'sql'>): Turns {
  return {
    async take(what, holder, lasts) {
      const { numAffectedRows } =
        await sql`insert into jobs.asking as it (what, holder, since, until) values (${what}, ${holder}, ${NOW}, ${NOW} + ${lasts}::bigint)
          on conflict (what) do update set holder = excluded.holder, since = excluded.since, until = excluded.until where it.until <= ${NOW}`.execute(
          database().sql,
        );
      if (numAffectedRows === 1n) return null;
      const { rows } = await sql<TurnHolder>`select holder, since from jobs.asking where what = ${what}`.execute(database().sql);
      return rows[0] ?? { holder: 'a process that has just ended', since: 0 };
    },
    async keep(what, holder, lasts) {
      const { numAffectedRows } =
        await sql`insert into jobs.asking as it (what, holder, since, until) values (${what}, ${holder}, ${NOW}, ${NOW} + ${lasts}::bigint)
          on conflict (what) do update set until = excluded.until where it.holder = excluded.holder`.execute(database().sql);
      return numAffectedRows === 1n;
    },
    async give(what, holder) {
      await sql`delete from jobs.asking where what = ${what} and holder = ${holder}`.execute(database().sql);
    },
  };
}
