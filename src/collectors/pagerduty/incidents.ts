import { z } from 'zod';
import { IncompleteError } from '../../core/error.ts';
import { days, type Instant, iso, minutes } from '../../core/instant.ts';
import type { Period } from '../../core/interval.ts';
import { type AlertEvent, alertEvents } from '../../datasets/alert/events.ts';
import { pagesOf, parse, when } from '../answers.ts';
import { defineCollector, events, type Of } from '../collector.ts';
import type { Artifact, HttpSource } from '../source.ts';

const Reference = z.object({ id: z.string(), type: z.string().nullish(), summary: z.string().nullish() }).nullish();
export const Incident = z.object({
  id: z.string().min(1),
  incident_number: z.int().nullish(),
  title: z.string().nullish(),
  summary: z.string().nullish(),
  created_at: when,
  status: z.string().nullish(),
  resolved_at: when,
  urgency: z.string().nullish(),
  priority: Reference,
  service: Reference,
  html_url: z.string().nullish(),
});
export type Incident = z.infer<typeof Incident>;
export const LogEntry = z.object({
  id: z.string().min(1),
  type: z.string().min(1),
  created_at: when,
  agent: Reference,
  channel: z.object({ type: z.string().nullish(), summary: z.string().nullish(), content: z.string().nullish() }).nullish(),
  incident: Reference,
});
export type LogEntry = z.infer<typeof LogEntry>;

const Severity = z.enum(['critical', 'high', 'medium', 'low']);
const Conclusion = z.enum(['true_positive', 'false_positive', 'benign']);

export const PagerDutyConfig = z.strictObject({
  subdomain: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]*$/, 'expected the subdomain alone: acme of acme.pagerduty.com')
    .describe('Whose account it is: acme of acme.pagerduty.com. Incidents of another account make the run incomplete'),
  region: z.enum(['us', 'eu']).default('us').describe('Where the account is kept'),
  priorities: z
    .record(z.string().min(1), Severity)
    .default({})
    .describe('How urgent a priority is, by its name: { P1: critical }. Of an incident without one its urgency decides: high or low'),
  conclusions: z
    .record(z.string().min(1), Conclusion)
    .default({})
    .describe('How a note begins that concludes an incident: { "false alarm": false_positive }. PagerDuty has no field for it; without this nothing is known'),
  system: z.string().min(1).default('pagerduty').describe('Id of the system in the scope'),
});
type PagerDutyConfig = z.infer<typeof PagerDutyConfig>;

/** PagerDuty gives no more than 10,000 entries of one list, and no list over more than six months. */
const SPAN = days(7);
const PAGE = 100;
const MOST = 10_000;
/** What was done a moment ago may not be in the log yet. */
const LATENESS = minutes(5);
/** For so long after an incident was raised its end and its notes are read again. */
const REREAD = days(14);

/** Shapes and limits: https://developer.pagerduty.com/api-reference (listIncidents, listLogEntries). */
export const pagerdutyIncidents = defineCollector<PagerDutyConfig, 'http'>({
  id: 'pagerduty/incidents',
  title: 'Incidents of PagerDuty with who took them, to whom they were passed on, and how they ended',
  version: 2,
  transport: 'http',
  hosts: ({ region }) => [region === 'eu' ? 'api.eu.pagerduty.com' : 'api.pagerduty.com'],
  operations: [],
  headers: ({ token }) => ({ accept: 'application/vnd.pagerduty+json;version=2', authorization: `Token token=${token ?? ''}`, 'user-agent': 'tickmark' }),
  permissions: [{ right: 'a read-only API key', why: 'incidents and log entries' }],
  credentials: { token: 'a read-only REST API key' },
  every: '1d',
  config: PagerDutyConfig,
  feeds: [alertEvents],
  cannotTell: [
    'what was found out, but by how a note begins that the configuration names',
    'an incident that was merged into another: it ends there, as resolved',
    'what was written about an incident that was over more than 14 days after it was raised',
    'incidents that PagerDuty suppressed or that rules of events dropped before they became one',
    'who asked: an API key does not say whose it is',
  ],
  partitions: ({ subdomain }) => [subdomain],

  async *collect(source, of) {
    const { config } = of;
    for (const [name, from, to] of spans(of)) {
      for await (const page of listed(source, `incidents ${name}`, 'incidents', { from, to })) {
        const strange = incidentsIn(page).find(({ html_url: url }) => url && !hostOf(url).startsWith(`${config.subdomain}.`));
        if (strange)
          throw new IncompleteError(`an account other than ${config.subdomain} answered: incident ${strange.id} is of ${hostOf(strange.html_url ?? '')}`);
        yield page;
      }
      yield* listed(source, `log entries ${name}`, 'log_entries', { from, to });
    }
  },

  /** Open ones are asked for again until they are over. */
  mark(artifacts, of) {
    const open = told(artifacts, of).flatMap(({ status, created_at: firedAt }) => (status === 'resolved' || firedAt === null ? [] : [firedAt]));
    const { from, to } = polledBy(of);
    return { after: JSON.stringify({ from: Math.max(from, Math.min(to - REREAD, ...open)) }), more: false };
  },

  witness(artifacts, of) {
    const [first] = told(artifacts, of).map(({ html_url: url }) => url);
    return { askedAs: null, answeredBy: first ? hostOf(first) : null, granted: null, totals: {} };
  },

  normalize(artifacts, of) {
    const entries = Map.groupBy(
      spans(of).flatMap(([name]) => pagesOf(artifacts, `log entries ${name}`).flatMap((page) => parse(page, LogEntries).log_entries)),
      ({ incident }) => incident?.id ?? '',
    );
    const rows = told(artifacts, of).map((incident) => rowOf(incident, inOrder(entries.get(incident.id) ?? []), of));
    return [events(alertEvents, rows, polledBy(of))];
  },
});

const Left = z.strictObject({ from: z.int() });

/** The time of which a run tells all: from where the last one left off, or the beginning of the observation period. */
function polledBy({ since, at, after }: Of<PagerDutyConfig>): Period {
  const from = Math.min(after === null ? since : Left.parse(JSON.parse(after)).from, at);
  return { from, to: Math.max(at - LATENESS, from) };
}

/** Weeks of that time, up to now, each with its name. */
function spans(of: Of<PagerDutyConfig>): readonly (readonly [name: string, from: Instant, to: Instant])[] {
  const { from: first } = polledBy(of);
  const count = Math.max(1, Math.ceil((of.at - first) / SPAN));
  return Array.from({ length: count }, (_, place) => {
    const from = first + place * SPAN;
    return [iso(from), from, Math.min(from + SPAN, Math.max(of.at, first + 1000))] as const;
  });
}

/** One that was made while pages were read may stand on two of them. */
function told(artifacts: readonly Artifact[], of: Of<PagerDutyConfig>): readonly Incident[] {
  const all = spans(of).flatMap(([name]) => pagesOf(artifacts, `incidents ${name}`).flatMap(incidentsIn));
  return [...new Map(all.map((incident) => [incident.id, incident])).values()];
}

const Pages = {
  incidents: z.object({ more: z.boolean(), incidents: z.array(z.unknown()) }),
  log_entries: z.object({ more: z.boolean(), log_entries: z.array(z.unknown()) }),
};

/** Pages go on for as long as the answer says that there are more. */
function listed(
  source: HttpSource,
  name: string,
  list: 'incidents' | 'log_entries',
  { from, to }: { readonly from: Instant; readonly to: Instant },
): AsyncIterable<Artifact> {
  const url = (offset: number) =>
    `/${list}?since=${encodeURIComponent(iso(from))}&until=${encodeURIComponent(iso(to))}&time_zone=UTC&limit=${PAGE}&offset=${offset}`;
  let offset = 0;
  return source.walk(name, url(0), (page) => {
    const { more } = parse<{ readonly more: boolean }>(page, Pages[list]);
    offset += PAGE;
    if (more && offset >= MOST) throw new IncompleteError(`${name}: PagerDuty gives no more than ${MOST} entries of one list, and there are more in this week`);
    return more ? url(offset) : null;
  });
}

const LogEntries = z.object({ log_entries: z.array(LogEntry) });
const Incidents = z.object({ incidents: z.array(Incident) });

const incidentsIn = (page: Artifact): readonly Incident[] => parse(page, Incidents).incidents;
const hostOf = (url: string): string => (URL.canParse(url) ? new URL(url).host : url);
const inOrder = (entries: readonly LogEntry[]): readonly LogEntry[] => entries.toSorted((a, b) => (a.created_at ?? 0) - (b.created_at ?? 0));

function rowOf(incident: Incident, entries: readonly LogEntry[], { config }: Of<PagerDutyConfig>): AlertEvent {
  const { id, created_at: firedAt, title, summary, service, resolved_at: resolvedAt, status } = incident;
  if (firedAt === null) throw new RangeError(`incident ${id} has no time at which it was made`);
  const of = (type: string) => entries.find((entry) => entry.type === type);
  const ends = entries.findLast((entry) => entry.type === 'resolve_log_entry');
  const over = status === 'resolved' ? (resolvedAt ?? ends?.created_at ?? null) : null;
  const taken = firstTaken(entries);
  const conclusion = concluded(entries, config);
  return {
    systemId: config.system,
    alertId: id,
    title: title || summary || `incident ${incident.incident_number ?? id}`,
    rule: service?.summary || service?.id || 'unknown service',
    severity: severityOf(incident, config),
    told: ['acknowledgement', 'escalation', ...(Object.keys(config.conclusions).length > 0 ? ['conclusion'] : [])],
    firedAt,
    acknowledgedAt: taken?.created_at ?? null,
    acknowledgedByKind: taken ? kindOf(taken) : 'none',
    acknowledgedBy: taken?.agent?.summary || null,
    escalatedAt: of('escalate_log_entry')?.created_at ?? null,
    resolvedAt: over,
    resolvedByKind: over === null ? 'none' : ends ? kindOf(ends) : 'unknown',
    conclusion: conclusion?.word ?? openConclusion(over, ends, config),
    investigation: of('annotate_log_entry') ? (incident.html_url ?? `notes of incident ${id}`) : null,
    incidentId: id,
    notified: entries.flatMap((entry) => (entry.type === 'notify_log_entry' ? [entry] : [])).length,
  };
}

/** A person, where one took it at all: what a machine did before a person came does not hide them. */
function firstTaken(entries: readonly LogEntry[]): LogEntry | undefined {
  const taking = entries.flatMap((entry) => (entry.type === 'acknowledge_log_entry' ? [entry] : []));
  return taking.find((entry) => kindOf(entry) === 'human') ?? taking[0];
}

function kindOf({ agent }: LogEntry): AlertEvent['acknowledgedByKind'] {
  if (!agent?.type) return 'unknown';
  return /^user(_reference)?$/.test(agent.type) ? 'human' : 'automation';
}

function severityOf({ priority, urgency }: Incident, { priorities }: PagerDutyConfig): AlertEvent['severity'] {
  const named = priorities[priority?.summary ?? ''];
  if (named) return named;
  return urgency === 'high' || urgency === 'low' ? urgency : 'unknown';
}

function concluded(entries: readonly LogEntry[], { conclusions }: PagerDutyConfig): { readonly word: z.infer<typeof Conclusion> } | undefined {
  const notes = entries.flatMap(({ type, channel }) => (type === 'annotate_log_entry' ? [channel?.content ?? channel?.summary ?? ''] : []));
  for (const note of notes.toReversed())
    for (const [begins, word] of Object.entries(conclusions)) if (note.trim().toLowerCase().startsWith(begins.toLowerCase())) return { word };
  return undefined;
}

function openConclusion(over: Instant | null, ends: LogEntry | undefined, { conclusions }: PagerDutyConfig): AlertEvent['conclusion'] {
  if (over === null) return 'none';
  if (ends && kindOf(ends) === 'automation') return 'auto_resolved';
  return Object.keys(conclusions).length > 0 ? 'none' : 'unknown';
}
