import { describe, expect, it } from 'vitest';
import { acmeWire } from '../../src/acme/wire.ts';
import { githubAuditLog } from '../../src/collectors/github/audit-log.ts';
import type { Wire } from '../../src/sources/wire.ts';
import { missing } from '../postgres.ts';
import { world } from '../recorded.ts';
import { type Description, exampleOf, strangeAnswer, strangeQuestion, templateOf } from './described.ts';
import { INTEGRITY, PACKAGE } from './github.ts';
import { publishedFile } from './published.ts';
import { runOnce } from './run-once.ts';

// GitHub's own description of the REST API of Enterprise Cloud: the one that knows the audit log.
const file = publishedFile(PACKAGE, INTEGRITY, 'generated/ghec.json');
const absent = file === null && missing(PACKAGE, 'A registry of npm must be reachable.');

describe.skipIf(absent)('the audit log of GitHub, by its own description', () => {
  const description = (file === null ? { paths: {} } : JSON.parse(file)) as Description;
  const acme = acmeWire(world, () => world.ago(60));

  async function exchanges(wire: Wire) {
    const found: { readonly url: URL; readonly body: unknown }[] = [];
    const watching: Wire = async (request) => {
      const answer = await wire(request);
      found.push({ url: new URL(request.url.replace('/organizations/77/', '/orgs/acme/')), body: JSON.parse(new TextDecoder().decode(answer.body)) });
      return answer;
    };
    const run = await runOnce(githubAuditLog, watching, { org: 'acme' }, world.ago(60), world.ago(238));
    return { found, ...run };
  }

  it('is asked as it may be', async () => {
    const { found } = await exchanges(acme);
    expect(found.flatMap(({ url }) => strangeQuestion(description, url))).toEqual([]);
    expect([...new Set(found.map(({ url }) => templateOf(description, url)))]).toEqual(['/user', '/orgs/{org}', '/orgs/{org}/audit-log']);
    expect(strangeQuestion(description, new URL('https://api.github.com/orgs/acme/audit-log?order=oldest&per_page=many'))).toEqual([
      'order of /orgs/acme/audit-log is none of desc, asc',
      'per_page of /orgs/acme/audit-log is no number',
    ]);
  });

  it('is answered with fields of their kind, and with some that GitHub lists by action and not in its description', async () => {
    const { found } = await exchanges(acme);
    const logs = found.filter(({ url }) => url.pathname.endsWith('/audit-log'));
    expect(
      [...new Set(logs.flatMap(({ url, body }) => strangeAnswer(description, url, body)))].map((it) => it.replace('/orgs/{org}/audit-log[].', '')).sort(),
    ).toEqual(
      [
        'actor_is_bot',
        'branch',
        'integration',
        'old_permission',
        'overridden_codes',
        'permission',
        'read_only is a string, not a boolean',
        'repo_id',
        'repository_selection',
        'ruleset_bypass_actors_added',
        'ruleset_enforcement',
        'ruleset_id',
        'ruleset_name',
        'ruleset_old_enforcement',
        'ruleset_source_type',
        'title',
        'url',
      ].map((it) => (it.includes(' ') ? it : `${it} is not described`)),
    );
  });

  it('is read as GitHub gives it as an example', async () => {
    const example: Wire = async (request) =>
      request.url.includes('/audit-log')
        ? {
            status: 200,
            headers: { 'content-type': 'application/json' },
            body: new TextEncoder().encode(JSON.stringify(exampleOf(description, new URL('https://api.github.com/orgs/acme/audit-log')))),
          }
        : acme(request);
    const { tables } = await exchanges(example);
    const rows = Object.fromEntries(tables.map(({ dataset, rows: its }) => [dataset.id, its]));
    expect(rows['identity.lifecycle-events']).toMatchObject([
      {
        userId: 'unknown',
        login: 'monalisa',
        type: 'group-added',
        detail: 'octo-corp/example-team',
        actor: 'octocat',
        actorKind: 'human',
        occurredAt: 1_606_929_874_512,
      },
    ]);
    expect(rows['repo.lifecycle-events']).toMatchObject([{ change: 'deleted', repo: 'mona-org/mona-test-repo', repoId: null, actor: 'monalisa', after: null }]);
    expect(rows['identity.admin-events']).toMatchObject([{ type: 'org.create', actor: 'octocat' }]);
  });
});
