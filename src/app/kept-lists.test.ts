import fc from 'fast-check';
import { expect, it } from 'vitest';
import { days, type Instant, instant } from '../core/instant.ts';
import { holds, type Period } from '../core/interval.ts';
import type { Dataset, Row } from '../datasets/dataset.ts';
import { workers as engagements } from '../datasets/hr/workers.ts';
import { users } from '../datasets/identity/users.ts';
import { accounts } from '../datasets/people/accounts.ts';
import type { Leaver } from '../datasets/people/leavers.ts';
import { type Worker, workers } from '../datasets/people/workers.ts';
import { Coverage } from '../engine/coverage.ts';
import { Engine } from '../engine/engine.ts';
import type { Run } from '../engine/facts.ts';
import { cases } from '../engine/testing/cases.ts';
import { finished } from '../engine/steps-of-work.ts';
import { type AccountLine, accountsAhead, accountsAt, wholeAccounts } from './account-list.ts';
import { accessBySystem } from './access-by-system.ts';
import { LEAVERS, WORKERS } from './ends.ts';
import type { Ground } from './grounds.ts';
import { asAccount, asPerson, bestOf } from './mentioned.ts';
import { peopleOf, wholeList } from './people.ts';
import { removalsIn } from './removals.ts';
import { type Listing, rowList } from './row-list.ts';

const START = instant('2026-03-01T00:00:00Z');
const ALL = [engagements, users, workers, accounts] as unknown as readonly Dataset[];
const day = (least: number, most: number) => fc.integer({ min: least, max: most }).map((count) => START + days(count));
const one = <Value>(...values: Value[]) => fc.constantFrom(...values);

const engaged: fc.Arbitrary<Row> = fc
  .record({
    workerId: one('1', '10', '2', 'x@y'),
    fullName: one('Ann', 'ann', 'Bob', 'É'),
    startAt: day(-4, 14),
    lasts: fc.option(fc.integer({ min: 1, max: 9 })),
  })
  .map(({ workerId, fullName, startAt, lasts }) => ({
    ...{ workerId, fullName, startAt, terminationAt: lasts === null ? null : startAt + days(lasts), timezone: 'UTC' },
    ...{ employmentType: 'employee', emails: [`${workerId}@acme.example`], title: null, department: null, managerId: null },
  }));
const user: fc.Arbitrary<Row> = fc
  .record({
    userId: one('u', 'v', 'w'),
    owner: one('1', '2', '10', 'z'),
    status: one('active', 'suspended'),
    privileged: one('yes', 'no'),
    createdAt: fc.option(day(0, 3)),
  })
  .map(({ userId, owner, ...its }) => ({
    ...{ systemId: 'okta', userId, login: `${userId} of ${owner}`, handles: [], emails: [`${owner}@acme.example`], displayName: null, hrId: null },
    ...{ kind: 'human', password: 'yes', ...its },
  }));

const told = fc
  .record({
    of: one('hr', 'hr', 'users'),
    source: one('a', 'b/c'),
    at: day(0, 12),
    hired: fc.uniqueArray(engaged, { maxLength: 6, selector: engagements.key as (row: Row) => string }),
    known: fc.uniqueArray(user, { maxLength: 3, selector: ({ userId }) => userId }),
  })
  .map(({ of, source, at, hired, known }) => ({
    dataset: of === 'hr' ? 'hr.workers' : 'identity.users',
    source,
    partition: 'p',
    at,
    rows: of === 'hr' ? hired : known,
    complete: true,
    reason: null,
  }));

/** Runs as they come: some late, and some told twice. */
const learned = fc.array(told, { minLength: 1, maxLength: 10 }).map((runs) => runs.map((run, record): Run => ({ ...run, record })));
const asking = fc.record({
  at: day(-2, 16),
  state: one(undefined, 'employed' as const, 'left' as const, 'to come' as const),
  text: one(undefined, undefined, undefined, 'ANN'),
  from: fc.nat(5),
});
const history = fc.record({ runs: learned, asked: fc.array(asking, { minLength: 30, maxLength: 30 }) });

const groundOf = (engine: Engine, asOf: Instant) => ({ engine, coverage: new Coverage(engine.facts, ALL, []), periods: {}, asOf }) as unknown as Ground;

it('lists people by what it keeps as if they were listed from nothing, whatever is learned in whatever order', async () => {
  let seen = 0;
  await fc.assert(
    fc.asyncProperty(history, async ({ runs, asked }) => {
      const engine = new Engine([], ALL);
      for (const [number, run] of runs.entries()) {
        engine.learn(run);
        for (const { at, state, text, from } of asked.slice(3 * number, 3 * number + 3)) {
          const people = peopleOf(async () => groundOf(engine, at));
          const { list } = await people.personList({ state, text });
          const whole = wholeList((await people.people()).people, state, text);
          expect(list.window(0, list.count)).toEqual(whole.window(0, whole.count));
          expect([list.count, list.window(from, from + 2)]).toEqual([whole.count, whole.window(from, from + 2)]);
          const keys = (its: typeof list) => Array.from({ length: its.count }, (_, place) => its.keysAt(place));
          expect(keys(list)).toEqual(keys(whole));
          for (const line of whole.window(0, 1)) expect(await people.person(line.id)).toMatchObject(line);
          expect(await people.person('nobody')).toBeNull();
          seen += list.count;
        }
      }
    }),
    { numRuns: cases(20) },
  );
  expect(seen).toBeGreaterThan(20);
});

it('lists accounts by what it keeps as if they were listed from nothing', async () => {
  let seen = 0;
  const asked = fc.record({
    at: day(-2, 16),
    of: one('all' as const, 'all' as const, 'orphans' as const, 'services' as const),
    system: one(undefined, undefined, 'okta', 'okta', 'p'),
    status: one(undefined, undefined, 'active' as const, 'suspended' as const),
    from: fc.nat(4),
  });
  await fc.assert(
    fc.asyncProperty(learned, fc.array(asked, { minLength: 30, maxLength: 30 }), async (runs, questions) => {
      const engine = new Engine([], ALL);
      for (const [number, run] of runs.entries()) {
        engine.learn(run);
        if (number % 3 === 1) finished(accountsAhead(engine.facts, START + days(8)));
        for (const { at, from, ...its } of questions.slice(3 * number, 3 * number + 3)) {
          const { list } = await peopleOf(async () => groundOf(engine, at)).accountList(its);
          const whole = wholeAccounts(accountsAt(engine.facts, at), its);
          expect([list.count, list.window(from, from + 2)]).toEqual([whole.count, whole.window(from, from + 2)]);
          expect(list.window(0, list.count)).toEqual(whole.window(0, whole.count));
          for (let place = 0; place < list.count; place++) expect(list.keysAt(place)).toEqual(whole.keysAt(place));
          seen += list.count;
        }
      }
    }),
    { numRuns: cases(60) },
  );
  expect(seen).toBeGreaterThan(60);
});

it('finds people and accounts as if all of them were looked through', async () => {
  let seen = 0;
  const asked = fc.record({ at: day(-2, 16), sought: one('ann', '1', '10', 'u of', 'of 1', 'okta v', 'é', 'x@y', '@acme', 'in', 'nobody') });
  await fc.assert(
    fc.asyncProperty(learned, fc.array(asked, { minLength: 30, maxLength: 30 }), async (runs, questions) => {
      const engine = new Engine([], ALL);
      for (const [number, run] of runs.entries()) {
        engine.learn(run);
        for (const { at, sought } of questions.slice(3 * number, 3 * number + 3)) {
          const people = peopleOf(async () => groundOf(engine, at));
          const found = await people.found({ sought, most: 50 });
          const everybody = (await people.people()).people;
          expect(found.people).toEqual(bestOf(everybody, asPerson, { sought, most: 50 }));
          const names = (lines: readonly AccountLine[]) => new Set(lines.map((line) => JSON.stringify(asAccount(line))));
          expect(names(found.accounts)).toEqual(names(bestOf(accountsAt(engine.facts, at), asAccount, { sought, most: 50 })));
          seen += found.people.length + found.accounts.length;
        }
      }
    }),
    { numRuns: cases(20) },
  );
  expect(seen).toBeGreaterThan(20);
});

/** Everybody who left in a period, every engagement read. */
function leftPlainly({ engine: { facts } }: Ground, period: Period, at: Instant) {
  const told = [...facts.table(WORKERS).entries()].flatMap(([place, its]) => {
    const row = its.findLast(({ from }) => from <= at)?.row as Worker | undefined;
    const end = facts
      .table(LEAVERS)
      .at(place)
      .find((fact) => holds(fact, at))?.row as Leaver | undefined;
    const left = end ? end.endAt : (row?.terminationAt ?? null);
    return row && left !== null && left <= at && holds(period, left) ? [{ workerId: row.workerId, name: row.fullName, leftAt: left }] : [];
  });
  return told.map((its) => JSON.stringify(its)).sort();
}

it('tells of removals of everybody who left, and of access of every account, as if all were read', () => {
  let [left, systems] = [0, 0];
  const asked = fc.record({ at: day(-2, 16), from: day(-4, 9), lasts: fc.integer({ min: 1, max: 9 }), isSorted: fc.boolean() });
  fc.assert(
    fc.property(learned, fc.array(asked, { minLength: 30, maxLength: 30 }), (runs, questions) => {
      const engine = new Engine([], [...ALL, LEAVERS]);
      for (const [number, run] of runs.entries()) {
        engine.learn(run);
        for (const { at, from, lasts, isSorted } of questions.slice(3 * number, 3 * number + 3)) {
          const ground = { ...groundOf(engine, at), checks: [], assessor: {} } as unknown as Ground;
          const period = { from, to: from + days(lasts) };
          const { leavers } = removalsIn(ground, period, at);
          expect(leavers.map(({ workerId, name, leftAt }) => JSON.stringify({ workerId, name, leftAt })).sort()).toEqual(leftPlainly(ground, period, at));
          left += leavers.length;
          if (isSorted) finished(accountsAhead(engine.facts, START + days(2)));
          const usable = [...accountsAt(engine.facts, at)].filter(({ status }) => status === 'active');
          const count = (of: (line: AccountLine) => boolean) => usable.filter(of).length;
          const its = {
            active: usable.length,
            privileged: count((line) => line.privileged === 'yes'),
            orphaned: count((line) => line.personId === null && line.ownerId === null),
          };
          expect(accessBySystem(ground, at)).toMatchObject(usable.length === 0 ? [] : [{ system: 'okta', privilegedUnknown: 0, ...its }]);
          systems += usable.length;
        }
      }
    }),
    { numRuns: cases(60) },
  );
  expect(Math.min(left, systems)).toBeGreaterThan(20);
});

const listing = fc.record({ sort: one(undefined, 'status', '-createdAt', '-login'), at: day(-1, 14), period: fc.option(fc.tuple(day(0, 6), day(7, 12))) });

it('lists rows by what it keeps as if they were listed from nothing', () => {
  let seen = 0;
  fc.assert(
    fc.property(learned, fc.array(listing, { minLength: 30, maxLength: 30 }), (runs, asked) => {
      const engine = new Engine([], ALL);
      for (const [number, run] of runs.entries()) {
        engine.learn(run);
        for (const { sort, at, period } of asked.slice(3 * number, 3 * number + 3)) {
          const dataset = users as unknown as Dataset;
          const its: Listing = {
            asOf: at,
            period: period && { from: period[0], to: period[1] },
            where: [],
            text: undefined,
            sort,
            isInstant: (field) => field === 'createdAt',
          };
          const kept = rowList(groundOf(engine, at), dataset, its);
          // A condition that all meet has the rows sorted by themselves.
          const made = rowList(groundOf(engine, at), dataset, { ...its, where: [{ field: 'userId', operator: '!', value: 'nobody' }] });
          expect([...kept.each()]).toEqual([...made.each()]);
          expect(kept.window(1, 3)).toEqual(made.window(1, 3));
          seen += kept.count;
        }
      }
    }),
    { numRuns: cases(20) },
  );
  expect(seen).toBeGreaterThan(20);
});
