import { z } from 'zod';
import { IncompleteError } from '../../core/error.ts';
import { days, hours, type Instant, iso } from '../../core/instant.ts';
import type { Period } from '../../core/interval.ts';
import { nextLink } from '../../core/link.ts';
import { adminEvents } from '../../datasets/identity/admin-events.ts';
import { lifecycleEvents } from '../../datasets/identity/lifecycle-events.ts';
import { logReads } from '../../datasets/identity/log-reads.ts';
import { logSpans } from '../../datasets/identity/log-spans.ts';
import { otherEvents } from '../../datasets/identity/other-events.ts';
import { signIns } from '../../datasets/identity/sign-ins.ts';
import { pagesOf, parse, readAll } from '../answers.ts';
import { defineCollector, events, type Of, table } from '../collector.ts';
import type { Artifact } from '../source.ts';
import { LogEvent, rowsOf } from './log-events.ts';
import { headersOf, introduced, introductions, OktaConfig } from './tenant.ts';

/** Okta keeps the log for ninety days, by the time at which an event happened. */
const KEPT = days(90);
/** What it may forget while it is being asked is not claimed. */
const FORGETTING = days(1);
/** Events may reach the log this long after they happened: what is younger is told, and not claimed to be all. */
const LATENESS = hours(1);
/** So many pages of a thousand in one run; what is left is asked in the next, at once. */
const PAGES = 10;

/** Where a run left off: the page that is next, the time up to which all is told, and that from which on it is told without a gap. */
const Left = z.object({ next: z.string(), until: z.int(), since: z.int().optional() });
type Left = z.infer<typeof Left>;

export const oktaSystemLog = defineCollector<OktaConfig, 'http'>({
  id: 'okta/system-log',
  title: 'The log of an Okta tenant: lifecycle, membership, sign-in, policy and administration, event by event',
  version: 3,
  transport: 'http',
  hosts: ({ org }) => [org],
  operations: [],
  headers: headersOf,
  permissions: [{ right: 'Read-only Administrator', why: 'the system log (okta.logs.read), and which tenant and account answer' }],
  credentials: { token: 'an API token of a read-only administrator' },
  every: '15m',
  config: OktaConfig,
  feeds: [lifecycleEvents, signIns, adminEvents, otherEvents, logSpans, logReads],
  cannotTell: [
    'what happened before the log begins: Okta keeps ninety days, and the last of them is not claimed while it is being forgotten',
    'an event that reaches the log more than an hour after it happened, until it has come: it is told then, and the time between was claimed without it',
    'what events of other kinds mean: they are sealed and counted by their type, and no more is read of them',
    'who the person behind a shared administrator or an API token was: the log names the account',
    'roles that somebody is given through a custom role: they are told as a change of the rules, not as a grant to an account',
  ],
  partitions: ({ org }) => [org],

  async *collect(source, of) {
    yield* introductions(source, of.config);
    // Without "until" Okta gives events in the order in which they reached the log: what comes late comes after the mark.
    const url = leftAt(of)?.next ?? `/api/v1/logs?since=${encodeURIComponent(iso(beginning(of)))}&sortOrder=ASCENDING&limit=1000`;
    let pages = 0;
    for await (const page of source.poll('events', url)) {
      yield page;
      pages++;
      if (pages === PAGES) return;
    }
  },

  mark(artifacts, of) {
    const next = nextLink(pagesOf(artifacts, 'events').at(-1)?.headers.link);
    if (next === null) throw new IncompleteError('"events" names no next page, so that nobody could go on from here');
    const polled = toldBy(artifacts, eventsIn(artifacts), of);
    const left: Left = { next, until: polled.to, since: unbroken(of, polled) };
    return { after: JSON.stringify(left), more: !ended(artifacts) };
  },

  witness: (artifacts) => ({ ...introduced(artifacts), granted: null, totals: {} }),

  normalize(artifacts, of) {
    const all = eventsIn(artifacts);
    const { lifecycle, signIns: attempts, admin, other } = rowsOf(all, of.config.system);
    const polled = toldBy(artifacts, all, of);
    return [
      events(lifecycleEvents, lifecycle, polled),
      events(signIns, attempts, polled),
      events(adminEvents, admin, polled),
      events(otherEvents, other, polled),
      table(logSpans, [{ systemId: of.config.system, since: unbroken(of, polled) }]),
      table(logReads, [{ systemId: of.config.system, until: readTo(artifacts, all, of) }]),
    ];
  },
});

/** A mark from before all that Okta still keeps leads nowhere: the log is then asked from its beginning again. */
function leftAt({ after, at }: Of<OktaConfig>): Left | null {
  const left = after === null ? null : Left.parse(JSON.parse(after));
  return left !== null && left.until >= at - KEPT ? left : null;
}

/** The start of the observation period, where Okta remembers so much; of a period not begun, now. */
const beginning = ({ since, at }: Of<OktaConfig>): Instant => Math.min(at, Math.max(since, at - KEPT));

/** From when on all is told: as the last run left it, unless Okta forgot something in between. */
function unbroken(of: Of<OktaConfig>, { from }: Period): Instant {
  const left = leftAt(of);
  return left?.since !== undefined && from <= left.until ? left.since : from;
}

/** An event told twice is the same event. */
const eventsIn = (artifacts: readonly Artifact[]): readonly LogEvent[] => [
  ...new Map(readAll(artifacts, 'events', LogEvent).map((event) => [event.uuid, event])).values(),
];

const Anything = z.array(z.unknown());

const ended = (artifacts: readonly Artifact[]): boolean => {
  const last = pagesOf(artifacts, 'events').at(-1);
  return last !== undefined && parse(last, Anything).length === 0;
};

/** The time of which all is told: from where the last run's ended, to what can no longer come late. Never what Okta may have forgotten. */
function toldBy(artifacts: readonly Artifact[], all: readonly LogEvent[], of: Of<OktaConfig>): Period {
  const from = fromWhen(of);
  return { from, to: Math.max(from, readTo(artifacts, all, of) - LATENESS) };
}

const fromWhen = (of: Of<OktaConfig>): Instant => Math.max(leftAt(of)?.until ?? beginning(of), of.at - KEPT + FORGETTING);

/** Up to when the log was read, whether or not all had reached it by then. */
function readTo(artifacts: readonly Artifact[], all: readonly LogEvent[], of: Of<OktaConfig>): Instant {
  return ended(artifacts)
    ? of.at
    : Math.min(
        of.at,
        all.reduce((newest, { published }) => Math.max(newest, published), fromWhen(of)),
      );
}
