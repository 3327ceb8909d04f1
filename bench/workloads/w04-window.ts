import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Check } from '../../src/checks/check.ts';
import { Engine } from '../../src/engine/engine.ts';
import { openDatabase } from '../../src/store/database.ts';
import { openStore } from '../../src/store/store.ts';
import type { Bench, Workload } from '../harness/bench.ts';
import type { Participant } from '../harness/measure.ts';
import { checksOf, EXPECTED, runsOf, type Test, testsOf, users } from '../iam/checks.ts';
import { countDay, fromDays, fromSteps, Matrix, typedLoop } from '../iam/matrix.ts';
import { closedForm, expanded, grouped, snapshotsTable, spellsTable } from '../iam/sql.ts';
import { endOf, type Spell, spells, START, type User, V0, V1, type Year, yearOf } from '../iam/year.ts';
import { duckdb, postgres, rowsOf, sqlite } from '../peers/peers.ts';
import { intoDuckdb, intoPostgres, intoSqlite } from '../peers/table.ts';
import { keepAll, readerOf, restored } from '../product.ts';

const OURS = 'Tickmark, read of the kept verdicts';

export const window: Workload = {
  id: 'W4',
  title: 'A year, day by day: how many users fail each test',
  why: 'A loop over typed columns of the same intervals, which knows nothing but these ten tests, takes 16 to 30 ms on this machine; where the goals were set it took 2. The read takes once to twice the time of that loop, and says beside what fails what nobody knows, and why. The goals that are multiples of the peers were set against the same 2 ms. From the disk, an embedded PostgreSQL gives back the blocks that it keeps, which are decoded; the peers open a file with ten columns.',
  async run(bench) {
    const { options } = bench;
    const [count, length] = [options.users ?? 10_000, options.days ?? 365];
    const tests = testsOf(options.tests ?? 10);
    const volatile = Math.max(1, Math.floor(count / 5));
    bench.size(`${length} days, ${count.toLocaleString('en')} users, ${tests.length} tests; with volatile fields ${volatile.toLocaleString('en')} users`);
    await calm(bench, tests, yearOf({ users: count, days: length, ...V0 }));
    await restless(bench, tests, yearOf({ users: volatile, days: length, ...V1 }));
  },
};

/** State alone: 0.5 % of users change in a day. */
async function calm(bench: Bench, tests: readonly Test[], year: Year): Promise<void> {
  const [checks, told] = [checksOf(tests), spells(year)];
  const started = performance.now();
  const engine = Engine.from(checks, runsOf(year));
  bench.note(
    `Told and examined once, before anything is read: ${Math.round(performance.now() - started)} ms for ${told.length.toLocaleString('en')} intervals.`,
  );
  const ours = windowOf(engine, checks, year);
  const pool = await postgres(bench);
  const participants: Participant<Matrix>[] = [
    { name: OURS, ours: true, run: ours },
    { name: 'typed loop over intervals', run: typedLoop(tests, told, year.at.length) },
    await inSqlite(bench, tests, told, year, null),
    await inDuckdb(bench, tests, told, year, null),
    reparsed(bench, tests, year),
  ];
  if (pool) {
    await intoPostgres(pool, spellsTable(told));
    await pool.query(`${snapshotsTable}; analyze snapshots`);
    const query = async (text: string) => (await pool.query<unknown[]>({ text, rowMode: 'array' })).rows;
    participants.push(
      { name: 'PostgreSQL, intervals in closed form', run: async () => fromSteps(tests.length, year.at.length, await query(closedForm('postgres', tests))) },
      { name: 'PostgreSQL, intervals by day', run: async () => fromDays(tests.length, year.at.length, await query(expanded(tests))) },
      { name: 'PostgreSQL, snapshots grouped', run: async () => fromDays(tests.length, year.at.length, await query(grouped(tests))) },
    );
  }
  const compared = await bench.compare('state alone, warm', participants, { pairs: 5, digest });
  await bench.profile('the warm read', ours);
  const size = `${year.snapshots[0]?.length.toLocaleString('en')} users x ${tests.length} tests`;
  bench.goal(`warm, ${size}`, compared.median(OURS), { most: tests.length > 10 ? 300 : (year.snapshots[0]?.length ?? 0) > 10_000 ? 80 : 10 }, 'ms');
  bench.goal('best PostgreSQL form', pool && Math.min(...postgresForms.map((name) => compared.ratio(name) ?? Number.NaN)), { least: 40 }, 'x');
  bench.goal('DuckDB in closed form', compared.ratio(DUCKDB), { least: 2 }, 'x');
  bench.goal('parsing every snapshot again', compared.ratio(REPARSED), { least: 1000 }, 'x');
  if (bench.options.peers === 'all') await cold(bench, { tests, checks, told, year, engine });
}

const DUCKDB = 'DuckDB, intervals in closed form';
const REPARSED = 'every snapshot parsed again';
const postgresForms = ['PostgreSQL, intervals in closed form', 'PostgreSQL, intervals by day', 'PostgreSQL, snapshots grouped'];

interface Known {
  readonly tests: readonly Test[];
  readonly checks: readonly Check[];
  readonly told: readonly Spell[];
  readonly year: Year;
  readonly engine: Engine;
}

/** From the disk: what a process that has just started does before its first answer. */
async function cold(bench: Bench, { tests, checks, told, year, engine }: Known): Promise<void> {
  const database = await openDatabase({ dir: join(bench.dir, 'database') });
  bench.after(() => database.close());
  const store = await openStore(database);
  await keepAll(store, engine);
  const name = 'Tickmark, store loaded and read';
  const run = async () => windowOf(await restored(store, checks), checks, year)();
  const compared = await bench.compare(
    'state alone, from the disk',
    [{ name, ours: true, run }, await inSqlite(bench, tests, told, year, 'cold.sqlite'), await inDuckdb(bench, tests, told, year, 'cold.duckdb')],
    { pairs: 3, digest },
  );
  await bench.profile('the read from the disk', run);
  bench.goal('from the disk', compared.median(name), { most: 100 }, 'ms');
}

/** With a field that changes for every third user a day, thirty times as many intervals. */
async function restless(bench: Bench, tests: readonly Test[], year: Year): Promise<void> {
  const [checks, told] = [checksOf(tests), spells(year)];
  const ours = windowOf(Engine.from(checks, runsOf(year)), checks, year);
  const compared = await bench.compare(
    'with volatile fields, warm',
    [
      { name: OURS, ours: true, run: ours },
      { name: 'typed loop over intervals', run: typedLoop(tests, told, year.at.length) },
      await inSqlite(bench, tests, told, year, 'volatile.sqlite'),
      await inDuckdb(bench, tests, told, year, 'volatile.duckdb'),
    ],
    { pairs: 5, digest },
  );
  bench.note(`With volatile fields: ${told.length.toLocaleString('en')} intervals of ${year.snapshots[0]?.length.toLocaleString('en')} users.`);
  bench.goal('with volatile fields, warm (the design: 10,000 users)', compared.median(OURS), { most: 300 }, 'ms');
}

/** Days counted from what the product says of the period. */
export function windowOf(engine: Engine, checks: readonly Check[], year: Year): () => Matrix {
  const [period, last] = [{ from: START, to: endOf(year) }, endOf(year) - 1];
  const read = readerOf(engine, [users], EXPECTED, checks);
  return () => {
    const matrix = new Matrix(checks.length, year.at.length);
    read(period, last, (test, _, from, to) => matrix.add(test, from, to));
    return matrix.summed();
  };
}

async function inSqlite(bench: Bench, tests: readonly Test[], told: readonly Spell[], { at }: Year, file: string | null): Promise<Participant<Matrix>> {
  const db = sqlite(bench, file);
  intoSqlite(db, spellsTable(told));
  const query = db.prepare(closedForm('sqlite', tests));
  query.setReturnArrays(true);
  return { name: 'SQLite, intervals in closed form', run: () => fromSteps(tests.length, at.length, query.all() as unknown as unknown[][]) };
}

async function inDuckdb(bench: Bench, tests: readonly Test[], told: readonly Spell[], { at }: Year, file: string | null): Promise<Participant<Matrix>> {
  const connection = await duckdb(bench, file);
  await intoDuckdb(connection, spellsTable(told));
  return { name: DUCKDB, run: async () => fromSteps(tests.length, at.length, await rowsOf(connection, closedForm('duckdb', tests))) };
}

/** A file of JSON for every day, all of them read and parsed for each answer. */
function reparsed(bench: Bench, tests: readonly Test[], year: Year): Participant<Matrix> {
  const folder = join(bench.dir, 'snapshots');
  mkdirSync(folder);
  year.snapshots.forEach((users, day) => {
    writeFileSync(join(folder, `${day}.json`), JSON.stringify(users));
  });
  return {
    name: REPARSED,
    rounds: 1,
    run() {
      const matrix = new Matrix(tests.length, year.at.length);
      for (let day = 0; day < year.at.length; day++)
        countDay(matrix, tests, JSON.parse(readFileSync(join(folder, `${day}.json`), 'utf8')) as readonly User[], day);
      return matrix;
    },
  };
}

const digest = (matrix: Matrix): string => matrix.digest();
