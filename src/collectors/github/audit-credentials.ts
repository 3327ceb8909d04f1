import type { CredentialChange } from '../../datasets/access/credential-changes.ts';
import { ternary } from '../../core/ternary.ts';
import type { AuditEvent, Common } from './audit-event.ts';

type Meaning = readonly [kind: CredentialChange['kind'], change: CredentialChange['change']];

const MEANINGS: Readonly<Record<string, Meaning>> = {
  'personal_access_token.request_created': ['personal-token', 'requested'],
  'personal_access_token.request_cancelled': ['personal-token', 'denied'],
  'personal_access_token.request_denied': ['personal-token', 'denied'],
  'personal_access_token.access_granted': ['personal-token', 'granted'],
  'personal_access_token.access_revoked': ['personal-token', 'revoked'],
  'personal_access_token.credential_regenerated': ['personal-token', 'changed'],
  'org_credential_authorization.grant': ['sso-credential', 'granted'],
  'org_credential_authorization.deauthorize': ['sso-credential', 'revoked'],
  'org_credential_authorization.revoke': ['sso-credential', 'revoked'],
  'org.oauth_app_access_requested': ['oauth-app', 'requested'],
  'org.oauth_app_access_approved': ['oauth-app', 'granted'],
  'org.oauth_app_access_unblocked': ['oauth-app', 'changed'],
  'org.oauth_app_access_denied': ['oauth-app', 'denied'],
  'org.oauth_app_access_blocked': ['oauth-app', 'denied'],
  'integration_installation_request.create': ['installed-app', 'requested'],
  'integration_installation_request.close': ['installed-app', 'unknown'],
  'integration_installation.create': ['installed-app', 'granted'],
  'integration_installation.destroy': ['installed-app', 'revoked'],
  'integration_installation.suspend': ['installed-app', 'revoked'],
  'integration_installation.unsuspend': ['installed-app', 'granted'],
  'public_key.create': ['ssh-key', 'granted'],
  'public_key.delete': ['ssh-key', 'revoked'],
  'public_key.update': ['ssh-key', 'changed'],
  'public_key.verify': ['ssh-key', 'changed'],
  'public_key.unverify': ['ssh-key', 'changed'],
  'ssh_certificate_authority.create': ['ssh-authority', 'granted'],
  'ssh_certificate_authority.destroy': ['ssh-authority', 'revoked'],
};
/** Other turns of these, whose direction the name alone does not tell. */
const CHANGED = /^(integration_installation)\./;

/** `null` of an event that is about something else. */
export function credentialOf(event: AuditEvent, common: Common): CredentialChange | null {
  const { action, repo, repo_id, user, user_id, actor, actor_id } = event;
  const meaning = MEANINGS[action] ?? (CHANGED.test(action) ? (['installed-app', 'changed'] as const) : null);
  if (meaning === null) return null;
  const [kind, change] = meaning;
  const personal = kind === 'personal-token' || kind === 'sso-credential';
  // Whoever asks for a token asks for their own; a key of one repository belongs to nobody.
  const own = personal && change === 'requested' && user === null && user_id === null;
  const deployed = kind === 'ssh-key' && repo !== null;
  const held = personal || (kind === 'ssh-key' && !deployed);
  return {
    ...common,
    action,
    kind: deployed ? 'deploy-key' : kind,
    change,
    name: nameOf(event, kind),
    credentialId: text(event.fingerprint) ?? text(event.user_programmatic_access_id) ?? text(event.integration_id),
    holderId: held ? (own ? actor_id : user_id) : null,
    holder: held ? (own ? actor : user) : null,
    repoId: repo_id,
    repo,
    rights: rightsOf(event),
    readOnly: ternary(switchOf(event.read_only)),
  };
}

function nameOf(event: AuditEvent, kind: Meaning[0]): string | null {
  if (kind === 'personal-token') return text(event.user_programmatic_access_name);
  if (kind === 'installed-app') return text(event.integration) ?? event.name;
  if (kind === 'oauth-app') return text(event.oauth_application_name) ?? text(event.oauth_application) ?? event.name ?? text(event.url);
  return text(event.title) ?? event.name;
}

/** Which repositories, and what in them: a list of words, or an object with a level for each. */
function rightsOf(event: AuditEvent): readonly string[] {
  const levels = Object.entries(event).flatMap(([field, value]) => (/^permissions(_added|_upgraded)?$/.test(field) ? wordsOf(value) : []));
  const repositories = text(event.repository_selection);
  return [...(repositories === null ? [] : [`repositories: ${repositories}`]), ...levels].sort();
}

function wordsOf(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap((it) => text(it) ?? []);
  if (typeof value === 'object' && value !== null) return Object.entries(value).map(([name, level]) => `${name}: ${String(level)}`);
  return text(value) === null ? [] : [String(value)];
}

const text = (value: unknown): string | null => (typeof value === 'number' || (typeof value === 'string' && value !== '') ? String(value) : null);
const switchOf = (value: unknown): boolean | null => (value === true || value === 'true' ? true : value === false || value === 'false' ? false : null);
