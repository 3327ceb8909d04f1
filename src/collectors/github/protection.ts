import { z } from 'zod';
import { ternary } from '../../core/ternary.ts';
import type { BranchProtection } from '../../datasets/repo/branch-protection.ts';
import { arrayOf, pagesOf, parse } from '../answers.ts';
import type { Artifact } from '../source.ts';

const Enabled = z.object({ enabled: z.boolean() });
const Actors = z.object({
  users: z.array(z.object({ login: z.string() })).default([]),
  teams: z.array(z.object({ slug: z.string() })).default([]),
  apps: z.array(z.object({ slug: z.string() })).default([]),
});

/** GET /repos/{owner}/{repo}/branches/{branch}/protection */
const Classic = z.object({
  required_pull_request_reviews: z
    .object({
      required_approving_review_count: z.int().default(1),
      dismiss_stale_reviews: z.boolean().default(false),
      require_last_push_approval: z.boolean().default(false),
      bypass_pull_request_allowances: Actors.optional(),
    })
    .optional(),
  required_status_checks: z.object({ contexts: z.array(z.string()).default([]) }).nullish(),
  enforce_admins: Enabled.optional(),
  allow_force_pushes: Enabled.optional(),
  allow_deletions: Enabled.optional(),
});

/** GET /repos/{owner}/{repo}/rules/branches/{branch}: the rules that are active for it. */
const Rule = z.object({
  type: z.string(),
  ruleset_id: z.int(),
  parameters: z
    .object({
      required_approving_review_count: z.int().optional(),
      dismiss_stale_reviews_on_push: z.boolean().optional(),
      require_last_push_approval: z.boolean().optional(),
      required_status_checks: z.array(z.object({ context: z.string() })).optional(),
    })
    .nullish(),
});

/** GET /repos/{owner}/{repo}/rulesets */
export const RulesetSummary = z.object({
  id: z.int(),
  name: z.string(),
  source_type: z.string().optional(),
  target: z.string().default('branch'),
  enforcement: z.string(),
});
/** GET /repos/{owner}/{repo}/rulesets/{id}. Without the right to see them GitHub leaves `bypass_actors` out. */
const Ruleset = RulesetSummary.extend({
  bypass_actors: z.array(z.object({ actor_id: z.int().nullish(), actor_type: z.string(), bypass_mode: z.string().default('always') })).optional(),
});

export const rulesetName = ({ id }: Pick<z.infer<typeof RulesetSummary>, 'id'>): string => `ruleset ${id}`;

/** One thing that binds the branch, and who may go around it (`null`: GitHub does not say). */
interface Binding {
  readonly name: string;
  readonly approvals: number;
  readonly stale: boolean;
  readonly bypass: readonly string[] | null;
  readonly adminsBound: boolean | null;
}

type Protection = Omit<BranchProtection, 'systemId' | 'repoId' | 'repo' | 'branch'>;

/**
 * Classic protection and rulesets, combined: GitHub applies all of them, so the strictest requirement holds, and an
 * approval can be gone around only by somebody whom every rule that asks for one lets through.
 */
export function protectionOf(artifacts: readonly Artifact[], repo: string): Protection {
  const [answer] = pagesOf(artifacts, `${repo} protection`);
  const classic = answer && answer.status === 200 ? parse(answer, Classic) : null;
  const rules = list(artifacts, `${repo} rules`, Rule);
  const summaries = list(artifacts, `${repo} rulesets`, RulesetSummary);
  const rulesets = summaries.map((summary) => pagesOf(artifacts, rulesetName(summary)).map((page) => parse(page, Ruleset))[0] ?? summary);

  const bindings: Binding[] = [...(classic ? [classicBinding(classic)] : []), ...bindingsOf(rules, rulesets)];
  const asking = bindings.flatMap((binding) => (binding.approvals > 0 ? [binding] : []));
  const judged = asking.length > 0 ? asking : bindings;
  const evaluated = summaries.some(({ enforcement, target }) => enforcement === 'evaluate' && target === 'branch');
  const has = (type: string) => rules.some((rule) => rule.type === type);
  const checks = [
    ...(classic?.required_status_checks?.contexts ?? []),
    ...rules.flatMap(({ parameters }) => (parameters?.required_status_checks ?? []).map(({ context }) => context)),
  ];

  return {
    sources: bindings.map(({ name }) => name),
    inForce: bindings.length > 0 ? 'yes' : evaluated ? 'evaluate' : 'no',
    requiredApprovals: Math.max(0, ...bindings.map(({ approvals }) => approvals)),
    staleReviewsDismissed: ternary(bindings.some(({ stale }) => stale)),
    requiredChecks: [...new Set(checks)].sort(),
    adminsBound: judged.length === 0 ? 'no' : anyOf(judged.map(({ adminsBound }) => adminsBound)),
    bypassActors: bypassesAll(judged),
    forcePush: ternary(!(has('non_fast_forward') || (classic !== null && classic.allow_force_pushes?.enabled !== true))),
    deletion: ternary(!(has('deletion') || (classic !== null && classic.allow_deletions?.enabled !== true))),
  };
}

function list<Entry>(artifacts: readonly Artifact[], question: string, schema: z.ZodType<Entry>): readonly Entry[] {
  return pagesOf(artifacts, question).flatMap((page) => (page.status === 200 ? parse(page, arrayOf(schema)) : []));
}

function classicBinding({ required_pull_request_reviews: reviews, enforce_admins }: z.infer<typeof Classic>): Binding {
  const { users = [], teams = [], apps = [] } = reviews?.bypass_pull_request_allowances ?? {};
  return {
    name: 'classic',
    approvals: reviews?.required_approving_review_count ?? 0,
    stale: (reviews?.dismiss_stale_reviews ?? false) || (reviews?.require_last_push_approval ?? false),
    bypass: [...users.map(({ login }) => `user ${login}`), ...teams.map(({ slug }) => `team ${slug}`), ...apps.map(({ slug }) => `app ${slug}`)],
    adminsBound: enforce_admins?.enabled ?? null,
  };
}

function bindingsOf(rules: readonly z.infer<typeof Rule>[], rulesets: readonly z.infer<typeof Ruleset>[]): Binding[] {
  const ids = [...new Set(rules.map(({ ruleset_id }) => ruleset_id))];
  return ids.map((id) => {
    const its = rules.flatMap((rule) => (rule.ruleset_id === id ? [rule.parameters ?? {}] : []));
    const ruleset = rulesets.find((known) => known.id === id);
    const actors = ruleset?.bypass_actors;
    return {
      name: `ruleset ${ruleset?.name ?? id}`,
      approvals: Math.max(0, ...its.map(({ required_approving_review_count: count }) => count ?? 0)),
      stale: its.some(({ dismiss_stale_reviews_on_push: stale, require_last_push_approval: last }) => stale === true || last === true),
      bypass: actors ? actors.map(({ actor_type, actor_id, bypass_mode }) => `${actor_type}${actor_id ? ` ${actor_id}` : ''} (${bypass_mode})`) : null,
      adminsBound: actors
        ? !actors.some(({ actor_type, actor_id }) => actor_type === 'OrganizationAdmin' || (actor_type === 'RepositoryRole' && actor_id === 5))
        : null,
    };
  });
}

/** One that binds is enough; one that is not told leaves it open. */
function anyOf(claims: readonly (boolean | null)[]): BranchProtection['adminsBound'] {
  if (claims.includes(true)) return 'yes';
  return claims.includes(null) ? 'unknown' : 'no';
}

/** Where one rule lets nobody through, nobody gets through. */
function bypassesAll(bindings: readonly Binding[]): readonly string[] {
  if (bindings.some(({ bypass }) => bypass?.length === 0)) return [];
  return [...new Set(bindings.flatMap(({ name, bypass }) => (bypass ?? ['somebody GitHub does not name']).map((actor) => `${actor} in ${name}`)))].sort();
}
