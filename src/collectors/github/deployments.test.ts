import { describe, expect, it } from 'vitest';
import { cursorTester } from '../../../test/cursor-tester.ts';
import { BOT, type DeployHost, deployWire, made, madeUpDeploys, type MadeDeployment } from '../../../test/github-deploys.ts';
import { tested, world } from '../../../test/recorded.ts';
import { days, hours, instant, minutes } from '../../core/instant.ts';
import type { Row } from '../../datasets/dataset.ts';
import { openSource } from '../../sources/open.ts';
import type { Collector } from '../collector.ts';
import type { Artifact } from '../source.ts';
import { githubDeployments } from './deployments.ts';

tested(
  githubDeployments,
  { org: 'acme' },
  'acme',
  (rows) => {
    const all = rows('change.deployments');
    expect(all.length).toBeGreaterThan(20);
    expect(all.filter(({ creatorKind }) => creatorKind === 'human')).toMatchObject([
      { repo: 'acme/web', runId: null, approverIds: [], approvedAt: null, verification: 'none', state: 'success' },
    ]);
    expect(all.filter(({ approverIds, creatorKind }) => creatorKind === 'pipeline' && (approverIds as readonly string[]).length === 0)).toMatchObject([
      { repo: 'acme/api-gateway' },
    ]);
    expect(all.every(({ production, succeededAt }) => production === true && succeededAt !== null)).toBe(true);
    expect(rows('change.environments')).toHaveLength(4);
    expect(rows('change.environments')[0]).toMatchObject({ reviewers: ['team core'], selfReviewPrevented: 'yes', adminsBypass: 'no', branches: ['main'] });
    expect(rows('change.releases')).toEqual([]);
  },
  world.ago(194, 2),
);

const NOW = instant('2026-06-01T00:00:00Z');
const SINCE = NOW - days(20);
const config = githubDeployments.config.parse({ org: 'acme' });

cursorTester(
  {
    collector: githubDeployments as unknown as Collector,
    config,
    partition: 'acme',
    credentials: { token: 'secret-of-the-tests' },
    since: SINCE,
    polls: [4, 5, 9, 20].map((day) => SINCE + days(day) + hours(2)),
    unfold: (seed) => {
      const host = madeUpDeploys(seed, SINCE, days(20));
      const known = (at: number, key: (entry: { id: number }) => string) => ({
        'change.deployments': new Map(host.deployments.flatMap((made) => (made.at >= SINCE && made.shownAt <= at ? [[key(made), made.at] as const] : []))),
        'change.releases': new Map(host.releases.flatMap((it) => (it.publishedAt <= at ? [[key(it), it.publishedAt] as const] : []))),
      });
      return { wireAt: (at) => deployWire(host, at), truthAt: (at) => known(at, ({ id }) => String(id)) };
    },
  },
  { runs: 60 },
);

describe('github/deployments, over several polls', () => {
  it('tells again what became of a deployment that had not ended, and asks nothing more of what did not change', async () => {
    const at = NOW - days(2);
    const host = hostOf(
      made({
        id: 1,
        at,
        states: [
          { state: 'IN_PROGRESS', at },
          { state: 'SUCCESS', at: at + hours(30) },
        ],
      }),
    );
    const first = await poll(host, NOW - days(2) + hours(1), null);
    expect(first.deployments).toMatchObject([{ state: 'in-progress', succeededAt: null }]);
    const second = await poll(host, NOW - days(1), first.after);
    expect(second.deployments).toEqual([]);
    expect(second.asked.filter((name) => name.startsWith('web deployment'))).toEqual([]);
    const third = await poll(host, NOW, second.after);
    expect(third.deployments).toMatchObject([{ state: 'success', succeededAt: at + hours(30) }]);
  });

  it('sees an approval that came after twenty days', async () => {
    const at = NOW - days(20);
    const link = 'https://github.com/acme/web/actions/runs/20000000001/job/1';
    const states = [
      { state: 'WAITING', at, logUrl: link },
      { state: 'IN_PROGRESS', at: at + days(19) },
      { state: 'SUCCESS', at: at + days(19) + minutes(5) },
    ];
    const host = hostOf(made({ id: 1, at, states, run: { id: 20_000_000_001, approvals: [{ userId: 7, at: at + days(19) }] } }));
    let after = (await poll(host, at + hours(1), null)).after;
    for (let day = 1; day < 19; day++) after = (await poll(host, at + days(day), after)).after;
    const { deployments } = await poll(host, NOW, after);
    expect(deployments).toMatchObject([{ approverIds: ['7'], approvedAt: at + days(19), state: 'success', runId: '20000000001' }]);
  });

  it('takes a failure of the check of the running system that is reported the day after', async () => {
    const at = NOW - days(1);
    const states = [
      { state: 'SUCCESS', at: at + minutes(5) },
      { state: 'FAILURE', at: at + hours(5), description: 'Smoke test failed' },
    ];
    const host = hostOf(made({ id: 1, at, states }));
    const first = await poll(host, at + hours(1), null);
    expect(first.deployments).toMatchObject([{ verification: 'none', verifiedAt: null }]);
    const { deployments } = await poll(host, NOW, first.after);
    expect(deployments).toMatchObject([{ verification: 'failed', verifiedAt: at + hours(5), state: 'success', failedAt: null }]);
  });

  it('goes on where a deployment was removed, and where the run that made it was', async () => {
    const gone = made({ id: 1, at: NOW - days(2), removedAt: NOW - days(1) });
    const first = await poll(hostOf(gone), NOW - days(2) + hours(1), null);
    expect(first.deployments).toHaveLength(1);
    const second = await poll(hostOf(gone), NOW, first.after);
    expect(second.error).toBeNull();
    expect(second.deployments).toEqual([]);
  });

  it('tells a removed run from one that it may not see: where the runs of the repository are shown, it is gone', async () => {
    const host = hostOf(made({ id: 1, at: NOW - days(2), run: null }));
    const gone = await poll(host, NOW, null);
    expect(gone.error).toBeNull();
    expect(gone.deployments).toMatchObject([{ runId: '20000000001', approvalsTold: 'no', approverIds: [] }]);
    const hidden = await poll({ ...host, hidden: true }, NOW, null);
    expect(String(hidden.error)).toMatch(/web runs beside that of 1.*404/);
  });

  it('tells a long history in bounded runs, newest first, and claims nothing before it has come to the end', async () => {
    const all = Array.from({ length: 23 }, (_, place) => made({ id: place + 1, at: NOW - days(10) + hours(place) }));
    const host = { ...hostOf(...all), page: 2 };
    const told: string[] = [];
    const claims: boolean[] = [];
    let after: string | null = null;
    for (let more = true; more; ) {
      const run = await poll(host, NOW + told.length * minutes(1), after);
      told.push(...run.deployments.map(({ deploymentId }) => String(deploymentId)));
      claims.push(run.polled.to > run.polled.from);
      ({ after, more } = run);
    }
    // Where one run ends and the next begins, a page is read again: its last is told once more.
    expect([...new Set(told)]).toEqual(all.map(({ id }) => String(id)).toReversed());
    expect(claims).toEqual([false, false, true]);
  });

  it('misses none where others were removed or made between two runs of one sweep', async () => {
    const all = Array.from({ length: 30 }, (_, place) => {
      const its = made({ id: place + 1, at: NOW - days(10) + hours(place) });
      return place >= 22 && place < 28 ? { ...its, removedAt: NOW + minutes(5) } : its; // six of those that the first run told
    });
    const host = { ...hostOf(...all, made({ id: 99, at: NOW + minutes(3) })), page: 2 };
    const first = await poll(host, NOW, null);
    const told = first.deployments.map(({ deploymentId }) => Number(deploymentId));
    expect(told).toEqual([30, 29, 28, 27, 26, 25, 24, 23, 22, 21]);
    let run = first;
    for (let minute = 10; run.more; minute++) {
      run = await poll(host, NOW + minutes(minute), run.after);
      told.push(...run.deployments.map(({ deploymentId }) => Number(deploymentId)));
    }
    expect([...new Set(told)].sort((a, b) => a - b).filter((id) => id <= 20)).toEqual(Array.from({ length: 20 }, (_, place) => place + 1));
    const next = await poll(host, NOW + days(1), run.after);
    expect(next.deployments.map(({ deploymentId }) => deploymentId)).toContain('99');
  });

  it('tells a release when it is published, however long its draft was kept', async () => {
    const releases = [
      { id: 1, repo: 'web', tag: 'v2', createdAt: NOW - days(9), publishedAt: NOW - hours(1) },
      { id: 2, repo: 'web', tag: 'v1', createdAt: NOW - days(3), publishedAt: NOW - days(2) },
    ];
    const host = { ...hostOf(), releases };
    const first = await poll(host, NOW - days(1), null);
    expect(first.releases.map(({ tag }) => tag)).toEqual(['v1']);
    expect((await poll(host, NOW, first.after)).releases).toMatchObject([{ tag: 'v2', publishedAt: NOW - hours(1), author: 'user-5', sha: 'main' }]);
  });
});

describe('github/deployments, who deployed', () => {
  const person = { id: 7, login: 'ines-duarte', type: 'User' };
  const at = NOW - hours(5);
  const elsewhere = [{ state: 'SUCCESS', at, logUrl: 'https://github.com/acme/web/actions/runs/20000000002/job/1' }];
  const foreign = [{ state: 'SUCCESS', at, logUrl: 'https://github.com/other/web/actions/runs/20000000001/job/1' }];

  it.each<readonly [string, Partial<MadeDeployment>, string]>([
    ['a bot', { creator: BOT }, 'pipeline'],
    ['a workflow, in the name of who set it going', { creator: person, app: 'github-actions' }, 'pipeline'],
    ['a person, and a run on that commit stands behind it', { creator: person }, 'pipeline'],
    ['a person, by hand', { creator: person, run: null, states: [{ state: 'SUCCESS', at }] }, 'human'],
    ['a person, under the address of a run of another organization', { creator: person, states: foreign }, 'human'],
    ['a person, through another application', { creator: person, app: 'chat-deploys', run: null, states: [] }, 'unknown'],
    ['an account that is gone', { creator: null }, 'unknown'],
  ])('%s', async (_, over, kind) => {
    expect((await poll(hostOf(made({ id: 1, at, ...over })), NOW, null)).deployments).toMatchObject([{ creatorKind: kind }]);
  });

  it('does not take a run on another commit for proof', async () => {
    const [forged, other] = [made({ id: 1, at, creator: person, states: elsewhere }), made({ id: 2, at: at - days(1) })];
    const { deployments } = await poll(hostOf(forged, { ...other, run: { id: 20_000_000_002, approvals: [{ userId: 8, at }] } }), NOW, null);
    expect(deployments).toMatchObject([{ creatorKind: 'unknown', approverIds: ['8'] }, { creatorKind: 'pipeline' }]);
  });
});

describe('github/deployments, what verified', () => {
  const at = NOW - hours(20);
  const ran = (name: string, conclusion: string | null, startedAt: number, took = minutes(2)) => ({
    name,
    conclusion,
    startedAt,
    completedAt: conclusion === null ? null : startedAt + took,
  });
  const success = at + minutes(9);

  it.each<readonly [string, MadeDeployment['checks'], object]>([
    ['a check that passed after it took effect', [ran('e2e', 'SUCCESS', success + 1000)], { verification: 'passed', verifiedAt: success + 1000 + minutes(2) }],
    ['a check that failed', [ran('e2e', 'FAILURE', success + 1000)], { verification: 'failed' }],
    ['one that failed after another had passed', [ran('e2e', 'SUCCESS', success), ran('smoke', 'FAILURE', success + minutes(5))], { verification: 'failed' }],
    ['a check before it took effect', [ran('e2e', 'SUCCESS', success - minutes(5))], { verification: 'none', verifiedAt: null }],
    ['a check that was skipped', [ran('e2e', 'SKIPPED', success)], { verification: 'none' }],
    ['a check that is still running', [ran('e2e', null, success)], { verification: 'none' }],
    ['a check that nobody named', [ran('lint', 'SUCCESS', success)], { verification: 'none' }],
  ])('%s', async (_, checks, expected) => {
    const { deployments } = await poll(hostOf(made({ id: 1, at, checks })), NOW, null, { checks: ['e2e', 'smoke'] });
    expect(deployments).toMatchObject([expected]);
  });

  it('looks again for a check that ends after the poll', async () => {
    const host = hostOf(made({ id: 1, at, checks: [ran('e2e', 'SUCCESS', success + minutes(1), hours(2))] }));
    const first = await poll(host, at + hours(1), null, { checks: ['e2e'] });
    expect(first.deployments).toMatchObject([{ verification: 'none' }]);
    expect((await poll(host, NOW, first.after, { checks: ['e2e'] })).deployments).toMatchObject([{ verification: 'passed' }]);
  });

  it('calls production what the configuration does, by name or pattern, whatever the case', async () => {
    const names = ['production', 'Production-EU', 'preproduction', 'staging'];
    const host = hostOf(...names.map((environment, place) => made({ id: place + 1, at: at + place * 1000, environment })));
    const { deployments } = await poll(host, NOW, null, { production: ['production', 'production-*'] });
    expect(deployments.map(({ environment, production }) => `${environment} ${production}`).sort()).toEqual([
      'Production-EU true',
      'preproduction false',
      'production true',
      'staging false',
    ]);
  });
});

const hostOf = (...deployments: readonly MadeDeployment[]): DeployHost => ({ repositories: ['web'], deployments, releases: [], page: 50 });

async function poll(host: DeployHost, at: number, after: string | null, over: object = {}) {
  const of = { config: { ...config, ...over }, partition: 'acme', at, since: SINCE, after, timezone: 'UTC' };
  const options = { ...of, credentials: { token: 'secret-of-the-tests' }, endpoint: null, root: '/' };
  const { source } = openSource(githubDeployments as unknown as Collector, {
    ...options,
    wire: deployWire(host, at),
    clock: () => at,
    sleep: async () => undefined,
  });
  const artifacts: Artifact[] = [];
  try {
    for await (const artifact of githubDeployments.collect(source as never, of)) artifacts.push(artifact);
  } catch (error) {
    return { error, deployments: [], releases: [], asked: [], after: null, more: false, polled: { from: 0, to: 0 } };
  }
  const tables = githubDeployments.normalize(artifacts, of);
  const table = (id: string) => tables.find(({ dataset }) => dataset.id === id);
  const rows = (id: string): readonly Row[] => table(id)?.rows ?? [];
  const mark = githubDeployments.mark?.(artifacts, of);
  return {
    error: null as unknown,
    deployments: rows('change.deployments'),
    releases: rows('change.releases'),
    asked: artifacts.map(({ name }) => name),
    after: mark?.after ?? null,
    more: mark?.more ?? false,
    polled: table('change.deployments')?.polled ?? { from: 0, to: 0 },
  };
}
