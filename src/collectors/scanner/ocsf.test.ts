import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { at, recorded, root, tested, world } from '../../../test/recorded.ts';
import { PROWLER, infrastructureExports } from '../../acme/infrastructure.ts';
import { IncompleteError } from '../../core/error.ts';
import { days } from '../../core/instant.ts';
import { openSource } from '../../sources/open.ts';
import type { Collector, Of } from '../collector.ts';
import type { Artifact } from '../source.ts';
import { scannerOcsf } from './ocsf.ts';

mkdirSync(join(root, 'scans'), { recursive: true });
writeFileSync(join(root, PROWLER), infrastructureExports(world, at)[PROWLER] ?? '');

tested(scannerOcsf, { path: PROWLER, scan: 'production', scopes: ['123456789012', '999999999999'] }, 'production', (rows) => {
  expect(rows('vulnerability.findings')).toMatchObject([
    {
      systemId: 'aws',
      kind: 'configuration',
      tool: 'Prowler',
      weakness: 'ec2_securitygroup_allow_ingress_from_internet_to_tcp_port_22',
      severity: 'high',
      status: 'open',
      location: 'eu-central-1 sg-0bastion',
    },
  ]);
  expect(rows('vulnerability.scans')).toMatchObject([
    { systemId: 'aws', scanId: 'Prowler 123456789012', toolVersion: '5.13.0', outcome: 'unknown', examined: 6, findings: 1 },
    { scanId: 'Prowler 999999999999', outcome: 'failed', examined: 0, findings: 0 },
  ]);
});

const NOW = Date.parse('2026-10-20T05:00:00Z');
const event = (over: object = {}) => ({
  class_uid: 2004,
  time: NOW / 1000,
  severity_id: 4,
  status_id: 1,
  status: 'New',
  status_code: 'FAIL',
  metadata: { event_code: 'check', product: { name: 'Prowler', version: '5' } },
  finding_info: { uid: 'f1', title: 'Title', created_time: NOW / 1000 },
  resources: [{ uid: 'arn:x', name: 'x', type: 'Other', region: 'eu' }],
  cloud: { provider: 'aws', account: { uid: '1' } },
  ...over,
});
const artifact = (text: string): Artifact => ({
  name: 'findings',
  request: { method: 'READ', url: 'x.json', body: null },
  status: 200,
  headers: {},
  body: new TextEncoder().encode(text),
  startedAt: at,
  finishedAt: at,
});
const of = (over: object = {}, after: string | null = null): Of<never> =>
  ({ config: scannerOcsf.config.parse({ path: 'x.json', ...over }), partition: 'default', at, after, since: at, timezone: 'UTC' }) as unknown as Of<never>;
const tables = (text: string, over: object = {}, after: string | null = null) => scannerOcsf.normalize([artifact(text)], of(over, after));
const findings = (...events: readonly object[]) => tables(JSON.stringify(events))[0]?.rows ?? [];

describe('one finding', () => {
  it.each([
    ['failed', {}, 'open'],
    ['muted', { status: 'Suppressed', status_id: 3 }, 'suppressed'],
    ['muted, as older versions say it', { status_code: 'MUTED' }, 'suppressed'],
    ['resolved', { status: 'Resolved', status_id: 4 }, 'fixed'],
    ['left to a person', { status_code: 'MANUAL' }, 'unknown'],
    ['a compliance finding that failed', { class_uid: 2003, status_code: undefined, compliance: { status_id: 3 } }, 'open'],
    ['a compliance finding that says nothing', { class_uid: 2003, status_code: undefined }, 'unknown'],
    ['a vulnerability', { class_uid: 2002, status_code: undefined, vulnerabilities: [{ cve: { uid: 'CVE-1' } }] }, 'open'],
  ])('%s', (_, over, status) => expect(findings(event(over))).toMatchObject([{ status }]));

  it.each([
    ['passed', {}],
    ['passed and muted', { status: 'Suppressed' }],
    ['a compliance finding that passed', { class_uid: 2003, compliance: { status_id: 1 } }],
  ])('%s: counted, and no row', (name, over) => {
    const [rows, scans] = tables(JSON.stringify([event({ status_code: name.startsWith('a ') ? undefined : 'PASS', ...over })]));
    expect(rows?.rows).toEqual([]);
    expect(scans?.rows).toMatchObject([{ examined: 1, findings: 0 }]);
  });

  it('has a row for each advisory, and says what is to be updated', () => {
    const vulnerabilities = ['CVE-1', 'CVE-2'].map((uid) => ({ cve: { uid }, affected_packages: [{ name: 'openssl', version: '3.0' }] }));
    expect(
      findings(event({ class_uid: 2002, status_code: undefined, vulnerabilities, resources: [{ uid: 'r', type: 'AwsEcrContainerImage' }] })),
    ).toMatchObject([
      { findingId: 'f1 CVE-1', weakness: 'CVE-1', kind: 'image', location: 'openssl 3.0', target: 'r' },
      { findingId: 'f1 CVE-2', weakness: 'CVE-2' },
    ]);
  });

  it('numbers what a tool gives one id, by content and not by place, and tells once what is told twice', () => {
    const [a, b] = [event(), event({ resources: [{ uid: 'arn:y', name: 'y' }] })];
    const ids = (rows: readonly object[]) => rows.map((row) => JSON.stringify(row)).sort();
    expect(findings(a, b, a)).toHaveLength(2);
    expect(ids(findings(a, b))).toEqual(ids(findings(b, a)));
  });

  it.each([
    [{ finding_info: { uid: 'f', first_seen_time: NOW - days(50) } }, NOW - days(50)],
    [{ finding_info: { uid: 'f', created_time: (NOW - days(9)) / 1000 } }, NOW - days(9)],
    [{}, NOW],
  ])('was first seen when its source says, or when it was first told: %j', (over, firstSeenAt) =>
    expect(findings(event(over))).toMatchObject([{ firstSeenAt }]),
  );
});

describe('what one run hands to the next', () => {
  it('is since when each finding was told, and nothing of what is gone', () => {
    const first = scannerOcsf.mark?.([artifact(JSON.stringify([event(), event({ finding_info: { uid: 'gone' } })]))], of());
    expect(first).toEqual({ after: JSON.stringify({ f1: NOW, gone: NOW }), more: false });
    const later = JSON.stringify([
      event({ time: NOW / 1000 + 604_800, finding_info: { uid: 'f1' } }),
      event({ time: NOW / 1000 + 604_800, finding_info: { uid: 'new' } }),
    ]);
    expect(tables(later, {}, first?.after)[0]?.rows).toMatchObject([
      { findingId: 'f1', firstSeenAt: NOW },
      { findingId: 'new', firstSeenAt: NOW + days(7) },
    ]);
    expect(scannerOcsf.mark?.([artifact(later)], of({}, first?.after)).after).toBe(JSON.stringify({ f1: NOW, new: NOW + days(7) }));
  });
});

describe('the file', () => {
  it('may be JSON Lines, and times may be milliseconds', () => {
    const [table] = tables(`${JSON.stringify(event({ time: NOW }))}\n\n${JSON.stringify(event({ finding_info: { uid: 'f2' } }))}\n`);
    expect(table?.rows).toHaveLength(2);
    expect(table?.at).toBe(NOW);
  });

  it('says when it was made, by its first line if it has one', () => {
    expect(tables(`# generated 2026-10-19T00:00:00Z\n${JSON.stringify([event()])}`)[0]?.at).toBe(Date.parse('2026-10-19T00:00:00Z'));
  });

  it('is refused where a finding cannot be read, or is of a class that is not known', () => {
    expect(() => findings(event(), { ...event(), finding_info: {} })).toThrow(/^x\.json, finding 2: finding_info\.uid /);
    expect(() => findings(event({ class_uid: 1001 }))).toThrow(/^x\.json, finding 1: class 1001 is no finding that is known/);
  });

  it('is incomplete where nobody tells its time', async () => {
    writeFileSync(join(root, 'empty.json'), '[]');
    const given = recorded(scannerOcsf, { path: 'empty.json' }, 'default');
    const { source } = openSource(scannerOcsf as unknown as Collector, { ...given, endpoint: null, clock: () => at, sleep: async () => undefined });
    await expect(
      scannerOcsf
        .collect(source as never, of({ path: 'empty.json' }))
        [Symbol.asyncIterator]()
        .next(),
    ).rejects.toBeInstanceOf(IncompleteError);
    expect(tables('[]', { generatedAt: '2026-10-20T05:00:00Z', scopes: ['1'] })[1]?.rows).toMatchObject([{ scope: '1', outcome: 'failed' }]);
  });
});

describe('hardening rules', () => {
  const rulesIn = (events: readonly object[], over: object = {}) => tables(JSON.stringify(events), over)[2]?.rows;
  const rule = (code: string, uid: string, over: object = {}) =>
    event({ metadata: { event_code: code, product: { name: 'Prowler' } }, resources: [{ uid }], ...over });

  it('are told each by itself, with what breaks them, the muted among it', () =>
    expect(
      rulesIn([
        rule('open', 'sg-2', { status: 'Suppressed', status_id: 3 }),
        rule('open', 'sg-1'),
        rule('open', 'sg-3', { status_code: 'PASS' }),
        rule('kept', 'root', { status_code: 'PASS', severity_id: 2 }),
        rule('asked', 'root', { status_code: 'MANUAL' }),
        rule('open', 'sg-9', { cloud: { provider: 'aws', account: { uid: '2' } }, status_code: 'MUTED' }),
      ]),
    ).toMatchObject([
      { systemId: 'aws', tool: 'Prowler', scope: '1', ruleId: 'open', severity: 'high', evaluated: true, failed: ['sg-1', 'sg-2'], undecided: [] },
      { scope: '1', ruleId: 'kept', severity: 'low', failed: [], undecided: [] },
      { scope: '1', ruleId: 'asked', failed: [], undecided: ['root'] },
      { scope: '2', ruleId: 'open', failed: ['sg-9'] },
    ]));

  it('that must be there and are not are told as not evaluated', () =>
    expect(rulesIn([rule('kept', 'root', { status_code: 'PASS' })], { rules: ['kept', 'gone'] })).toMatchObject([
      { ruleId: 'kept', evaluated: true },
      { ruleId: 'gone', scope: '1', evaluated: false, severity: 'unknown', failed: [] },
    ]));

  it('are no weaknesses of packages, and none where the export is said to hold none', () => {
    expect(rulesIn([event({ class_uid: 2002, status_code: 'FAIL', vulnerabilities: [{ cve: { uid: 'CVE-1' } }] })])).toEqual([]);
    expect(tables(JSON.stringify([rule('open', 'sg-1')]), { hardening: false }).map(({ dataset }) => dataset.id)).toEqual([
      'vulnerability.findings',
      'vulnerability.scans',
    ]);
  });
});
