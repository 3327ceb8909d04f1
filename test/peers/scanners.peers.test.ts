import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Collector } from '../../src/collectors/collector.ts';
import { scannerOcsf } from '../../src/collectors/scanner/ocsf.ts';
import { scannerSarif } from '../../src/collectors/scanner/sarif.ts';
import type { Artifact } from '../../src/collectors/source.ts';
import { PROWLER, infrastructureExports } from '../../src/acme/infrastructure.ts';
import { openSource } from '../../src/sources/open.ts';
import { missing } from '../postgres.ts';
import { world } from '../recorded.ts';

const root = mkdtempSync(join(tmpdir(), 'scanners-'));
afterAll(() => rmSync(root, { recursive: true }));
const at = Date.parse('2026-10-20T06:00:00Z');

/** Programs of a Python of their own, where CI puts it, or of this machine. */
const own = join(import.meta.dirname, '../../.scanners/bin');
const program = (name: string) => (existsSync(join(own, name)) ? join(own, name) : name);
const python = program('python3');
const semgrep = program('semgrep');
const HOW = 'python3 -m venv .scanners && .scanners/bin/pip install -r test/peers/scanners.txt && .scanners/bin/pip install --no-deps prowler==5.46.0';

async function read(collector: unknown, config: object) {
  const its = collector as Collector;
  const parsed = its.config.parse(config);
  const options = {
    config: parsed,
    partition: 'x',
    credentials: {},
    endpoint: null,
    root,
    wire: async () => Promise.reject(new Error('no wire')),
    clock: () => at,
  };
  const { source } = openSource(its, { ...options, sleep: async () => undefined });
  const of = { config: parsed, partition: 'x', at, after: null, since: at, timezone: 'UTC' };
  const artifacts: Artifact[] = [];
  for await (const artifact of its.collect(source as never, of)) artifacts.push(artifact);
  const tables = its.normalize(artifacts, of);
  for (const { dataset, rows } of tables) for (const row of rows) dataset.row.parse(row);
  return Object.fromEntries(tables.map(({ dataset, rows }) => [dataset.id, rows]));
}

// It would ask its maker for a newer version, and wait for the answer.
const quiet = { ...process.env, SEMGREP_ENABLE_VERSION_CHECK: '0', SEMGREP_SEND_METRICS: 'off' };
if (spawnSync(semgrep, ['--version'], { env: quiet }).status !== 0) it.skipIf(missing('Semgrep', HOW))('a log that Semgrep wrote', () => undefined);
else {
  it('reads the log that Semgrep writes', { timeout: 120_000 }, async () => {
    const call = '    subprocess.call(name, shell=True)';
    writeFileSync(
      join(root, 'app.py'),
      `import subprocess\n\ndef run(name):\n${call}\n\ndef again(name):\n${call}  # nosemgrep\n\ndef third(name):\n${call}\n`,
    );
    writeFileSync(
      join(root, 'rules.yaml'),
      'rules:\n  - id: shell-of-a-name\n    languages: [python]\n    severity: ERROR\n    message: A shell is given a name.\n    pattern: subprocess.call(..., shell=True)\n',
    );
    const path = [dirname(semgrep) === '.' ? '' : dirname(semgrep), process.env.PATH ?? ''].join(delimiter);
    const log = execFileSync(semgrep, ['scan', '--metrics', 'off', '--disable-version-check', '--config', 'rules.yaml', '--sarif', 'app.py'], {
      cwd: root,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      env: { ...quiet, PATH: path, SEMGREP_SETTINGS_FILE: join(root, 'settings.yaml') },
    });
    writeFileSync(join(root, 'semgrep.sarif'), `# generated 2026-10-20T05:00:00Z\n${log}`);
    const rows = await read(scannerSarif, { path: 'semgrep.sarif', target: 'acme/app' });
    expect(rows['vulnerability.findings']).toHaveLength(3);
    expect(rows['vulnerability.findings']?.map(({ weakness, severity, status, location }) => [weakness, severity, status, location]).sort()).toEqual([
      ['shell-of-a-name', 'high', 'open', 'app.py:10'],
      ['shell-of-a-name', 'high', 'open', 'app.py:4'],
      ['shell-of-a-name', 'high', 'suppressed', 'app.py:7'],
    ]);
    expect(new Set(rows['vulnerability.findings']?.map(({ findingId }) => findingId)).size).toBe(3);
    expect(rows['vulnerability.scans']).toMatchObject([
      { tool: 'Semgrep OSS', outcome: 'complete', findings: 3, finishedAt: Date.parse('2026-10-20T05:00:00Z') },
    ]);
  });
}

if (spawnSync(python, ['-c', 'import prowler.lib.outputs.ocsf.ocsf']).status !== 0)
  it.skipIf(missing('Prowler', HOW))('an export that Prowler wrote', () => undefined);
else {
  describe('Prowler', () => {
    it('writes an export that is read', { timeout: 120_000 }, async () => {
      execFileSync(python, [join(import.meta.dirname, 'prowler-export.py'), join(root, 'prowler')], { stdio: 'pipe' });
      const rows = await read(scannerOcsf, { path: 'prowler.ocsf.json' });
      expect(
        rows['vulnerability.findings']?.map(({ weakness, severity, status, target, kind, firstSeenAt }) => [
          weakness,
          severity,
          status,
          target,
          kind,
          firstSeenAt,
        ]),
      ).toEqual(
        [
          ['ec2_port_22', 'high', 'open', 'sg-1'],
          ['ec2_port_22', 'high', 'suppressed', 'sg-3'],
          ['iam_review', 'low', 'unknown', 'root'],
          ['ec2_tags', 'critical', 'open', 'sg-1'],
          ['ec2_note', 'informational', 'open', 'sg-1'],
        ].map(([weakness, severity, status, name]) => [
          weakness,
          severity,
          status,
          `arn:aws:ec2:eu-central-1:123456789012:security-group/${name}`,
          'configuration',
          Date.parse('2026-10-20T05:00:00Z'),
        ]),
      );
      expect(rows['vulnerability.scans']).toMatchObject([
        { scanId: 'Prowler 123456789012', toolVersion: '5.46.0', examined: 6, findings: 4, outcome: 'unknown' },
      ]);
    });

    it('would write what Acme’s export says: its model takes it', () => {
      writeFileSync(join(root, 'acme.json'), infrastructureExports(world, at)[PROWLER] ?? '');
      const check =
        'import json,sys\nfrom py_ocsf_models.events.findings.detection_finding import DetectionFinding\nevents=json.load(open(sys.argv[1]))\nprint(len([DetectionFinding(**event) for event in events]))';
      expect(execFileSync(python, ['-c', check, join(root, 'acme.json')], { encoding: 'utf8' }).trim()).toBe('6');
    });
  });
}
