import { days } from '../../src/core/instant.ts';
import type { Test } from './checks.ts';
import { DAY, type Spell, START, type User } from './year.ts';

/** How many users fail each test on each day: tests in rows, days beside each other. */
export class Matrix {
  readonly length: number;
  readonly counts: Int32Array;

  constructor(tests: number, length: number) {
    this.length = length;
    this.counts = new Int32Array(tests * length);
  }

  /** One user fails from an instant up to another. */
  add(test: number, from: number, to: number): void {
    this.step(test, dayOf(from), 1);
    this.step(test, dayOf(to), -1);
  }

  /** From a day on, so many more than the day before. */
  step(test: number, day: number, more: number): void {
    if (day >= this.length) return;
    const place = test * this.length + Math.max(0, day);
    this.counts[place] = (this.counts[place] ?? 0) + more;
  }

  /** Steps to counts. */
  summed(): Matrix {
    for (let place = 0; place < this.counts.length; place++)
      if (place % this.length > 0) this.counts[place] = (this.counts[place] ?? 0) + (this.counts[place - 1] ?? 0);
    return this;
  }

  digest(): string {
    return this.counts.join();
  }
}

/** The first look at or after an instant. */
const dayOf = (at: number): number => Math.ceil((at - START) / DAY);

/** From rows of test, day and how many more. */
export function fromSteps(tests: number, length: number, rows: Iterable<readonly unknown[]>): Matrix {
  const matrix = new Matrix(tests, length);
  for (const [test, day, more] of rows) matrix.step(Number(test), Number(day), Number(more));
  return matrix.summed();
}

/** From rows of a day and the count of each test. */
export function fromDays(tests: number, length: number, rows: Iterable<readonly unknown[]>): Matrix {
  const matrix = new Matrix(tests, length);
  for (const [day, ...counts] of rows)
    counts.forEach((count, test) => {
      matrix.counts[test * length + Number(day)] = Number(count);
    });
  return matrix;
}

/** Columns of numbers, and every test in a loop of its own: what this machine can do at best, without a product around it. */
export function typedLoop(tests: readonly Test[], spells: readonly Spell[], length: number): () => Matrix {
  const [from, to] = [Float64Array.from(spells, ({ vf }) => vf), Float64Array.from(spells, ({ vt }) => vt)];
  const columns = tests.map(({ holds, since }) => ({
    holds: Uint8Array.from(spells, (spell) => Number(holds(spell))),
    due: since ? Float64Array.from(spells, (spell) => Number(spell[since.field]) + days(since.days)) : null,
  }));
  return () => {
    const matrix = new Matrix(tests.length, length);
    columns.forEach(({ holds, due }, test) => {
      for (let place = 0; place < from.length; place++) {
        if (!holds[place]) continue;
        const [begins, ends] = [Math.max(from[place] ?? 0, due?.[place] ?? 0), to[place] ?? 0];
        if (begins < ends) matrix.add(test, begins, ends);
      }
    });
    return matrix.summed();
  };
}

/** Every user of one look asked every test: what a tool without history does each time. */
export function countDay(matrix: Matrix, tests: readonly Test[], users: readonly User[], day: number): void {
  const at = START + day * DAY;
  tests.forEach(({ holds, since }, test) => {
    let count = 0;
    for (const user of users) if (holds(user) && (since === null || Number(user[since.field]) + days(since.days) <= at)) count++;
    matrix.counts[test * matrix.length + day] = count;
  });
}
