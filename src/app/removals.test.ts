import { expect, it } from 'vitest';
import { days, hours, instant, NEVER } from '../core/instant.ts';
import type { Dataset, Row } from '../datasets/dataset.ts';
import { datasets } from '../datasets/index.ts';
import { Assessor } from '../engine/assess.ts';
import { Coverage, type Expected } from '../engine/coverage.ts';
import { inOrder } from '../engine/derive.ts';
import { Engine } from '../engine/engine.ts';
import type { Run } from '../engine/facts.ts';
import { termination } from '../../test/source-rows.ts';
import { checks } from '../checks/index.ts';
import { accessBySystem } from './access-by-system.ts';
import type { Ground } from './grounds.ts';
import { mergesByWeek, weeksIn } from './merges.ts';
import { removalsIn } from './removals.ts';

const LEFT = instant('2026-03-10T23:00:00Z');
const NOW = LEFT + days(5);
const PERIOD = { from: instant('2026-01-01T00:00:00Z'), to: instant('2027-01-01T00:00:00Z') };
const CHECKS = checks.filter(({ id }) =>
  ['leaver-access-removed', 'stated-leaver-access-removed', 'mfa-enrolled', 'commits-landed-through-review', 'changes-independently-approved'].includes(id),
);
const READ = inOrder([
  ...CHECKS.flatMap((check) => [check.population, ...Object.values(check.with).map(({ rows }) => rows)].map(({ dataset }) => dataset)),
  ...datasets.filter(({ id }) => id === 'people.accounts' || id === 'people.workers'),
]);

let record = 0;
const run = (dataset: string, at: number, rows: readonly Row[], polled?: Run['polled']): Run => ({
  ...{ dataset, source: 'made-up', partition: 'acme', at, complete: true, reason: null, record: record++, rows },
  ...(polled ? { polled } : {}),
});

function ground(runs: readonly Run[]): Ground {
  const engine = Engine.from(CHECKS, [...runs], READ as Dataset[]);
  const expected: Expected[] = READ.filter(({ derived }) => !derived).map(({ id }) => ({
    dataset: id,
    source: 'made-up',
    partition: 'acme',
    from: -NEVER,
    to: NEVER,
  }));
  const coverage = new Coverage(engine.facts, READ, expected);
  return { engine, coverage, assessor: new Assessor(engine, coverage), checks: CHECKS } as unknown as Ground;
}

const worker = (id: string, over: Row = {}): Row => ({
  ...{ workerId: id, fullName: `Name of ${id}`, emails: [`${id}@acme.example`], employmentType: 'employee', title: null, department: null, managerId: null },
  ...{ startAt: instant('2020-01-01T00:00:00Z'), terminationAt: LEFT, timezone: 'UTC', status: 'terminated' },
  ...over,
});
const account = (id: string, system: string, status: string, over: Row = {}): Row => ({
  ...{ systemId: system, userId: id, login: id, handles: [id], emails: [`${id}@acme.example`], displayName: null, hrId: null, kind: 'human' },
  ...{ status, privileged: 'no', password: 'yes', createdAt: null },
  ...over,
});

/** HR had told of it from the beginning. */
const departure = ({ workerId = '', fullName = '', startAt = 0, terminationAt: effectiveAt = null }: Row): readonly Row[] =>
  effectiveAt === null ? [] : [{ workerId, fullName, startAt, effectiveAt, toldAt: LEFT - days(2), untoldAt: null }];

/** Everybody left at once; each account is looked at every six hours. */
const told = (accountsAt: (at: number) => readonly Row[], workers: readonly Row[], stated: readonly Row[] = []): readonly Run[] => {
  const looks = Array.from({ length: 40 }, (_, look) => LEFT - days(2) + look * hours(6)).filter((at) => at <= NOW);
  return looks.flatMap((at) => [
    run('hr.workers', at, workers),
    run('hr.departures', at, workers.flatMap(departure), { from: LEFT - days(2), to: at }),
    run('identity.users', at, accountsAt(at)),
    run('hr.terminations', at, at < LEFT + days(1) ? [] : stated, { from: LEFT - days(2), to: at }),
    ...['people.aliases', 'people.declarations', 'asset.systems', 'identity.mfa-factors', 'identity.mfa-enforcement'].map((id) => run(id, at, [])),
  ]);
};

it('tells of each leaver when the last account was first seen gone, or that one can still be used', () => {
  const people = ['soon', 'late', 'still', 'before', 'none', 'back'];
  const until: Readonly<Record<string, number>> = { soon: LEFT + hours(5), late: LEFT + hours(49), still: NEVER, before: LEFT - hours(1), back: NEVER };
  const accountsAt = (at: number) => people.flatMap((id) => (id === 'none' ? [] : [account(id, 'okta', at < (until[id] ?? 0) ? 'active' : 'deactivated')]));
  const workers = [
    ...people.map((id) => worker(id)),
    worker('back', { startAt: LEFT + hours(20), terminationAt: null }),
    worker('stays', { terminationAt: null }),
  ];
  const its = ground(told(accountsAt, workers));
  const { leavers, deadline } = removalsIn(its, PERIOD, NOW);
  expect(deadline).toBe(hours(24));
  expect(leavers.map(({ workerId, state, took, account: last }) => [workerId, state, took === null ? null : took / hours(1), last])).toEqual([
    ['back', 'removed', 20, 'back in okta'],
    ['before', 'removed', 0, 'before in okta'],
    ['late', 'removed', 54, 'late in okta'],
    ['none', 'none', null, null],
    ['soon', 'removed', 6, 'soon in okta'],
    ['still', 'still', 120, 'still in okta'],
  ]);
  expect(removalsIn(its, { from: LEFT + 1, to: PERIOD.to }, NOW).leavers).toEqual([]);
  expect(removalsIn(its, PERIOD, LEFT + hours(30)).leavers.find(({ workerId }) => workerId === 'late')).toMatchObject({ state: 'still', took: hours(30) });
});

it('tells of who left by a statement, alone or before HR says', () => {
  const ids = ['alone', 'earlier'];
  const stated = ids.map((workerId) => termination({ terminationId: `T of ${workerId}`, workerId, effectiveAt: LEFT, recordedAt: LEFT + days(1) }));
  const workers = ids.map((id) => worker(id, { terminationAt: id === 'alone' ? null : LEFT + days(2) }));
  const its = ground(told((at) => ids.map((id) => account(id, 'okta', at < LEFT + hours(30) ? 'active' : 'deactivated')), workers, stated));
  expect(removalsIn(its, PERIOD, NOW).leavers).toMatchObject(
    ids.map((workerId) => ({ workerId, leftAt: LEFT, state: 'removed', took: hours(30), account: `${workerId} in okta` })),
  );
});

it('says of whom nobody can tell, where evidence is missing', () => {
  const runs = told((at) => [account('gone', 'okta', at < LEFT ? 'active' : 'deactivated')], [worker('gone')]).filter(({ at }) => at < LEFT + hours(12));
  expect(removalsIn(ground(runs), PERIOD, NOW).leavers).toMatchObject([{ state: 'unknown', took: null }]);
});

it('counts the accounts of each system that can be used, and what is the matter with them', () => {
  const accountsAt = () => [
    account('ann', 'okta', 'active', { privileged: 'yes' }),
    account('bob', 'okta', 'active', { privileged: 'unknown' }),
    account('old', 'okta', 'deactivated'),
    account('ann-gh', 'github', 'active', { emails: ['ann@acme.example'] }),
    account('robot', 'github', 'active', { emails: [], kind: 'service' }),
  ];
  const also = (at: number) => [
    run('asset.systems', at, [{ systemId: 'okta', name: 'Okta' }]),
    run('identity.mfa-factors', at, [{ systemId: 'okta', userId: 'ann', factorId: '1', type: 'webauthn', status: 'active', enrolledAt: null }]),
    run('identity.mfa-enforcement', at, [{ systemId: 'okta', userId: 'bob', enrolled: 'no' }]),
  ];
  const people = [worker('ann', { terminationAt: null }), worker('bob', { terminationAt: null })];
  const its = ground([...told(accountsAt, people), ...[LEFT + days(4), NOW].flatMap(also)]);
  const none = { privileged: 0, privilegedUnknown: 0, mfaExamined: 0, withoutMfa: 0, mfaUnknown: 0, orphaned: 0 };
  expect(accessBySystem(its, NOW)).toEqual([
    { ...none, system: 'github', active: 2, orphaned: 1 },
    { ...none, system: 'okta', active: 2, privileged: 1, privilegedUnknown: 1, mfaExamined: 2, withoutMfa: 1 },
  ]);
});

it('tells week by week how changes came', () => {
  const at = (day: number) => instant(`2026-03-${String(day).padStart(2, '0')}T12:00:00Z`);
  const commit = (sha: string, day: number, over: Row = {}): Row => ({
    ...{ systemId: 'git', repoId: 'r', repo: 'acme/web', sha, branch: 'main', first: true, broughtBy: sha, prId: null, prNumber: null, how: 'merged' },
    ...{ pusherId: null, pusher: 'ann', authorId: null, author: 'ann', verified: 'yes', parents: ['p'], committedAt: at(day), landedAt: at(day) },
    ...over,
  });
  const request = (prId: string, day: number): Row => ({
    ...{ systemId: 'git', prId, repoId: 'r', repo: 'acme/web', number: 1, title: 't', branch: 'main', authorId: 'ann', author: 'ann', authorKind: 'human' },
    ...{ contributorIds: ['ann'], strangers: [], reviewerIds: [], mergedById: 'ann', mergedBy: 'ann', headSha: 'h', mergeSha: 'm', labels: [], tickets: [] },
    ...{ createdAt: at(day) - 1, lastPushAt: at(day) - 1, mergedAt: at(day) },
  });
  const rows = [
    commit('a', 2, { prId: '1' }),
    commit('b', 4, { how: 'pushed' }),
    commit('c', 10, { prId: 'lost' }),
    commit('side', 10, { first: false }),
    commit('d', 30),
  ];
  const looked = { from: at(1), to: at(20) };
  const runs = [
    run('asset.systems', at(1), [{ systemId: 'git', name: 'Git' }]),
    run('change.commits', at(20), rows.slice(0, 4), looked),
    run('change.pull-requests', at(20), [request('1', 2)], looked),
    run('change.reviews', at(20), [], looked),
    ...[1, 2, 3].flatMap((day) =>
      ['identity.users', 'people.declarations', 'people.aliases', 'hr.workers'].map((id) =>
        run(id, at(day), id === 'identity.users' ? [account('ann', 'git', 'active')] : []),
      ),
    ),
  ];
  const weeks = mergesByWeek(ground(runs), { from: at(2), to: at(16) }, at(20), 'UTC');
  expect(weeks.map(({ from, to: _, ...its }) => [new Date(from).getUTCDate(), its])).toEqual([
    [2, { reviewed: 0, unapproved: 1, bypassed: 1, unknown: 0 }],
    [9, { reviewed: 0, unapproved: 0, bypassed: 0, unknown: 1 }],
    [16, { reviewed: 0, unapproved: 0, bypassed: 0, unknown: 0 }],
  ]);
});

it('begins weeks on Mondays of the company, also where clocks are changed', () => {
  const iso = (at: number) => new Date(at).toISOString();
  expect(weeksIn({ from: instant('2026-03-18T12:00:00Z'), to: instant('2026-04-01T00:00:00Z') }, 'Europe/Berlin').map(iso)).toEqual([
    '2026-03-15T23:00:00.000Z',
    '2026-03-22T23:00:00.000Z',
    '2026-03-29T22:00:00.000Z',
    '2026-04-05T22:00:00.000Z',
  ]);
  expect(weeksIn({ from: 5, to: 5 }, 'UTC')).toEqual([]);
  expect(mergesByWeek(ground([]), { from: instant('2026-03-10T00:00:00Z'), to: NEVER }, NOW, 'UTC')).toEqual([
    { from: instant('2026-03-09T00:00:00Z'), to: instant('2026-03-16T00:00:00Z'), reviewed: 0, unapproved: 0, bypassed: 0, unknown: 0 },
  ]);
});
