import { expect, describe, it } from 'vitest';
import { missing } from '../postgres.ts';
import { exampleOf } from './described.ts';
import { description, PACKAGE } from './github.ts';
import { runOnce } from './run-once.ts';
import { githubOrganization } from '../../src/collectors/github/organization.ts';
import { githubRepositories } from '../../src/collectors/github/repositories.ts';
import { githubWorkflowRuns } from '../../src/collectors/github/workflow-runs.ts';
import { instant } from '../../src/core/instant.ts';
import type { Row } from '../../src/datasets/dataset.ts';
import type { Wire } from '../../src/sources/wire.ts';

// What GitHub gives as examples of its answers is read as what it says. Nobody here wrote them.

const NOW = instant('2026-06-01T00:00:00Z');
const OVERVIEW = {
  data: {
    viewer: { login: 'octocat' },
    organization: {
      databaseId: 1,
      login: 'octo-org',
      repositories: {
        totalCount: 1,
        pageInfo: { hasNextPage: false, endCursor: null },
        nodes: [{ databaseId: 9, name: 'octo-repo', nameWithOwner: 'octo-org/octo-repo', environments: { totalCount: 1 }, deployments: { totalCount: 1 } }],
      },
    },
  },
};

/** The same accounts stand in every example: lists of those who are something special are empty but for the ones that are named. */
const examples =
  (empty: RegExp): Wire =>
  async ({ method, url }) => {
    const body = method === 'POST' ? OVERVIEW : empty.test(url) ? [] : exampleOf(description ?? { paths: {} }, new URL(url));
    return { status: 200, headers: { 'content-type': 'application/json' }, body: new TextEncoder().encode(JSON.stringify(body)) };
  };

async function rowsOf(collector: unknown, org: string, empty: RegExp): Promise<Readonly<Record<string, readonly Row[]>>> {
  const { tables } = await runOnce(collector, examples(empty), { org }, NOW, instant('2020-01-01T00:00:00Z'));
  return Object.fromEntries(tables.map(({ dataset, rows }) => [dataset.id, rows]));
}

describe.skipIf(description === null && missing(PACKAGE, 'A registry of npm must be reachable.'))("GitHub's own examples", () => {
  it('of the people of an organization', async () => {
    const rows = await rowsOf(githubOrganization, 'github', /role=member|2fa_disabled|outside/);
    expect(rows['identity.users']).toMatchObject([
      { userId: '1', login: 'octocat', privileged: 'yes', status: 'active', emails: [] },
      {
        userId: 'invitation-1',
        login: 'monalisa',
        privileged: 'no',
        status: 'invited',
        emails: [expect.stringMatching(/^octocat@/)],
        createdAt: instant('2016-11-30T14:46:10Z'),
      },
    ]);
    expect(rows['identity.mfa-enforcement']).toMatchObject([
      { userId: '1', enforced: 'yes', enrolled: 'yes', by: ['organization github requires two-factor'] },
    ]);
    expect(rows['identity.memberships']).toMatchObject([
      { kind: 'organization', name: 'github', role: 'owner', privileged: true },
      { kind: 'team', name: 'Justice League', role: 'maintainer', privileged: false },
    ]);
    expect(rows['repo.organizations']).toMatchObject([{ name: 'github', basePermission: 'read' }]);
    expect(rows['repo.members']).toMatchObject([{ userId: '1', role: 'owner', principalIds: ['1', '1'], teams: ['1 Justice League'], unresolved: [] }]);
  });

  it('of repositories: the strictest rule counts, and one that is not listed is known by its number', async () => {
    const rows = await rowsOf(githubRepositories, 'octocat', /outside/);
    expect(rows['repo.repositories']).toMatchObject([{ repoId: '1296269', name: 'octocat/Hello-World', visibility: 'public', archived: false, empty: false }]);
    expect(rows['repo.permissions']).toMatchObject([
      { kind: 'user', principal: 'octocat', permission: 'write', via: 'direct' },
      { kind: 'team', principal: 'Justice League', permission: 'admin', via: 'team' },
    ]);
    expect(rows['repo.branch-protection']).toMatchObject([
      {
        branch: 'master',
        inForce: 'yes',
        sources: ['classic', 'ruleset super cool ruleset', 'ruleset 73'],
        requiredApprovals: 2,
        requiredChecks: ['continuous-integration/travis-ci'],
        staleReviewsDismissed: 'yes',
        adminsBound: 'yes',
        bypassActors: [],
        forcePush: 'yes',
        deletion: 'yes',
      },
    ]);
  });

  it('of runs of workflows', async () => {
    const rows = await rowsOf(githubWorkflowRuns, 'octo-org', /^$/);
    expect(rows['change.workflow-runs']).toMatchObject([
      {
        runId: '30433642',
        workflow: 'Build',
        file: '.github/workflows/build.yml',
        event: 'push',
        branch: 'master',
        status: 'queued',
        conclusion: 'none',
        attempt: 1,
      },
    ]);
  });
});
