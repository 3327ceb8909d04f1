import type { ProtectionChange } from '../../datasets/repo/protection-changes.ts';
import type { Ternary } from '../../core/ternary.ts';
import type { AuditEvent, Common } from './audit-event.ts';

/** Switches of classic protection whose being off refuses less. */
const SWITCHES = [
  'admin_enforced',
  'dismiss_stale_reviews_on_push',
  'require_code_owner_review',
  'require_last_push_approval',
  'strict_required_status_checks_policy',
  'ignore_approvals_from_contributors',
  'authorized_actors_only',
];
/** Requirements by level: 0 is off, 1 is for all but administrators, 2 is for everyone. */
const LEVELS = [
  'pull_request_reviews_enforcement_level',
  'required_status_checks_enforcement_level',
  'signature_requirement_enforcement_level',
  'linear_history_requirement_enforcement_level',
  'merge_queue_enforcement_level',
  'required_deployments_enforcement_level',
  'lock_branch_enforcement_level',
];
/** Permissions by level: anything but off refuses less. */
const ALLOWANCES = ['allow_force_pushes_enforcement_level', 'allow_deletions_enforcement_level', 'lock_allows_fetch_and_merge'];
const DETAILS = [...SWITCHES, ...LEVELS, ...ALLOWANCES, 'required_approving_review_count', 'old_name', 'policy', 'authorized_actors', 'overridden_codes'];
const RULESET = /^ruleset_(old_)?(enforcement|name)$|^ruleset_(rules|conditions|bypass_actors)_(added|deleted|updated)$/;
const PUSHES = /^(?:repository_secret_scanning_push_protection\.|org\.secret_scanning_push_protection_(?:new_repos_)?)(enable|disable)$/;

/** `null` of an event that is about something else. */
export function protectionOf(event: AuditEvent, common: Common): ProtectionChange | null {
  const { action } = event;
  const made = (its: Pick<ProtectionChange, 'kind' | 'change' | 'loosened' | 'target'>): ProtectionChange => ({
    ...common,
    ...its,
    action,
    what: whatOf(event),
    repoId: event.repo_id,
    repo: event.repo,
  });
  const [area, verb = ''] = action.split('.');
  if (area === 'protected_branch' && verb !== 'rejected_ref_update')
    return made({ kind: 'branch-protection', target: event.name ?? text(event.branch), ...classic(event, verb) });
  if (area === 'repository_branch_protection_evaluation')
    return made({ kind: 'branch-protection', target: null, change: 'changed', loosened: verb === 'disable' ? 'yes' : 'no' });
  if (area === 'repository_ruleset') return made({ kind: 'ruleset', target: text(event.ruleset_name) ?? event.name, ...ruleset(event, verb) });
  if (action === 'secret_scanning_push_protection.bypass') return made({ kind: 'push-protection', target: null, change: 'overridden', loosened: 'no' });
  const pushes = PUSHES.exec(action)?.[1];
  return pushes === undefined ? null : made({ kind: 'push-protection', target: null, change: 'changed', loosened: pushes === 'disable' ? 'yes' : 'no' });
}

type Turn = Pick<ProtectionChange, 'change' | 'loosened'>;

function classic(event: AuditEvent, verb: string): Turn {
  if (verb === 'create') return { change: 'created', loosened: 'no' };
  if (verb === 'destroy') return { change: 'removed', loosened: 'yes' };
  if (verb === 'policy_override') return { change: 'overridden', loosened: 'no' };
  return { change: 'changed', loosened: worst(DETAILS.flatMap((field) => (field in event ? [looser(field, event[field])] : []))) };
}

/** What a new value means, where the old one is not told: less than all may be more than before. */
function looser(field: string, value: unknown): Ternary {
  const level = levelOf(value);
  if (level === null) return 'unknown';
  if (SWITCHES.includes(field)) return level === 0 ? 'yes' : 'no';
  if (ALLOWANCES.includes(field)) return level === 0 ? 'no' : 'yes';
  if (LEVELS.includes(field)) return level === 0 ? 'yes' : level === 2 ? 'no' : 'unknown';
  return field === 'required_approving_review_count' && level === 0 ? 'yes' : 'unknown';
}

const WORDS: Readonly<Record<string, number>> = { off: 0, false: 0, non_admins: 1, true: 2, everyone: 2 };

function levelOf(value: unknown): number | null {
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean') return value ? 2 : 0;
  return typeof value === 'string' ? (WORDS[value] ?? (/^\d+$/.test(value) ? Number(value) : null)) : null;
}

function ruleset(event: AuditEvent, verb: string): Turn {
  const enforcement = text(event.ruleset_enforcement);
  const idle = enforcement !== null && !isOn(enforcement);
  if (verb === 'create') return { change: 'created', loosened: 'no' };
  if (verb === 'destroy') return { change: 'removed', loosened: idle ? 'no' : 'yes' };
  const before = text(event.ruleset_old_enforcement);
  if (before !== null && enforcement !== null && isOn(before) !== isOn(enforcement)) return { change: 'changed', loosened: idle ? 'yes' : edited(event, 'no') };
  return { change: 'changed', loosened: idle ? 'no' : edited(event, 'unknown') };
}

/** Which way the parts of a ruleset went. A part that was rewritten may have gone either way. */
function edited(event: AuditEvent, otherwise: Ternary): Ternary {
  const has = (field: string) => field in event && !isNothing(event[field]);
  if (has('ruleset_rules_deleted') || has('ruleset_bypass_actors_added')) return 'yes';
  if (
    ['rules', 'conditions', 'bypass_actors'].some((part) => has(`ruleset_${part}_updated`)) ||
    has('ruleset_conditions_added') ||
    has('ruleset_conditions_deleted')
  )
    return 'unknown';
  return has('ruleset_rules_added') || has('ruleset_bypass_actors_deleted') || has('ruleset_old_name') ? 'no' : otherwise;
}

const isOn = (enforcement: string): boolean => enforcement === 'active' || enforcement === 'enabled';
const isNothing = (value: unknown): boolean => value === null || value === '' || (Array.isArray(value) && value.length === 0);
const worst = (all: readonly Ternary[]): Ternary => (all.includes('yes') ? 'yes' : all.length === 0 || all.includes('unknown') ? 'unknown' : 'no');
const text = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);

/** Fields that tell the change, each with its value where that is short. */
const whatOf = (event: AuditEvent): readonly string[] =>
  Object.entries(event)
    .flatMap(([field, value]) => {
      if (!(DETAILS.includes(field) || RULESET.test(field)) || isNothing(value)) return [];
      return [typeof value === 'object' ? field : `${field}: ${String(value)}`];
    })
    .sort();
