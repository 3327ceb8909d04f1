import type { CredentialChange } from '../../datasets/access/credential-changes.ts';
import type { AdminEvent } from '../../datasets/identity/admin-events.ts';
import type { LifecycleEvent } from '../../datasets/identity/lifecycle-events.ts';
import type { OtherEvent } from '../../datasets/identity/other-events.ts';
import type { RepoLifecycleEvent } from '../../datasets/repo/lifecycle-events.ts';
import type { ProtectionChange } from '../../datasets/repo/protection-changes.ts';
import type { AuditEvent, Common } from './audit-event.ts';
import { credentialOf } from './audit-credentials.ts';
import { membershipsOf } from './audit-memberships.ts';
import { protectionOf } from './audit-protection.ts';

export interface Rows {
  readonly protection: readonly ProtectionChange[];
  readonly repositories: readonly RepoLifecycleEvent[];
  readonly credentials: readonly CredentialChange[];
  readonly lifecycle: readonly LifecycleEvent[];
  readonly admin: readonly AdminEvent[];
  readonly other: readonly OtherEvent[];
}

const REPOSITORY: Readonly<Record<string, RepoLifecycleEvent['change']>> = {
  'repo.create': 'created',
  'repo.access': 'visibility',
  'repo.rename': 'renamed',
  'repo.transfer': 'transferred',
  'repo.transfer_outgoing': 'transferred',
  'repo.archived': 'archived',
  'repo.unarchived': 'unarchived',
  'repo.destroy': 'deleted',
  'repo.restore': 'restored',
};

/** Settings of the organization, its teams, its identity provider, its applications and hooks, and of what runs in repositories. */
const AREAS =
  /^(org|organization_role|organization_domain|organization_moderators|role|team|ip_allow_list\w*|hook|oauth_application|integration|integration_manager|ssh_certificate_requirement|auto_approve_personal_access_token_requests|personal_access_token|repository_visibility_change|repository_secret_scanning\w*|repository_vulnerability_alerts\w*|private_repository_forking|external_group|external_identity|enterprise_installation|environment|members_can_\w+|custom_property_\w+|required_status_check|merge_queue)\./;
const REPOSITORY_SETTINGS =
  /^repo\.(set_|update_|.*(enabled|disabled)$|(create|remove)_(actions|integration)_(secret|variable)|(register|remove)_self_hosted_runner|staff_unlock)/;
/** In those areas, and no change of a rule: somebody looked, or a machine came and went. */
const NO_CHANGE = /^org\.(sso_response|self_hosted_runner_\w+|rate_limited_invites|audit_log_export|recovery_codes_viewed|confirm_\w+)$/;

/** Events to rows, each to at least one: what has no dataset of its own is counted among the others. */
export function rowsOf(events: readonly AuditEvent[], system: string): Rows {
  const sorted: { [Name in keyof Rows]: Rows[Name][number][] } = { protection: [], repositories: [], credentials: [], lifecycle: [], admin: [], other: [] };
  for (const event of events) {
    const common = commonOf(event, system);
    const change = REPOSITORY[event.action];
    const protection = protectionOf(event, common);
    const credential = credentialOf(event, common);
    const memberships = membershipsOf(event, common);
    if (protection) sorted.protection.push(protection);
    else if (credential) sorted.credentials.push(credential);
    else if (change !== undefined && event.repo !== null) sorted.repositories.push(repository(event, event.repo, change, common));
    else if (memberships.length > 0) sorted.lifecycle.push(...memberships);
    else if ((AREAS.test(event.action) && !NO_CHANGE.test(event.action)) || REPOSITORY_SETTINGS.test(event.action))
      sorted.admin.push({ ...common, type: event.action, target: event.user ?? event.team ?? event.repo ?? event.name, succeeded: 'yes' });
    else sorted.other.push({ systemId: system, eventId: common.eventId, type: event.action, occurredAt: common.occurredAt });
  }
  return sorted;
}

const commonOf = (event: AuditEvent, system: string): Common => ({
  systemId: system,
  eventId: event._document_id,
  actorId: event.actor_id ?? 'unknown',
  actor: event.actor ?? 'unknown',
  actorKind: actorKindOf(event),
  occurredAt: event['@timestamp'],
});

/** An app is no user: GitHub writes its name with brackets, which no login of a user can have. */
function actorKindOf({ actor, actor_is_bot, programmatic_access_type }: AuditEvent): Common['actorKind'] {
  if (actor === null) return 'unknown';
  if (actor_is_bot === true || actor.endsWith('[bot]')) return 'automation';
  return typeof programmatic_access_type === 'string' && /server-to-server/.test(programmatic_access_type) ? 'automation' : 'human';
}

function repository(event: AuditEvent, repo: string, change: RepoLifecycleEvent['change'], common: Common): RepoLifecycleEvent {
  const { visibility, previous_visibility, old_name, repo_was } = event;
  const moved = change === 'visibility';
  return {
    ...common,
    action: event.action,
    change,
    repoId: event.repo_id,
    repo,
    before: moved ? visibilityOf(previous_visibility) : null,
    after: moved || change === 'created' ? visibilityOf(visibility) : null,
    formerName: nameOf(repo_was) ?? nameOf(old_name),
  };
}

const visibilityOf = (value: unknown): RepoLifecycleEvent['after'] => (value === 'public' || value === 'internal' || value === 'private' ? value : 'unknown');
const nameOf = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);
