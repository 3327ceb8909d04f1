import { days } from '../../src/core/instant.ts';
import { type Table, tableOf } from '../peers/table.ts';
import type { Test } from './checks.ts';
import { DAY, type Spell, START, type User } from './year.ts';

/** The same tests for databases. */
export type Dialect = 'sqlite' | 'duckdb' | 'postgres';

const COLUMNS = {
  id: 'text',
  arn: 'text',
  password: 'boolean',
  mfa: 'boolean',
  admin: 'boolean',
  password_at: 'bigint',
  key1: 'boolean',
  key1_at: 'bigint',
  key2: 'boolean',
  key2_at: 'bigint',
  policies: 'bigint',
  groups: 'bigint',
  used_at: 'bigint',
} as const;

const columnsOf = ({ passwordAt, key1At, key2At, usedAt, ...user }: User) => ({
  ...user,
  password_at: passwordAt,
  key1_at: key1At,
  key2_at: key2At,
  used_at: usedAt,
});

export const usersTable = (users: readonly User[]): Table => tableOf('users', COLUMNS, users.map(columnsOf));

export const spellsTable = (spells: readonly Spell[]): Table =>
  tableOf(
    'spells',
    { ...COLUMNS, vf: 'bigint', vt: 'bigint' },
    spells.map(({ vf, vt, ...user }) => ({ ...columnsOf(user), vf, vt })),
  );

const later = (dialect: Dialect, a: string, b: string) => `${dialect === 'sqlite' ? 'max' : 'greatest'}(${a}, ${b})`;
const whole = (dialect: Dialect, a: string) => (dialect === 'duckdb' ? `(${a}) // ${DAY}` : `(${a}) / ${DAY}`);
const dueOf = ({ since }: Test) => since && `${snake(since.field)} + ${days(since.days)}`;
const snake = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** Every part of a spell in which a test fails: test, user, from, to. */
export function failing(dialect: Dialect, tests: readonly Test[]): string {
  return tests
    .map((test, place) => {
      const due = dueOf(test);
      if (due === null) return `select ${place} as p, id, vf as f, vt as t from spells where ${test.sql}`;
      return `select ${place} as p, id, ${later(dialect, 'vf', due)} as f, vt as t from spells where (${test.sql}) and ${due} < vt`;
    })
    .join('\nunion all ');
}

/** How many more users fail a test from a day on than the day before: p, d, n. */
export const closedForm = (dialect: Dialect, tests: readonly Test[]): string => `
  with failing as (${failing(dialect, tests)}), edges as (
    select p, ${whole(dialect, `f - ${START} + ${DAY - 1}`)} as d, 1 as n from failing
    union all select p, ${whole(dialect, `t - ${START} + ${DAY - 1}`)}, -1 from failing
  ) select p, d, sum(n) as n from edges group by p, d`;

const counts = (tests: readonly Test[], at: string): string =>
  tests.map((test) => `count(*) filter (where (${test.sql})${test.since === null ? '' : ` and ${dueOf(test)} <= ${at}`})`).join(', ');

/** Days in rows, a count for each test beside. PostgreSQL only. */
export const expanded = (tests: readonly Test[]): string =>
  `select day, ${counts(tests, `(${START} + day * ${DAY})`)} from spells, generate_series((vf - ${START}) / ${DAY}, (vt - ${START} - 1) / ${DAY}) as day group by day`;

export const snapshotsTable = `create unlogged table snapshots as
  select day, ${Object.keys(COLUMNS).join(', ')} from spells, generate_series((vf - ${START}) / ${DAY}, (vt - ${START} - 1) / ${DAY}) as day`;

export const grouped = (tests: readonly Test[]): string => `select day, ${counts(tests, `(${START} + day * ${DAY})`)} from snapshots group by day`;

/** Of all users at one instant: a row for each test and user that fails it. */
export const failingAt = (tests: readonly Test[], at: number): string =>
  tests
    .map((test, place) => `select ${place} as p, id from users where (${test.sql})${test.since === null ? '' : ` and ${dueOf(test)} <= ${at}`}`)
    .join('\nunion all ');
