import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { githubAuditLog } from '../../src/collectors/github/audit-log.ts';
import { githubChanges } from '../../src/collectors/github/changes.ts';
import { githubDeployments } from '../../src/collectors/github/deployments.ts';
import { githubOrganization } from '../../src/collectors/github/organization.ts';
import { githubRepositories } from '../../src/collectors/github/repositories.ts';
import { githubWorkflowRuns } from '../../src/collectors/github/workflow-runs.ts';
import { days, hours } from '../../src/core/instant.ts';
import type { Wire } from '../../src/sources/wire.ts';
import { missing } from '../postgres.ts';
import type { Answered, Asked } from './company.ts';
import { historyOf } from './company-changes.ts';
import { githubOf } from './company-github.ts';
import { knowbe4Of } from './company-knowbe4.ts';
import { type Description, strangeAnswer, strangeQuestion } from './described.ts';
import { INTEGRITY, PACKAGE } from './github.ts';
import { publishedFile } from './published.ts';
import { runOnce } from './run-once.ts';
import { differences, shapesOf } from './shapes.ts';

// What the sources of the made-up company answer, held against what their vendors say of themselves.

const now = Date.now();
const ago = (count: number, hour = 12) => Math.floor((now - days(count)) / days(1)) * days(1) + hours(hour);
const file = publishedFile(PACKAGE, INTEGRITY, 'generated/ghec.json');
const absent = file === null && missing(PACKAGE, 'A registry of npm must be reachable.');

describe.skipIf(absent)('GitHub of the company, by its own description', () => {
  const description = (file === null ? { paths: {} } : JSON.parse(file)) as Description;
  const dir = mkdtempSync(join(tmpdir(), 'company-described-'));
  const exchanges: (Asked & Answered)[] = [];
  afterAll(() => rmSync(dir, { recursive: true }));

  beforeAll(async () => {
    const answer = githubOf(historyOf(join(dir, 'web.git'), ago));
    const wire: Wire = async ({ method, url, body }) => {
      const asked = { method, url: new URL(url), text: new TextDecoder().decode(body ?? new Uint8Array()) };
      const answered = await answer(asked);
      exchanges.push({ ...asked, ...answered });
      return { status: answered.status, headers: { 'content-type': 'application/json' }, body: new TextEncoder().encode(JSON.stringify(answered.body)) };
    };
    for (const collector of [githubAuditLog, githubChanges, githubDeployments, githubOrganization, githubRepositories, githubWorkflowRuns])
      await runOnce(collector, wire, { org: 'acme' }, now, ago(60));
  }, 120_000);

  const rest = () => exchanges.filter(({ method }) => method === 'GET');

  it('is asked nothing that it does not know', () => {
    expect(rest().length).toBeGreaterThan(30);
    expect(rest().flatMap(({ url }) => strangeQuestion(description, url))).toEqual([]);
  });

  it('answers nothing that it does not know, but for what an event holds by its kind, and a switch that is younger', () => {
    const told = rest().filter(({ status }) => status === 200);
    expect([...new Set(told.flatMap(({ url, body }) => strangeAnswer(description, url, body)))].sort()).toEqual([
      ...['repo_id', 'ruleset_enforcement', 'ruleset_id', 'ruleset_name', 'ruleset_old_enforcement'].map(
        (field) => `/orgs/{org}/audit-log[].${field} is not described`,
      ),
      '/repos/{owner}/{repo}/environments.environments[].can_admins_bypass is not described',
    ]);
  });

  it('answers every question of GraphQL without an error, by its schema', () => {
    const queries = exchanges.filter(({ method }) => method === 'POST');
    expect(queries.length).toBeGreaterThan(5);
    expect(queries.flatMap(({ body }) => (body as { readonly errors?: readonly unknown[] }).errors ?? [])).toEqual([]);
  });
});

describe('KnowBe4 of the company, by answers that somebody else kept', () => {
  it('answers in no other kinds', () => {
    const shapes = shapesOf('knowbe4');
    const answer = knowbe4Of({ ago });
    const apart = ['/v1/account', '/v1/training/campaigns', '/v1/training/enrollments'].flatMap((path) => {
      const { body } = answer({ method: 'GET', url: new URL(`https://eu.api.knowbe4.com${path}?page=1`), text: '' });
      return differences(shapes[`GET ${path}`] ?? 'null', body, path);
    });
    expect([...new Set(apart.map((it) => it.replace(/\[\d+\]/, '[]')))]).toEqual([]);
  });
});
