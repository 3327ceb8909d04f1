import { expect, it } from 'vitest';
import { registerEntry, user, worker } from '../../test/rows.ts';
import { conforms, defineCheck, deviates } from '../checks/check.ts';
import { canonical, type Json } from '../core/canonical.ts';
import { days, type Instant, instant, NEVER } from '../core/instant.ts';
import type { Period } from '../core/interval.ts';
import type { Dataset } from '../datasets/dataset.ts';
import { workers } from '../datasets/hr/workers.ts';
import { users } from '../datasets/identity/users.ts';
import { mfaFactors } from '../datasets/identity/mfa-factors.ts';
import { aliases } from '../datasets/people/aliases.ts';
import { accounts } from '../datasets/people/accounts.ts';
import { declarations } from '../datasets/people/declarations.ts';
import { type RegisterEntry, registerEntries } from '../datasets/register/entries.ts';
import { assemble, assembleOver, type Stamp } from './assemble.ts';
import { Assessor } from './assess.ts';
import { besidesReader } from './besides.ts';
import type { Catalog } from './catalog.ts';
import { Coverage } from './coverage.ts';
import { inOrder } from './derive.ts';
import { Engine } from './engine.ts';
import type { Run } from './facts.ts';
import { periodReader } from './period.ts';
import { resultsOver } from './period-results.ts';
import { runsFrom } from './testing/runs.ts';

const START = instant('2026-01-01T00:00:00Z');
const day = (count: number): Instant => START + days(count);
const LAST = 190;

const strong = defineCheck({
  id: 'accounts-strong',
  title: 'Accounts are strong',
  version: 1,
  asserts: 'Every account is strong.',
  population: users,
  examine: ({ status }) => (status === 'suspended' ? deviates('is weak') : conforms()),
});
const CHECKS = [strong] as never as readonly (typeof strong)[];
const ALL = [registerEntries, workers, aliases, declarations, users, accounts, mfaFactors] as unknown as readonly Dataset[];

const REVIEW = {
  duty: 'Review of risks',
  dataset: 'register.entries',
  where: { register: 'risks' },
  at: 'reviewedAt',
  cadence: 'quarterly',
  grace: 14,
} as const;
const criterion = (id: string) => ({ id, category: 'Security', series: 'X', seriesTitle: '', title: id, summary: '', inScope: true, gap: null });
const control = (id: string, more: Partial<Catalog['controls'][number]> = {}): Catalog['controls'][number] => ({
  id,
  title: `Title of ${id}`,
  statement: 'We do.',
  criteria: [`C-${id}`],
  owner: 'us',
  severity: 'medium',
  occurs: [],
  checks: ['accounts-strong'],
  ...more,
});

const made = runsFrom(0);
const run = (dataset: { readonly id: string }, at: number, rows: readonly unknown[]): Run => made(dataset, dataset.id, at, rows);
const entry = (register: string, written: Readonly<Record<string, Json>>, more: Partial<RegisterEntry> = {}): RegisterEntry =>
  registerEntry({
    register,
    entryId: String(written.id),
    body: canonical(written),
    file: `registers/${register}.yaml`,
    author: 'Ann',
    authorEmail: 'ann@acme.example',
    approverEmails: ['bob@acme.example'],
    approval: 'merge',
    committedAt: START,
    reviewedAt: null,
    until: null,
    ...more,
  });
const reviewed = (at: string) => entry('risks', { id: 'R-1' }, { reviewedAt: instant(at) });
const EXCLUSION = { id: 'X-1', control: 'XX-01', reason: 'we write no code' };

/** What the registers and the accounts say, day by day. */
function ground(
  controls: readonly Catalog['controls'][number][],
  registers: (day: number) => readonly RegisterEntry[],
  weakFrom = Infinity,
  lost: readonly number[] = [],
  more: readonly (typeof strong)[] = [],
) {
  const people = [
    worker({ workerId: 'W-1', fullName: 'Ann', emails: ['ann@acme.example'] }),
    worker({ workerId: 'W-2', fullName: 'Bob', emails: ['bob@acme.example'] }),
  ];
  const every = Array.from({ length: LAST + 1 }, (_, at) => at);
  const runs = [
    ...every.map((at) => run(workers, day(at), people)),
    run(aliases, day(0), []),
    run(declarations, day(0), []),
    ...every.map((at) => run(users, day(at), [user({ login: 'cyd', status: at >= weakFrom ? 'suspended' : 'active' })])),
    ...every.filter((at) => !lost.includes(at)).map((at) => run(registerEntries, day(at), registers(at))),
  ];
  const expected = ALL.filter(({ id, derived }) => !derived && id !== mfaFactors.id).map(({ id }) => ({
    dataset: id,
    source: id,
    partition: 'main',
    from: START,
    to: NEVER,
  }));
  const engine = Engine.from([...CHECKS, ...more], runs, ALL);
  const coverage = new Coverage(engine.facts, inOrder(ALL), expected);
  const catalog: Catalog = { criteria: [...new Set(controls.flatMap(({ criteria }) => criteria))].map(criterion), controls };
  const besides = besidesReader({ engine, coverage, catalog, checks: [...CHECKS, ...more], datasets: ALL.filter(({ derived }) => !derived), timezone: 'UTC' });
  return { engine, coverage, catalog, checks: [...CHECKS, ...more], assessor: new Assessor(engine, coverage), besides };
}

const PERIOD = { from: START, to: day(LAST) };
const stamp = (asOf: Instant, period: Period = PERIOD): Stamp => ({
  company: 'A',
  demo: false,
  asOf,
  period,
  timezone: 'UTC',
  checkpoint: { origin: '', size: 0, root: '' },
  units: [],
  catalogDigest: '',
  code: '',
});
const standing = (grounds: ReturnType<typeof ground>, at: Instant) => assemble(grounds, stamp(at)).controls[0]?.status;
const intervals = (grounds: ReturnType<typeof ground>, period: Period = PERIOD, asOf = day(LAST)) =>
  periodReader(grounds)
    .statuses(stamp(asOf, period))
    .controls[0]?.intervals.map(({ from, to, status }) => [(from - START) / days(1), (to - START) / days(1), status]);

const RISKS = [control('XX-01', { occurs: [REVIEW] })];

it('fails from the day on which what recurs was due to when it was done after all, and at no other instant', () => {
  // Of the first quarter nothing by the end of 14 April; done on 2 May, which is also the review of the second quarter.
  const late = ground(RISKS, (at) => (at < 121 ? [] : [reviewed('2026-05-02T00:00:00Z')]));
  expect([standing(late, day(103)), standing(late, day(104)), standing(late, day(105)), standing(late, day(120)), standing(late, day(122))]).toEqual([
    'pass',
    'fail',
    'fail',
    'fail',
    'pass',
  ]);
  expect(intervals(late)).toEqual([
    [0, 104, 'pass'],
    [104, 121, 'fail'],
    [121, 190, 'pass'],
  ]);
  // Any part of the period tells the same of the same instants.
  expect(intervals(late, { from: day(110), to: day(130) })).toEqual([
    [110, 121, 'fail'],
    [121, 130, 'pass'],
  ]);
  const { controls, criteria } = periodReader(late).statuses(stamp(day(LAST)));
  expect([controls[0]?.status, controls[0]?.alert, criteria[0]?.status]).toEqual(['fail', 'fail', 'fail']);
  expect(assembleOver(late, stamp(day(LAST))).controls[0]).toMatchObject({
    status: 'fail',
    duties: [{ what: 'Review of risks', status: 'fail', from: day(104), to: day(121), because: 'it was not done by 2026-04-15T00:00:00Z' }],
  });
  const [told] = resultsOver(periodReader(late), stamp(day(LAST)), null, []).controls;
  expect(told?.quote).toContain(' Review of risks: not done by 2026-04-15 00:00 UTC, done on 2026-05-02 00:00 UTC; a deviation in between.');
  expect(told?.quote).not.toContain('No deviations noted');
});

it('fails to the end of the period where it was never done, and not where it was done in time', () => {
  const never = ground(RISKS, () => []);
  expect(intervals(never)).toEqual([
    [0, 104, 'pass'],
    [104, 190, 'fail'],
  ]);
  const done = ground(RISKS, (at) => (at < 100 ? [] : [reviewed('2026-04-10T00:00:00Z')]));
  expect(intervals(done)).toEqual([[0, 190, 'pass']]);
});

it('is unknown where a gap in the evidence hides whether it was done', () => {
  const lost = Array.from({ length: 30 }, (_, at) => 40 + at);
  const hidden = ground(RISKS, () => [], Infinity, lost);
  expect(intervals(hidden)).toEqual([
    [0, 104, 'pass'],
    [104, 190, 'unknown'],
  ]);
  expect(assemble(hidden, stamp(day(150))).controls[0]?.duties[0]?.because).toMatch(
    /^whether it was done by 2026-04-15T00:00:00Z is not known: register\.entries/,
  );
});

it('changes by itself when something is due', () => {
  const never = ground(RISKS, () => []);
  expect(never.besides.changes(day(150)).map(({ from }) => from)).toEqual([day(104), instant('2026-07-15T00:00:00Z')]);
});

it('is excluded from when the approved entry was learned: examined before, no pass afterwards, and its deviations listed', () => {
  const weak = ground([control('XX-01')], (at) => (at < 50 ? [] : [entry('exclusions', EXCLUSION)]), 30);
  expect(intervals(weak)).toEqual([
    [0, 30, 'pass'],
    [30, 50, 'fail'],
    [50, 190, 'excluded'],
  ]);
  const over = periodReader(weak).statuses(stamp(day(LAST)));
  expect([over.controls[0]?.status, over.criteria[0]?.status]).toEqual(['fail', 'fail']);
  expect(assembleOver(weak, stamp(day(LAST))).controls[0]?.status).toBe('fail');
  // Nothing deviated before it was left out.
  const clean = ground([control('XX-01')], (at) => (at < 50 ? [] : [entry('exclusions', EXCLUSION)]), 60);
  expect([periodReader(clean).statuses(stamp(day(LAST))).controls[0]?.status, assembleOver(clean, stamp(day(LAST))).controls[0]?.status]).toEqual([
    'pass',
    'pass',
  ]);

  const now = assemble(weak, stamp(day(60)));
  expect(now.controls[0]).toMatchObject({
    status: 'excluded',
    alert: 'excluded',
    excluded: { id: 'X-1', because: 'we write no code', by: 'Bob', since: day(50) },
  });
  expect(now.criteria[0]).toMatchObject({ status: 'unknown', gap: 'The company has left out every control for this criterion.' });
  expect([...now.findings]).toMatchObject([{ control: 'XX-01', verdict: 'deviates', from: day(30) }]);
  const after = { from: day(60), to: day(90) };
  const [told] = resultsOver(periodReader(weak), stamp(day(LAST), after), null, []).controls;
  expect([told?.status, told?.intervals]).toEqual(['excluded', [{ ...after, status: 'excluded', alert: 'excluded' }]]);
  expect(told?.quote).toMatch(
    /: Excluded by the company since 2026-02-20 00:00 UTC because "we write no code", approved by Bob; nothing is said of its operation from then on\.$/,
  );
});

it('makes a criterion no better and no worse while another control answers it', () => {
  const two = [control('XX-01', { criteria: ['C'] }), control('XX-02', { criteria: ['C'], checks: [] })];
  const both = ground(two, () => [entry('exclusions', { ...EXCLUSION, control: 'XX-02' })]);
  expect(assemble(both, stamp(day(60))).criteria[0]).toMatchObject({ status: 'pass', gap: null });
  expect(periodReader(both).statuses(stamp(day(LAST))).criteria[0]?.intervals).toEqual([{ ...PERIOD, status: 'pass', alert: 'pass' }]);
  const neither = ground(two, () => []);
  expect(assemble(neither, stamp(day(60))).criteria[0]?.status).toBe('unknown');
});

it.each([
  ['nobody else approved it', entry('exclusions', EXCLUSION, { approval: 'none', approverEmails: [] }), /was approved by nobody else\.$/],
  ['its author approved it', entry('exclusions', EXCLUSION, { approverEmails: ['ann@acme.example'] }), /was approved by its author under another address\.$/],
  ['it gives no reason', entry('exclusions', { id: 'X-1', control: 'XX-01' }), /it gives no reason\. Write "reason:"/],
  ['it has ended', entry('exclusions', EXCLUSION, { until: day(40) }), /it has ended\.$/],
])('is not excluded where %s, and says why', (_, written, why) => {
  const refused = ground([control('XX-01', { leftOut: { because: 'B', approvedBy: 'Ann', file: 'controls/XX-01.md' } })], () => [written]);
  const [now] = assemble(refused, stamp(day(60))).controls;
  expect(now).toMatchObject({ status: 'pass', excluded: null });
  expect(now?.notExcluded).toMatch(/^An entry of the register would leave it out and does not count\. registers\/exclusions\.yaml:\d+: /);
  expect(now?.notExcluded).toMatch(why);
});

it('is not excluded by the word of its file alone', () => {
  const [now] = assemble(
    ground([control('XX-01', { leftOut: { because: 'B', approvedBy: 'Ann', file: 'controls/XX-01.md' } })], () => []),
    stamp(day(60)),
  ).controls;
  expect(now).toMatchObject({
    status: 'pass',
    notExcluded:
      'controls/XX-01.md leaves it out ("B", approved by Ann), which does not count: no entry of the register "exclusions" that somebody else approved names it.',
  });
});

it('is examined again once the entry has gone, and for the whole period then', () => {
  const back = ground([control('XX-01')], (at) => (at >= 50 && at < 80 ? [entry('exclusions', EXCLUSION)] : []), 60);
  expect([standing(back, day(79)), standing(back, day(80))]).toEqual(['excluded', 'fail']);
  expect(intervals(back)).toEqual([
    [0, 60, 'pass'],
    [60, 190, 'fail'],
  ]);
});

it('fails from the end of a day without a capture up to the next one', () => {
  const capture = { shownBy: 'looks' as const, duty: 'Capture', dataset: registerEntries.id, cadence: 'daily' as const };
  const gap = ground([control('XX-01', { occurs: [capture] })], () => [], Infinity, [40, 41]);
  expect(intervals(gap)).toEqual([
    [0, 41, 'pass'],
    [41, 42, 'fail'],
    [42, 190, 'pass'],
  ]);
  expect([standing(gap, day(40)), standing(gap, day(41)), standing(gap, day(42))]).toEqual(['pass', 'fail', 'pass']);
});

it('is unknown without a check, whatever it did in time', () => {
  const bare = ground([control('XX-01', { checks: [], occurs: [REVIEW], unexamined: ['Whether it is so'] })], (at) =>
    at < 90 ? [] : [reviewed('2026-04-01T00:00:00Z')],
  );
  expect(assemble(bare, stamp(day(150))).controls[0]).toMatchObject({ status: 'unknown', duties: [], unexamined: ['Whether it is so'] });
  expect(intervals(bare)).toEqual([[0, 190, 'unknown']]);
});

it('is unknown where no source was ever expected to tell of what its check reads, be there nothing to examine', () => {
  const other = defineCheck({
    ...{ id: 'accounts-aliased', title: 'Accounts have aliases', version: 1, asserts: 'Every account has an alias.' },
    population: users.where(({ login }) => login === 'nobody'),
    with: { factors: mfaFactors.on('userId') },
    examine: () => conforms(),
  });
  const { engine, coverage, ...rest } = ground([control('XX-01', { checks: ['accounts-aliased'] })], () => [], Infinity, [], [other as never]);
  const posture = assemble({ ...rest, engine, coverage }, stamp(day(60)));
  expect(posture.checks.find(({ id }) => id === 'accounts-aliased')?.status).toBe('empty');
  expect(posture.controls[0]).toMatchObject({ status: 'unknown', alert: 'unknown', unfed: ['identity.mfa-factors'] });
  expect(intervals({ engine, coverage, ...rest })).toEqual([[0, 190, 'unknown']]);
  expect(
    assemble(
      ground([control('XX-01')], () => []),
      stamp(day(60)),
    ).controls[0]?.unfed,
  ).toEqual([]);
});
