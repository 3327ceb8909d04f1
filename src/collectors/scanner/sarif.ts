import { z } from 'zod';
import { type Instant, iso } from '../../core/instant.ts';
import { type Vulnerability, vulnerabilities } from '../../datasets/vulnerability/findings.ts';
import { type Scan, scans } from '../../datasets/vulnerability/scans.ts';
import { textOf, when } from '../answers.ts';
import { defineCollector, type Of, table } from '../collector.ts';
import { generatedAt, generatedField, splitGenerated } from '../exported.ts';
import type { Artifact } from '../source.ts';
import { distinct, firstTold, seenMark } from './findings.ts';

export const Sarif = z.strictObject({
  path: z.string().min(1).describe('The log, below the workspace or absolute: SARIF 2.1.0'),
  target: z.string().min(1).describe('What was scanned: a repository, an image, a folder'),
  system: z.string().min(1).default('github').describe('Id of the system in the scope that holds the target'),
  repoId: z.string().min(1).optional().describe('Id of the repository, where the target is one that another source tells of'),
  generatedAt: generatedField,
});
type Sarif = z.infer<typeof Sarif>;

const text = z.string().nullish();
const message = z.object({ text: text, markdown: text }).nullish();
const level = z.enum(['none', 'note', 'warning', 'error']).nullish();
const Rule = z.object({
  id: z.string().min(1),
  name: text,
  shortDescription: message,
  defaultConfiguration: z.object({ level }).nullish(),
  properties: z.object({ 'security-severity': z.union([z.string(), z.number()]).nullish(), tags: z.array(z.string()).nullish() }).nullish(),
});
type Rule = z.infer<typeof Rule>;
const Component = z.object({ name: z.string().min(1), version: text, semanticVersion: text, rules: z.array(Rule).nullish() });
const Result = z.object({
  ruleId: text,
  ruleIndex: z.int().nullish(),
  rule: z.object({ id: text, index: z.int().nullish(), toolComponent: z.object({ index: z.int().nullish() }).nullish() }).nullish(),
  kind: z.enum(['notApplicable', 'pass', 'fail', 'review', 'open', 'informational']).nullish(),
  level,
  message,
  guid: text,
  fingerprints: z.record(z.string(), z.string()).nullish(),
  partialFingerprints: z.record(z.string(), z.string()).nullish(),
  baselineState: z.enum(['new', 'unchanged', 'updated', 'absent']).nullish(),
  provenance: z.object({ firstDetectionTimeUtc: when }).nullish(),
  suppressions: z.array(z.object({ kind: z.string(), status: text, justification: text })).nullish(),
  locations: z
    .array(
      z.object({
        physicalLocation: z
          .object({
            artifactLocation: z.object({ uri: text }).nullish(),
            region: z.object({ startLine: z.int().nullish(), snippet: z.object({ text }).nullish() }).nullish(),
          })
          .nullish(),
      }),
    )
    .nullish(),
});
type Result = z.infer<typeof Result>;
const Run = z.object({
  tool: z.object({ driver: Component, extensions: z.array(Component).nullish() }),
  automationDetails: z.object({ id: text }).nullish(),
  invocations: z
    .array(z.object({ executionSuccessful: z.boolean(), endTimeUtc: when, toolExecutionNotifications: z.array(z.object({ level })).nullish() }))
    .nullish(),
  results: z.array(Result).nullish(),
});
type Run = z.infer<typeof Run>;
const Log = z.object({ version: z.literal('2.1.0'), runs: z.array(Run) });

export const scannerSarif = defineCollector<Sarif, 'file'>({
  id: 'scanner/sarif',
  title: 'Findings of a scanner that writes SARIF (Semgrep, Trivy, CodeQL and others)',
  version: 1,
  transport: 'file',
  hosts: () => [],
  operations: [],
  permissions: [{ right: 'read the file', why: 'the log of the scanner, whole, with what it suppressed' }],
  credentials: {},
  every: '1d',
  config: Sarif,
  feeds: [vulnerabilities, scans],
  cannotTell: [
    'who suppressed a finding, and when',
    'a severity, where the rule gives none: then its level stands in for it (error high, warning medium, note low)',
    'when a finding was first seen, where the log does not say: then it counts from the first log that told of it',
    'how many files were examined',
  ],
  partitions: ({ target }) => [target],

  async *collect(source, { config }) {
    const artifact = await source.read('log', config.path);
    generated(artifact, runsOf(artifact), config);
    yield artifact;
  },

  mark(artifacts, of) {
    const { rows, at } = readAll(artifacts, of);
    return seenMark(rows, of.after, at);
  },

  normalize(artifacts, of) {
    const { rows, runs, at } = readAll(artifacts, of);
    const told = runs.map((run) => scanOf(run, at, of.config));
    const numbered = told.map((scan, place) => {
      const before = told.slice(0, place).reduce((count, { scanId }) => count + (scanId === scan.scanId ? 1 : 0), 0);
      return before === 0 ? scan : { ...scan, scanId: `${scan.scanId} (${before + 1})` };
    });
    return [table(vulnerabilities, firstTold(rows, of.after, at), at), table(scans, numbered, at)];
  },
});

function readAll(artifacts: readonly Artifact[], { config }: Of<Sarif>) {
  const [artifact] = artifacts;
  if (!artifact) throw new RangeError('there is no log');
  const runs = runsOf(artifact);
  const rows = runs.flatMap((run) => (run.results ?? []).flatMap((result) => findingOf(run, result, config)));
  return { runs, at: generated(artifact, runs, config), rows: distinct(rows) };
}

function runsOf(artifact: Artifact): readonly Run[] {
  const { success, data, error } = Log.safeParse(JSON.parse(splitGenerated(textOf(artifact)).rest.replace(/^\uFEFF/, '')));
  if (!success) throw new RangeError(`${artifact.request.url}: ${error.issues[0]?.path.join('.')} ${error.issues[0]?.message}`);
  if (data.runs.length === 0) throw new RangeError(`${artifact.request.url} tells of no run`);
  return data.runs;
}

const endOf = ({ invocations }: Run): Instant | null =>
  (invocations ?? []).reduce<Instant | null>((latest, { endTimeUtc: at }) => (at === null ? latest : Math.max(latest ?? at, at)), null);

function generated(artifact: Artifact, runs: readonly Run[], { path, generatedAt: configured }: Sarif): Instant {
  const end = runs.map(endOf).reduce((latest, at) => (at === null ? latest : Math.max(latest ?? at, at)), null);
  return generatedAt(path, splitGenerated(textOf(artifact)).said, end === null ? null : iso(end), configured);
}

function ruleOf({ tool }: Run, { ruleId, ruleIndex, rule }: Result): Rule | null {
  const place = rule?.toolComponent?.index;
  const component = place === null || place === undefined ? tool.driver : (tool.extensions?.[place] ?? tool.driver);
  const index = rule?.index ?? ruleIndex;
  const byIndex = index === null || index === undefined || index < 0 ? undefined : component.rules?.[index];
  if (byIndex) return byIndex;
  const id = rule?.id ?? ruleId;
  // An id may go on below its rule: "CA1000/1" is told by "CA1000".
  return [tool.driver, ...(tool.extensions ?? [])].flatMap(({ rules }) => rules ?? []).find((its) => its.id === id || id?.startsWith(`${its.id}/`)) ?? null;
}

const LEVELS: Readonly<Record<string, Vulnerability['severity']>> = { error: 'high', warning: 'medium', note: 'low', none: 'informational' };

function severityOf(rule: Rule | null, { level: own, kind }: Result): Vulnerability['severity'] {
  if (kind === 'informational') return 'informational';
  const score = Number(rule?.properties?.['security-severity'] ?? Number.NaN);
  if (!Number.isNaN(score)) return score >= 9 ? 'critical' : score >= 7 ? 'high' : score >= 4 ? 'medium' : score > 0 ? 'low' : 'informational';
  return LEVELS[own ?? rule?.defaultConfiguration?.level ?? 'warning'] ?? 'unknown';
}

function kindOf(rule: Rule | null): Vulnerability['kind'] {
  const tags = (rule?.properties?.tags ?? []).map((tag) => tag.toLowerCase());
  return tags.includes('vulnerability') ? 'dependency' : tags.includes('misconfiguration') ? 'configuration' : 'code';
}

function statusOf({ kind, suppressions, baselineState }: Result): Vulnerability['status'] {
  if (suppressions?.some(({ status }) => (status ?? 'accepted') === 'accepted')) return 'suppressed';
  if (baselineState === 'absent') return 'fixed';
  return kind === 'review' || kind === 'open' ? 'unknown' : 'open';
}

/** By which a result is known again in the next log, lines moved or not. What is no value of a hash (a hint to log in) is none. */
function identityOf({ fingerprints, partialFingerprints, guid, locations, message: said }: Result): string {
  const prints = [fingerprints, partialFingerprints].flatMap((all) =>
    Object.entries(all ?? {})
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .flatMap(([, print]) => (/^[\w:+/=.-]{8,}$/.test(print) ? [print] : [])),
  );
  const place = locations?.[0]?.physicalLocation;
  const snippet = place?.region?.snippet?.text?.trim().slice(0, 120);
  return prints[0] ?? guid ?? `${place?.artifactLocation?.uri ?? ''} ${snippet || (place?.region?.startLine ?? said?.text?.slice(0, 120) ?? '')}`.trim();
}

/** Nothing of what passed or does not apply, which the scan counts. */
function findingOf(run: Run, result: Result, { system, target, repoId }: Sarif): readonly Vulnerability[] {
  if (result.kind === 'pass' || result.kind === 'notApplicable') return [];
  const rule = ruleOf(run, result);
  const weakness = result.rule?.id || result.ruleId || rule?.id || 'unnamed rule';
  const place = result.locations?.[0]?.physicalLocation;
  const accepted = result.suppressions?.find(({ status }) => (status ?? 'accepted') === 'accepted');
  return [
    {
      systemId: system,
      findingId: `${run.tool.driver.name} ${weakness} ${identityOf(result)}`,
      kind: kindOf(rule),
      tool: run.tool.driver.name,
      target,
      repoId: repoId ?? null,
      weakness,
      title: rule?.shortDescription?.text || rule?.name || result.message?.text || weakness,
      location: place?.artifactLocation?.uri ? `${place.artifactLocation.uri}${place.region?.startLine ? `:${place.region.startLine}` : ''}` : null,
      severity: severityOf(rule, result),
      status: statusOf(result),
      firstSeenAt: result.provenance?.firstDetectionTimeUtc ?? null,
      fixedAt: null,
      dismissedAt: null,
      dismissedById: null,
      dismissedBy: null,
      dismissedBecause: accepted?.justification || null,
    },
  ];
}

function scanOf(run: Run, at: Instant, { target, system }: Sarif): Scan {
  const { tool, invocations, automationDetails, results } = run;
  const { name, version, semanticVersion } = tool.driver;
  const notices = (invocations ?? []).flatMap(({ toolExecutionNotifications: all }) => all ?? []);
  const category = automationDetails?.id?.replace(/\/[^/]*$/, '');
  return {
    systemId: system,
    scanId: [name, target, category].flatMap((part) => (part ? [part] : [])).join(' '),
    tool: name,
    toolVersion: semanticVersion || version || null,
    scope: target,
    outcome: !invocations?.length
      ? 'unknown'
      : invocations.some(({ executionSuccessful }) => !executionSuccessful)
        ? 'failed'
        : notices.some((notice) => notice.level === 'error')
          ? 'partial'
          : 'complete',
    examined: null,
    findings: (results ?? []).reduce((count, { kind }) => count + (kind === 'pass' || kind === 'notApplicable' ? 0 : 1), 0),
    finishedAt: endOf(run) ?? at,
  };
}
