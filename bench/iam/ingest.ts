import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'kysely';
import { changesOf } from '../../src/app/cache.ts';
import type { Instant } from '../../src/core/instant.ts';
import { Engine } from '../../src/engine/engine.ts';
import { openArchive } from '../../src/evidence/directory.ts';
import { openDatabase } from '../../src/store/database.ts';
import { openStore, type Position } from '../../src/store/store.ts';
import { madeRun } from '../../test/run-draft.ts';
import { checksOf, runOf, SOURCE, testsOf, users as dataset } from './checks.ts';
import { DAY, type User } from './year.ts';

/** What the product does with the answer of a source: seals it, learns it, keeps what that changed. */
export interface Ingest {
  /** All of it, durable when it resolves. */
  day(text: string, at: Instant): Promise<void>;
  /** The users that hold now, by what was kept. */
  users(): readonly User[];
  /** Bytes on the disk: the sealed answers, the log about them, and the tables of intervals. */
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
      const learned = engine.learn(runOf(JSON.parse(text) as readonly User[], at, index));
      const { root, size } = await archive.checkpoint();
      const next = { size, root, code: 'bench', catalog: 'bench' };
      const row = { index, title: SOURCE.source, outcome: 'success', sealedAt: at, reason: null, unreadable: null, rows: null };
      await store.save(position, { position: next, records: [row], ...changesOf(engine, [learned]) });
      position = next;
    },
    users: () =>
      [...engine.facts.items({ dataset })].flatMap((item) => {
        const last = engine.facts.of({ dataset }, item).at(-1);
        return last && last.to === Number.POSITIVE_INFINITY ? [last.row as User] : [];
      }),
    async bytes() {
      await sql`vacuum full cache.fact; vacuum full cache.step; vacuum full cache.look`.execute(database.sql).catch(() => undefined);
      const { rows } = await sql<{ bytes: number }>`
        select pg_total_relation_size('cache.fact') + pg_total_relation_size('cache.step') + pg_total_relation_size('cache.look') as bytes`.execute(
        database.sql,
      );
      const files = readdirSync(join(dir, 'archive'), { recursive: true, withFileTypes: true }).filter((it) => it.isFile());
      const sizes = files.map(({ parentPath, name }) => ({ path: join(parentPath, name), bytes: statSync(join(parentPath, name)).size }));
      const sum = (those: typeof sizes) => those.reduce((total, { bytes }) => total + bytes, 0);
      const payloads = sizes.filter(({ path }) => path.includes('/payloads/'));
      return { payloads: sum(payloads), log: sum(sizes.filter(({ path }) => path.includes('/log/'))), index: rows[0]?.bytes ?? 0 };
    },
    async close() {
      await archive.close();
      await database.close();
    },
  };
}
