import { it } from 'vitest';
import { missing, postgresBinaries, startPostgres } from '../../test/postgres.ts';
import { openDatabase } from './database.ts';
import { storeTester } from './store-tester.ts';

const bin = postgresBinaries();

if (bin === null) it.skipIf(missing('a PostgreSQL server', 'Install postgresql.'))('the store on a PostgreSQL server', () => undefined);
else {
  storeTester('a PostgreSQL server', async () => {
    const server = await startPostgres(bin);
    const database = await openDatabase({ url: server.url });
    return {
      database,
      async close() {
        await database.close();
        server.stop();
      },
    };
  });
}
