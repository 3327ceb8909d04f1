import { z } from 'zod';
import { ternary } from '../../core/ternary.ts';
import type { Coverage } from '../../datasets/secrets/coverage.ts';
import type { SecretFinding } from '../../datasets/secrets/findings.ts';
import type { Vulnerability } from '../../datasets/vulnerability/findings.ts';
import { when } from '../answers.ts';
import { Account } from './answers.ts';

const Place = z.object({ id: z.int(), full_name: z.string().min(1) });
const Switch = z.object({ status: z.string() }).nullish();

/** GET /orgs/{org}/repos. `security_and_analysis` is given to those only who administer the repository, or its security. */
export const ScannedRepo = Place.extend({
  name: z.string().min(1),
  archived: z.boolean(),
  security_and_analysis: z.object({ secret_scanning: Switch, secret_scanning_push_protection: Switch }).nullish(),
});
export type ScannedRepo = z.infer<typeof ScannedRepo>;

/** GET /orgs/{org}/secret-scanning/alerts */
export const SecretAlert = z.object({
  number: z.int(),
  repository: Place,
  created_at: when,
  state: z.string(),
  resolution: z.string().nullish(),
  resolved_at: when,
  resolved_by: Account.nullish(),
  secret_type: z.string().min(1),
  validity: z.string().nullish(),
  push_protection_bypassed: z.boolean().nullish(),
});

/** GET /orgs/{org}/dependabot/alerts */
export const DependencyAlert = z.object({
  number: z.int(),
  repository: Place,
  state: z.string(),
  dependency: z.object({ package: z.object({ name: z.string() }).nullish(), manifest_path: z.string().nullish() }),
  security_advisory: z.object({ ghsa_id: z.string().min(1), cve_id: z.string().nullish(), summary: z.string().nullish() }),
  security_vulnerability: z.object({ severity: z.string().nullish() }),
  created_at: when,
  fixed_at: when,
  dismissed_at: when,
  dismissed_by: Account.nullish(),
  dismissed_reason: z.string().nullish(),
  dismissed_comment: z.string().nullish(),
  auto_dismissed_at: when,
});

/** GET /orgs/{org}/code-scanning/alerts */
export const CodeAlert = z.object({
  number: z.int(),
  repository: Place,
  state: z.string().nullish(),
  created_at: when,
  fixed_at: when,
  dismissed_at: when,
  dismissed_by: Account.nullish(),
  dismissed_reason: z.string().nullish(),
  dismissed_comment: z.string().nullish(),
  rule: z.object({ id: z.string().nullish(), description: z.string().nullish(), security_severity_level: z.string().nullish() }),
  tool: z.object({ name: z.string().nullish() }),
  most_recent_instance: z.object({ location: z.object({ path: z.string().nullish(), start_line: z.int().nullish() }).nullish() }).nullish(),
});

const RESOLUTIONS: Readonly<Record<string, SecretFinding['resolution']>> = {
  revoked: 'revoked',
  false_positive: 'false-positive',
  used_in_tests: 'used-in-tests',
  wont_fix: 'wont-fix',
};
const SECRET_STATES: Readonly<Record<string, SecretFinding['status']>> = { open: 'open', resolved: 'resolved' };
const STATES: Readonly<Record<string, Vulnerability['status']>> = {
  open: 'open',
  fixed: 'fixed',
  dismissed: 'dismissed',
  auto_dismissed: 'auto-dismissed',
};
const SEVERITIES: Readonly<Record<string, Vulnerability['severity']>> = { critical: 'critical', high: 'high', medium: 'medium', low: 'low' };

export function secretFinding(alert: z.infer<typeof SecretAlert>, system: string): SecretFinding {
  const { number, repository, created_at, state, resolution, resolved_at, resolved_by, secret_type, validity, push_protection_bypassed } = alert;
  if (created_at === null) throw new RangeError(`the alert ${number} of ${repository.full_name} was made at no time`);
  return {
    systemId: system,
    findingId: `${repository.id}/secret/${number}`,
    repoId: String(repository.id),
    place: repository.full_name,
    kind: secret_type,
    status: SECRET_STATES[state] ?? 'unknown',
    resolution: resolution ? (RESOLUTIONS[resolution] ?? 'unknown') : state === 'open' ? 'none' : 'unknown',
    validity: validity === 'active' || validity === 'inactive' ? validity : 'unknown',
    resolvedById: resolved_by ? String(resolved_by.id) : null,
    resolvedBy: resolved_by?.login ?? null,
    pushedPastProtection: ternary(push_protection_bypassed),
    detectedAt: created_at,
    resolvedAt: resolved_at,
  };
}

export function dependencyFinding(alert: z.infer<typeof DependencyAlert>, system: string): Vulnerability {
  const { number, repository, state, dependency, security_advisory: advisory, security_vulnerability, auto_dismissed_at } = alert;
  const parts = [dependency.package?.name, dependency.manifest_path].flatMap((part) => (part ? [part] : []));
  const byRule = state === 'auto_dismissed';
  return {
    systemId: system,
    findingId: `${repository.id}/dependency/${number}`,
    kind: 'dependency',
    tool: 'Dependabot',
    target: repository.full_name,
    repoId: String(repository.id),
    weakness: advisory.cve_id || advisory.ghsa_id,
    title: advisory.summary || advisory.ghsa_id,
    location: parts.join(' in ') || null,
    severity: SEVERITIES[security_vulnerability.severity ?? ''] ?? 'unknown',
    status: STATES[state] ?? 'unknown',
    firstSeenAt: alert.created_at,
    fixedAt: alert.fixed_at,
    ...dismissal(alert),
    ...(byRule ? { dismissedAt: auto_dismissed_at ?? alert.dismissed_at, dismissedBy: alert.dismissed_by?.login ?? 'a rule of Dependabot' } : {}),
  };
}

export function codeFinding(alert: z.infer<typeof CodeAlert>, system: string): Vulnerability {
  const { number, repository, state, rule, tool, most_recent_instance: instance } = alert;
  const { path, start_line: line } = instance?.location ?? {};
  return {
    systemId: system,
    findingId: `${repository.id}/code/${number}`,
    kind: 'code',
    tool: tool.name || 'unknown',
    target: repository.full_name,
    repoId: String(repository.id),
    weakness: rule.id || 'unknown',
    title: rule.description || rule.id || 'unknown',
    location: path ? (line ? `${path}:${line}` : path) : null,
    severity: SEVERITIES[rule.security_severity_level ?? ''] ?? 'unknown',
    status: STATES[state ?? ''] ?? 'unknown',
    firstSeenAt: alert.created_at,
    fixedAt: alert.fixed_at,
    ...dismissal(alert),
  };
}

type Dismissed = Pick<z.infer<typeof CodeAlert>, 'dismissed_at' | 'dismissed_by' | 'dismissed_reason' | 'dismissed_comment'>;

function dismissal({ dismissed_at, dismissed_by, dismissed_reason, dismissed_comment }: Dismissed) {
  return {
    dismissedAt: dismissed_at,
    dismissedById: dismissed_by ? String(dismissed_by.id) : null,
    dismissedBy: dismissed_by?.login ?? null,
    dismissedBecause: [dismissed_reason, dismissed_comment].flatMap((part) => (part ? [part] : [])).join(': ') || null,
  };
}

/** `dependencies`: GitHub compares them with advisories; `analysed`: it holds an analysis of the code, `null` where it was not asked. */
export function coverageRow(
  { id, full_name, security_and_analysis: told }: ScannedRepo,
  dependencies: boolean,
  analysed: boolean | null,
  system: string,
): Coverage {
  const on = (it: z.infer<typeof Switch>) => ternary(it === null || it === undefined ? null : it.status === 'enabled');
  return {
    systemId: system,
    repoId: String(id),
    repo: full_name,
    secretScanning: on(told?.secret_scanning),
    pushProtection: on(told?.secret_scanning_push_protection),
    // To whoever may not see these settings GitHub answers "no" for the dependencies, too.
    dependencyAlerts: dependencies ? 'yes' : told ? 'no' : 'unknown',
    codeScanning: ternary(analysed),
  };
}
