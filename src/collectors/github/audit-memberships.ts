import type { LifecycleEvent } from '../../datasets/identity/lifecycle-events.ts';
import type { AuditEvent, Common } from './audit-event.ts';

type Type = LifecycleEvent['type'];
type Told = readonly [type: Type, detail: string | null];

/** What an event says of one account: that it came or went, or what it may do from then on. Nothing of an event that names none. */
export function membershipsOf(event: AuditEvent, common: Common): readonly LifecycleEvent[] {
  const { user, user_id } = event;
  if (user === null && user_id === null) return [];
  return toldBy(event).map(([type, detail]) => ({ ...common, userId: user_id ?? 'unknown', login: user ?? 'unknown', type, detail, succeeded: 'yes' }));
}

function toldBy(event: AuditEvent): readonly Told[] {
  const { action, team, repo } = event;
  const permission = said(event.permission) ?? said(event.new_repo_permission);
  const owner = permission === 'admin';
  switch (action) {
    case 'org.add_member':
      return owner
        ? [
            ['created', null],
            ['role-added', 'owner'],
          ]
        : [['created', null]];
    case 'org.add_outside_collaborator':
      return [['created', null]];
    case 'org.remove_member':
    case 'org.remove_outside_collaborator':
      return [['deactivated', null]];
    case 'org.restore_member':
      return [['reactivated', null]];
    case 'org.update_member':
      return [[owner ? 'role-added' : 'role-removed', 'owner']];
    case 'org.add_billing_manager':
      return [['role-added', 'billing manager']];
    case 'org.remove_billing_manager':
      return [['role-removed', 'billing manager']];
    case 'organization_role.assign':
      return [['role-added', said(event.organization_role_name)]];
    case 'organization_role.revoke':
      return [['role-removed', said(event.organization_role_name)]];
    case 'team.add_member':
      return [['group-added', team]];
    case 'team.remove_member':
      return [['group-removed', team]];
    case 'team.promote_maintainer':
      return [['role-added', `maintainer of ${team ?? 'a team'}`]];
    case 'team.demote_maintainer':
      return [['role-removed', `maintainer of ${team ?? 'a team'}`]];
    case 'repo.add_member':
      return [['permission-added', on(permission, repo)]];
    case 'repo.update_member':
      return [['permission-changed', on(permission, repo)]];
    case 'repo.remove_member':
      return [['permission-removed', repo]];
    default:
      return [];
  }
}

const said = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);
const on = (permission: string | null, repo: string | null): string | null => (permission === null ? repo : `${permission} on ${repo ?? 'a repository'}`);
