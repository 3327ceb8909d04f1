import { describe, expect, it } from 'vitest';
import type { Check } from '../src/checks/check.ts';
import { checks } from '../src/checks/index.ts';
import { days, hours, type Instant, instant } from '../src/core/instant.ts';
import type { Row } from '../src/datasets/dataset.ts';
import { datasets } from '../src/datasets/index.ts';
import { Assessor } from '../src/engine/assess.ts';
import { Coverage } from '../src/engine/coverage.ts';
import { inOrder } from '../src/engine/derive.ts';
import { Engine } from '../src/engine/engine.ts';
import { itemParts, type Run } from '../src/engine/facts.ts';
import {
  checkRun,
  commit,
  deployment,
  protection,
  pullRequest,
  registerEntry,
  repository,
  review,
  ruleBypass,
  secretFinding,
  system,
  user,
  worker,
} from './rows.ts';

/** A Monday; day 0 begins here, and every source is asked at two in the night that ends a day. */
const START = instant('2026-03-02T00:00:00Z');
const LAST = 30;
const on = (day: number, hour = 12): Instant => START + days(day) + hours(hour);
const night = (day: number): Instant => on(day, 26);

const IDS = [
  'changes-independently-approved',
  'changes-ticketed',
  'commits-landed-through-review',
  'deployed-commits-landed',
  'deployments-approved',
  'deployments-verified',
  'direct-pushes-reviewed',
  'failed-deployments-reversed',
  'required-checks-passed',
  'rule-bypasses-reviewed',
  'secrets-revoked',
  'unapproved-changes-reviewed',
] as const;
const CHECKS: readonly Check[] = checks.filter(({ id }) => (IDS as readonly string[]).includes(id));
const byId = (id: (typeof IDS)[number]): Check => CHECKS.find((check) => check.id === id) as Check;
const DATASETS = inOrder(CHECKS.flatMap((check) => [check.population, ...Object.values(check.with).map(({ rows }) => rows)].map(({ dataset }) => dataset)));
const EXPECTED = DATASETS.filter(({ derived }) => !derived).map(({ id }) => ({
  dataset: id,
  source: 'made-up',
  partition: 'acme',
  from: START,
  to: Number.POSITIVE_INFINITY,
}));

const sha = (letter: string): string => letter.repeat(40);
const git = { systemId: 'github' } as const;
const people = [
  worker({ workerId: 'W-1', emails: ['ines@acme.example'] }),
  worker({ workerId: 'W-2', emails: ['bruno@acme.example'] }),
  worker({ workerId: 'W-3', emails: ['chloe@acme.example'] }),
];
const accounts = [
  user({ ...git, userId: 'g1', login: 'ines', handles: ['ines'], emails: ['ines@acme.example'] }),
  user({ ...git, userId: 'g2', login: 'bruno', handles: ['bruno'], emails: ['bruno@acme.example'] }),
  user({ ...git, userId: 'g3', login: 'chloe', handles: ['chloe'], emails: ['chloe@acme.example'] }),
  user({ ...git, userId: 'g5', login: 'bruno-too', handles: ['bruno-too'], emails: ['bruno@acme.example'] }),
];

const pull = (prId: string, mergedAt: Instant, over: Parameters<typeof pullRequest>[0] = {}) =>
  pullRequest({ prId, number: Number(prId), headSha: sha(prId), mergeSha: `m${prId}`, mergedAt, createdAt: mergedAt - hours(9), ...over });
const says = (prId: string, submittedAt: Instant, over: Parameters<typeof review>[0] = {}) =>
  review({ prId, reviewId: `R${prId}`, sha: sha(prId), submittedAt, ...over });
const entry = (subject: string, reviewerId: string, reviewedAt: Instant) =>
  registerEntry({ register: 'change-reviews', entryId: subject, subject, reviewerId, reviewedAt, committedAt: reviewedAt + hours(1) });
const dismissed = { state: 'dismissed', stateBefore: 'approved', dismissedAt: on(6) } as const;

/** What happened, by when it was told: in the night that follows, or in the night of its last change. */
const HAPPENED: readonly { readonly day: number; readonly dataset: string; readonly row: Row }[] = [
  // 1: approved in time; the approval was dismissed after the merge.
  { day: 1, dataset: 'change.pull-requests', row: pull('1', on(1)) },
  { day: 1, dataset: 'change.reviews', row: says('1', on(1, 11)) },
  { day: 6, dataset: 'change.reviews', row: says('1', on(1, 11), dismissed) },
  // 2: merged in an emergency, approved two days later. 3: the same, approved eight days later.
  { day: 3, dataset: 'change.pull-requests', row: pull('2', on(3), { labels: ['emergency'], tickets: [] }) },
  { day: 5, dataset: 'change.reviews', row: says('2', on(5)) },
  { day: 4, dataset: 'change.pull-requests', row: pull('3', on(4)) },
  { day: 12, dataset: 'change.reviews', row: says('3', on(12)) },
  // 4: Bruno approved his own change with his second login.
  {
    day: 5,
    dataset: 'change.pull-requests',
    row: pull('4', on(5), { authorId: 'g2', author: 'bruno', contributorIds: ['g2'], reviewerIds: ['g5'], mergedById: 'g5', mergedBy: 'bruno-too' }),
  },
  { day: 5, dataset: 'change.reviews', row: says('4', on(5, 11), { reviewerId: 'g5', reviewer: 'bruno-too' }) },
  // 5: merged while the host refused; of its reviews only the one of an earlier commit was told that night.
  { day: 8, dataset: 'change.pull-requests', row: pull('5', on(8, 14)) },
  { day: 8, dataset: 'change.reviews', row: says('5', on(8, 9), { reviewId: 'R5-old', sha: sha('0') }) },
  { day: 9, dataset: 'change.reviews', row: says('5', on(8, 11)) },
  ...['1', '2', '3', '4', '5'].map((prId, place) => ({
    day: [1, 3, 4, 5, 8][place] ?? 0,
    dataset: 'change.check-runs',
    row: checkRun({
      prId,
      checkRunId: `C${prId}`,
      sha: sha(prId),
      startedAt: on([1, 3, 4, 5, 8][place] ?? 0, 10),
      completedAt: on([1, 3, 4, 5, 8][place] ?? 0, 11),
    }),
  })),
  ...['1', '2', '3', '4', '5'].map((prId, place) => ({
    day: [1, 3, 4, 5, 8][place] ?? 0,
    dataset: 'change.commits',
    row: commit({ sha: `m${prId}`, broughtBy: `m${prId}`, prId, landedAt: on([1, 3, 4, 5, 8][place] ?? 0, prId === '5' ? 14 : 12) }),
  })),
  // Two pushes past any pull request: one followed up by Chloe, one by who did it.
  { day: 2, dataset: 'change.commits', row: commit({ sha: 'p1', broughtBy: 'p1', prId: null, prNumber: null, how: 'pushed', landedAt: on(2) }) },
  { day: 2, dataset: 'change.commits', row: commit({ sha: 'p2', broughtBy: 'p2', prId: null, prNumber: null, how: 'pushed', landedAt: on(2, 14) }) },
  { day: 2, dataset: 'change.rule-bypasses', row: ruleBypass({ sha: 'p1', actorId: 'g2', actor: 'bruno', occurredAt: on(2) }) },
  // A deployment that failed and was rolled back, and one of a commit that landed later.
  {
    day: 10,
    dataset: 'change.deployments',
    row: deployment({
      deploymentId: 'D1',
      sha: 'm5',
      approverIds: ['g3'],
      approvedAt: on(10, 10),
      createdAt: on(10, 10),
      succeededAt: on(10, 11),
      verification: 'failed',
      verifiedAt: on(10) - hours(0.5),
    }),
  },
  {
    day: 10,
    dataset: 'change.deployments',
    row: deployment({
      deploymentId: 'D2',
      sha: 'm4',
      approverIds: ['g3'],
      approvedAt: on(10, 13),
      createdAt: on(10, 13),
      succeededAt: on(10, 14),
      verifiedAt: on(10, 14),
    }),
  },
  {
    day: 11,
    dataset: 'change.deployments',
    row: deployment({
      deploymentId: 'D3',
      sha: sha('9'),
      approverIds: [],
      approvedAt: null,
      createdAt: on(11),
      succeededAt: on(11, 13),
      verification: 'none',
      verifiedAt: null,
    }),
  },
];

const REGISTER = [entry('p1', 'W-3', on(4)), entry('p2', 'W-2', on(4))];
const secret = (at: Instant): Row =>
  at < on(13)
    ? secretFinding({ detectedAt: on(10), status: 'open', resolution: 'none', validity: 'unknown', resolvedById: null, resolvedBy: null, resolvedAt: null })
    : secretFinding({ detectedAt: on(10), resolvedAt: on(13) });

/** The host refused in two nights, and was not asked at all about days 20 and 21, whose events are lost. */
const REFUSED = [7, 8];
const LOST = [20, 21];

/** From this day on Ines, who wrote most of it, has no account any more. */
const GONE = 16;

function history(): readonly Run[] {
  const runs: Run[] = [];
  const tell = (dataset: string, at: Instant, rows: readonly Row[], over: Partial<Run> = {}) =>
    runs.push({ dataset, source: 'made-up', partition: 'acme', at, complete: true, reason: null, rows, record: runs.length, ...over });
  for (const dataset of ['asset.systems', 'people.declarations', 'people.aliases'])
    tell(dataset, START, dataset === 'asset.systems' ? [system({ systemId: 'github', name: 'GitHub' })] : []);
  let since = START;
  for (let day = 0; day <= LAST; day++) {
    const at = night(day);
    tell('hr.workers', at, people);
    tell('identity.users', at, day < GONE ? accounts : accounts.slice(1));
    tell('repo.branch-protection', at, [protection()]);
    tell('repo.repositories', at, [repository()]);
    tell('secrets.findings', at, day < 10 ? [] : [secret(at)]);
    if (day % 7 === 6) tell('register.entries', at, REGISTER);
    if (LOST.includes(day)) continue;
    const complete = !REFUSED.includes(day);
    const from = LOST.includes(day - 1) ? night(day - 1) - hours(1) : since;
    for (const dataset of ['pull-requests', 'reviews', 'check-runs', 'commits', 'rule-bypasses', 'deployments'].map((name) => `change.${name}`)) {
      const rows = HAPPENED.filter((it) => it.dataset === dataset && it.day === day).map(({ row }) => row);
      tell(dataset, at, rows, { complete, reason: complete ? null : '503', polled: { from, to: at - hours(1) } });
    }
    if (complete) since = at - hours(1);
  }
  return runs;
}

const RUNS = history();

/** All that is known at an instant, and what it says of a check at that instant. */
function known(at: Instant) {
  const engine = Engine.from(
    CHECKS,
    RUNS.filter((run) => run.at <= at),
  );
  const assessor = new Assessor(engine, new Coverage(engine.facts, DATASETS, EXPECTED));
  return (id: (typeof IDS)[number]) => {
    const { status, items, deviations, unknowns } = assessor.at(byId(id), at, { from: START, to: night(LAST + 1) });
    const named = (claims: readonly { readonly item: string }[]) => claims.map(({ item }) => itemParts(item).key).sort();
    return { status, items, deviates: named(deviations), unknown: named(unknowns), deviations };
  };
}

const told = ({ status, deviates, unknown }: ReturnType<ReturnType<typeof known>>) => ({ status, deviates, unknown });

describe('a change that was merged without an approval', () => {
  it('deviates for good, whenever it is reviewed afterwards', () => {
    for (const day of [4, 7, 13, 19]) expect(known(night(day))('changes-independently-approved').deviates).toContain('2');
    expect(known(night(19))('changes-independently-approved').deviations.find(({ item }) => item.endsWith('/2'))).toMatchObject({
      because: 'was merged by bruno-novak on 2026-03-05T12:00:00Z: nobody had approved it',
      from: on(3),
    });
  });

  it('has five days for its follow-up, which a timely review satisfies and a late one does not', () => {
    const at = (day: number) => known(night(day))('unapproved-changes-reviewed');
    expect(at(2)).toMatchObject({ status: 'pass', items: 1 });
    expect(at(4)).toMatchObject({ status: 'pass', items: 1 }); // both that were not approved still have time
    expect(at(6)).toMatchObject({ status: 'pass', items: 2 });
    expect(told(at(10))).toEqual({ status: 'fail', deviates: ['3', '4'], unknown: [] });
    expect(told(at(19))).toEqual({ status: 'fail', deviates: ['3', '4'], unknown: [] });
  });
});

describe('an approval', () => {
  it('that is dismissed after the merge had counted', () => {
    for (const day of [1, 6, 19]) expect(known(night(day))('changes-independently-approved').deviates).not.toContain('1');
  });

  it('by the second login of the author is none, and the accounts prove it', () => {
    const { deviations } = known(night(19))('changes-independently-approved');
    const its = deviations.find(({ item }) => item.endsWith('/4'));
    expect(its?.because).toBe('was merged by bruno-too on 2026-03-07T12:00:00Z: only bruno-too, who contributed to it, had approved it');
    const records = new Set(its?.records.map((record) => RUNS[record]?.dataset));
    expect([...records].sort()).toEqual(['change.pull-requests', 'hr.workers', 'identity.users']);
  });
});

it('what was settled stays so when the account of who wrote it is gone', () => {
  for (const id of ['changes-independently-approved', 'unapproved-changes-reviewed', 'deployments-approved'] as const)
    expect(known(night(19))(id).unknown, id).toEqual([]);
});

describe('nights in which the host refused', () => {
  it('leave what it told half unknown, not deviating', () => {
    const that = known(night(8))('changes-independently-approved');
    expect(that.deviates).not.toContain('5');
    expect(that.unknown).toEqual(['5']);
    expect(known(night(8))('required-checks-passed').unknown).toEqual(['5']);
  });

  it('are made good by the next, which asks about the same time again', () => {
    const that = known(night(9))('changes-independently-approved');
    expect(told(that)).toEqual({ status: 'fail', deviates: ['2', '3', '4'], unknown: [] });
    expect(told(known(night(9))('required-checks-passed'))).toEqual({ status: 'pass', deviates: [], unknown: [] });
  });
});

it('events that nobody asked about leave the check unknown ever after, and what deviated deviates', () => {
  expect(known(night(19))('changes-ticketed')).toMatchObject({ status: 'fail', deviates: ['2'] });
  expect(known(night(19))('required-checks-passed').status).toBe('pass');
  expect(known(night(LAST))('required-checks-passed').status).toBe('unknown');
  expect(known(night(LAST))('changes-ticketed').status).toBe('fail');
});

it('a push past every pull request deviates, and its follow-up is judged once the register has been read', () => {
  expect(told(known(night(3))('commits-landed-through-review'))).toEqual({ status: 'fail', deviates: ['r1/p1', 'r1/p2'], unknown: [] });
  expect(known(night(5))('direct-pushes-reviewed').items).toBe(0);
  expect(known(night(7))('direct-pushes-reviewed')).toMatchObject({ status: 'pass', items: 1 });
  expect(told(known(night(16))('direct-pushes-reviewed'))).toEqual({ status: 'fail', deviates: ['r1/p2'], unknown: [] });
  expect(told(known(night(16))('rule-bypasses-reviewed'))).toEqual({ status: 'pass', deviates: [], unknown: [] });
});

it('deployments are traced, approved, verified and taken back', () => {
  const at = known(night(12));
  expect(told(at('deployments-approved'))).toEqual({ status: 'fail', deviates: ['D3'], unknown: [] });
  expect(told(at('deployments-verified'))).toEqual({ status: 'fail', deviates: ['D3'], unknown: [] });
  expect(at('failed-deployments-reversed')).toMatchObject({ status: 'pass', items: 1 });
  expect(told(at('deployed-commits-landed'))).toEqual({ status: 'unknown', deviates: [], unknown: ['D3'] });
});

it('a credential deviates from its deadline on, also once it is revoked', () => {
  expect(known(night(10))('secrets-revoked').items).toBe(0);
  expect(told(known(night(11))('secrets-revoked'))).toEqual({ status: 'fail', deviates: ['acme/web/1'], unknown: [] });
  expect(told(known(night(13))('secrets-revoked'))).toEqual({ status: 'fail', deviates: ['acme/web/1'], unknown: [] });
});

it('says the same learned night by night as from scratch', () => {
  const engine = new Engine(CHECKS);
  for (const run of RUNS) engine.learn(run);
  const scratch = Engine.from(CHECKS, RUNS);
  const sorted = (it: Engine, check: Check) => [...it.verdicts(check)].sort(([a], [b]) => (a < b ? -1 : 1));
  for (const check of CHECKS) expect(sorted(engine, check), check.id).toEqual(sorted(scratch, check));
  expect(CHECKS).toHaveLength(IDS.length);
  expect(datasets.length).toBeGreaterThan(DATASETS.length);
});
