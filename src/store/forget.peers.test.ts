import { sql } from 'kysely';
import { expect, it } from 'vitest';
import { missing, postgresBinaries, startPostgres } from '../../test/postgres.ts';
import { openDatabase } from './database.ts';
import { compact } from './forget.ts';
import { openStore } from './store.ts';

const bin = postgresBinaries();

if (bin === null) it.skipIf(missing('PostgreSQL', 'Install postgresql.'))('a cache on a server is forgotten', () => undefined);
else
  it('a cache on a server is rewritten without dead rows and old statistics, and what the account may not do is told', async () => {
    const server = await startPostgres(bin);
    const database = await openDatabase({ url: server.url });
    const store = await openStore(database);
    const said = async () => {
      const { rows } = await sql<{
        count: number;
      }>`select count(*)::int as count from pg_stats where schemaname = 'cache' and most_common_vals::text like '%Canary%'`.execute(database.sql);
      return rows[0]?.count;
    };
    await sql`insert into cache.record select place, 'Canary', 'success', 0, null, null, null from generate_series(1, 500) place`.execute(database.sql);
    await sql`analyze cache.record`.execute(database.sql);
    expect(await said()).toBe(1); // the server quotes common values
    await store.clear();
    expect(await said()).toBe(1);
    await sql`insert into cache.record values (1, 'Sparrow', 'success', 0, null, null, null)`.execute(database.sql);
    expect(await compact(database)).toEqual([]);
    expect(await said()).toBe(0);

    await sql`create role limited login`.execute(database.sql);
    await sql`grant usage on schema cache to limited`.execute(database.sql);
    const limited = await openDatabase({ url: server.url.replace('tickmark@', 'limited@') });
    expect((await compact(limited)).map((undone) => undone.replace(/ \(.*/, ''))).toEqual(expect.arrayContaining(['checkpoint', 'select pg_switch_wal()']));
    await limited.close();
    await database.close();
    server.stop();
  }, 120_000);
