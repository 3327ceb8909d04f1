import { expect } from 'vitest';
import { deploymentsOf } from '../../acme/github-deployments.ts';
import { acmeWire } from '../../acme/wire.ts';
import { makeWorld } from '../../acme/world.ts';
import { cursorTester } from '../../../test/cursor-tester.ts';
import { tested } from '../../../test/recorded.ts';
import { days, hours, instant } from '../../core/instant.ts';
import type { Wire } from '../../sources/wire.ts';
import type { Collector } from '../collector.ts';
import { githubDeployments } from './deployments.ts';

tested(githubDeployments, { org: 'acme' }, 'acme', (rows) => {
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
});

const NOW = instant('2026-11-24T00:00:00Z');
const world = makeWorld(NOW);
const FEW = ['billing', 'web'];

/** Acme with two repositories, so that a kill at each request can be tried. */
function fewRepositories(wire: Wire): Wire {
  return async (request) => {
    const answer = await wire(request);
    if (!request.url.includes('/orgs/acme/repos')) return answer;
    const listed = (JSON.parse(new TextDecoder().decode(answer.body)) as { name: string }[]).filter(({ name }) => FEW.includes(name));
    return { ...answer, body: new TextEncoder().encode(JSON.stringify(listed)) };
  };
}

cursorTester(
  {
    collector: githubDeployments as unknown as Collector,
    config: githubDeployments.config.parse({ org: 'acme' }),
    partition: 'acme',
    credentials: { token: 'secret-of-the-tests' },
    since: NOW - days(20),
    polls: [NOW - days(12), NOW - days(6), NOW - days(1)].map((at) => at + hours(12)),
    unfold: () => ({
      wireAt: (at) => fewRepositories(acmeWire(world, () => at)),
      truthAt: (at) => ({
        'change.deployments': new Map(
          deploymentsOf(world).flatMap((made) =>
            FEW.includes(made.repo) && NOW - days(20) <= made.at && made.at <= at ? [[String(made.id), made.at] as const] : [],
          ),
        ),
      }),
    }),
  },
  { runs: 15 },
);
