import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'kysely';
import type { Instant } from '../../src/core/instant.ts';
import { Engine } from '../../src/engine/engine.ts';
import { openArchive } from '../../src/evidence/directory.ts';
import { openDatabase } from '../../src/store/database.ts';
import { openStore, type Position } from '../../src/store/store.ts';
import { madeRun } from '../../test/run-draft.ts';
import { keepLearned } from '../product.ts';
import { checksOf, runOf, SOURCE, testsOf, users as dataset } from './checks.ts';
import { DAY, type User } from './year.ts';

/** What the product does with the answer of a source: seals it, learns it, keeps what that changed. */
export interface Ingest {
  /** All of it, durable when it resolves. */
  day(text: string, at: Instant): Promise<void>;
  /** The users that hold now, by what was kept. */
  users(): readonly User[];
  /** Bytes on the disk: the sealed answers and their keys, the log about them (not the room that it reserves), and the tables of intervals. */
  bytes(): Promise<{ readonly payloads: number; readonly log: number; readonly index: number }>;
  close(): Promise<void>;
}

export async function openIngest(dir: string): Promise<Ingest> {
  let now = 0;
  const archive = await openArchive({ dir: join(dir, 'archive'), clock: () => now, origin: 'bench.example' });
  const database = await openDatabase({ dir: join(dir, 'database') });
  const store = await openStore(database);
  const engine = new Engine(checksOf(testsOf(10)), [dataset]);
  let position: Position | null = null;
  return {
    async day(text, at) {
      now = at;
      const body = { slot: at, every: DAY, name: SOURCE.source, partition: SOURCE.partition };
      const [index = -1] = await archive.append([madeRun({ body, artifacts: { users: text } })]);
      engine.learn(runOf(JSON.parse(text) as readonly User[], at, index));
      const { root, size } = await archive.checkpoint();
      const next = { size, root, code: 'bench', catalog: 'bench' };
      const row = { index, title: SOURCE.source, outcome: 'success', sealedAt: at, reason: null, unreadable: null, rows: null };
      await keepLearned(store, position, next, row, engine);
      position = next;
    },
    users: () =>
      [...engine.facts.items({ dataset })].flatMap((item) => {
        const last = engine.facts.of({ dataset }, item).at(-1);
        return last && last.to === Number.POSITIVE_INFINITY ? [last.row as User] : [];
      }),
    async bytes() {
      await sql`vacuum full cache.block`.execute(database.sql);
      const { rows } = await sql<{ bytes: number }>`
        select sum(pg_total_relation_size(c.oid))::bigint as bytes from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where n.nspname = 'cache' and c.relkind = 'r' and c.relname not in ('record', 'position')`.execute(database.sql);
      const under = (...folders: readonly string[]) => folders.reduce((sum, folder) => sum + bytesIn(join(dir, 'archive', folder)), 0);
      return { payloads: under('packs', 'payloads', 'keys'), log: under('log') - bytesIn(join(dir, 'archive/log/.state')), index: Number(rows[0]?.bytes ?? 0) };
    },
    async close() {
      await archive.close();
      await database.close();
    },
  };
}

/** Of all files below a folder; 0 where there is none. */
export const bytesIn = (folder: string): number =>
  (existsSync(folder) ? readdirSync(folder, { recursive: true, withFileTypes: true }) : [])
    .filter((it) => it.isFile())
    .reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0);
