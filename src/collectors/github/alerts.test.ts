import { describe, expect, it } from 'vitest';
import { recorded, tested, world } from '../../../test/recorded.ts';
import { ALERT_DAYS } from '../../acme/alert-stories.ts';
import { IncompleteError } from '../../core/error.ts';
import type { Row } from '../../datasets/dataset.ts';
import { openSource } from '../../sources/open.ts';
import type { WireAnswer, WireRequest } from '../../sources/wire.ts';
import type { Collector } from '../collector.ts';
import type { Artifact } from '../source.ts';
import { githubAlerts } from './alerts.ts';

tested(githubAlerts, { org: 'acme' }, 'acme', (rows) => {
  expect(rows('secrets.findings').map(({ findingId, status, resolution }) => `${findingId} ${status} ${resolution}`)).toEqual([
    '4002/secret/1 resolved used-in-tests',
    '4001/secret/2 resolved revoked',
    '4003/secret/3 resolved wont-fix',
    '4005/secret/4 resolved revoked',
  ]);
  expect(rows('secrets.findings')[1]).toMatchObject({
    place: 'acme/billing',
    kind: 'slack_api_token',
    resolvedBy: 'bruno-sato',
    pushedPastProtection: 'no',
    detectedAt: world.ago(150, 10),
    resolvedAt: world.ago(147, 14),
  });
  expect(rows('vulnerability.findings').map(({ findingId, severity, status }) => `${findingId} ${severity} ${status}`)).toEqual([
    '4008/dependency/1 low auto-dismissed',
    '4002/dependency/2 high fixed',
    '4007/dependency/3 medium dismissed',
    '4001/dependency/4 critical fixed',
    '4001/code/1 high fixed',
    '4000/code/2 medium dismissed',
  ]);
  expect(rows('vulnerability.findings')[0]).toMatchObject({
    dismissedBy: 'a rule of Dependabot',
    dismissedById: null,
    dismissedAt: world.ago(ALERT_DAYS.byRule.found, 14),
  });
  expect(rows('vulnerability.findings')[2]).toMatchObject({ dismissedBecause: 'tolerable_risk: Names are our own, and short', fixedAt: null });
  expect(rows('vulnerability.findings')[4]).toMatchObject({ tool: 'CodeQL', weakness: 'js/sql-injection', location: 'src/invoices.ts:40' });
  expect(rows('secrets.coverage')).toHaveLength(12);
  expect(rows('secrets.coverage').filter(({ codeScanning }) => codeScanning === 'no')).toMatchObject([
    { repo: 'acme/docs' },
    { repo: 'acme/handbook' },
    { repo: 'acme/sandbox' },
  ]);
  expect(rows('secrets.coverage').find(({ repo }) => repo === 'acme/legacy-importer')).toMatchObject({ dependencyAlerts: 'no', codeScanning: 'unknown' });
});

describe('github/alerts, where GitHub says something else', () => {
  it('keeps no answer that holds a credential', async () => {
    const leaky = (request: WireRequest) => ({ ...request, url: request.url.replace('hide_secret=true', 'hide_secret=false') });
    const { artifacts, error } = await collect((request, wire) => wire(leaky(request)));
    expect(error).toBeInstanceOf(IncompleteError);
    expect(String(error)).toMatch(/the answer is not kept/);
    expect(artifacts.map(({ name }) => name)).not.toContain('secret alerts');
    expect(artifacts.some(({ body }) => new TextDecoder().decode(body).includes('made-up-and-worth-nothing'))).toBe(false);
  });

  it('keeps none of a page that is given another address either', async () => {
    const { artifacts, error } = await collect(async (request, wire) => {
      const answer = await wire(request);
      const next = 'https://api.github.com/orgs/acme/secret-scanning/alerts?per_page=100&after=0';
      return request.url.includes('hide_secret') ? { ...answer, headers: { ...answer.headers, link: `<${next}>; rel="next"` } } : answer;
    });
    expect(String(error)).toMatch(/the answer is not kept/);
    expect(artifacts.map(({ name }) => name).filter((name) => name.startsWith('secret alerts'))).toEqual(['secret alerts']);
  });

  it('reads of all analyses only the newest', async () => {
    const asked: string[] = [];
    await collect((request, wire) => {
      if (request.url.includes('/analyses')) asked.push(request.url);
      return wire(request);
    });
    expect(asked).toHaveLength(11);
    expect(new Set(asked.map((url) => new URL(url).search))).toEqual(new Set(['?per_page=1']));
  });

  it('takes it for a fact that a feature is off, and for silence that it may not look', async () => {
    const off = await collect((request, wire) =>
      request.url.includes('/orgs/acme/secret-scanning/') ? says(404, 'Secret scanning is disabled on this repository.') : wire(request),
    );
    expect(off.error).toBeNull();
    expect(off.rows('secrets.findings')).toEqual([]);
    const hidden = await collect((request, wire) => (request.url.includes('/orgs/acme/secret-scanning/') ? says(404, 'Not Found') : wire(request)));
    expect(hidden.error).toBeInstanceOf(IncompleteError);
    const refused = await collect((request, wire) =>
      request.url.includes('/dependabot/') ? says(403, 'Resource not accessible by personal access token') : wire(request),
    );
    expect(refused.error).toBeInstanceOf(IncompleteError);
  });

  it('knows nothing of switches that it is not shown', async () => {
    const { rows, error } = await collect(async (request, wire) => {
      const answer = await wire(request);
      if (request.method === 'POST')
        return changed(answer, (text) => text.replaceAll('"hasVulnerabilityAlertsEnabled":true', '"hasVulnerabilityAlertsEnabled":false'));
      return request.url.includes('/orgs/acme/repos') ? changed(answer, (text) => text.replaceAll('security_and_analysis', 'something_else')) : answer;
    });
    expect(error).toBeNull();
    const told = rows('secrets.coverage').map(({ secretScanning, pushProtection, dependencyAlerts }) => [secretScanning, pushProtection, dependencyAlerts]);
    expect(new Set(told.flat())).toEqual(new Set(['unknown']));
  });

  it('is incomplete where it is shown fewer repositories than there are', async () => {
    const { artifacts } = await collect(async (request, wire) => {
      const answer = await wire(request);
      return request.method === 'POST' ? changed(answer, (text) => text.replace('"totalCount":12', '"totalCount":13')) : answer;
    });
    expect(githubAlerts.witness?.(artifacts, of)).toMatchObject({
      askedAs: 'amara-okafor',
      answeredBy: '77',
      totals: { repositories: { received: 12, total: 13 } },
    });
  });

  it('does not read what another organization says', async () => {
    const { error } = await collect(async (request, wire) => {
      const answer = await wire(request);
      return request.method === 'POST' ? changed(answer, (text) => text.replace('"login":"acme"', '"login":"acme-inc"')) : answer;
    });
    expect(String(error)).toMatch(/acme-inc answered for the organization acme/);
  });
});

const acme = recorded(githubAlerts, { org: 'acme' }, 'acme');
const of = { config: { org: 'acme', system: 'github' }, partition: 'acme', at: acme.at, after: null, since: acme.at, timezone: 'UTC' };
type Wire = typeof acme.wire;

async function collect(between: (request: WireRequest, wire: Wire) => Promise<WireAnswer>) {
  const options = { ...acme, endpoint: null, wire: (request: WireRequest) => between(request, acme.wire), clock: () => acme.at, sleep: async () => undefined };
  const { source } = openSource(githubAlerts as unknown as Collector, options);
  const artifacts: Artifact[] = [];
  let error: unknown = null;
  try {
    for await (const artifact of githubAlerts.collect(source as never, of)) artifacts.push(artifact);
  } catch (thrown) {
    error = thrown;
  }
  const rows = (id: string): readonly Row[] => githubAlerts.normalize(artifacts, of).find(({ dataset }) => dataset.id === id)?.rows ?? [];
  return { artifacts, error, rows };
}

const changed = (answer: WireAnswer, change: (text: string) => string): WireAnswer => ({
  ...answer,
  body: new TextEncoder().encode(change(new TextDecoder().decode(answer.body))),
});
const says = async (status: number, message: string): Promise<WireAnswer> => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: new TextEncoder().encode(JSON.stringify({ message })),
});
