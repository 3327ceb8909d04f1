import { z } from 'zod';
import { IncompleteError } from '../../core/error.ts';
import { days, hours, type Instant, iso } from '../../core/instant.ts';
import type { Period } from '../../core/interval.ts';
import { nextLink } from '../../core/link.ts';
import { credentialChanges } from '../../datasets/access/credential-changes.ts';
import { adminEvents } from '../../datasets/identity/admin-events.ts';
import { lifecycleEvents } from '../../datasets/identity/lifecycle-events.ts';
import { otherEvents } from '../../datasets/identity/other-events.ts';
import { repoLifecycleEvents } from '../../datasets/repo/lifecycle-events.ts';
import { protectionChanges } from '../../datasets/repo/protection-changes.ts';
import { pagesOf, parse, read, readAll } from '../answers.ts';
import { defineCollector, events, type Of } from '../collector.ts';
import type { Artifact } from '../source.ts';
import { CALLER_FACTS, callerOf, GITHUB, GithubConfig, Organization, path } from './answers.ts';
import { AuditEvent } from './audit-event.ts';
import { rowsOf } from './audit-events.ts';
import { refuseAnother } from './overview.ts';

/** GitHub keeps the log for 180 days. */
const KEPT = days(180);
/** What it may forget while it is being asked is not claimed. */
const FORGETTING = days(1);
/** An event may be recorded, and be shown, this long after it happened: what is younger is told, and not claimed to be all. */
const LATENESS = hours(1);
/** So many pages of a hundred in one run; what is left is asked in the next, at once. */
const PAGES = 20;
/** A cursor that lay about for longer is not gone on from. */
const WARM = days(1);

const Config = z.strictObject(GithubConfig);
type Config = z.infer<typeof Config>;

/**
 * Where a run left off: the page that is next, where there was more; the time up to which all is told; and when the
 * chain of runs that follow each other began, for nothing that came later than that is surely in it.
 */
const Left = z.object({ next: z.string().nullable(), until: z.int(), begun: z.int() });
type Left = z.infer<typeof Left>;

export const githubAuditLog = defineCollector<Config, 'http'>({
  id: 'github/audit-log',
  title: 'The audit log of a GitHub organization: branch rules, membership, rights, tokens and keys, visibility, settings, event by event',
  version: 1,
  ...GITHUB,
  permissions: [
    { right: 'GitHub Enterprise Cloud', why: 'GitHub gives the audit log by its API to no other plan' },
    { right: 'owner of the organization, with read:audit_log', why: 'the audit log' },
    { right: 'fine-grained: Organization administration (read)', why: 'the same for a fine-grained token or an installed app' },
  ],
  credentials: { token: 'a token of an owner, or of an installed app' },
  every: '15m',
  config: Config,
  feeds: [protectionChanges, repoLifecycleEvents, credentialChanges, lifecycleEvents, adminEvents, otherEvents],
  cannotTell: [
    'what happened before the log begins: GitHub keeps 180 days, and the last of them is not claimed while it is being forgotten',
    'an event that is recorded or shown more than an hour after it happened, until it has come: it is told then, and the time between was claimed without it',
    'pushes, fetches and clones: they are kept for seven days and are not asked for',
    'whether a rule was loosened, where the log gives a new value without the old one, or names a part that was rewritten',
    'settings of the enterprise above the organization',
    'what events of other kinds mean: they are sealed and counted by their type, and no more is read of them',
  ],
  partitions: ({ org }) => [org],

  async *collect(source, of) {
    const { org } = of.config;
    yield await source.get('caller', '/user', { facts: CALLER_FACTS });
    const organization = await source.get('organization', `/orgs/${path(org)}`);
    yield organization;
    refuseAnother(org, parse(organization, Organization).login);
    try {
      let pages = 0;
      for await (const page of source.pages('events', firstPage(of))) {
        yield page;
        pages++;
        if (pages === PAGES) return;
      }
    } catch (error) {
      throw explained(error, org);
    }
  },

  mark(artifacts, of) {
    const next = nextIn(artifacts);
    const left: Left = { next, until: toldBy(artifacts, eventsIn(artifacts), of).to, begun: begunAt(of) };
    return { after: JSON.stringify(left), more: next !== null };
  },

  witness: (artifacts) => ({ ...callerOf(artifacts), answeredBy: String(read(artifacts, 'organization', Organization).id), totals: {} }),

  normalize(artifacts, of) {
    const all = eventsIn(artifacts);
    const rows = rowsOf(all, of.config.system);
    const polled = toldBy(artifacts, all, of);
    return [
      events(protectionChanges, rows.protection, polled),
      events(repoLifecycleEvents, rows.repositories, polled),
      events(credentialChanges, rows.credentials, polled),
      events(lifecycleEvents, rows.lifecycle, polled),
      events(adminEvents, rows.admin, polled),
      events(otherEvents, rows.other, polled),
    ];
  },
});

/** Without a date GitHub gives three months. It knows whole seconds, and gives the oldest first only if asked to. */
function firstPage(of: Of<Config>): string {
  const left = leftAt(of);
  if (left?.next) return left.next;
  const since = `${iso(left?.until ?? beginning(of)).slice(0, 19)}+00:00`;
  return `/orgs/${path(of.config.org)}/audit-log?phrase=${encodeURIComponent(`created:>=${since}`)}&include=web&order=asc&per_page=100`;
}

/** A mark from before all that GitHub still keeps leads nowhere, and a cold cursor perhaps: then only its time counts. */
function leftAt({ after, at }: Of<Config>): Left | null {
  const left = after === null ? null : Left.parse(JSON.parse(after));
  if (left === null || left.until < at - KEPT) return null;
  return left.begun >= at - WARM ? left : { ...left, next: null };
}

/** The start of the observation period, where GitHub remembers so much; of a period not begun, now. */
const beginning = ({ since, at }: Of<Config>): Instant => Math.min(at, Math.max(since, at - KEPT));

function begunAt(of: Of<Config>): Instant {
  const left = leftAt(of);
  return left?.next ? left.begun : of.at;
}

/** An event told twice is the same event. */
const eventsIn = (artifacts: readonly Artifact[]): readonly AuditEvent[] => [
  ...new Map(readAll(artifacts, 'events', AuditEvent).map((event) => [event._document_id, event])).values(),
];

const nextIn = (artifacts: readonly Artifact[]): string | null => nextLink(pagesOf(artifacts, 'events').at(-1)?.headers.link);

/**
 * The time of which all is told: from where the last run's ended, to what can no longer come late. The log is given in
 * the order in which it was recorded: of a run that is not the last, what happened so much earlier than its newest event.
 */
function toldBy(artifacts: readonly Artifact[], all: readonly AuditEvent[], of: Of<Config>): Period {
  const from = Math.max(leftAt(of)?.until ?? beginning(of), of.at - KEPT + FORGETTING);
  const newest = all.reduce((latest, event) => Math.max(latest, event.created_at ?? event['@timestamp']), from);
  const reached = nextIn(artifacts) === null ? begunAt(of) : Math.min(begunAt(of), newest);
  return { from, to: Math.max(from, reached - LATENESS) };
}

function explained(error: unknown, org: string): unknown {
  if (!(error instanceof IncompleteError) || !/ answered 40[34]\b/.test(error.message)) return error;
  return new IncompleteError(
    `${error.message} GitHub gives the audit log of ${org} only in Enterprise Cloud, and only to an owner whose token has read:audit_log or to an installed app with "Organization administration: read". On another plan, take this source out of the configuration: what it would have told stays unknown.`,
  );
}
