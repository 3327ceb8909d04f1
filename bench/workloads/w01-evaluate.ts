import { days } from '../../src/core/instant.ts';
import { Assessor, type Reading } from '../../src/engine/assess.ts';
import { Coverage } from '../../src/engine/coverage.ts';
import { Engine } from '../../src/engine/engine.ts';
import { itemParts } from '../../src/engine/facts.ts';
import type { Workload } from '../harness/bench.ts';
import type { Participant } from '../harness/measure.ts';
import { checksOf, EXPECTED, runOf, type Test, testsOf, users } from '../iam/checks.ts';
import { byRules } from '../iam/rules.ts';
import { failingAt, usersTable } from '../iam/sql.ts';
import { START, type User, V0, yearOf } from '../iam/year.ts';
import { duckdb, rowsOf, sqlite } from '../peers/peers.ts';
import { intoDuckdb, intoSqlite } from '../peers/table.ts';

/** Test and user of each that fails. */
type Answer = readonly (readonly [test: number, user: string])[];

const OURS = 'Tickmark, told and examined';
const READ = 'Tickmark, read of the kept verdicts';
const RULES = 'json-rules-engine';

export const evaluate: Workload = {
  id: 'W1',
  title: 'Ten tests of every user at one instant, from rows in memory',
  why: 'The peers are given columns or objects made beforehand that hold what these ten tests ask, and keep a test and a name of what fails. Telling and examining is what the first run of a source costs: every row becomes an interval found by its item, every check is a function that gives a verdict with its words, the instant up to which it holds and the rows it cites, and all of it is laid into columns to be kept, so that every run after it costs what changed (W3). The read says of each of some 120,000 deviating items since when, and what is not known. On a click neither is asked: what a page shows is counted as verdicts are laid (`npm run bench -- server`). The goals come from a machine on which the typed loop took 5 ms; here it takes more than ten times that.',
  async run(bench) {
    const count = bench.options.users ?? 100_000;
    const tests = testsOf(10);
    const [rows = []] = yearOf({ users: count, days: 1, ...V0 }).snapshots;
    bench.size(`${count.toLocaleString('en')} users, ${tests.length} tests`);

    const [checks, run] = [checksOf(tests), runOf(rows, START, 0)];
    const read = (engine: Engine): readonly Reading[] => {
      const assessor = new Assessor(engine, new Coverage(engine.facts, [users], EXPECTED));
      return checks.map((check) => assessor.at(check, START, { from: START, to: START + 1 }));
    };
    const examined = () => read(Engine.from(checks, [run]));
    const engine = Engine.from(checks, [run]);
    const connection = await duckdb(bench);
    await intoDuckdb(connection, usersTable(rows));
    const db = sqlite(bench);
    intoSqlite(db, usersTable(rows));
    const scan = db.prepare(failingAt(tests, START));
    scan.setReturnArrays(true);

    const participants: readonly Participant<Answer | readonly Reading[]>[] = [
      { name: OURS, ours: true, run: examined },
      { name: READ, ours: true, run: () => read(engine) },
      { name: 'row closures', run: closures(tests, rows) },
      { name: 'typed loop', run: typed(tests, rows) },
      { name: 'SQLite scan', run: () => scan.all() as unknown as Answer },
      { name: 'DuckDB scan', run: async () => (await rowsOf(connection, failingAt(tests, START))) as unknown as Answer },
      { name: RULES, rounds: 1, run: byRules(tests, rows, START) },
    ];
    const compared = await bench.compare('status of every user and test, and those that fail', participants, { pairs: 3, digest });
    await bench.profile('telling and examining', examined);
    const took = compared.median(OURS);
    bench.note(
      `${took === null ? '' : `${Math.round((count * tests.length * 1000) / took).toLocaleString('en')} examinations a second. `}CloudSploit is on no registry: measured elsewhere.`,
    );
    bench.goal('json-rules-engine', compared.ratio(RULES), { least: 500 }, 'x');
    bench.goal('SQLite scan', compared.ratio('SQLite scan'), { least: 2.5 }, 'x');
    bench.goal('DuckDB scan', compared.ratio('DuckDB scan'), { least: 1 }, 'x');
    bench.goal('told and examined, of the time of row closures', inverse(compared.ratio('row closures')), { most: 3 }, 'x');
    const [kept, loop] = [compared.median(READ), compared.median('row closures')];
    bench.goal('read of the kept verdicts, of the time of row closures', kept !== null && loop !== null ? kept / loop : null, { most: 3 }, 'x');
  },
};

const inverse = (ratio: number | null): number | null => (ratio === null ? null : 1 / ratio);

/** The least that a program can do that asks a function of every row and keeps what fails. */
function closures(tests: readonly Test[], rows: readonly User[]): () => Answer {
  const ask = tests.map(
    ({ holds, since }) =>
      (user: User) =>
        holds(user) && (since === null || Number(user[since.field]) + days(since.days) <= START),
  );
  return () => {
    const failing: (readonly [number, string])[] = [];
    ask.forEach((fails, test) => {
      const statuses = new Uint8Array(rows.length);
      rows.forEach((user, place) => {
        if (!fails(user)) return;
        statuses[place] = 1;
        failing.push([test, user.id]);
      });
    });
    return failing;
  };
}

/** Columns of numbers, one loop a test: what the machine can do at best. */
function typed(tests: readonly Test[], rows: readonly User[]): () => Answer {
  const columns = tests.map(({ holds, since }) => ({
    holds: Uint8Array.from(rows, (user) => Number(holds(user))),
    due: Float64Array.from(rows, (user) => (since === null ? 0 : Number(user[since.field]) + days(since.days))),
  }));
  return () => {
    const failing: (readonly [number, string])[] = [];
    columns.forEach(({ holds, due }, test) => {
      for (let place = 0; place < holds.length; place++) if (holds[place] === 1 && (due[place] ?? 0) <= START) failing.push([test, rows[place]?.id ?? '']);
    });
    return failing;
  };
}

function digest(answer: Answer | readonly Reading[]): string {
  const failing = answer.flatMap((its, test) =>
    'deviations' in its ? its.deviations.map(({ item }) => `${test} ${itemParts(item).key}`) : [`${Number(its[0])} ${its[1]}`],
  );
  return failing.sort().join('\n');
}
