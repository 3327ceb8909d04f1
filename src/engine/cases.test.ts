import { expect, it } from 'vitest';
import { z } from 'zod';
import { type Check, conforms, defineCheck, deviates, notYet } from '../checks/check.ts';
import { days } from '../core/instant.ts';
import { deriveDataset, type Join } from '../datasets/dataset.ts';
import { caseId } from './case-id.ts';
import { casesAt } from './cases.ts';
import { type Account, accessKeys, accounts, type Worker, workers } from './testing/checks/datasets.ts';
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

it('rests the end of what left the population by time alone on the row as it was then, whatever it is since', () => {
  const known = defineCheck({
    id: 'keys-known',
    title: 'Keys are known',
    version: 1,
    asserts: 'Every key is known.',
    population: accessKeys,
    examine({ createdAt }, { at }) {
      if (at < createdAt + days(0.5)) return deviates('nobody knows it', { until: createdAt + days(0.5) });
      return at < createdAt + days(90) ? notYet({ until: createdAt + days(90) }) : conforms();
    },
  });
  const { cases } = casesAt({ ...ground({ checks: [known as unknown as Check] }), deadlines: DEADLINES }, day(2), null);
  expect([...cases].map(({ item, state, spells }) => [item.key, state, spells.map(({ to, end }) => [to, end])]).sort()).toEqual(
    ['k', 'l', 'm'].map((key) => [key, 'fixed', [[day(0.5), { how: 'ended', records: [104] }]]]),
  );
});

it('rests the end that time brought on all that is said then, and not on the row of the item alone', () => {
  const owned = deriveDataset<Account, Account, { readonly owners: Join<Worker, 'person'> }>(
    { id: 'owned', title: 'Accounts with an owner', row: z.custom<Account>(), label: ({ id }) => id },
    { population: accounts, with: { owners: workers.on('person') }, derive: (row, { owners }) => ({ row: owners.length > 0 ? row : null, cites: owners }) },
  );
  const settled = defineCheck({
    id: 'accounts-settled',
    title: 'Accounts are not new',
    version: 1,
    asserts: 'No account is new.',
    population: owned,
    examine: (_, { at }) => (at < day(0.5) ? deviates('is new', { until: day(0.5) }) : conforms()),
  });
  const { cases } = casesAt({ ...ground({ checks: [settled as unknown as Check] }), deadlines: DEADLINES }, day(0.6), null);
  expect([...cases].map(({ item, spells }) => [`${item.source} ${item.key}`, spells[0]?.end]).sort()).toEqual([
    ['aws a', { how: 'conforms', records: [100, 102] }],
    ['aws z', { how: 'conforms', records: [100, 102] }],
    ['okta a', { how: 'conforms', records: [100, 101] }],
  ]);
});

it('calls an item what it was called at the end of its last spell, or is now', () => {
  const { cases } = casesAt(on(), day(5), null);
  const label = (check: string, item: string, at = cases) => JSON.parse(at.byId(caseId(check, item))?.item.label ?? '{}') as object;
  expect(label('keys-disabled', 'iam/main/m')).toMatchObject({ id: 'm', state: 'active' });
  expect(label('admins-few', 'aws/main/a')).toMatchObject({ person: 'bob' });
  expect(label('admins-few', 'aws/main/a', casesAt(on(), day(1), null).cases)).toMatchObject({ person: 'ann' });
});

it('knows of what is fixed that it is, though its evidence is missing since', () => {
  const of = (item: string, at: number) => casesAt(on(), day(at), null).cases.byId(caseId('keys-disabled', item));
  expect([of('iam/main/m', 5), of('iam/main/k', 5), of('iam/main/k', 1)].map((one) => [one?.state, one?.unknown])).toEqual([
    ['fixed', false],
    ['open', false],
    ['open', false],
  ]);
});

it('takes what is accepted of one check for nothing of another, though they are about one item', () => {
  const [waiver] = ground().waivers;
  const about = (check: string, item: string) => ({ ...(waiver as NonNullable<typeof waiver>), check, item });
  const states = (waivers: readonly NonNullable<typeof waiver>[]) => {
    const { cases } = casesAt({ ...on(), waivers }, day(5), null);
    return ['accounts-owned', 'admins-few'].map((check) => {
      const one = cases.byId(caseId(check, 'aws/main/a'));
      return [one?.state, one?.waiver?.id ?? null, cases.where({ ids: [caseId(check, 'aws/main/a')], state: 'waived' }).count];
    });
  };
  const [open, waived] = [
    ['open', null, 0],
    ['waived', 'L-1', 1],
  ];
  expect(states([about('accounts-owned', 'aws/main/a')])).toEqual([waived, open]);
  expect(states([about('admins-few', 'aws/main/a')])).toEqual([open, waived]);
  expect(states([about('admins-few', 'okta/main/a'), about('admins-few', 'nobody/main/a')])).toEqual([open, open]);
});
