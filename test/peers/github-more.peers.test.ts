import { schema as github } from '@octokit/graphql-schema';
import { buildSchema, execute, type GraphQLFieldResolver, parse, validate } from 'graphql';
import { beforeAll, describe, expect, it } from 'vitest';
import { deployWire, made, madeUpDeploys } from '../github-deploys.ts';
import { madeRun, madeUpRuns, runWire } from '../github-runs.ts';
import { priceOf } from '../github-points.ts';
import { missing } from '../postgres.ts';
import { at, recorded, world } from '../recorded.ts';
import { type Description, promised, strangeAnswer, strangeQuestion, templateOf } from './described.ts';
import { description as published, PACKAGE } from './github.ts';
import { runOnce } from './run-once.ts';
import { githubAlerts } from '../../src/collectors/github/alerts.ts';
import { githubDeployments } from '../../src/collectors/github/deployments.ts';
import { githubOrganization } from '../../src/collectors/github/organization.ts';
import { githubRepositories } from '../../src/collectors/github/repositories.ts';
import { githubWorkflowRuns } from '../../src/collectors/github/workflow-runs.ts';
import { days, hours, instant, minutes } from '../../src/core/instant.ts';
import type { Wire } from '../../src/sources/wire.ts';

// Nobody here wrote the other side: GitHub's own description of its REST API, and its own GraphQL schema run by graphql-js.

const schema = buildSchema(github.idl, { assumeValidSDL: true }); // GitHub names one field of it twice
const SINCE = instant('2026-03-01T00:00:00Z');

interface Exchange {
  readonly method: string;
  readonly url: URL;
  readonly status: number;
  readonly asked: { readonly query: string; readonly variables: Record<string, unknown> } | null;
  readonly answered: unknown;
}
const exchanges: Exchange[] = [];

beforeAll(async () => {
  for (const seed of [3, 4]) {
    const host = madeUpDeploys(seed, SINCE, days(20));
    let after: string | null = null;
    for (const day of [3, 4, 20])
      after = await collect(githubDeployments, deployWire(host, SINCE + days(day)), { org: 'acme' }, SINCE + days(day), SINCE, after);
  }
  const checks = [{ name: 'e2e', conclusion: 'SUCCESS', startedAt: SINCE + minutes(10), completedAt: SINCE + minutes(12) }];
  const run = { id: 23_000_000_001, approvals: [{ userId: 7, at: SINCE }] };
  const logUrl = `https://github.com/acme/web/actions/runs/${run.id}/job/1`;
  const deployments = [
    made({ id: 3_000_000_001, at: SINCE, run, checks, removedAt: SINCE + days(1) }),
    made({ id: 3_000_000_002, at: SINCE, run: null, app: 'github-actions', states: [{ state: 'SUCCESS', at: SINCE, logUrl }] }),
    made({ id: 3_000_000_003, at: SINCE, run: null }),
    made({ id: 3_000_000_004, at: SINCE, states: [{ state: 'SUCCESS', at: SINCE + days(1) }] }),
  ];
  const releases = [{ id: 7001, repo: 'web', tag: 'v1', createdAt: SINCE, publishedAt: SINCE + hours(1) }];
  const host = { repositories: ['web'], deployments, releases, page: 5 };
  const config = { org: 'acme', checks: ['e2e'] };
  const after = await collect(githubDeployments, deployWire(host, SINCE + hours(3)), config, SINCE + hours(3), SINCE, null);
  await collect(githubDeployments, deployWire(host, SINCE + days(2)), { org: 'acme' }, SINCE + days(2), SINCE, after);
  const runs = [...madeUpRuns(5, SINCE, days(20)).runs, madeRun({ id: 1, at: SINCE, conclusion: 'failure' })];
  const running = { repositories: [{ name: 'web', deployedFrom: 0 }], runs, page: 3 };
  const marked = await collect(githubWorkflowRuns, runWire(running, SINCE + days(2)), { org: 'acme' }, SINCE + days(2), SINCE, null);
  await collect(githubWorkflowRuns, runWire(running, SINCE + days(20)), { org: 'acme' }, SINCE + days(20), SINCE, marked);
  const { wire } = recorded(githubDeployments, { org: 'acme' }, 'acme');
  for (const collector of [githubAlerts, githubDeployments, githubOrganization, githubRepositories, githubWorkflowRuns])
    await collect(collector, wire, { org: 'acme' }, at, world.ago(60), null);
});

/** Everything that is asked of GitHub in a run, and what it answers. */
async function collect(collector: unknown, wire: Wire, config: unknown, now: number, since: number, after: string | null): Promise<string | null> {
  const text = (body: Uint8Array | null) => new TextDecoder().decode(body ?? new Uint8Array());
  const watching: Wire = async (request) => {
    const answer = await wire(request);
    const { method, url, body } = request;
    exchanges.push({ method, url: new URL(url), status: answer.status, asked: body && JSON.parse(text(body)), answered: JSON.parse(text(answer.body)) });
    return answer;
  };
  return (await runOnce(collector, watching, config, now, since, after)).after;
}

const queries = () => exchanges.flatMap(({ asked, answered }) => (asked ? [{ ...asked, answered: answered as { readonly data: unknown } }] : []));
const operation = (query: string) => /query (\w+)/.exec(query)?.[1] ?? '';

it('asks five kinds of queries, each valid by the schema of GitHub', () => {
  expect([...new Set(queries().map(({ query }) => operation(query)))].sort()).toEqual(['Became', 'Checked', 'Deployed', 'Running', 'Switches']);
  for (const document of new Set(queries().map(({ query }) => query))) expect(validate(schema, parse(document)), operation(document)).toEqual([]);
});

it('is answered as that schema answers: every field asked for, of the right kind, and no other', async () => {
  // What the made-up GitHub said is laid under the schema, field by field. Whatever does not fit is an error, whatever is too much is left out.
  const laid: GraphQLFieldResolver<Record<string, unknown>, unknown> = (source, _arguments, _context, { path }) => source[path.key];
  for (const { query, variables, answered } of queries()) {
    const document = parse(query);
    const result = await execute({
      schema,
      document,
      variableValues: variables,
      rootValue: answered.data,
      fieldResolver: laid,
      typeResolver: () => 'Deployment',
    });
    expect(result.errors, operation(query)).toBeUndefined();
    expect(JSON.parse(JSON.stringify(result.data)), operation(query)).toEqual(answered.data);
  }
});

it('brings no more nodes than GitHub allows, for a few points', () => {
  const points: Record<string, number> = {};
  for (const { query } of queries()) {
    const price = priceOf(parse(query));
    expect(price.nodes, operation(query)).toBeLessThan(500_000);
    points[operation(query)] = price.points;
  }
  expect(points).toEqual({ Became: 11, Checked: 1, Deployed: 2, Running: 2, Switches: 1 });
});

describe.skipIf(published === null && missing(PACKAGE, 'A registry of npm must be reachable.'))('the REST API', () => {
  const description: Description = published ?? { paths: {} };
  const rest = () => exchanges.filter(({ asked }) => asked === null);

  it('is asked only for what its description knows', () => {
    expect(rest().flatMap(({ url }) => strangeQuestion(description, url))).toEqual([]);
    expect(new Set(rest().map(({ method }) => method))).toEqual(new Set(['GET']));
    expect([...new Set(rest().map(({ url }) => templateOf(description, url)))].sort()).toEqual([
      '/orgs/{org}',
      '/orgs/{org}/code-scanning/alerts',
      '/orgs/{org}/dependabot/alerts',
      '/orgs/{org}/invitations',
      '/orgs/{org}/members',
      '/orgs/{org}/outside_collaborators',
      '/orgs/{org}/repos',
      '/orgs/{org}/rulesets/{ruleset_id}',
      '/orgs/{org}/secret-scanning/alerts',
      '/orgs/{org}/teams',
      '/orgs/{org}/teams/{team_slug}/members',
      '/repos/{owner}/{repo}/actions/runs',
      '/repos/{owner}/{repo}/actions/runs/{run_id}',
      '/repos/{owner}/{repo}/actions/runs/{run_id}/approvals',
      '/repos/{owner}/{repo}/branches/{branch}/protection',
      '/repos/{owner}/{repo}/code-scanning/analyses',
      '/repos/{owner}/{repo}/collaborators',
      '/repos/{owner}/{repo}/deployments',
      '/repos/{owner}/{repo}/deployments/{deployment_id}',
      '/repos/{owner}/{repo}/environments',
      '/repos/{owner}/{repo}/environments/{environment_name}/deployment-branch-policies',
      '/repos/{owner}/{repo}/releases/{release_id}',
      '/repos/{owner}/{repo}/rules/branches/{branch}',
      '/repos/{owner}/{repo}/rulesets',
      '/repos/{owner}/{repo}/teams',
      '/user',
    ]);
  });

  it('is answered with fields that its description knows, each of its kind', () => {
    const answers = rest().filter(({ status }) => status === 200);
    // GitHub gives this field and does not describe it; where it is missing, it is unknown.
    expect([...new Set(answers.flatMap(({ url, answered }) => strangeAnswer(description, url, answered)))]).toEqual([
      '/repos/{owner}/{repo}/environments.environments[].can_admins_bypass is not described',
    ]);
  });

  it('is read where it answers no more than its description promises, and some fields that it gives without a promise', async () => {
    const relied = ['archived', 'default_branch', 'size', 'environments', 'two_factor_requirement_enabled', 'ruleset_id'];
    const { wire } = recorded(githubDeployments, { org: 'acme' }, 'acme');
    const bare: Wire = async (request) => {
      const answer = await wire(request);
      if (answer.status !== 200 || request.body !== null) return answer;
      const body = promised(description, new URL(request.url), JSON.parse(new TextDecoder().decode(answer.body)), relied);
      return { ...answer, body: new TextEncoder().encode(JSON.stringify(body)) };
    };
    for (const collector of [githubDeployments, githubOrganization, githubRepositories, githubWorkflowRuns]) {
      const counts = async (asked: Wire) => {
        const { tables } = await runOnce(collector, asked, { org: 'acme' }, at, world.ago(60));
        return tables.map(({ dataset, rows }) => `${dataset.id} ${rows.length}`);
      };
      expect(await counts(bare), collector.id).toEqual(await counts(wire));
    }
  });
});
