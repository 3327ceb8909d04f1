import { expect, it } from 'vitest';
import { type Check, defineCheck, deviates } from '../checks/check.ts';
import { changedBetween } from './changed.ts';
import { accessKeys } from './testing/checks/datasets.ts';
import { account, day, ground } from './testing/six-days.ts';

const label = (...given: Parameters<typeof account>) => JSON.stringify(account(...given));
const [A, B, C] = [
  (person: string) => label('a', { system: 'aws', person, role: 'admin' }),
  label('b', { person: null }),
  label('c', { person: 'cyd', role: 'admin' }),
] as const;
const key = (id: string, state: string) => JSON.stringify({ id, state, createdAt: day(0) });
const pull = JSON.stringify({ id: '7', author: 'ann', mergedAt: day(1) });

it('tells in words what became otherwise, the newest first', () => {
  const told = changedBetween(ground(), day(-1), day(5)).map(({ at, what, checks, controls, count, says, records }) => [
    at,
    what,
    `${checks.join(' ')} ${controls.join(' ')}`,
    count,
    says,
    records,
  ]);
  const begun = [
    [day(0), 'deviates', 'admins-few BB-01', 1, `${A('ann')} deviates: is an administrator.`, [102]],
    [day(0), 'deviates', 'accounts-owned ZZ-01 MM-01', 1, `${B} deviates: login-b in okta belongs to nobody.`, [101]],
    [day(0), 'deviates', 'admins-few BB-01', 1, `${C} deviates: is an administrator.`, [101]],
    [day(0), 'deviates', 'accounts-owned ZZ-01 MM-01', 1, `${C} deviates: login-c in okta belongs to nobody.`, [101]],
    [day(0), 'deviates', 'keys-disabled ZZ-01', 1, `${key('k', 'active')} deviates: is active.`, [104]],
    [day(0), 'deviates', 'keys-disabled ZZ-01', 1, `${key('m', 'active')} deviates: is active.`, [104]],
  ];
  const missing = 'iam (main) has given no complete evidence of access-keys since 2026-06-02T00:00:00Z.';
  expect(told).toEqual([
    [day(2.5), 'unknown', 'keys-disabled ZZ-01', 2, `${key('l', 'disabled')} and 1 more item are unknown: ${missing}`, [104, 109]],
    [day(2), 'deviates', 'accounts-owned ZZ-01 MM-01', 1, `${A('bob')} deviates: login-a in aws belongs to nobody.`, [112]],
    [day(1), 'deviates', 'change-approved BB-02', 1, `${pull} deviates: nobody but its author had approved it.`, [114]],
    [day(1), 'ends', 'admins-few BB-01', 1, `${C} is no longer in the population. Before it deviated: is an administrator.`, [101]],
    [day(1), 'ends', 'accounts-owned ZZ-01 MM-01', 1, `${C} is no longer in the population. Before it deviated: login-c in okta belongs to nobody.`, [101]],
    [day(1), 'ends', 'keys-disabled ZZ-01', 1, `${key('m', 'disabled')} no longer deviates. Before: is active.`, [109]],
    ...begun,
  ]);
});

it('tells what came after an instant and up to another, and nothing beside', () => {
  const at = (since: number, now: number) => changedBetween(ground(), day(since), day(now)).map((change) => change.at);
  expect(at(1, 2)).toEqual([day(2)]);
  expect(at(2, 2.4)).toEqual([]);
  expect(at(2, 2.5)).toEqual([day(2.5)]);
  expect(at(0, 1)).toEqual([day(1), day(1), day(1), day(1)]);
});

it('says once what several checks say in the same words, and nothing of a check without a control', () => {
  const on = ground();
  const [first] = on.checks.filter(({ id }) => id === 'admins-few');
  const twin = Object.assign({}, first, { id: 'admins-few' });
  const of = (checks: readonly string[]) => on.catalog.controls.map((control) => ({ ...control, checks: control.id === 'AA-01' ? checks : control.checks }));
  const twice = { ...on, checks: [first, twin] as typeof on.checks, catalog: { ...on.catalog, controls: of(['admins-few']) } };
  expect(changedBetween(twice, day(0), day(1)).map(({ checks, controls, records }) => [checks, controls, records])).toEqual([
    [['admins-few', 'admins-few'], ['AA-01', 'BB-01'], [101]],
  ]);
  expect(changedBetween({ ...on, catalog: { criteria: [], controls: [] } }, day(-1), day(5))).toEqual([]);
});

it('names the controls of all checks that say so, in their order', () => {
  const [few] = ground().checks.filter(({ id }) => id === 'admins-few');
  const on = ground({ checks: [few, { ...few, id: 'admins-fewer' }] as unknown as readonly Check[] });
  const checks: Readonly<Record<string, readonly string[]>> = { 'ZZ-01': ['admins-few'], 'AA-01': ['admins-fewer'] };
  const controls = on.catalog.controls.map((control) => ({ ...control, checks: checks[control.id] ?? [] }));
  const twice = { ...on, catalog: { criteria: [], controls } };
  expect(changedBetween(twice, day(0), day(1)).map((change) => [change.checks, change.controls, change.count])).toEqual([
    [['admins-few', 'admins-fewer'], ['AA-01', 'ZZ-01'], 1],
  ]);
});

it('ends a sentence where the words of a check do not', () => {
  const said = (because: string) => {
    const spoken = defineCheck({ id: 'keys-spoken', title: 'T', version: 1, asserts: 'A.', population: accessKeys, examine: () => deviates(because) });
    const on = ground({ checks: [spoken as unknown as Check] });
    const controls = on.catalog.controls.map((control) => ({ ...control, checks: ['keys-spoken'] }));
    const [first] = changedBetween({ ...on, catalog: { criteria: [], controls } }, day(-1), day(0));
    return first?.says.split(' deviates: ')[1];
  };
  expect(['is old', 'is old.', 'is it old?', 'is old!', 'is version 1.2 of it'].map(said)).toEqual([
    'is old.',
    'is old.',
    'is it old?',
    'is old!',
    'is version 1.2 of it.',
  ]);
});
