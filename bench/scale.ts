import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { sql } from 'kysely';
import { openDatabase } from '../src/store/database.ts';
import { postgresBinaries, startPostgres } from '../test/postgres.ts';
import type { Size } from './scale/world.ts';

/** What a full run is: ten million facts, and a hundred million verdicts that last for some time each. */
const FULL: Size = { datasets: 4, items: 500_000, revisions: 5, checks: 41 };

interface Step {
  readonly part: string;
  readonly what: string;
  readonly seconds: number;
  readonly cpu: number;
  readonly rss: number;
  readonly answer: string;
}

const whole = (name: string, text: string | undefined, unless: number): number => {
  if (text === undefined) return unless;
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new RangeError(`--${name} is a whole number from 1 on, not ${text}`);
  return Number(text);
};

/**
 * Made, saved, opened and asked on a PostgreSQL server of its own: `npm run bench -- scale --items 500000 --room 512 --heap 2048`;
 * or on the embedded database, which is made for a tenth of that: `npm run bench -- scale --embedded --items 50000`.
 */
export async function benchScale(args: readonly string[]): Promise<void> {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    args: [...args],
    options: { datasets: text, items: text, revisions: text, checks: text, room: text, heap: text, embedded: { type: 'boolean' } },
  });
  const size: Size = {
    datasets: whole('datasets', values.datasets, FULL.datasets),
    items: whole('items', values.items, FULL.items),
    revisions: whole('revisions', values.revisions, FULL.revisions),
    checks: whole('checks', values.checks, FULL.checks),
  };
  const [room, heap] = [whole('room', values.room, 512), whole('heap', values.heap, 2048)];
  const folder = mkdtempSync(join(process.env.BENCH_DIR ?? tmpdir(), 'tickmark-scale-'));
  const { where, stop } = await databaseOf(values.embedded === true, folder);
  try {
    console.log(
      `${values.embedded ? 'embedded database' : 'PostgreSQL'}; ${size.datasets} datasets of ${size.items} items, each told ${size.revisions} times, ${size.checks} checks of each dataset; room ${room} MiB; heap ${heap} MB; Node ${process.version}, ${availableParallelism()} cores (${cpus()[0]?.model}), load ${loadavg()[0]?.toFixed(1)}`,
    );
    await inChild('make', size, { room: Math.max(room, 2048), heap: Math.max(heap, 6144), folder, where });
    await sizes(where);
    await inChild('use', size, { room, heap, folder, where });
    await sizes(where);
  } finally {
    stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function inChild(
  part: string,
  size: Size,
  on: { readonly room: number; readonly heap: number; readonly folder: string; readonly where: string },
): Promise<void> {
  const child = join(import.meta.dirname, 'scale/child.ts');
  const args = [`--max-old-space-size=${on.heap}`, child, part, JSON.stringify(size), String(on.room), on.folder, on.where];
  const running = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise<string>((resolve) => running.once('close', (code, signal) => resolve(`${signal ?? code}`)));
  for await (const line of createInterface({ input: running.stdout })) {
    const { what, seconds, cpu, rss, answer } = JSON.parse(line) as Step;
    console.log(
      `${part.padEnd(5)} ${what.padEnd(42)} ${seconds.toFixed(1).padStart(8)} s  cpu ${cpu.toFixed(1).padStart(7)} s  rss ${String(rss).padStart(6)} MiB  ${answer}`,
    );
  }
  const how = await ended;
  if (how !== '0') throw new Error(`${part} ended with ${how}`);
}

async function databaseOf(embedded: boolean, folder: string): Promise<{ readonly where: string; stop(): void }> {
  if (embedded) return { where: join(folder, 'database'), stop: () => undefined };
  const bin = postgresBinaries();
  if (!bin) throw new RangeError('PostgreSQL is not on this machine: apt-get install postgresql');
  const { url, stop } = await startPostgres(bin);
  return { where: url, stop };
}

async function sizes(where: string): Promise<void> {
  const database = await openDatabase(where.startsWith('/') ? { dir: where } : { url: where });
  const { rows } = await sql<{ kind: string; blocks: string; bytes: string }>`
    select kind, count(*) as blocks, sum(length(bytes)) as bytes from cache.block group by kind order by kind`.execute(database.sql);
  for (const { kind, blocks, bytes } of rows) console.log(`      ${kind}: ${blocks} blocks, ${(Number(bytes) / 2 ** 20).toFixed(1)} MiB`);
  const { rows: whole } = await sql<{ size: string }>`select pg_total_relation_size('cache.block') as size`.execute(database.sql);
  console.log(`      on the disk: ${(Number(whole[0]?.size) / 2 ** 20).toFixed(0)} MiB`);
  await database.close();
}
