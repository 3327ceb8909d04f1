import { z } from 'zod';
import type { AdminEvent } from '../../datasets/identity/admin-events.ts';
import type { LifecycleEvent } from '../../datasets/identity/lifecycle-events.ts';
import type { OtherEvent } from '../../datasets/identity/other-events.ts';
import type { SignIn } from '../../datasets/identity/sign-ins.ts';

const told = z.string().nullish();
const Party = z.object({ id: told, type: told, alternateId: told, displayName: told });
type Party = z.infer<typeof Party>;

export const LogEvent = z.object({
  uuid: z.string().min(1),
  published: z.iso.datetime({ offset: true }).transform((text) => Date.parse(text)),
  eventType: z.string().min(1),
  actor: Party.nullish(),
  target: z.array(Party).nullish(),
  outcome: z.object({ result: told }).nullish(),
  authenticationContext: z.object({ externalSessionId: told, authenticationProvider: told }).nullish(),
  debugContext: z.object({ debugData: z.object({ factor: told, privilegeGranted: told, privilegeRevoked: told }).nullish() }).nullish(),
});
export type LogEvent = z.infer<typeof LogEvent>;

const LIFECYCLE: Readonly<Record<string, LifecycleEvent['type']>> = {
  'user.lifecycle.create': 'created',
  'user.lifecycle.activate': 'activated',
  'user.lifecycle.suspend': 'suspended',
  'user.lifecycle.unsuspend': 'unsuspended',
  'user.lifecycle.deactivate': 'deactivated',
  'user.lifecycle.reactivate': 'reactivated',
  'user.lifecycle.delete.completed': 'deleted',
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

/** Changes to the rules of the tenant: in one of these areas, and by a verb that changes. An evaluation of a rule is none. */
const AREAS =
  /^(policy\.(lifecycle|mapping|rule)|zone|iam|group\.(lifecycle|privilege|application_assignment)|application\.(lifecycle|policy\.sign_on)|system\.(api_token|idp|log_stream|mfa\.factor|feature|custom_url_domain|hook)|security\.(authenticator|attack_protection|behavior|events\.provider|threat\.configuration|trusted_origin|session_protection|protected_action\.settings|zone)|user\.session\.impersonation)\./;
const CHANGES =
  /\.(create|created|update|updated|delete|deleted|activate|deactivate|add|remove|grant|revoke|extend|enable|disable|overwrite|make_blacklist|remove_blacklist)$/;
const MACHINES = ['SystemPrincipal', 'PublicClientApp', 'PublicClientAppEntity', 'Client', 'AppInstance'];
/** Where somebody else vouched for the person. */
const ELSEWHERE = ['FEDERATION', 'SOCIAL'];

export interface Rows {
  readonly lifecycle: readonly LifecycleEvent[];
  readonly signIns: readonly SignIn[];
  readonly admin: readonly AdminEvent[];
  readonly other: readonly OtherEvent[];
}

/** Events to rows, each to at least one: what has no dataset of its own is counted among the others. */
export function rowsOf(events: readonly LogEvent[], system: string): Rows {
  const sorted: { [Name in keyof Rows]: Rows[Name][number][] } = { lifecycle: [], signIns: [], admin: [], other: [] };
  for (const event of events) {
    const type = LIFECYCLE[event.eventType];
    if (type !== undefined) sorted.lifecycle.push(lifecycle(event, type, system));
    else if (event.eventType === 'user.session.start') sorted.signIns.push(signIn(event, 'session', system));
    else if (event.eventType === 'user.authentication.auth_via_mfa')
      sorted.signIns.push(signIn(event, isPassword(event) ? 'password' : 'second-factor', system));
    else if (AREAS.test(event.eventType) && CHANGES.test(event.eventType)) sorted.admin.push(administration(event, system));
    else sorted.other.push({ systemId: system, eventId: event.uuid, type: event.eventType, occurredAt: event.published });
  }
  return sorted;
}

/** The newer engine calls every proof a factor, the password included. */
const isPassword = (event: LogEvent): boolean => factorOf(event)?.toUpperCase() === 'PASSWORD_AS_FACTOR';
const factorOf = ({ debugContext }: LogEvent): string | null => known(debugContext?.debugData?.factor);

function lifecycle(event: LogEvent, type: LifecycleEvent['type'], system: string): LifecycleEvent {
  const account = accountOf(event);
  return { ...common(event, system), ...acting(event), userId: idOf(account), login: nameOf(account), type, detail: detailOf(event, account) };
}

/** An application's own account of a user stands before the user, and has an id of another kind. */
function accountOf({ target, actor }: LogEvent): Party | null | undefined {
  const ofType = (type: string) => target?.find((party) => party.type === type);
  return ofType('User') ?? ofType('AppUser') ?? actor;
}

function detailOf(event: LogEvent, account: Party | null | undefined): string | null {
  const { privilegeGranted, privilegeRevoked } = event.debugContext?.debugData ?? {};
  const what =
    event.target?.find((party) => party.type === 'UserGroup' || party.type === 'AppInstance') ??
    event.target?.find((party) => party !== account && party.type !== 'User' && party.type !== 'AppUser');
  return known(privilegeGranted) ?? known(privilegeRevoked) ?? known(what?.displayName) ?? known(what?.alternateId) ?? factorOf(event);
}

function signIn(event: LogEvent, kind: SignIn['kind'], system: string): SignIn {
  const { externalSessionId, authenticationProvider } = event.authenticationContext ?? {};
  const provider = known(authenticationProvider);
  return {
    ...common(event, system),
    userId: idOf(event.actor),
    login: nameOf(event.actor),
    kind,
    factor: factorOf(event),
    sessionId: known(externalSessionId),
    federated: provider === null ? 'unknown' : ELSEWHERE.includes(provider) ? 'yes' : 'no',
  };
}

function administration(event: LogEvent, system: string): AdminEvent {
  const [target] = event.target ?? [];
  return { ...common(event, system), ...acting(event), type: event.eventType, target: known(target?.displayName) ?? (target ? nameOf(target) : null) };
}

const common = ({ uuid, published, outcome }: LogEvent, system: string) => ({
  systemId: system,
  eventId: uuid,
  succeeded: outcomeOf(outcome?.result),
  occurredAt: published,
});

const acting = ({ actor }: LogEvent) => ({
  actorId: idOf(actor),
  actor: nameOf(actor),
  actorKind: actor?.type === 'User' ? ('human' as const) : MACHINES.includes(actor?.type ?? '') ? ('automation' as const) : ('unknown' as const),
});

/** Okta writes "unknown" where it has nothing to say. */
const known = (text: string | null | undefined): string | null => (text === null || text === undefined || text === '' || text === 'unknown' ? null : text);
const idOf = (party: Party | null | undefined): string => known(party?.id) ?? 'unknown';
const nameOf = (party: Party | null | undefined): string => known(party?.alternateId) ?? known(party?.displayName) ?? idOf(party);

function outcomeOf(result: string | null | undefined): 'yes' | 'no' | 'unknown' {
  if (result === 'SUCCESS' || result === 'ALLOW') return 'yes';
  return result === 'FAILURE' || result === 'DENY' || result === 'ABANDONED' ? 'no' : 'unknown';
}
