import { z } from 'zod';
import { IncompleteError } from '../../core/error.ts';
import { days, type Instant, iso, minutes } from '../../core/instant.ts';
import { nextLink } from '../../core/link.ts';
import { type AdminEvent, adminEvents } from '../../datasets/identity/admin-events.ts';
import { type LifecycleEvent, lifecycleEvents } from '../../datasets/identity/lifecycle-events.ts';
import { type SignIn, signIns } from '../../datasets/identity/sign-ins.ts';
import { pagesOf, parse, read, readAll } from '../answers.ts';
import { defineCollector, events, type Of } from '../collector.ts';
import type { Artifact } from '../source.ts';

const Party = z.object({ id: z.string().min(1), type: z.string(), alternateId: z.string().nullish(), displayName: z.string().nullish() });
const LogEvent = z.object({
  uuid: z.string().min(1),
  published: z.iso.datetime({ offset: true }).transform((text) => Date.parse(text)),
  eventType: z.string().min(1),
  actor: Party,
  target: z.array(Party).nullish(),
  outcome: z.object({ result: z.string().nullish() }).nullish(),
  authenticationContext: z.object({ externalSessionId: z.string().nullish() }).nullish(),
});
type LogEvent = z.infer<typeof LogEvent>;
const Tenant = z.object({ id: z.string(), subdomain: z.string() });

export const SystemLogConfig = z.strictObject({
  org: z
    .string()
    .regex(/^[a-z0-9.-]+\.[a-z]+$/i, 'expected a host name, like acme.okta.com')
    .describe('Host name of the tenant, without "-admin"'),
  system: z.string().min(1).default('okta').describe('Id of the system in the scope'),
});
type SystemLogConfig = z.infer<typeof SystemLogConfig>;

/** Okta keeps the log for ninety days. The first run asks for all of it. */
const KEPT = days(90);
/** Events may reach the log this long after they happened. */
const LATENESS = minutes(30);
/** So many pages of a thousand in one run; what is left is asked in the next, at once. */
const PAGES = 50;

/** Where a run left off: the page that is next, and the time up to which all is told. */
const Left = z.object({ next: z.string(), until: z.int() });
const leftAt = (after: string | null): z.infer<typeof Left> | null => (after === null ? null : Left.parse(JSON.parse(after)));

const LIFECYCLE: Readonly<Record<string, LifecycleEvent['type']>> = {
  'user.lifecycle.create': 'created',
  'user.lifecycle.activate': 'activated',
  'user.lifecycle.suspend': 'suspended',
  'user.lifecycle.unsuspend': 'unsuspended',
  'user.lifecycle.deactivate': 'deactivated',
  'user.lifecycle.reactivate': 'reactivated',
  'user.lifecycle.delete.initiated': 'deleted',
  'user.account.privilege.grant': 'role-added',
  'user.account.privilege.revoke': 'role-removed',
  'group.user_membership.add': 'group-added',
  'group.user_membership.remove': 'group-removed',
  'application.user_membership.add': 'app-added',
  'application.user_membership.remove': 'app-removed',
  'user.mfa.factor.activate': 'factor-enrolled',
  'user.mfa.factor.deactivate': 'factor-reset',
  'user.mfa.factor.reset_all': 'factor-reset',
};
const SIGN_INS: Readonly<Record<string, SignIn['kind']>> = { 'user.session.start': 'session', 'user.authentication.auth_via_mfa': 'second-factor' };
const ADMINISTRATION = /^(policy|zone|system|iam|group\.lifecycle|group\.privilege|application\.lifecycle|application\.policy)\./;
const MACHINES = ['SystemPrincipal', 'PublicClientApp', 'Client', 'AppInstance'];

export const oktaSystemLog = defineCollector<SystemLogConfig, 'http'>({
  id: 'okta/system-log',
  title: 'The log of an Okta tenant: lifecycle, membership, sign-in, policy and administration, event by event',
  version: 1,
  transport: 'http',
  hosts: ({ org }) => [org],
  operations: [],
  headers: ({ token }) => ({ accept: 'application/json', authorization: `SSWS ${token ?? ''}`, 'user-agent': 'tickmark' }),
  permissions: [{ right: 'Read-only Administrator', why: 'the system log (okta.logs.read)' }],
  credentials: { token: 'an API token of a read-only administrator' },
  every: '15m',
  config: SystemLogConfig,
  feeds: [lifecycleEvents, signIns, adminEvents],
  cannotTell: [
    'what happened more than ninety days before the first run: Okta keeps no more',
    'events of other kinds than accounts, memberships, sign-ins, policies and settings: they are sealed, and not read',
    'who the person behind a shared administrator or an API token was',
  ],
  partitions: ({ org }) => [org],

  async *collect(source, { at, after }) {
    yield await source.get('tenant', '/api/v1/org');
    // Without "until" Okta gives events in the order in which they reached the log: what comes late comes after the mark.
    const url = leftAt(after)?.next ?? `/api/v1/logs?since=${encodeURIComponent(iso(at - KEPT))}&sortOrder=ASCENDING&limit=1000`;
    let pages = 0;
    for await (const page of source.poll('events', url)) {
      yield page;
      pages++;
      if (pages === PAGES) return;
    }
  },

  mark(artifacts, of) {
    const last = pagesOf(artifacts, 'events').at(-1);
    const next = nextLink(last?.headers.link);
    if (next === null) throw new IncompleteError('"events" names no next page, so that nobody could go on from here');
    return { after: JSON.stringify({ next, until: polledBy(artifacts, of).to }), more: !ended(artifacts) };
  },

  witness(artifacts) {
    return { askedAs: null, answeredBy: read(artifacts, 'tenant', Tenant).id, granted: null, totals: {} };
  },

  normalize(artifacts, of) {
    const { system } = of.config;
    const polled = polledBy(artifacts, of);
    const all = [...new Map(readAll(artifacts, 'events', LogEvent).map((event) => [event.uuid, event])).values()];
    return [
      events(
        lifecycleEvents,
        all.flatMap((event) => lifecycle(event, system)),
        polled,
      ),
      events(
        signIns,
        all.flatMap((event) => signIn(event, system)),
        polled,
      ),
      events(
        adminEvents,
        all.flatMap((event) => administration(event, system)),
        polled,
      ),
    ];
  },
});

const ended = (artifacts: readonly Artifact[]): boolean => {
  const last = pagesOf(artifacts, 'events').at(-1);
  return last !== undefined && parse(last, z.array(z.unknown())).length === 0;
};

/** The time of which all is told: from where the last run's ended, to what can no longer come late. */
function polledBy(artifacts: readonly Artifact[], { at, after }: Of<SystemLogConfig>): { readonly from: Instant; readonly to: Instant } {
  const from = leftAt(after)?.until ?? at - KEPT;
  const newest = readAll(artifacts, 'events', LogEvent).reduce((latest, { published }) => Math.max(latest, published), from);
  return { from, to: Math.max(from, (ended(artifacts) ? at : Math.min(at, newest)) - LATENESS) };
}

const nameOf = ({ alternateId, displayName, id }: z.infer<typeof Party>): string => alternateId || displayName || id;
const common = ({ uuid, published, outcome }: LogEvent, system: string) => ({
  systemId: system,
  eventId: uuid,
  succeeded: outcomeOf(outcome?.result),
  occurredAt: published,
});
const acting = ({ actor }: LogEvent) => ({
  actorId: actor.id,
  actor: nameOf(actor),
  actorKind: actor.type === 'User' ? ('human' as const) : MACHINES.includes(actor.type) ? ('automation' as const) : ('unknown' as const),
});

function outcomeOf(result: string | null | undefined): 'yes' | 'no' | 'unknown' {
  if (result === 'SUCCESS' || result === 'ALLOW') return 'yes';
  return result === 'FAILURE' || result === 'DENY' || result === 'ABANDONED' ? 'no' : 'unknown';
}

/** One row for each account that the event names: the first is whose it is, a second is a role, group or application. */
function lifecycle(event: LogEvent, system: string): readonly LifecycleEvent[] {
  const type = LIFECYCLE[event.eventType];
  if (type === undefined) return [];
  const targets = event.target ?? [];
  const account = targets.find((target) => target.type === 'User' || target.type === 'AppUser') ?? event.actor;
  const what = targets.find((target) => target !== account);
  return [
    { ...common(event, system), ...acting(event), userId: account.id, login: nameOf(account), type, detail: what ? what.displayName || nameOf(what) : null },
  ];
}

function signIn(event: LogEvent, system: string): readonly SignIn[] {
  const kind = SIGN_INS[event.eventType];
  if (kind === undefined) return [];
  const { actor, authenticationContext } = event;
  return [{ ...common(event, system), userId: actor.id, login: nameOf(actor), kind, sessionId: authenticationContext?.externalSessionId || null }];
}

function administration(event: LogEvent, system: string): readonly AdminEvent[] {
  if (!ADMINISTRATION.test(event.eventType)) return [];
  const [target] = event.target ?? [];
  return [{ ...common(event, system), ...acting(event), type: event.eventType, target: target ? target.displayName || nameOf(target) : null }];
}
