import { type Check, conforms, defineCheck, deviates } from '../../checks/check.ts';
import { days, type Instant, instant, NEVER } from '../../core/instant.ts';
import { registerEntries } from '../../datasets/register/entries.ts';
import type { Stamp } from '../assemble.ts';
import { Assessor } from '../assess.ts';
import type { BesidesReader } from '../besides.ts';
import type { Catalog } from '../catalog.ts';
import { Coverage } from '../coverage.ts';
import { inOrder } from '../derive.ts';
import { Engine } from '../engine.ts';
import type { Run } from '../facts.ts';
import { accountsOwned } from './checks/accounts-owned.ts';
import { changeApproved } from './checks/change-approved.ts';
import { type Account, accessKeys, accounts, pullRequests, reviews, systems, workers } from './checks/datasets.ts';
import { runsFrom } from './runs.ts';

// A company of six days by hand, for what is asserted word by word.

const START = instant('2026-06-01T00:00:00Z');
export const day = (count: number): Instant => START + days(count);

const adminsFew = defineCheck({
  id: 'admins-few',
  title: 'Few are administrators',
  version: 3,
  asserts: 'At most half of the accounts are of administrators.',
  tolerates: 0.5,
  parameters: { most: 'half' },
  population: accounts,
  examine: ({ role }) => (role === 'admin' ? deviates('is an administrator') : conforms()),
});
const systemsThere = defineCheck({
  id: 'systems-there',
  title: 'Systems are declared',
  version: 1,
  asserts: 'There are systems.',
  mustExist: true,
  population: systems.where(({ inScope }) => inScope),
  examine: () => conforms(),
});
const keysDisabled = defineCheck({
  id: 'keys-disabled',
  title: 'Keys are disabled',
  version: 1,
  asserts: 'No key is active.',
  population: accessKeys,
  examine: ({ state }) => (state === 'active' ? deviates('is active.') : conforms()),
});
const CHECKS = [accountsOwned, adminsFew, systemsThere, keysDisabled, changeApproved] as never as readonly Check[];
const DATASETS = inOrder([accounts, workers, systems, accessKeys, pullRequests, reviews] as never);

export const account = (id: string, more: Partial<Account> = {}): Account => ({
  id,
  system: 'okta',
  login: `login-${id}`,
  person: 'ann',
  role: 'user',
  state: 'active',
  names: [],
  ...more,
});

/** What was told on each of six days: the keys not after the second, the systems until the third, of one account only on the first. */
function told(): readonly Run[] {
  const run = runsFrom(100);
  return [0, 1, 2, 3, 4, 5].flatMap((at) => [
    run(workers, 'hr', day(at), [{ person: 'ann', startedAt: day(-9), leftAt: null }]),
    run(accounts, 'okta', day(at), [account('b', { person: null }), account('a'), ...(at === 0 ? [account('c', { person: 'cyd', role: 'admin' })] : [])]),
    run(accounts, 'aws', day(at), [account('a', { system: 'aws', person: at < 2 ? 'ann' : 'bob', role: 'admin' }), account('z', { state: 'suspended' })]),
    run(systems, 'file', day(at), [{ id: 's', inScope: at < 3 }]),
    ...(at < 2
      ? [
          run(accessKeys, 'iam', day(at), [
            { id: 'k', state: 'active', createdAt: day(0) },
            { id: 'l', state: 'disabled', createdAt: day(0) },
            { id: 'm', state: at === 0 ? 'active' : 'disabled', createdAt: day(0) },
          ]),
        ]
      : []),
    ...(at === 2 ? [run(pullRequests, 'github', day(2), [{ id: '7', author: 'ann', mergedAt: day(1) }], { polled: { from: day(0), to: day(2) } })] : []),
    ...(at === 2 ? [run(reviews, 'github', day(2), [], { polled: { from: day(0), to: day(2) } })] : []),
  ]);
}

const criterion = (id: string, more: Partial<Catalog['criteria'][number]> = {}): Catalog['criteria'][number] => ({
  id,
  category: 'Security',
  series: 'CC1',
  seriesTitle: 'S',
  title: `Title of ${id}`,
  summary: 'Sum.',
  inScope: true,
  gap: null,
  ...more,
});
const control = (
  id: string,
  criteria: readonly string[],
  checks: readonly string[],
  more: Partial<Catalog['controls'][number]> = {},
): Catalog['controls'][number] => ({
  id,
  title: `Title of ${id}`,
  statement: 'We do.',
  criteria,
  owner: 'us',
  severity: 'medium',
  occurs: [],
  checks,
  ...more,
});
const CATALOG: Catalog = {
  criteria: [
    criterion('CC1.1'),
    criterion('CC1.2', { gap: 'Nobody answers it.' }),
    criterion('CC1.3', { inScope: false }),
    criterion('CC1.4', { gap: 'Unused.' }),
    criterion('CC1.5'),
  ],
  controls: [
    control('ZZ-01', ['CC1.1', 'CC1.3'], ['keys-disabled', 'accounts-owned'], { owner: 'platform', severity: 'high' }),
    control('AA-01', ['CC1.1'], ['systems-there', 'no-such-check'], { unexamined: ['By hand.'] }),
    control('MM-01', ['CC1.4'], ['accounts-owned']),
    control('BB-01', ['CC1.5'], ['admins-few'], { severity: 'low' }),
    control('BB-02', ['CC1.5'], ['change-approved'], { severity: 'critical' }),
  ],
};
export const MARK = { id: 'X-1', because: 'not ours', by: 'Bob', since: day(4), records: [9] };
export const besides: BesidesReader = {
  of: (id) => ({
    excluded: id === 'MM-01' ? { ...MARK, since: day(-1) } : id === 'BB-02' ? MARK : null,
    notExcluded: null,
    duties: id === 'BB-01' ? [{ from: day(3), to: NEVER, what: 'Review', status: 'fail', because: 'it was not done' }] : [],
    unfed: [],
    unexamined: [],
  }),
  changes: () => [],
};
export const WAIVER = {
  id: 'L-1',
  check: 'accounts-owned',
  item: 'okta/main/b',
  because: 'on its way',
  by: 'Bob',
  from: day(3),
  to: day(9),
  until: day(9),
  records: [55],
};

interface Told {
  readonly besides?: BesidesReader;
  readonly checks?: readonly Check[];
  /** From when on sources are expected to tell, where that is not for ever. */
  readonly expectedFrom?: Readonly<Record<string, Instant>>;
}

/** What all is a function of; the checks in this order, and the records numbered from 100 in the order of what is told. */
export function ground({ checks = CHECKS, expectedFrom = {}, ...more }: Told = {}) {
  const engine = Engine.from(checks, told(), [registerEntries] as never);
  const expected = DATASETS.flatMap(({ id }) =>
    [...new Set(told().flatMap((run) => (run.dataset === id ? [run.source] : [])))].map((source) => ({
      dataset: id,
      source,
      partition: 'main',
      from: expectedFrom[source] ?? -Infinity,
      to: NEVER,
    })),
  );
  const coverage = new Coverage(engine.facts, DATASETS, expected);
  return { engine, coverage, assessor: new Assessor(engine, coverage, [WAIVER]), checks, waivers: [WAIVER], catalog: CATALOG, ...more };
}
export const stamp = (asOf: Instant): Stamp => ({
  company: 'Acme',
  demo: true,
  asOf,
  period: { from: day(0), to: day(30) },
  timezone: 'UTC',
  checkpoint: { origin: 'acme.example', size: 1, root: 'r' },
  units: [],
  catalogDigest: 'c1',
  code: 'v1',
});
