import { expect, it } from 'vitest';
import { NEVER } from '../core/instant.ts';
import { assemble, assembleOver, findingsAt, findingsOver, uncoveredBecause } from './assemble.ts';
import { nameKey } from './by-name.ts';
import type { Finding, Posture } from './posture.ts';
import { account, besides, day, ground, MARK, stamp, WAIVER } from './testing/six-days.ts';

const SILENT_KEYS = 'iam (main) has given no complete evidence of access-keys since 2026-06-02T00:00:00Z.';
const SILENT_PULLS = 'github (main) has given no complete evidence of pull-requests since 2026-06-03T00:00:00Z.';

const criteriaOf = ({ criteria }: Posture) => criteria.map(({ id, status, controls, gap }) => [id, status, controls.join(' '), gap]);
const controlsOf = ({ controls }: Posture) => controls.map(({ id, status, alert, excluded }) => [id, status, alert, excluded?.id]);
const checksOf = ({ checks }: Posture) =>
  checks.map(({ id, status, alert, examined, deviations, unknowns, gap, records }) => [id, status, alert, examined, deviations, unknowns, gap, records]);
const findingsOf = (findings: Iterable<Finding>) =>
  [...findings].map(({ control, check, item, verdict, from, to, records, waiver }) => [
    `${control} ${check} ${item.source} ${item.key} ${verdict}`,
    from,
    to,
    records,
    waiver?.id ?? null,
  ]);

const ADMIN = ['BB-01 admins-few aws a deviates', day(0), NEVER, [102], null];
const PULL = ['BB-02 change-approved github 7 deviates', day(1), NEVER, [114], null];
const KEY = ['ZZ-01 keys-disabled iam k deviates', day(0), NEVER, [104], null];
const MISSING = [
  ['ZZ-01 keys-disabled iam l unknown', day(2.5), NEVER, [104], null],
  ['ZZ-01 keys-disabled iam m unknown', day(2.5), NEVER, [109], null],
];

it('tells what is so at an instant, from the checks up to the criteria', () => {
  const posture = assemble(ground(), stamp(day(5)));

  expect(criteriaOf(posture)).toEqual([
    ['CC1.1', 'fail', 'ZZ-01 AA-01', null],
    ['CC1.2', 'unknown', '', 'Nobody answers it.'],
    ['CC1.3', null, 'ZZ-01', null],
    ['CC1.4', 'fail', 'MM-01', null],
    ['CC1.5', 'fail', 'BB-01 BB-02', null],
  ]);
  expect(controlsOf(posture)).toEqual([
    ['ZZ-01', 'fail', 'fail', undefined],
    ['AA-01', 'unknown', 'unknown', undefined],
    ['MM-01', 'fail', 'fail', undefined],
    ['BB-01', 'pass', 'pass', undefined],
    ['BB-02', 'fail', 'fail', undefined],
  ]);
  expect(checksOf(posture)).toEqual([
    ['accounts-owned', 'fail', 'fail', 3, 2, 0, null, [125, 126]],
    ['admins-few', 'pass', 'pass', 4, 1, 0, null, [125, 126]],
    ['systems-there', 'unknown', 'unknown', 0, 0, 0, 'Nothing is known of this population at this instant, and it cannot be empty.', [127]],
    ['keys-disabled', 'fail', 'fail', 3, 1, 2, SILENT_KEYS, [109]],
    ['change-approved', 'fail', 'fail', 1, 1, 0, SILENT_PULLS, [114]],
  ]);
  const owned = (control: string) => [
    [`${control} accounts-owned aws a deviates`, day(2), NEVER, [112], null],
    [`${control} accounts-owned okta b deviates`, day(0), NEVER, [101], 'L-1'],
  ];
  expect(findingsOf(posture.findings)).toEqual([ADMIN, PULL, ...owned('MM-01'), ...owned('ZZ-01'), KEY, ...MISSING]);
  expect([...posture.findings].map(({ because }) => because).slice(-3)).toEqual(['is active.', SILENT_KEYS, SILENT_KEYS]);
});

it('says all that its parts say', () => {
  const posture = assemble(ground(), stamp(day(5)));

  const { criteria: _, controls: __, checks: ___, findings: ____, unwaived, ...head } = posture;
  const { catalogDigest, code, ...stamped } = stamp(day(5));
  expect(head).toEqual({ ...stamped, catalog: catalogDigest, code });
  expect([...unwaived]).toEqual([
    ['accounts-owned', 1],
    ['admins-few', 1],
    ['systems-there', 0],
    ['keys-disabled', 1],
    ['change-approved', 1],
  ]);
  expect(posture.criteria[0]).toEqual({
    id: 'CC1.1',
    category: 'Security',
    series: 'CC1',
    seriesTitle: 'S',
    title: 'Title of CC1.1',
    summary: 'Sum.',
    status: 'fail',
    controls: ['ZZ-01', 'AA-01'],
    gap: null,
  });
  expect(posture.controls[1]).toEqual({
    id: 'AA-01',
    title: 'Title of AA-01',
    statement: 'We do.',
    criteria: ['CC1.1'],
    owner: 'us',
    severity: 'medium',
    checks: ['systems-there', 'no-such-check'],
    excluded: null,
    notExcluded: null,
    duties: [],
    unfed: [],
    unexamined: ['By hand.'],
    status: 'unknown',
    alert: 'unknown',
  });
  expect(posture.checks[1]).toEqual({
    id: 'admins-few',
    title: 'Few are administrators',
    asserts: 'At most half of the accounts are of administrators.',
    version: 3,
    parameters: { most: 'half' },
    dataset: 'accounts',
    status: 'pass',
    alert: 'pass',
    examined: 4,
    deviations: 1,
    unknowns: 0,
    tolerance: { share: 0.5, deviating: 1, conform: 3, of: 4, within: true },
    gap: null,
    records: [125, 126],
  });
  expect([...posture.findings][3]).toEqual({
    check: 'accounts-owned',
    control: 'MM-01',
    item: { dataset: 'accounts', source: 'okta', partition: 'main', key: 'b', label: JSON.stringify(account('b', { person: null })) },
    verdict: 'deviates',
    because: 'login-b in okta belongs to nobody',
    from: day(0),
    to: NEVER,
    records: [101],
    waiver: { id: 'L-1', because: 'on its way', by: 'Bob', until: day(9), records: [55] },
  });
});

it('knows nothing of a population of which nothing was ever told, unlike of one that is empty now', () => {
  const on = ground();
  const checks = on.checks.filter(({ id }) => id === 'systems-there');
  const never = { ...on, checks, engine: Object.create(on.engine, { verdicts: { value: () => ({ isEmpty: true }) } }) };
  expect(assemble({ ...never, catalog: { criteria: [], controls: [] } }, stamp(day(5))).checks[0]?.gap).toBe(
    'Nothing is known of this population, and it cannot be empty.',
  );
  expect(assemble(on, stamp(day(2))).checks[2]).toMatchObject({ status: 'pass', examined: 1, gap: null });
});

it('counts over a period whatever was so at any time in it', () => {
  const posture = assembleOver(ground({ besides }), stamp(day(5)));

  expect(criteriaOf(posture)).toEqual([
    ['CC1.1', 'fail', 'ZZ-01 AA-01', null],
    ['CC1.2', 'unknown', '', 'Nobody answers it.'],
    ['CC1.3', null, 'ZZ-01', null],
    ['CC1.4', 'unknown', 'MM-01', 'The company has left out every control for this criterion.'],
    ['CC1.5', 'fail', 'BB-01 BB-02', null],
  ]);
  expect(controlsOf(posture)).toEqual([
    ['ZZ-01', 'fail', 'fail', undefined],
    ['AA-01', 'unknown', 'unknown', undefined],
    ['MM-01', 'excluded', 'excluded', 'X-1'],
    ['BB-01', 'fail', 'fail', undefined],
    ['BB-02', 'fail', 'fail', 'X-1'],
  ]);
  expect(checksOf(posture)).toEqual([
    ['accounts-owned', 'fail', 'fail', 4, 3, 0, null, [125, 126]],
    ['admins-few', 'pass', 'pass', 5, 2, 0, null, [125, 126]],
    ['systems-there', 'pass', 'pass', 1, 0, 0, null, [127]],
    ['keys-disabled', 'fail', 'fail', 3, 2, 2, SILENT_KEYS, [109]],
    ['change-approved', 'fail', 'fail', 1, 1, 0, SILENT_PULLS, [114]],
  ]);
  const owned = (control: string) => [
    [`${control} accounts-owned aws a deviates`, day(2), NEVER, [112], null],
    [`${control} accounts-owned okta b deviates`, day(0), day(3), [101], null],
    [`${control} accounts-owned okta b deviates`, day(3), NEVER, [101], 'L-1'],
    [`${control} accounts-owned okta c deviates`, day(0), day(1), [101], null],
  ];
  expect(findingsOf(posture.findings)).toEqual([
    ADMIN,
    ['BB-01 admins-few okta c deviates', day(0), day(1), [101], null],
    PULL,
    ...owned('MM-01'),
    ...owned('ZZ-01'),
    KEY,
    MISSING[0],
    ['ZZ-01 keys-disabled iam m deviates', day(0), day(1), [104], null],
    MISSING[1],
  ]);
  expect(posture.checks[1]?.tolerance).toEqual({ share: 0.5, deviating: 2, conform: 3, of: 5, within: true });
  expect(posture.controls[2]).toMatchObject({ title: 'Title of MM-01', excluded: { ...MARK, since: day(-1) } });
});

it('leaves a control out from when on it is, and counts what it missed until then', () => {
  const now = assemble(ground({ besides }), stamp(day(5)));
  expect(controlsOf(now).slice(2)).toEqual([
    ['MM-01', 'excluded', 'excluded', 'X-1'],
    ['BB-01', 'fail', 'fail', undefined],
    ['BB-02', 'excluded', 'excluded', 'X-1'],
  ]);
  const missedLater = {
    ...besides,
    of: (id: string) => ({
      ...besides.of(id, { from: 0, to: 1 }, 0),
      excluded: MARK,
      duties: [{ from: day(4), to: NEVER, what: 'Review', status: 'fail' as const, because: 'it was not done' }],
    }),
  };
  expect(controlsOf(assembleOver(ground({ besides: missedLater }), stamp(day(5))))[3]).toEqual(['BB-01', 'pass', 'pass', 'X-1']);
  const early = { ...besides, of: (id: string) => ({ ...besides.of(id, { from: 0, to: 1 }, 0), excluded: { ...MARK, since: day(0.5) }, duties: [] }) };
  expect(controlsOf(assembleOver(ground({ besides: early }), stamp(day(5)))).map(([id, status]) => `${id} ${status}`)).toEqual([
    'ZZ-01 fail',
    'AA-01 unknown',
    'MM-01 fail',
    'BB-01 pass',
    'BB-02 empty',
  ]);
});

it('tells the findings of one check alone, and those of a period by what is known later', () => {
  expect(findingsOf(findingsAt(ground(), stamp(day(5)), { checks: ['keys-disabled'] }))).toEqual([KEY, ...MISSING]);
  expect(findingsOf(findingsOver(ground(), { from: day(0), to: day(2) }, day(5), { checks: ['accounts-owned'] }))).toEqual(
    ['MM-01', 'ZZ-01'].flatMap((control) => [
      [`${control} accounts-owned okta b deviates`, day(0), day(3), [101], null],
      [`${control} accounts-owned okta c deviates`, day(0), day(1), [101], null],
    ]),
  );
  expect(nameKey(WAIVER.item)).toBe('okta\u0000main\u0000b');
});

it('says why something is not covered, or that a source was not asked yet', () => {
  const { coverage } = ground();
  expect(uncoveredBecause(coverage, ['access-keys', 'pull-requests', 'access-keys'], day(5))).toBe(`${SILENT_KEYS} ${SILENT_PULLS}`);
  expect(uncoveredBecause(coverage, ['accounts'], day(1))).toBe('Not every source that this rests on has been asked since the item appeared.');
});
