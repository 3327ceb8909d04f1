import { join } from 'node:path';
import { zstdCompressSync } from 'node:zlib';
import type { Bench, Workload } from '../harness/bench.ts';
import { bytesIn, openIngest } from '../iam/ingest.ts';
import { snapshotsTable, spellsTable } from '../iam/sql.ts';
import { spells, V0, V1, type Year, yearOf } from '../iam/year.ts';
import { repository } from '../peers/git.ts';
import { postgres } from '../peers/peers.ts';
import { intoPostgres } from '../peers/table.ts';

export const storage: Workload = {
  id: 'W10',
  title: 'Bytes that a year of one source leaves on the disk',
  why: 'The first day of a source is laid down whole, in tables and indexes that have a size before they hold anything; after it a block of 256 items is rewritten with its history when one of them changes.',
  async run(bench) {
    const [users, days] = [bench.options.users ?? 10_000, bench.options.days ?? 30];
    bench.size(
      `${users.toLocaleString('en')} users, ${days} days: of a year it is told what the first day takes, and each of the others as much as those measured`,
    );
    const scale = users / 10_000;
    const calm = await kept(bench, 'state alone', yearOf({ users, days, ...V0 }));
    bench.goal('interval index of a year, state alone', calm.year, { most: 2.5 * scale }, 'MB');
    const restless = await kept(bench, 'with volatile fields', yearOf({ users, days, ...V1 }));
    bench.goal('interval index of a year, with volatile fields', restless.year, { most: 50 * scale }, 'MB');
    bench.goal('payloads of days that say the same, for each after the first', await unchanged(bench, users), { most: 0.02 }, 'MB');
  },
};

const MB = 1e6;

async function kept(bench: Bench, label: string, year: Year): Promise<{ readonly year: number }> {
  const folder = join(bench.dir, label.replaceAll(' ', '-'));
  const ours = await openIngest(folder);
  const git = repository(`${folder}-git`);
  let [raw, zstd, first] = [0, 0, 0];
  for (const [day, rows] of year.snapshots.entries()) {
    const text = JSON.stringify(rows);
    raw += text.length;
    zstd += zstdCompressSync(text).length;
    await ours.day(text, year.at[day] ?? 0);
    if (day === 0) first = (await ours.bytes()).index;
    git.commit('users.json', `${rows.map((row) => JSON.stringify(row)).join('\n')}\n`);
  }
  git.run('gc', '-q', '--aggressive');
  const bytes = await ours.bytes();
  await ours.close();
  const rows = [
    { name: 'Tickmark, sealed answers (compressed, encrypted) and their keys', ours: true, value: bytes.payloads / MB },
    { name: 'Tickmark, log', ours: true, value: bytes.log / MB },
    { name: 'Tickmark, interval index', ours: true, value: bytes.index / MB },
    { name: 'raw', ours: false, value: raw / MB },
    { name: 'zstd of each day', ours: false, value: zstd / MB },
    { name: 'git after gc', ours: false, value: bytesIn(join(git.dir, '.git')) / MB },
    ...(await inPostgres(bench, label, year)),
  ];
  bench.figures(
    label,
    rows.map((row) => ({ ...row, unit: 'MB' })),
  );
  const days = year.snapshots.length;
  return { year: (first + ((bytes.index - first) / Math.max(1, days - 1)) * 364) / MB };
}

async function inPostgres(
  bench: Bench,
  label: string,
  year: Year,
): Promise<readonly { readonly name: string; readonly ours: boolean; readonly value: number }[]> {
  const pool = await postgres(bench);
  if (!pool) return [];
  await intoPostgres(pool, spellsTable(spells(year)));
  await pool.query(snapshotsTable);
  const size = async (table: string) => Number((await pool.query<{ bytes: number }>(`select pg_total_relation_size('${table}') as bytes`)).rows[0]?.bytes) / MB;
  const [snapshots, intervals] = [await size('snapshots'), await size('spells')];
  await pool.query('drop table spells, snapshots');
  if (!Number.isFinite(snapshots)) throw new RangeError(`no sizes of ${label}`);
  return [
    { name: 'PostgreSQL, snapshots', ours: false, value: snapshots },
    { name: 'PostgreSQL, intervals', ours: false, value: intervals },
  ];
}

/** What the second telling of the same answer adds to the payloads. */
async function unchanged(bench: Bench, users: number): Promise<number> {
  const ours = await openIngest(join(bench.dir, 'unchanged'));
  const { snapshots, at } = yearOf({ users, days: 1, ...V0 });
  const text = JSON.stringify(snapshots[0]);
  const [first = 0] = at;
  await ours.day(text, first);
  const { payloads: before } = await ours.bytes();
  await ours.day(text, first + 86_400_000);
  const { payloads: after } = await ours.bytes();
  await ours.close();
  return (after - before) / MB; // a record keeps a detail of its own, some kilobytes
}
