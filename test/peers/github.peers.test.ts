import { schema as github } from '@octokit/graphql-schema';
import { buildSchema, execute, type GraphQLFieldResolver, type GraphQLSchema, parse, validate } from 'graphql';
import { beforeAll, expect, it } from 'vitest';
import { madeUp } from '../github-forge.ts';
import { hostWire } from '../github-host.ts';
import { priceOf } from '../github-points.ts';
import { missing } from '../postgres.ts';
import { recorded, world } from '../recorded.ts';
import { strangeQuestion, templateOf } from './described.ts';
import { description, PACKAGE } from './github.ts';
import { runOnce } from './run-once.ts';
import { days, instant } from '../../src/core/instant.ts';
import type { Wire } from '../../src/sources/wire.ts';
import { githubChanges } from '../../src/collectors/github/changes.ts';

// Nobody here wrote the other side: GitHub's own description of its REST API, and its own GraphQL schema run by graphql-js.

const SINCE = instant('2026-03-01T00:00:00Z');

interface Exchange {
  readonly method: string;
  readonly url: URL;
  readonly asked: { readonly query: string; readonly variables: Record<string, unknown> } | null;
  readonly answered: unknown;
}

let schema: GraphQLSchema;
const exchanges: Exchange[] = [];

beforeAll(async () => {
  schema = buildSchema(github.idl, { assumeValidSDL: true }); // GitHub names one field of it twice
  for (const seed of [3, 4, 5]) {
    const host = madeUp(seed, SINCE, 1 + seed);
    let after: string | null = null;
    for (const at of [SINCE + days(3), SINCE + days(20)]) after = await collect(hostWire(host, at), { org: 'acme' }, at, SINCE, after);
  }
  const acme = recorded(githubChanges, { org: 'acme' }, 'acme');
  await collect(acme.wire, { org: 'acme' }, acme.at, world.ago(60), null);
});

/** Everything that is asked of GitHub in a run, and what it answers. */
async function collect(wire: Wire, config: unknown, at: number, since: number, after: string | null): Promise<string | null> {
  const watching: Wire = async (request) => {
    const answer = await wire(request);
    const text = (body: Uint8Array | null) => new TextDecoder().decode(body ?? new Uint8Array());
    exchanges.push({
      method: request.method,
      url: new URL(request.url),
      asked: request.body === null ? null : JSON.parse(text(request.body)),
      answered: JSON.parse(text(answer.body)),
    });
    return answer;
  };
  return (await runOnce(githubChanges, watching, config, at, since, after)).after;
}

const queries = () => exchanges.flatMap(({ asked, answered }) => (asked ? [{ ...asked, answered: answered as { readonly data: unknown } }] : []));
const operation = (query: string) => /query (\w+)/.exec(query)?.[1];

it('asks five kinds of queries, each valid by the schema of GitHub', () => {
  expect([...new Set(queries().map(({ query }) => operation(query)))].sort()).toEqual(['Merged', 'Overview', 'Past', 'Rest', 'Ties']);
  for (const document of new Set(queries().map(({ query }) => query))) expect(validate(schema, parse(document)), operation(document)).toEqual([]);
});

it('is answered as that schema answers: every field asked for, of the right kind, and no other', async () => {
  // What the made-up GitHub said is laid under the schema, field by field. Whatever does not fit is an error, whatever is too much is left out.
  const said: GraphQLFieldResolver<Record<string, unknown>, unknown> = (source, _arguments, _context, { path }) => source[path.key];
  for (const { query, variables, answered } of queries()) {
    const result = await execute({
      schema,
      document: parse(query),
      variableValues: variables,
      rootValue: answered.data,
      fieldResolver: said,
      typeResolver: (value) => (value as { readonly __typename?: string }).__typename ?? 'Commit',
    });
    expect(JSON.parse(JSON.stringify(result)), operation(query)).toEqual(answered);
  }
});

it('brings no more nodes than GitHub allows, for a few points', () => {
  const dearest: Record<string, number> = {};
  for (const { query } of queries()) {
    const { points, nodes } = priceOf(parse(query));
    expect(nodes).toBeLessThan(500_000);
    const name = operation(query) ?? '';
    dearest[name] = Math.max(dearest[name] ?? 0, points);
  }
  expect(dearest.Merged).toBe(6);
  expect(dearest.Overview).toBe(1);
  expect(dearest.Past).toBe(1);
  expect(dearest.Ties).toBeLessThanOrEqual(1);
});

it.skipIf(description === null && missing(PACKAGE, 'A registry of npm must be reachable.'))('asks the REST API only for what its description knows', () => {
  const rest = description ?? { paths: {} };
  const asked = exchanges.filter(({ asked: query }) => query === null);
  expect(asked.flatMap(({ url }) => strangeQuestion(rest, url))).toEqual([]);
  expect(new Set(asked.map(({ method }) => method))).toEqual(new Set(['GET']));
  expect([...new Set(asked.map(({ url }) => templateOf(rest, url)))].sort()).toEqual([
    '/orgs/{org}',
    '/repos/{owner}/{repo}/activity',
    '/repos/{owner}/{repo}/commits',
    '/repos/{owner}/{repo}/compare/{basehead}',
    '/repos/{owner}/{repo}/rulesets/rule-suites',
    '/repos/{owner}/{repo}/rulesets/rule-suites/{rule_suite_id}',
  ]);
});
