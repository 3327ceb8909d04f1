import { describe, expect, it } from 'vitest';
import { collectorTester } from '../../../test/collector-tester.ts';
import { at, recorded, world } from '../../../test/recorded.ts';
import { CHANGE_DAYS, changesOf } from '../../acme/changes.ts';
import { days, hours, minutes } from '../../core/instant.ts';
import { IncompleteError } from '../../core/error.ts';
import { openSource } from '../../sources/open.ts';
import type { Wire, WireAnswer } from '../../sources/wire.ts';
import type { Collector } from '../collector.ts';
import type { HttpSource } from '../source.ts';
import { MERGED } from './change-queries.ts';
import { githubChanges } from './changes.ts';

const collector = githubChanges as unknown as Collector;
const SINCE = at - days(5);
const acme = { ...recorded(githubChanges, { org: 'acme', tickets: ['ACME'] }, 'acme'), since: SINCE };

collectorTester(collector, acme, (rows) => {
  const landed = changesOf(world).filter(({ landedAt }) => SINCE <= landedAt && landedAt < at - minutes(10));
  const first = rows('change.commits').filter((row) => row.first);
  expect(first.map(({ sha }) => sha).sort()).toEqual(landed.map(({ sha }) => sha).sort());
  expect(first.every(({ prId }) => prId !== null)).toBe(true);
  expect(rows('change.pull-requests').map(({ mergeSha }) => mergeSha)).toEqual(expect.arrayContaining(landed.map(({ sha }) => sha)));
  expect(rows('change.pull-requests').every(({ tickets }) => (tickets as string[]).length === 1)).toBe(true);
});

/** What is told of a stretch of time at Acme. */
async function told(from: number, to: number, dataset: string) {
  const asked = { ...recorded(githubChanges, { org: 'acme', tickets: ['ACME'] }, 'acme'), at: to, since: from };
  const { acmeWire } = await import('../../acme/wire.ts');
  const { source } = openSource(collector, { ...asked, wire: acmeWire(world, () => to), endpoint: null, clock: () => to, sleep: async () => undefined });
  const of = { config: asked.config, partition: 'acme', at: to, since: from, after: null, timezone: 'UTC' };
  const artifacts = [];
  for await (const artifact of collector.collect(source as never, of)) artifacts.push(artifact);
  return collector.normalize(artifacts, of).find((table) => table.dataset.id === dataset)?.rows ?? [];
}

describe('what went wrong at Acme', () => {
  const around = (day: number) => [world.ago(day + 1), world.ago(day - 1)] as const;

  it('a push past any pull request came through none', async () => {
    const rows = await told(...around(CHANGE_DAYS.directPush.day), 'change.commits');
    expect(rows.filter(({ how }) => how === 'pushed')).toMatchObject([
      { repo: 'acme/infrastructure', prId: null, prNumber: null, first: true, verified: 'no' },
    ]);
  });

  it('a bypass is told with the rules that it went around', async () => {
    const rows = await told(...around(CHANGE_DAYS.bypass.day), 'change.rule-bypasses');
    expect(rows).toMatchObject([{ repo: 'acme/platform', branch: 'main', rules: ['pull_request of Reviewed changes'] }]);
  });

  it('a check that failed is told of the last commit', async () => {
    const rows = await told(...around(CHANGE_DAYS.failedCheck.day), 'change.check-runs');
    const failed = rows.filter(({ conclusion }) => conclusion === 'failure');
    expect(failed).toMatchObject([{ name: 'ci', required: 'yes', app: 'GitHub Actions' }]);
    const pulls = await told(...around(CHANGE_DAYS.failedCheck.day), 'change.pull-requests');
    expect(failed.map(({ mergeSha }) => mergeSha)).toEqual(pulls.filter(({ prId }) => prId === failed[0]?.prId).map(({ mergeSha }) => mergeSha));
    expect(failed[0]?.mergeSha).toMatch(/^[0-9a-f]{40}$/);
  });

  it('a review that came after the merge is told', async () => {
    const day = CHANGE_DAYS.hotFix.day;
    const before = await told(world.ago(day + 1), world.ago(day - 1), 'change.reviews');
    const after = await told(world.ago(day + 1), world.ago(day - 3), 'change.reviews');
    const late = changesOf(world).find(({ pullRequest }) => pullRequest?.labels.includes('emergency'))?.pullRequest?.reviews[0];
    expect(before.some(({ submittedAt }) => submittedAt === late?.at)).toBe(false);
    expect(after.find(({ submittedAt }) => submittedAt === late?.at)).toMatchObject({ state: 'approved', stateBefore: 'approved', mayApprove: 'yes' });
  });
});

describe('a GraphQL answer that is not a whole one', () => {
  const answer = (body: unknown, headers: Readonly<Record<string, string>> = {}): WireAnswer => ({
    status: 200,
    headers: { 'content-type': 'application/json', ...headers },
    body: new TextEncoder().encode(JSON.stringify(body)),
  });
  const query = (wire: Wire, sleep: (duration: number) => Promise<void>) => {
    const { source } = openSource(collector, { ...acme, wire, endpoint: null, clock: () => at, sleep });
    return (source as HttpSource).query('asked', '/graphql', MERGED, {});
  };

  it.each([
    [
      'holds errors beside its data',
      { data: { repository: {} }, errors: [{ type: 'RESOURCE_LIMITS_EXCEEDED', message: 'too much' }] },
      /RESOURCE_LIMITS_EXCEEDED too much/,
    ],
    ['holds no data', { data: null }, /without data/],
  ])('%s', async (_, body, says) => {
    const asked = query(
      async () => answer(body),
      async () => undefined,
    );
    await expect(asked).rejects.toBeInstanceOf(IncompleteError);
    await expect(asked).rejects.toThrow(says);
  });

  it('says that the limit is reached: it waits until the limit is lifted, and asks again', async () => {
    const waits: number[] = [];
    let asked = 0;
    const limited = answer(
      { errors: [{ type: 'RATE_LIMITED', message: 'API rate limit exceeded' }] },
      { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String((at + minutes(7)) / 1000) },
    );
    const { status } = await query(
      async () => (asked++ === 0 ? limited : answer({ data: { repository: { pullRequests: {} } } })),
      async (wait) => void waits.push(wait),
    );
    expect({ status, asked, waits }).toEqual({ status: 200, asked: 2, waits: [minutes(7)] });
  });

  it('says so for an hour: the run is incomplete', async () => {
    const limited = answer({ errors: [{ type: 'RATE_LIMITED', message: 'API rate limit exceeded' }] }, { 'x-ratelimit-reset': String((at + hours(1)) / 1000) });
    const asked = query(
      async () => limited,
      async () => undefined,
    );
    await expect(asked).rejects.toThrow(/RATE_LIMITED API rate limit exceeded/);
  });

  it('is not taken for one because somebody writes its name in a title', async () => {
    let asked = 0;
    await query(
      async () => {
        asked++;
        return answer({ data: { title: 'RATE_LIMITED' } });
      },
      async () => undefined,
    );
    expect(asked).toBe(1);
  });
});
