import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { at, root, tested, world } from '../../../test/recorded.ts';
import { INFRASTRUCTURE } from '../../acme/infrastructure-stories.ts';
import { SEMGREP, infrastructureExports } from '../../acme/infrastructure.ts';
import type { Of } from '../collector.ts';
import type { Artifact } from '../source.ts';
import { scannerSarif } from './sarif.ts';

mkdirSync(join(root, 'scans'), { recursive: true });
writeFileSync(join(root, SEMGREP), infrastructureExports(world, at)[SEMGREP] ?? '');

tested(scannerSarif, { path: SEMGREP, target: 'acme/web' }, 'acme/web', (rows) => {
  expect(rows('vulnerability.findings')).toMatchObject([
    {
      systemId: 'github',
      tool: 'Semgrep OSS',
      weakness: INFRASTRUCTURE.suppressed.rule,
      severity: 'high',
      status: 'suppressed',
      dismissedBecause: null,
      location: 'src/export/archive.ts:41',
      kind: 'code',
    },
  ]);
  expect(rows('vulnerability.scans')).toMatchObject([
    { scanId: 'Semgrep OSS acme/web', toolVersion: '1.140.0', outcome: 'complete', examined: null, findings: 1 },
  ]);
});

const END = '2026-10-20T05:00:00Z';
const place = (uri: string, startLine: number, snippet?: string) => [
  { physicalLocation: { artifactLocation: { uri }, region: { startLine, ...(snippet ? { snippet: { text: snippet } } : {}) } } },
];
const run = (results: readonly object[], over: object = {}) => ({
  tool: {
    driver: {
      name: 'Tool',
      version: '1',
      rules: [{ id: 'R1', shortDescription: { text: 'First' }, properties: { 'security-severity': '9.8' } }, { id: 'R2' }],
    },
  },
  invocations: [{ executionSuccessful: true, endTimeUtc: END }],
  results,
  ...over,
});
const artifact = (...runs: readonly object[]): Artifact => ({
  name: 'log',
  request: { method: 'READ', url: 'x.sarif', body: null },
  status: 200,
  headers: {},
  body: new TextEncoder().encode(JSON.stringify({ version: '2.1.0', runs })),
  startedAt: at,
  finishedAt: at,
});
const of = {
  config: scannerSarif.config.parse({ path: 'x.sarif', target: 'acme/web' }),
  partition: 'x',
  at,
  after: null,
  since: at,
  timezone: 'UTC',
} as unknown as Of<never>;
const tables = (...runs: readonly object[]) => scannerSarif.normalize([artifact(...runs)], of);
const finding = (result: object, over: object = {}) =>
  tables(run([{ ruleId: 'R2', message: { text: 'm' }, locations: place('a.ts', 3), ...result }], over))[0]?.rows[0];

describe('one result', () => {
  it.each([
    ['by the score of its rule', { ruleId: 'R1' }, 'critical'],
    ['by the score of its rule, found by place', { ruleId: undefined, ruleIndex: 0 }, 'critical'],
    ['by the rule above its id', { ruleId: 'R1/2' }, 'critical'],
    ['by its level', { level: 'error' }, 'high'],
    ['by its level, which is a warning unless said', {}, 'medium'],
    ['a note', { level: 'note' }, 'low'],
    ['what only informs', { kind: 'informational', level: 'none' }, 'informational'],
  ])('has a severity: %s', (_, result, severity) => expect(finding(result)).toMatchObject({ severity }));

  it.each([
    ['open', {}, 'open'],
    ['suppressed', { suppressions: [{ kind: 'inSource', justification: 'test data' }] }, 'suppressed'],
    ['whose suppression was rejected', { suppressions: [{ kind: 'external', status: 'rejected' }] }, 'open'],
    ['whose suppression is under review', { suppressions: [{ kind: 'external', status: 'underReview' }] }, 'open'],
    ['not suppressed, by an empty list', { suppressions: [] }, 'open'],
    ['gone since the baseline', { baselineState: 'absent' }, 'fixed'],
    ['to be reviewed', { kind: 'review' }, 'unknown'],
  ])('is %s', (_, result, status) => expect(finding(result)).toMatchObject({ status }));

  it('gives the reason of its suppression', () =>
    expect(finding({ suppressions: [{ kind: 'inSource', justification: 'test data' }] })).toMatchObject({ dismissedBecause: 'test data' }));

  it('is known again by its fingerprint, not by its line', () => {
    const id = (result: object) => finding(result)?.findingId;
    expect(id({ partialFingerprints: { primaryLocationLineHash: 'abcdef0123456789:1' } })).toBe('Tool R2 abcdef0123456789:1');
    expect(id({ fingerprints: { 'matchBasedId/v1': 'requires login' }, locations: place('a.ts', 3, 'eval(x)') })).toBe('Tool R2 a.ts eval(x)');
    expect(id({})).toBe('Tool R2 a.ts 3');
  });

  it('was first seen when the log says', () =>
    expect(finding({ provenance: { firstDetectionTimeUtc: '2026-01-02T00:00:00Z' } })).toMatchObject({ firstSeenAt: Date.parse('2026-01-02T00:00:00Z') }));

  it.each(['pass', 'notApplicable'])('is no finding where it says %s', (kind) => {
    const [rows, scans] = tables(run([{ ruleId: 'R1', kind }]));
    expect([rows?.rows, scans?.rows[0]]).toMatchObject([[], { findings: 0 }]);
  });

  it.each([
    ['vulnerability', 'dependency'],
    ['misconfiguration', 'configuration'],
    ['security', 'code'],
  ])('is of the kind that its rule is tagged with: %s', (tag, kind) => {
    const driver = { name: 'Trivy', rules: [{ id: 'R2', properties: { tags: [tag] } }] };
    expect(finding({}, { tool: { driver } })).toMatchObject({ kind });
  });
});

describe('a run', () => {
  it.each([
    ['complete', [{ executionSuccessful: true, endTimeUtc: END }]],
    ['failed', [{ executionSuccessful: true, endTimeUtc: END }, { executionSuccessful: false }]],
    ['partial', [{ executionSuccessful: true, endTimeUtc: END, toolExecutionNotifications: [{ level: 'error' }] }]],
  ])('is %s by its own word', (outcome, invocations) => expect(tables(run([], { invocations }))[1]?.rows).toMatchObject([{ outcome }]));

  it('has a scan of its own, twice the same tool or not', () => {
    const rows = tables(run([], { automationDetails: { id: 'javascript/7' } }), run([], { automationDetails: { id: 'go/7' } }), run([]), run([]))[1]?.rows;
    expect(rows?.map(({ scanId }) => scanId)).toEqual(['Tool acme/web javascript', 'Tool acme/web go', 'Tool acme/web', 'Tool acme/web (2)']);
  });

  it('counts when it ended', () => expect(tables(run([]))[1]).toMatchObject({ at: Date.parse(END), rows: [{ finishedAt: Date.parse(END) }] }));

  it('must say when it ended, or the file must', () =>
    expect(() => tables(run([], { invocations: [] }))).toThrow(/x\.sarif does not say when it was generated/));
});

it('refuses what is no log of this version, and one without a run', () => {
  expect(() => tables()).toThrow(new RangeError('x.sarif tells of no run'));
  const other = { ...artifact(run([])), body: new TextEncoder().encode('{"version":"2.0.0","runs":[]}') };
  expect(() => scannerSarif.normalize([other], of)).toThrow(/^x\.sarif: version /);
});
