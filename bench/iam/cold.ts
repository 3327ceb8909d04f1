import { readFileSync, writeFileSync } from 'node:fs';
import { days } from '../../src/core/instant.ts';
import { assemble } from '../../src/engine/assemble.ts';
import { Assessor } from '../../src/engine/assess.ts';
import { Coverage } from '../../src/engine/coverage.ts';
import { Engine } from '../../src/engine/engine.ts';
import { catalogOf, stampAt } from './catalog.ts';
import { checksOf, EXPECTED, runOf, testsOf, users } from './checks.ts';
import { START, type User } from './year.ts';

/** From a saved collection to how many users fail each test, and the posture in a file: `cold.ts ours|loop IN OUT`. Says its highest memory too. */
const [how, from = '', to = ''] = process.argv.slice(2);
const rows = JSON.parse(readFileSync(from, 'utf8')) as readonly User[];
const tests = testsOf(10);
const failing = how === 'ours' ? posture() : loop();
console.log(JSON.stringify({ failing, rss: process.resourceUsage().maxRSS * 1024 }));

function posture(): readonly number[] {
  const checks = checksOf(tests);
  const engine = Engine.from(checks, [runOf(rows, START, 0)]);
  const coverage = new Coverage(engine.facts, [users], EXPECTED);
  const assembled = assemble({ engine, coverage, assessor: new Assessor(engine, coverage), checks, catalog: catalogOf(checks) }, stampAt(START));
  writeFileSync(to, JSON.stringify(assembled));
  return assembled.checks.map(({ deviations }) => deviations);
}

function loop(): readonly number[] {
  const fails = tests.map(({ holds, since }) =>
    rows.filter((user) => holds(user) && (since === null || Number(user[since.field]) + days(since.days) <= START)),
  );
  writeFileSync(to, JSON.stringify(fails.map((those) => those.map(({ id }) => id))));
  return fails.map(({ length }) => length);
}
