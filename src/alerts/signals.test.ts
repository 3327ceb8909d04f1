import { expect, it } from 'vitest';
import { days, hours, minutes } from '../core/instant.ts';
import type { Occurrence } from '../engine/occurrences.ts';
import type { Posture } from '../engine/posture.ts';
import type { Rule } from './policy.ts';
import { type Deadline, type Sight, signalsOf } from './signals.ts';
import { AT, policy, rule } from './testing/made.ts';

const control = (id: string, over: object = {}) => ({ id, title: `Control ${id}`, alert: 'pass', severity: 'medium', checks: ['mfa-enforced'], ...over });
const sight = ({ controls = [], deviate = 0, ...over }: Partial<Sight> & { controls?: readonly object[]; deviate?: number } = {}): Sight => ({
  now: AT,
  posture: {
    controls,
    unwaived: new Map([['mfa-enforced', deviate]]),
    checks: [{ id: 'mfa-enforced', title: 'MFA is enforced', examined: 20 }],
  } as unknown as Posture,
  silences: [],
  deadlines: () => [],
  occurrences: [],
  complaints: [],
  jobs: [],
  undelivered: [],
  ...over,
});
const by = (its: Partial<Rule>, seen: Sight) =>
  signalsOf(seen, policy({ rules: [rule(its)] })).map(({ key, severity, title, magnitude, path, controls }) => ({
    key,
    severity,
    title,
    magnitude,
    path,
    controls,
  }));

it('sees controls that fail, without what is waived, of those that the rule names', () => {
  const controls = [control('AC-02', { alert: 'fail', severity: 'high' }), control('AC-03', { alert: 'fail' }), control('AC-04', { alert: 'unknown' })];
  expect(by({ on: 'control-fails', controls: ['AC-02', 'AC-04'] }, sight({ controls }))).toEqual([
    { key: 'control AC-02', severity: 'high', title: 'AC-02 fails: Control AC-02', magnitude: 1, path: '/controls/AC-02', controls: ['AC-02'] },
  ]);
  expect(by({ on: 'control-fails', severity: 'low' }, sight({ controls })).map(({ severity }) => severity)).toEqual(['low', 'low']);
});

it('tells how many items deviate without those that are waived', () => {
  const controls = [control('AC-02', { severity: 'critical' }), control('AC-03')];
  expect(by({ on: 'deviations' }, sight({ controls, deviate: 2 }))).toEqual([
    {
      key: 'check mfa-enforced',
      severity: 'critical',
      title: '2 items of 20 deviate: MFA is enforced',
      magnitude: 2,
      path: '/controls/AC-02#mfa-enforced',
      controls: ['AC-02', 'AC-03'],
    },
  ]);
  const count = (its: Partial<Rule>) => by({ on: 'deviations', ...its }, sight({ controls, deviate: 2 })).length;
  expect([count({ count: 2 }), count({ count: 3 }), count({ share: 0.1 }), count({ share: 0.11 }), count({ checks: ['other'] })]).toEqual([1, 0, 1, 0, 0]);
  expect(by({ on: 'deviations' }, sight({ controls }))).toEqual([]);
});

it('sees a source that is silent, once its patience is over', () => {
  const silences = [{ source: 'okta/users/acme', partition: 'acme', since: AT - hours(31), due: AT - hours(7) }];
  expect(by({ on: 'evidence-gap', after: hours(7) }, sight({ silences }))).toMatchObject([
    { key: 'source okta/users/acme', severity: 'high', title: 'okta/users/acme has told nothing whole since 2026-03-03 05:00 UTC' },
  ]);
  expect(by({ on: 'evidence-gap', after: hours(7) + 1 }, sight({ silences }))).toEqual([]);
});

it('looks ahead, and tells what is of one check together', () => {
  const ahead = (at: number, over: Partial<Deadline> = {}): Deadline => ({
    what: 'item',
    of: 'Keys are rotated',
    at,
    path: '/controls/AC-15',
    severity: 'medium',
    controls: ['AC-15'],
    checks: ['access-keys-rotated'],
    ...over,
  });
  const deadlines = [
    ahead(AT + days(3)),
    ahead(AT + days(2), { severity: 'high' }),
    ahead(AT + days(8)),
    ahead(AT),
    ahead(AT + days(1), { what: 'finding', path: '/findings' }),
    ahead(AT + hours(5), { what: 'occurrence', of: 'Review of the risk register', checks: [], controls: ['RM-01'] }),
  ];
  expect(
    by({ on: 'deadline', within: days(7) }, sight({ deadlines: () => deadlines })).map(
      ({ title, magnitude, severity }) => `${severity} ${magnitude}: ${title}`,
    ),
  ).toEqual([
    'high 2: 2 items will deviate unless something is done, the first from 2026-03-06 12:00 UTC on: Keys are rotated',
    'medium 1: 1 finding is to be fixed soon, the first by 2026-03-05 12:00 UTC: Keys are rotated',
    'medium 1: Review of the risk register is due 2026-03-04 17:00 UTC',
  ]);
});

it('sees what recurs and was not done, until it is done after all', () => {
  const duty = (over: Partial<Occurrence>): Occurrence => ({
    kind: 'duty',
    what: 'Review of the vendor register',
    controls: ['VN-01'],
    from: AT - days(60),
    to: AT - days(30),
    due: AT - days(10),
    state: 'missed',
    at: null,
    late: null,
    because: null,
    records: [],
    ...over,
  });
  const occurrences = [duty({}), duty({ late: AT - days(1) }), duty({ state: 'due' }), duty({ kind: 'collection' }), duty({ state: 'unknown' })];
  expect(by({ on: 'missed-occurrence' }, sight({ controls: [control('VN-01', { severity: 'high' })], occurrences }))).toMatchObject([
    { severity: 'high', title: 'Review of the vendor register was due 2026-02-22 12:00 UTC and was not done', path: '/controls/VN-01' },
  ]);
});

it('tells what is wrong with the log, with jobs and with channels, and none of the words that others gave for it', () => {
  const complaints = [
    { code: 'FORK', grave: true },
    { code: 'WITNESS_SILENT', grave: false },
  ];
  const jobs = [{ kind: 'failing', what: 'collect\nokta', since: AT - minutes(9), says: 'token=secret' }];
  const seen = sight({ complaints, jobs, undelivered: [{ channel: 'chat', since: AT }] });
  const all = (['log-integrity', 'job-trouble', 'delivery'] as const).flatMap((on) => signalsOf(seen, policy({ rules: [rule({ on })] })));
  expect(all.map(({ severity, title, avoid }) => [severity, title, avoid])).toEqual([
    ['critical', 'The log is not what was sealed (FORK)', null],
    ['medium', 'The log is not confirmed outside as it should be (WITNESS_SILENT)', null],
    ['medium', 'collect okta: failing since 2026-03-04 11:51 UTC', null],
    ['high', 'The channel chat has taken no notification since 2026-03-04 12:00 UTC', 'chat'],
  ]);
  expect(JSON.stringify(all)).not.toContain('secret');
});
