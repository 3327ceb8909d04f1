import { z } from 'zod';
import { type Check, conforms, defineCheck, deviates, type Verdict } from '../../src/checks/check.ts';
import { days, hours, iso, type Instant } from '../../src/core/instant.ts';
import { defineDataset } from '../../src/datasets/dataset.ts';
import type { Expected } from '../../src/engine/coverage.ts';
import type { Run } from '../../src/engine/facts.ts';
import type { User, Year } from './year.ts';

/** Ten checks of users, four of them on time, once as checks of the product and once as plain facts for everyone else. */
export const users = defineDataset<User>({
  id: 'bench.users',
  title: 'Users of the benchmark',
  row: z.custom<User>(),
  key: ({ id }) => id,
  label: ({ id }) => id,
  freshness: hours(36),
});

/** What a test asks, in words that every participant can read. */
export interface Test {
  readonly id: string;
  /** In SQL, of the fields in snake case. */
  readonly sql: string;
  holds(user: User): boolean;
  /** Of a test on time: the field it counts from, and after how many days it deviates. */
  readonly since: { readonly field: keyof User & `${string}At`; readonly days: number } | null;
}

const TESTS: readonly Test[] = [
  { id: 'mfa-off', sql: 'password and not mfa', holds: ({ password, mfa }) => password && !mfa, since: null },
  { id: 'password-old', sql: 'password', holds: ({ password }) => password, since: { field: 'passwordAt', days: 180 } },
  { id: 'key1-old', sql: 'key1', holds: ({ key1 }) => key1, since: { field: 'key1At', days: 90 } },
  { id: 'key2-old', sql: 'key2', holds: ({ key2 }) => key2, since: { field: 'key2At', days: 90 } },
  { id: 'two-keys', sql: 'key1 and key2', holds: ({ key1, key2 }) => key1 && key2, since: null },
  { id: 'direct-policies', sql: 'policies > 0', holds: ({ policies }) => policies > 0, since: null },
  { id: 'admin-without-mfa', sql: 'admin and not mfa', holds: ({ admin, mfa }) => admin && !mfa, since: null },
  { id: 'unused', sql: 'password or key1', holds: ({ password, key1 }) => password || key1, since: { field: 'usedAt', days: 180 } },
  { id: 'password-and-key', sql: 'password and key1', holds: ({ password, key1 }) => password && key1, since: null },
  { id: 'no-group', sql: 'groups = 0', holds: ({ groups }) => groups === 0, since: null },
];

/** Ten tests, or as many more as wanted: then the same ten with other limits. */
export function testsOf(count: number): readonly Test[] {
  return Array.from({ length: count }, (_, place) => {
    const [test, again] = [TESTS[place % TESTS.length]!, Math.floor(place / TESTS.length)];
    return again === 0 ? test : { ...test, id: `${test.id}-${again}`, since: test.since && { ...test.since, days: test.since.days + again } };
  });
}

export const checksOf = (tests: readonly Test[]): readonly Check[] =>
  tests.map(
    ({ id, holds, since }) =>
      defineCheck({
        id,
        title: id,
        version: 1,
        asserts: `Of no user ${id} is so.`,
        population: users,
        examine(user, { at }): Verdict {
          if (!holds(user)) return conforms();
          if (since === null) return deviates(id);
          const due = Number(user[since.field]) + days(since.days);
          return at < due ? conforms({ until: due }) : deviates(`due on ${iso(due)}`);
        },
      }) as unknown as Check,
  );

export const SOURCE = { source: 'bench/users', partition: 'all' } as const;
export const EXPECTED: readonly Expected[] = [{ dataset: users.id, ...SOURCE, from: -Infinity, to: Infinity }];

export const runOf = (rows: readonly User[], at: Instant, record: number): Run => ({
  ...SOURCE,
  dataset: users.id,
  at,
  complete: true,
  reason: null,
  rows,
  record,
});

export const runsOf = ({ snapshots, at }: Year): readonly Run[] => snapshots.map((rows, day) => runOf(rows, at[day] ?? 0, day));
