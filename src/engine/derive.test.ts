import { expect, it } from 'vitest';
import { accountsOwned } from './testing/checks/accounts-owned.ts';
import { leaverAccessRemoved } from './testing/checks/leaver-access-removed.ts';
import { users } from '../datasets/identity/users.ts';
import { workers } from '../datasets/hr/workers.ts';
import { mfaFactors } from '../datasets/identity/mfa-factors.ts';
import { accounts } from '../datasets/people/accounts.ts';
import { aliases } from '../datasets/people/aliases.ts';
import { declarations } from '../datasets/people/declarations.ts';
import type { Dataset } from '../datasets/dataset.ts';
import { base, bases, inOrder, joinFields } from './derive.ts';

const [told, derived] = [users as unknown as Dataset, accounts as unknown as Dataset];
const BASES = ['hr.workers', 'identity.users', 'people.aliases', 'people.declarations'];

it('rests on itself where sources tell of it, and else on all that its derivation reads, each once and in order', () => {
  expect(bases(told)).toEqual(['identity.users']);
  expect(bases(derived)).toEqual(BASES);
  const twice = {
    ...derived,
    id: 'x',
    derived: { ...derived.derived, population: { dataset: derived }, with: { again: { rows: { dataset: derived } } } },
  } as unknown as Dataset;
  expect(bases(twice)).toEqual(BASES);
});

it('has the items of what its population is derived from', () => {
  expect([base(told).id, base(derived).id]).toEqual(['identity.users', 'identity.users']);
  expect(base({ ...derived, derived: { population: { dataset: derived }, with: {} } } as unknown as Dataset).id).toBe('identity.users');
});

it('comes after all that it reads, whatever was asked for first, and once', () => {
  const ids = (...datasets: readonly unknown[]) => inOrder(datasets as readonly Dataset[]).map(({ id }) => id);
  const order = ids(accounts, users, accounts, mfaFactors);
  expect(order.toSorted()).toEqual([...BASES, 'identity.mfa-factors', 'people.accounts'].sort());
  for (const read of BASES) expect(order.indexOf(read)).toBeLessThan(order.indexOf('people.accounts'));
  expect(ids(workers, aliases, declarations)).toEqual(['hr.workers', 'people.aliases', 'people.declarations']);
  expect(ids()).toEqual([]);
});

it('is refused where datasets are derived from each other, and the way round is told', () => {
  const one = { id: 'one', derived: { population: { dataset: told }, with: {} as Record<string, unknown> } };
  const two = { id: 'two', derived: { population: { dataset: one }, with: {} } };
  one.derived.with = { those: { rows: { dataset: two } } };
  expect(() => inOrder([two as unknown as Dataset])).toThrow(new RangeError('datasets derived from each other: two from one from two'));
});

it('joins are found by the fields that they name, on both sides, of checks and of derivations', () => {
  const fields = (checks: Parameters<typeof joinFields>[0], datasets: readonly Dataset[] = []) => Object.fromEntries([...joinFields(checks, datasets)].sort());
  expect(fields([])).toEqual({});
  expect(fields([], [told])).toEqual({});
  expect(fields([], [derived])).toEqual({
    'hr.workers': ['emails', 'workerId'],
    'identity.users': ['emails', 'handles', 'hrId'],
    'people.aliases': ['emails'],
    'people.declarations': ['account'],
  });
  const { population, with: joins } = leaverAccessRemoved;
  const [[, { rows, key }] = expect.fail()] = Object.entries(joins);
  expect(fields([{ population, with: joins }])).toEqual({ [population.dataset.id]: [key?.ours], [rows.dataset.id]: [key?.theirs] });
  // Rows of which all are read are found by no field.
  expect(fields([{ population, with: { all: { rows, key: null } } } as never])).toEqual({});
  expect(Object.keys(fields([accountsOwned])).length).toBe(Object.values(accountsOwned.with).some(({ key: its }) => its) ? 2 : 0);
});
