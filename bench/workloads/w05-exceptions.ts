import { Engine } from '../../src/engine/engine.ts';
import { itemParts } from '../../src/engine/facts.ts';
import type { Workload } from '../harness/bench.ts';
import type { Participant } from '../harness/measure.ts';
import { sampleOf } from '../harness/sample.ts';
import { checksOf, EXPECTED, runsOf, type Test, testsOf, users } from '../iam/checks.ts';
import { failing, spellsTable } from '../iam/sql.ts';
import { endOf, spells, START, V0, yearOf } from '../iam/year.ts';
import { duckdb, rowsOf, sqlite } from '../peers/peers.ts';
import { intoDuckdb, intoSqlite } from '../peers/table.ts';
import { readerOf } from '../product.ts';

/** Test, user, from, to; and of every test the users that an auditor drew. */
interface Answer {
  readonly intervals: readonly (readonly [test: number, user: string, from: number, to: number])[];
  readonly samples: readonly (readonly string[])[];
}

const OURS = 'Tickmark, read of the kept verdicts';
const DRAWN = [25, 60];

export const exceptions: Workload = {
  id: 'W5',
  title: 'Every interval of a year in which a user fails a test, and the auditor’s samples',
  why: 'Every interval is named as its source names the item, and the samples are drawn from the population of each test sorted anew, by the peers too: most of the time is strings. Against DuckDB, which is one of them, the goal is met.',
  async run(bench) {
    const { options } = bench;
    const [count, length] = [options.users ?? 10_000, options.days ?? 365];
    const tests = testsOf(options.tests ?? 10);
    const year = yearOf({ users: count, days: length, ...V0 });
    const told = spells(year);
    bench.size(`${length} days, ${count.toLocaleString('en')} users, ${tests.length} tests, samples of ${DRAWN.join(' and ')} a test`);

    const checks = checksOf(tests);
    const engine = Engine.from(checks, runsOf(year));
    const read = readerOf(engine, [users], EXPECTED, checks);
    const ours = (): Answer => {
      const intervals: Answer['intervals'][number][] = [];
      read({ from: START, to: endOf(year) }, endOf(year) - 1, (test, item, from, to) =>
        intervals.push([test, itemParts(item).key, from, Math.min(to, endOf(year))]),
      );
      return {
        intervals,
        samples: checks.flatMap((check, test) =>
          draw(
            [...engine.verdicts(check).keys()].map((item) => itemParts(item).key),
            test,
          ),
        ),
      };
    };
    const connection = await duckdb(bench);
    await intoDuckdb(connection, spellsTable(told));
    const db = sqlite(bench);
    intoSqlite(db, spellsTable(told));
    const inSqlite = db.prepare(merged('sqlite', tests));
    inSqlite.setReturnArrays(true);
    const participants: readonly Participant<Answer>[] = [
      { name: OURS, ours: true, run: ours },
      {
        name: 'DuckDB',
        run: async () => answerOf(tests, await rowsOf(connection, merged('duckdb', tests)), await rowsOf(connection, 'select distinct id from spells')),
      },
      {
        name: 'SQLite',
        run: () =>
          answerOf(
            tests,
            inSqlite.all() as unknown as unknown[][],
            db
              .prepare('select distinct id from spells')
              .all()
              .map(({ id }) => [id]),
          ),
      },
    ];
    const compared = await bench.compare('all failing intervals and the samples', participants, { pairs: 7, digest });
    await bench.profile('the read', ours);
    const found = ours().intervals.length;
    const took = compared.median(OURS);
    bench.note(`${found.toLocaleString('en')} intervals${took === null ? '' : `, ${Math.round((found / took) * 1000).toLocaleString('en')} a second`}.`);
    bench.goal('all intervals and samples', took, { most: 40 }, 'ms');
    bench.goal('DuckDB', compared.ratio('DuckDB'), { least: 1 }, 'x');
  },
};

const draw = (population: readonly string[], test: number): readonly (readonly string[])[] =>
  DRAWN.map((count) => sampleOf(population.toSorted(), count, 42 + test));

function answerOf(tests: readonly Test[], rows: readonly (readonly unknown[])[], users: readonly (readonly unknown[])[]): Answer {
  const population = users.map(([id]) => String(id));
  return {
    intervals: rows.map(([test, user, from, to]) => [Number(test), String(user), Number(from), Number(to)]),
    samples: tests.flatMap((_, test) => draw(population, test)),
  };
}

/** Failing parts that touch are one: a user does not fail twice because something else about them changed. */
const merged = (dialect: 'sqlite' | 'duckdb', tests: readonly Test[]): string => `
  with failing as (${failing(dialect, tests)}),
  before as (select *, lag(t) over (partition by p, id order by f) as ended from failing),
  parts as (select *, sum(case when ended is not null and f <= ended then 0 else 1 end) over (partition by p, id order by f rows unbounded preceding) as part from before)
  select p, id, min(f), max(t) from parts group by p, id, part`;

/** In one order, and joined where two parts with different reasons touch. */
function digest({ intervals, samples }: Answer): string {
  const sorted = intervals.toSorted(([a, x, from], [b, y, other]) => a - b || (x < y ? -1 : x > y ? 1 : from - other));
  const joined: [number, string, number, number][] = [];
  for (const [test, user, from, to] of sorted) {
    const last = joined.at(-1);
    if (last && last[0] === test && last[1] === user && last[3] === from) last[3] = to;
    else joined.push([test, user, from, to]);
  }
  return `${joined.map((interval) => interval.join(' ')).join('\n')}\n${samples.map((sample) => sample.join(' ')).join('\n')}`;
}
