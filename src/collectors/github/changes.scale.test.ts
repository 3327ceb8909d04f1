import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { parse } from 'graphql';
import { expect, it } from 'vitest';
import { shaOf } from '../../acme/changes.ts';
import { PEOPLE } from '../../../test/github-forge.ts';
import { hostWire } from '../../../test/github-host.ts';
import { priceOf } from '../../../test/github-points.ts';
import type { Host, HostCommit, HostPull, HostUpdate } from '../../acme/github-model.ts';
import { days, hours, instant, minutes } from '../../core/instant.ts';
import { openSource } from '../../sources/open.ts';
import type { Wire } from '../../sources/wire.ts';
import type { Collector, Mark, Of } from '../collector.ts';
import type { Artifact } from '../source.ts';
import { githubChanges } from './changes.ts';

/** Twenty thousand pull requests with TICKMARK_FULL=1; in CI as many as take several runs and more than an hour, too. */
const FULL = process.env.TICKMARK_FULL === '1';
const COUNT = FULL ? 20_000 : 6_000;
const SINCE = instant('2025-11-01T00:00:00Z');
const END = SINCE + days(330);
/** GraphQL points of an hour: half of what GitHub gives, for others use the credential too; fewer where there is less to tell. */
const HOURLY = FULL ? 2500 : 1300;
const collector = githubChanges as unknown as Collector;
const config = githubChanges.config.parse({ org: 'acme' });

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** What is held in memory, with the bytes of answers. */
function held(): number {
  collectGarbage();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

/** A repository with a year of squashed pull requests. */
function busy(): Host {
  const by = (place: number) => PEOPLE[place % PEOPLE.length] ?? null;
  const root: HostCommit = { sha: shaOf('root'), parents: [], author: null, name: 'nobody', at: SINCE - days(900), web: false };
  const commits = new Map([[root.sha, root]]);
  const updates: HostUpdate[] = [];
  const pulls: HostPull[] = [];
  let before = root.sha;
  for (let place = 0; place < COUNT; place++) {
    const at = SINCE + Math.floor((place * (END - SINCE - hours(1))) / COUNT / 1000) * 1000 + 1000;
    const [author, merger] = [by(place), by(place + 1)];
    if (!author || !merger) throw new RangeError('nobody is there');
    const branch = ['a', 'b'].map(
      (name): HostCommit => ({ sha: shaOf(`${name} ${place}`), parents: [before], author, name: author.login, at: at - hours(1), web: false }),
    );
    const landed: HostCommit = { sha: shaOf(`landed ${place}`), parents: [before], author, name: author.login, at, web: true };
    commits.set(landed.sha, landed);
    updates.push({ id: place + 1, before, after: landed.sha, at, type: 'pr_merge', actor: merger });
    const head = branch.at(-1)?.sha ?? '';
    pulls.push({
      id: place + 1,
      number: place + 1,
      title: `Change number ${place}`,
      body: 'A text of some length, as people write when they explain what they did and why. '.repeat(4),
      base: 'trunk',
      headName: `topic-${place}`,
      mergeSha: landed.sha,
      author,
      mergedBy: merger,
      createdAt: at - hours(3),
      mergedAt: at,
      commits: branch,
      reviews: [{ id: place + 1, by: merger, state: 'APPROVED', at: at - minutes(5), sha: head, dismissedAt: null }],
      checks: ['ci', 'lint'].map((name, index) => ({
        id: place * 2 + index + 1,
        name,
        conclusion: 'SUCCESS',
        startedAt: at - minutes(30),
        completedAt: at - minutes(20),
        required: true,
      })),
      labels: ['feature'],
      closes: [],
      rewrittenAt: [],
    });
    before = landed.sha;
  }
  const repository = {
    id: 1,
    name: 'busy',
    branch: 'trunk',
    createdAt: SINCE - days(900),
    root: root.sha,
    updates,
    unlisted: new Set<number>(),
    pulls,
    bypasses: [],
  };
  return { org: 'acme', viewer: 'reader', id: 77, page: 100, repositories: [{ ...repository, commitOf: (sha: string) => commits.get(sha) }] };
}

it('tells thousands of pull requests in runs of bounded size, within the limits of GitHub, and goes on where it was killed', async () => {
  const host = busy();
  const base = held();
  const prices = new Map<string, number>();
  const spent = { requests: 0, points: 0, rest: 0 };
  const hour = { from: 0, points: 0 };
  let begun = 0;
  const told = { commits: new Set<string>(), pulls: new Set<string>(), checks: 0, tied: 0 };
  const runs: { requests: number; held: number }[] = [];
  let after: string | null = null;
  let claimed = SINCE;
  let at = END;
  let kills = 0;

  for (let more = true; more || claimed < END - hours(1); ) {
    if (!more) at = hour.from + hours(1); // its points are used up: the next time it is asked, there are new ones
    if (at >= hour.from + hours(1)) {
      Object.assign(hour, { from: at, points: 0 });
      begun++;
    }
    const killed = runs.length === (FULL ? 6 : 1) && kills === 0;
    let requests = 0;
    const answering = hostWire(host, at);
    const wire: Wire = async (request) => {
      if (killed && requests === 120) throw new Error('killed');
      requests++;
      spent.requests++;
      if (request.method === 'GET') {
        spent.rest++;
        return answering(request);
      }
      const { query } = JSON.parse(new TextDecoder().decode(request.body ?? undefined)) as { readonly query: string };
      const points = prices.get(query) ?? priceOf(parse(query)).points;
      prices.set(query, points);
      spent.points += points;
      hour.points += points;
      expect(hour.points).toBeLessThanOrEqual(HOURLY);
      const answer = await answering(request);
      return { ...answer, headers: { ...answer.headers, 'x-ratelimit-remaining': String(HOURLY - hour.points) } };
    };
    const its = { config, partition: 'acme', credentials: { token: 'secret-of-the-tests' }, endpoint: null, root: '/' };
    const { source } = openSource(collector, { ...its, wire, clock: () => at, sleep: async () => undefined });
    const of: Of<unknown> = { ...its, at, since: SINCE, after, timezone: 'UTC' };
    const artifacts: Artifact[] = [];
    try {
      for await (const artifact of collector.collect(source as never, of)) artifacts.push(artifact);
    } catch (error) {
      expect(String(error)).toMatch(/killed/);
      kills++;
      continue;
    }
    const tables = collector.normalize(artifacts, of);
    const mark: Mark | undefined = collector.mark?.(artifacts, of);
    runs.push({ requests, held: held() - base });
    for (const { dataset, rows, polled } of tables) {
      if (dataset.id === 'change.commits') for (const row of rows) told.commits.add(String(row.sha));
      if (dataset.id === 'change.commits') told.tied += rows.filter(({ prId, how }) => prId !== null && how === 'merged').length;
      if (dataset.id === 'change.pull-requests') for (const row of rows) told.pulls.add(String(row.prId));
      if (dataset.id === 'change.check-runs') told.checks += rows.length;
      if (dataset.id === 'change.commits' && polled) claimed = Math.max(claimed, polled.to);
    }
    after = mark?.after ?? null;
    more = mark?.more ?? false;
    at += minutes(1);
    expect(runs.length).toBeLessThan(40);
  }

  const most = Math.max(...runs.map((run) => run.held));
  console.log(
    `${runs.length} runs, ${spent.requests} requests (${spent.rest} REST), ${spent.points} points, in ${begun} hours, at most ${Math.round(most / 1e6)} MB in a run, mark ${after?.length} bytes`,
  );
  expect({ kills, begun }).toEqual({ kills: 1, begun: 2 });
  expect({ commits: told.commits.size, pulls: told.pulls.size }).toEqual({ commits: COUNT, pulls: COUNT });
  expect(told.tied).toBeGreaterThanOrEqual(COUNT);
  expect(told.checks).toBeGreaterThanOrEqual(2 * COUNT);
  expect(spent.requests).toBeLessThan(COUNT / 8);
  expect(most).toBeLessThan(150e6);
  expect(Math.max(...runs.map((run) => run.requests))).toBeLessThan(300);
  expect(after?.length).toBeLessThan(2000);
});
