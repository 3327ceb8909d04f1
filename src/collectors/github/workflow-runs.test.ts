import { describe, expect, it } from 'vitest';
import { cursorTester } from '../../../test/cursor-tester.ts';
import { begunAt, madeRun, type MadeRun, madeUpRuns, type RunHost, runWire } from '../../../test/github-runs.ts';
import { tested, world } from '../../../test/recorded.ts';
import { days, hours, instant, minutes } from '../../core/instant.ts';
import { openSource } from '../../sources/open.ts';
import type { Collector } from '../collector.ts';
import type { Artifact } from '../source.ts';
import { githubWorkflowRuns } from './workflow-runs.ts';

tested(
  githubWorkflowRuns,
  { org: 'acme' },
  'acme',
  (rows) => {
    const all = rows('change.workflow-runs');
    expect(all.length).toBeGreaterThan(40);
    expect([...new Set(all.map(({ workflow, event, conclusion }) => `${workflow} ${event} ${conclusion}`))].sort()).toEqual([
      'CI push failure',
      'CI push success',
      'Deploy workflow_run failure',
      'Deploy workflow_run success',
    ]);
    expect(all.find(({ conclusion, workflow }) => workflow === 'CI' && conclusion === 'failure')).toMatchObject({
      repo: 'acme/platform',
      file: '.github/workflows/ci.yml',
      branch: 'main',
      status: 'completed',
      attempt: 1,
    });
  },
  world.ago(193, 22),
);

const NOW = instant('2026-06-01T00:00:00Z');
const SINCE = NOW - days(20);
const config = githubWorkflowRuns.config.parse({ org: 'acme' });

cursorTester(
  {
    collector: githubWorkflowRuns as unknown as Collector,
    config,
    partition: 'acme',
    credentials: { token: 'secret-of-the-tests' },
    since: SINCE,
    polls: [4, 5, 9, 20].map((day) => SINCE + days(day) + hours(2)),
    unfold: (seed) => {
      const host = madeUpRuns(seed, SINCE, days(20));
      const known = (at: number) => host.runs.flatMap((run) => (begunAt(run) >= SINCE && run.shownAt <= at ? [[String(run.id), begunAt(run)] as const] : []));
      return { wireAt: (at) => runWire(host, at), truthAt: (at) => ({ 'change.workflow-runs': new Map(known(at)) }) };
    },
  },
  { runs: 60 },
);

describe('github/workflow-runs, over several polls', () => {
  it('tells a run again when it has ended, and asks no more of one that succeeded', async () => {
    const at = NOW - days(2);
    const host = hostOf(madeRun({ id: 1, at, attempts: [{ at, endedAt: at + hours(30), conclusion: 'success' }] }));
    const first = await poll(host, at + hours(1), null);
    expect(first.runs).toMatchObject([{ status: 'in-progress', conclusion: 'none', updatedAt: at }]);
    const second = await poll(host, at + hours(20), first.after);
    expect(second.runs).toEqual([]);
    const third = await poll(host, NOW, second.after);
    expect(third.runs).toMatchObject([{ status: 'completed', conclusion: 'success', updatedAt: at + hours(30) }]);
    expect((await poll(host, NOW + hours(1), third.after)).asked.filter((name) => name.startsWith('web run 1'))).toEqual([]);
  });

  it('sees that a failed run was begun again, by whom, and how it ended', async () => {
    const at = NOW - days(2);
    const attempts = [
      { at, endedAt: at + minutes(5), conclusion: 'failure' },
      { at: at + hours(20), endedAt: at + hours(21), conclusion: 'success' },
    ];
    const host = hostOf(madeRun({ id: 1, at, attempts }));
    const first = await poll(host, at + hours(1), null);
    expect(first.runs).toMatchObject([{ attempt: 1, conclusion: 'failure', triggeringActor: 'ines-duarte' }]);
    const { runs } = await poll(host, NOW, first.after);
    expect(runs).toMatchObject([{ attempt: 2, conclusion: 'success', createdAt: at, startedAt: at + hours(20), triggeringActor: 'amara-okafor' }]);
  });

  it('follows a failed run for three days, and one that goes on for thirty-six', async () => {
    const [failed, endless] = [NOW - days(6), NOW - days(36)];
    const lasting = { at: endless, endedAt: NOW + days(1), conclusion: 'cancelled' };
    const host = hostOf(madeRun({ id: 1, at: failed, conclusion: 'failure' }), madeRun({ id: 2, at: endless, attempts: [lasting] }));
    const asks = async (at: number, after: string | null) => {
      const { asked, ...run } = await poll(host, at, after, endless);
      return { ...run, asked: asked.filter((name) => /^web run \d/.test(name)) };
    };
    const first = await asks(failed + days(1), null);
    const second = await asks(failed + days(4), first.after);
    expect(second.asked).toEqual(['web run 1', 'web run 2']);
    const third = await asks(NOW, second.after);
    expect(third.asked).toEqual(['web run 2']);
    expect((await asks(NOW + hours(1), third.after)).asked).toEqual([]);
  });

  it('tells a run that was removed from one that it may not see: where the runs of the repository are shown, it is gone', async () => {
    const at = NOW - days(2);
    const host = hostOf(madeRun({ id: 1, at, conclusion: 'failure', removedAt: NOW - days(1) }));
    const first = await poll(host, at + hours(1), null);
    const gone = await poll(host, NOW, first.after);
    expect(gone.error).toBeNull();
    expect(gone.runs).toEqual([]);
    expect(String((await poll({ ...host, hidden: true }, NOW, first.after)).error)).toMatch(/web runs .*404/);
  });

  it('asks in windows that hold no more than GitHub gives, and tells a long history in bounded runs, oldest first', async () => {
    // Three thousand within two days, and few before and after.
    const dense = Array.from({ length: 3000 }, (_, place) => madeRun({ id: place + 100, at: NOW - days(10) + Math.floor(place / 2) * 100_000 }));
    const host = { ...hostOf(madeRun({ id: 1, at: SINCE }), ...dense, madeRun({ id: 9999, at: NOW - hours(1) })), page: 100 };
    const told: number[] = [];
    const claims: boolean[] = [];
    let after: string | null = null;
    for (let more = true; more; ) {
      const run = await poll(host, NOW + claims.length * minutes(1), after);
      expect(run.error).toBeNull();
      expect(run.asked.length).toBeLessThan(32);
      told.push(...run.runs.map(({ runId }) => Number(runId)));
      claims.push(run.polled.to > run.polled.from);
      ({ after, more } = run);
    }
    expect(told.toSorted((a, b) => a - b)).toEqual([1, ...dense.map(({ id }) => id), 9999]);
    expect(claims).toEqual([false, false, true]);
  });

  it('is incomplete where more were begun in one second than GitHub gives, and where fewer are listed than it counts', async () => {
    const second = Array.from({ length: 1000 }, (_, place) => madeRun({ id: place + 1, at: NOW - days(3) }));
    const crowded = { ...hostOf(...second), page: 100 };
    let run = await poll(crowded, NOW, null);
    while (run.more) run = await poll(crowded, NOW, run.after);
    expect(String(run.error)).toMatch(/GitHub counts 1000 runs in one second, and gives at most 1000/);
    expect(String((await poll({ ...hostOf(), miscounts: 2 }, NOW, null)).error)).toMatch(/GitHub counts 2 runs and lists 0/);
  });

  it('tells the whole past of a repository that is deployed from for the first time, and nothing of the others', async () => {
    const repositories = [
      { name: 'web', deployedFrom: 0 },
      { name: 'billing', deployedFrom: NOW - days(1) },
      { name: 'docs', deployedFrom: Number.POSITIVE_INFINITY },
    ];
    const all = ['web', 'billing', 'docs'].map((repo, place) => madeRun({ id: place + 1, at: NOW - days(9), repo }));
    const host = { ...hostOf(...all), repositories };
    const first = await poll(host, NOW - days(2), null);
    expect(first.runs.map(({ repo }) => repo)).toEqual(['acme/web']);
    const second = await poll(host, NOW, first.after);
    expect(second.runs.map(({ repo }) => repo)).toEqual(['acme/billing']);
    expect((await poll(host, NOW + days(1), second.after)).runs).toEqual([]);
  });

  it('says what GitHub leaves out: a name, an actor, an end that it does not know', async () => {
    const [at, odd] = [NOW - days(1), { name: null, event: 'dynamic' }];
    const { runs } = await poll(hostOf(madeRun({ id: 1, at, conclusion: 'brand_new', ...odd })), NOW, null);
    expect(runs).toMatchObject([{ workflow: '.github/workflows/ci.yml', file: '.github/workflows/ci.yml', event: 'dynamic', conclusion: 'unknown' }]);
  });
});

const hostOf = (...runs: readonly MadeRun[]): RunHost => ({ repositories: [{ name: 'web', deployedFrom: 0 }], runs, page: 50 });

async function poll(host: RunHost, at: number, after: string | null, since = SINCE) {
  const of = { config, partition: 'acme', at, since, after, timezone: 'UTC' };
  const options = { ...of, credentials: { token: 'secret-of-the-tests' }, endpoint: null, root: '/', wire: runWire(host, at) };
  const { source } = openSource(githubWorkflowRuns as unknown as Collector, { ...options, clock: () => at, sleep: async () => undefined });
  const artifacts: Artifact[] = [];
  try {
    for await (const artifact of githubWorkflowRuns.collect(source as never, of)) artifacts.push(artifact);
  } catch (error) {
    return { error, runs: [], asked: [], after: null, more: false, polled: { from: 0, to: 0 } };
  }
  const [told] = githubWorkflowRuns.normalize(artifacts, of);
  const mark = githubWorkflowRuns.mark?.(artifacts, of);
  return {
    error: null as unknown,
    runs: told?.rows ?? [],
    asked: artifacts.map(({ name }) => name),
    after: mark?.after ?? null,
    more: mark?.more ?? false,
    polled: told?.polled ?? { from: 0, to: 0 },
  };
}
