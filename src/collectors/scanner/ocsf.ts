import { z } from 'zod';
import { IncompleteError } from '../../core/error.ts';
import { days, type Instant, iso } from '../../core/instant.ts';
import { hardeningRules } from '../../datasets/config/rules.ts';
import { type Vulnerability, vulnerabilities } from '../../datasets/vulnerability/findings.ts';
import { type Scan, scans } from '../../datasets/vulnerability/scans.ts';
import { textOf } from '../answers.ts';
import { defineCollector, type Of, table } from '../collector.ts';
import { generatedAt, generatedField, splitGenerated } from '../exported.ts';
import type { Artifact } from '../source.ts';
import { distinct, entriesOf, firstTold, seenMark } from './findings.ts';
import { type Evaluated, rulesOf } from './rules.ts';

export const Ocsf = z.strictObject({
  path: z.string().min(1).describe('The export, below the workspace or absolute: JSON or JSON Lines'),
  scan: z.string().min(1).default('default').describe('Your name for this scan; rows are known by it'),
  system: z.string().min(1).optional().describe('Id of the system in the scope; the name of the cloud as the export writes it unless said'),
  scopes: z.array(z.string().min(1)).default([]).describe('Accounts or targets that the export must speak of; one that is missing was not scanned'),
  hardening: z.boolean().default(true).describe('It evaluates hardening rules, and says of each resource whether it keeps them: each rule is then told'),
  rules: z.array(z.string().min(1)).default([]).describe('Rules that must be evaluated in every account; one that is missing was switched off'),
  generatedAt: generatedField,
});
type Ocsf = z.infer<typeof Ocsf>;

const text = z.string().nullish();
/** Seconds or milliseconds since 1970: tools write both. */
const time = z
  .number()
  .nullish()
  .transform((at) => (at === null || at === undefined || at <= 0 ? null : Math.trunc(at < 1e11 ? at * 1000 : at)));
const Resource = z.object({ uid: text, name: text, type: text, region: text });
const Event = z.object({
  class_uid: z.int(),
  time,
  message: text,
  severity_id: z.int().nullish(),
  severity: text,
  status_id: z.int().nullish(),
  status: text,
  status_code: text,
  metadata: z.object({ event_code: text, product: z.object({ name: text, vendor_name: text, version: text }) }),
  finding_info: z.object({ uid: z.string().min(1), title: text, created_time: time, first_seen_time: time }),
  compliance: z.object({ status_id: z.int().nullish(), status: text, control: text }).nullish(),
  resources: z.array(Resource).nullish(),
  resource: Resource.nullish(),
  cloud: z.object({ provider: text, region: text, account: z.object({ uid: text, name: text }).nullish() }).nullish(),
  vulnerabilities: z
    .array(
      z.object({
        title: text,
        cve: z.object({ uid: text }).nullish(),
        affected_packages: z.array(z.object({ name: text, version: text })).nullish(),
        affected_code: z.array(z.unknown()).nullish(),
      }),
    )
    .nullish(),
});
type Event = z.infer<typeof Event>;

const CLASSES: Readonly<Record<number, string>> = { 2002: 'Vulnerability Finding', 2003: 'Compliance Finding', 2004: 'Detection Finding' };
const SEVERITIES: readonly Vulnerability['severity'][] = ['unknown', 'informational', 'low', 'medium', 'high', 'critical', 'critical'];

/** Whether the thing examined is as it should be, by the word of the tool. */
type Outcome = 'pass' | 'fail' | 'unsaid';
const CODES: Readonly<Record<string, Outcome>> = { PASS: 'pass', PASSED: 'pass', FAIL: 'fail', FAILED: 'fail' };

export const scannerOcsf = defineCollector<Ocsf, 'file'>({
  id: 'scanner/ocsf',
  title: 'Findings of a scanner that writes OCSF (Prowler and others)',
  version: 2,
  transport: 'file',
  hosts: () => [],
  operations: [],
  permissions: [{ right: 'read the file', why: 'the export of the scanner, whole: what passed is counted' }],
  credentials: {},
  every: '1d',
  config: Ocsf,
  feeds: [vulnerabilities, scans, hardeningRules],
  feedsOf: ({ hardening }) => (hardening ? [vulnerabilities, scans, hardeningRules] : [vulnerabilities, scans]),
  cannotTell: [
    'whether the scanner was allowed to see everything, or was told to leave rules out: OCSF has no word for it',
    'when a finding was first seen, where the export does not say: then it counts from the first export that told of it',
    'who suppressed a finding, and why',
  ],
  partitions: ({ scan }) => [scan],

  async *collect(source, { config }) {
    const artifact = await source.read('findings', config.path);
    generated(artifact, eventsOf(artifact), config);
    yield artifact;
  },

  mark(artifacts, of) {
    const { rows, at } = readAll(artifacts, of);
    return seenMark(rows, of.after, at);
  },

  normalize(artifacts, of) {
    const { rows, events, at } = readAll(artifacts, of);
    const tables = [table(vulnerabilities, firstTold(rows, of.after, at), at), table(scans, scansOf(events, at, of.config), at)];
    if (!of.config.hardening) return tables;
    const evaluated = events.flatMap((event) => evaluatedBy(event, of.config));
    return [...tables, table(hardeningRules, rulesOf(evaluated, of.config.rules), at)];
  },
});

function readAll(artifacts: readonly Artifact[], { config }: Of<Ocsf>) {
  const [artifact] = artifacts;
  if (!artifact) throw new RangeError('there is no export');
  const events = eventsOf(artifact);
  return { events, at: generated(artifact, events, config), rows: distinct(events.flatMap((event) => findingsOf(event, config))) };
}

function eventsOf(artifact: Artifact): readonly Event[] {
  return entriesOf(splitGenerated(textOf(artifact)).rest).map((entry, place) => {
    const { success, data, error } = Event.safeParse(entry);
    const says = (why: string) => new RangeError(`${artifact.request.url}, finding ${place + 1}: ${why}`);
    if (!success) throw says(`${error.issues[0]?.path.join('.')} ${error.issues[0]?.message}`);
    if (CLASSES[data.class_uid] === undefined)
      throw says(
        `class ${data.class_uid} is no finding that is known (${Object.entries(CLASSES)
          .map(([id, name]) => `${id} ${name}`)
          .join(', ')})`,
      );
    return data;
  });
}

/** The latest of what the findings say, unless the file says it once for all. */
function generated(artifact: Artifact, events: readonly Event[], { path, generatedAt: configured }: Ocsf): Instant {
  const times = events.flatMap(({ time: at }) => (at === null ? [] : [at]));
  return generatedAt(path, splitGenerated(textOf(artifact)).said, times.length > 0 ? iso(times.reduce((a, b) => Math.max(a, b))) : null, configured);
}

function outcomeOf({ class_uid, status_code, compliance }: Event): Outcome {
  const code = CODES[(status_code ?? compliance?.status ?? '').toUpperCase()];
  if (code !== undefined) return code;
  if (compliance?.status_id === 1) return 'pass';
  if (compliance?.status_id === 3) return 'fail';
  return (status_code ?? '') === '' && class_uid !== 2003 ? 'fail' : 'unsaid';
}

function statusOf(event: Event): Vulnerability['status'] {
  const status = (event.status ?? '').toLowerCase();
  if (status === 'suppressed' || status === 'archived' || event.status_id === 3 || event.status_id === 5 || event.status_code === 'MUTED') return 'suppressed';
  if (status === 'resolved' || event.status_id === 4) return 'fixed';
  return outcomeOf(event) === 'fail' ? 'open' : 'unknown';
}

const isConfiguration = ({ class_uid, status_code }: Event): boolean => class_uid === 2003 || (class_uid !== 2002 && Boolean(status_code));
const productOf = ({ metadata: { product } }: Event): string => product.name || product.vendor_name || 'unnamed scanner';
const scopeOf = ({ cloud, resources, resource }: Event): string =>
  cloud?.account?.uid || cloud?.account?.name || (resources?.[0] ?? resource)?.name || (resources?.[0] ?? resource)?.uid || 'unnamed target';
const systemOf = (event: Event, { system }: Ocsf): string => system ?? (event.cloud?.provider?.toLowerCase() || productOf(event).toLowerCase());

/** Nothing of what passed, which the scan counts; of a weakness in several packages one row for each advisory. */
function findingsOf(event: Event, config: Ocsf): readonly Vulnerability[] {
  if (outcomeOf(event) === 'pass') return [];
  const [resource] = [...(event.resources ?? []), ...(event.resource ? [event.resource] : [])];
  const { finding_info: info, metadata, time: at } = event;
  const created = info.created_time !== null && at !== null && info.created_time <= at - days(1) ? info.created_time : null;
  const severity = SEVERITIES[event.severity_id ?? 0] ?? 'unknown';
  const base: Vulnerability = {
    systemId: systemOf(event, config),
    findingId: info.uid,
    kind: event.class_uid === 2003 || event.status_code ? 'configuration' : 'other',
    tool: productOf(event),
    target: resource?.uid || resource?.name || scopeOf(event),
    repoId: null,
    weakness: metadata.event_code || event.compliance?.control || info.title || info.uid,
    title: info.title || event.message || info.uid,
    location: [resource?.region || event.cloud?.region, resource?.name].flatMap((part) => (part ? [part] : [])).join(' ') || null,
    severity: severity === 'unknown' && event.severity ? (SEVERITIES.find((known) => known === event.severity?.toLowerCase()) ?? 'unknown') : severity,
    status: statusOf(event),
    firstSeenAt: info.first_seen_time ?? created,
    fixedAt: null,
    dismissedAt: null,
    dismissedById: null,
    dismissedBy: null,
    dismissedBecause: null,
  };
  if (event.class_uid !== 2002 || !event.vulnerabilities?.length) return [base];
  return event.vulnerabilities.map(({ title, cve, affected_packages: packages, affected_code: code }) => ({
    ...base,
    kind: packages?.length ? (/image|container/i.test(resource?.type ?? '') ? 'image' : 'dependency') : code?.length ? 'code' : 'other',
    weakness: cve?.uid || title || base.weakness,
    findingId: (event.vulnerabilities?.length ?? 0) > 1 ? `${info.uid} ${cve?.uid || title || ''}`.trim() : info.uid,
    location: packages?.map(({ name, version }) => [name, version].join(' ').trim()).join(', ') || base.location,
  }));
}

/** A rule and a resource, where it is that which the event tells of. What was muted had failed. */
function evaluatedBy(event: Event, config: Ocsf): readonly Evaluated[] {
  if (!isConfiguration(event)) return [];
  const [row] = findingsOf({ ...event, status_code: 'FAIL' }, config);
  if (!row) throw new RangeError('a finding that failed has a row');
  const { systemId, tool, target: resource, weakness: ruleId, title, severity } = row;
  const outcome = event.status_code === 'MUTED' ? 'fail' : outcomeOf(event);
  return [{ systemId, tool, scope: scopeOf(event), ruleId, title, severity, resource, outcome }];
}

/** One scan for each tool and scope that the export speaks of, and one that failed for each scope that it should speak of. */
function scansOf(events: readonly Event[], at: Instant, config: Ocsf): readonly Scan[] {
  const groups = Map.groupBy(events, (event) => `${productOf(event)} ${scopeOf(event)}`);
  const told = [...groups].map(([scanId, its]): Scan => {
    const [first] = its;
    if (!first) throw new IncompleteError(`${scanId} holds nothing`);
    return {
      systemId: systemOf(first, config),
      scanId,
      tool: productOf(first),
      toolVersion: first.metadata.product.version || null,
      scope: scopeOf(first),
      outcome: 'unknown',
      examined: its.length,
      findings: its.flatMap((event) => (outcomeOf(event) === 'fail' ? [event] : [])).length,
      finishedAt: its.reduce((latest, { time: when }) => Math.max(latest, when ?? 0), 0) || at,
    };
  });
  const known = new Set(told.map(({ scope }) => scope));
  const { tool, systemId } = told[0] ?? { tool: 'scanner', systemId: config.system ?? 'scanner' };
  const missing = [...new Set(config.scopes)].flatMap((scope): Scan[] =>
    known.has(scope)
      ? []
      : [{ systemId, scanId: `${tool} ${scope}`, tool, toolVersion: null, scope, outcome: 'failed', examined: 0, findings: 0, finishedAt: at }],
  );
  return [...told, ...missing];
}
