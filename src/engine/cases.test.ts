import { expect, it } from 'vitest';
import { type Check, conforms, defineCheck, deviates } from '../checks/check.ts';
import { days } from '../core/instant.ts';
import { caseId } from './case-id.ts';
import { casesAt } from './cases.ts';
import { accessKeys } from './testing/checks/datasets.ts';
import { account, day, ground } from './testing/six-days.ts';

const DEADLINES = [
  { at: day(1), days: { critical: 1, high: 2, medium: 3, low: 4 } },
  { at: day(2), days: { critical: 1, high: 20, medium: 30, low: 40 } },
];
const on = () => ({ ...ground(), deadlines: DEADLINES });

it('puts first what is overdue, then by severity, and last what is over', () => {
  const { cases, problems } = casesAt(on(), day(5), null);

  const over = [
    ['accounts-owned okta c', 'fixed', 'high', day(2), false],
    ['admins-few okta c', 'fixed', 'low', day(4), false],
  ].toSorted(([a], [b]) => (caseId(String(a).split(' ')[0] ?? '', 'okta/main/c') < caseId(String(b).split(' ')[0] ?? '', 'okta/main/c') ? -1 : 1));
  const told = [...cases].map(({ check, item, state, severity, due, overdue }) => [`${check} ${item.source} ${item.key}`, state, severity, due, overdue]);
  expect(told.filter(([, state]) => state !== 'fixed')).toEqual([
    ['change-approved github 7', 'open', 'critical', day(2), true],
    ['keys-disabled iam k', 'open', 'high', day(2), true],
    ['admins-few aws a', 'open', 'low', day(4), true],
    ['accounts-owned aws a', 'open', 'high', day(22), false],
    ['accounts-owned okta b', 'waived', 'high', day(2), false],
  ]);
  expect(told.slice(5).filter(([name]) => String(name).endsWith('okta c'))).toEqual(over);
  expect(told.slice(5)).toHaveLength(3);
  expect(problems).toEqual([]);
});

it('finds those of an age that nobody has undone, from when they began the last time', () => {
  const { cases } = casesAt(on(), day(5), null);
  const aged = (from: number, to: number) =>
    [...cases.where({ ages: { at: day(5), from: days(from), to: days(to) } })].map(({ check, item, spells }) => [
      `${check} ${item.key}`,
      (day(5) - (spells.at(-1)?.from ?? 0)) / days(1),
    ]);
  const all = aged(0, Infinity);
  expect(all).toHaveLength(5); // of eight, three are fixed
  const [oldest, youngest] = [Math.max(...all.map(([, age]) => Number(age))), Math.min(...all.map(([, age]) => Number(age)))];
  expect(oldest).toBeGreaterThan(youngest);
  expect(aged(oldest, Infinity)).toEqual(all.filter(([, age]) => age === oldest));
  expect(aged(0, oldest)).toEqual(all.filter(([, age]) => age !== oldest));
});

it('says of a case all that is known of it', () => {
  const { cases } = casesAt(on(), day(5), null);
  const of = (check: string, item: string) => cases.byId(caseId(check, item));

  expect(of('accounts-owned', 'okta/main/c')).toEqual({
    id: caseId('accounts-owned', 'okta/main/c'),
    check: 'accounts-owned',
    title: 'A check of the tests',
    controls: ['ZZ-01', 'MM-01'],
    item: { dataset: 'accounts', source: 'okta', partition: 'main', key: 'c', label: JSON.stringify(account('c', { person: 'cyd', role: 'admin' })) },
    severity: 'high',
    event: false,
    owner: 'platform',
    assigned: false,
    ownerId: null,
    state: 'fixed',
    opened: day(0),
    due: day(2),
    overdue: false,
    awaitsProof: false,
    reopened: 0,
    fixedAt: day(1),
    timeToFix: days(1),
    spells: [
      {
        from: day(0),
        to: day(1),
        because: 'login-c in okta belongs to nobody',
        records: [101],
        end: { how: 'ended', records: [105, 106, 107] },
        due: day(2),
      },
    ],
    waiver: null,
    unknown: false,
    notes: [],
  });
  expect(of('accounts-owned', 'okta/main/b')).toMatchObject({
    waiver: { id: 'L-1', because: 'on its way', by: 'Bob', until: day(9), records: [55] },
    spells: [{ end: null, due: day(2) }],
  });
  expect(of('keys-disabled', 'iam/main/m')?.spells).toEqual([
    { from: day(0), to: day(1), because: 'is active.', records: [104], end: { how: 'conforms', records: [109] }, due: day(2) },
  ]);
  expect(of('change-approved', 'github/main/7')).toMatchObject({ event: true, owner: 'us', controls: ['BB-02'] });
  expect(of('admins-few', 'aws/main/a')?.item.label).toBe(JSON.stringify(account('a', { system: 'aws', person: 'bob', role: 'admin' })));
});

it('tells of a period what deviated at any time in it', () => {
  const within = (from: number, to: number) =>
    [...casesAt(on(), day(5), { from: day(from), to: day(to) }).cases].map(({ check, item }) => `${check} ${item.key}`).sort();
  expect(within(1, 2)).toEqual(['accounts-owned b', 'admins-few a', 'change-approved 7', 'keys-disabled k']);
  expect(within(0, 1)).toEqual(['accounts-owned b', 'accounts-owned c', 'admins-few a', 'admins-few c', 'keys-disabled k', 'keys-disabled m']);
});

it('has nobody answer for what no control names, and no due date without a configuration', () => {
  const { cases } = casesAt({ ...on(), catalog: { criteria: [], controls: [] } }, day(5), null);
  expect(new Set([...cases].map(({ owner, controls }) => `${owner} of ${controls.length}`))).toEqual(new Set(['nobody of 0']));
  expect(() => casesAt({ ...on(), deadlines: [] }, day(5), null)).toThrow(new RangeError('no configuration says by when a deviation is to be fixed'));
});

it('rests the end that time alone brought on the row as it was then', () => {
  const settled = defineCheck({
    id: 'keys-settled',
    title: 'Keys are not new',
    version: 1,
    asserts: 'No key is new.',
    population: accessKeys,
    examine: ({ createdAt }, { at }) => (at < createdAt + days(1.5) ? deviates('is new', { until: createdAt + days(1.5) }) : conforms()),
  });
  const { cases } = casesAt({ ...ground({ checks: [settled as unknown as Check] }), deadlines: DEADLINES }, day(2), null);
  expect([...cases].map(({ item, spells }) => [item.key, spells.map(({ to, end }) => [to, end])]).sort()).toEqual([
    ['k', [[day(1.5), { how: 'conforms', records: [104] }]]],
    ['l', [[day(1.5), { how: 'conforms', records: [104] }]]],
    ['m', [[day(1.5), { how: 'conforms', records: [109] }]]],
  ]);
});
