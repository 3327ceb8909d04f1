import { z } from 'zod';
import type { Instant } from '../../core/instant.ts';
import { arrayOf, parse } from '../answers.ts';
import { type Course, get, list } from './change-asking.ts';
import type { Visit } from './change-state.ts';

const Suite = z.object({
  id: z.int(),
  actor_id: z.int().nullish(),
  actor_name: z.string().nullish(),
  after_sha: z.string().min(1),
  ref: z.string(),
  pushed_at: z.iso.datetime({ offset: true }).transform((text) => Date.parse(text)),
  result: z.string(),
});
const Evaluated = Suite.extend({
  rule_evaluations: z.array(
    z.object({ rule_source: z.object({ name: z.string().nullish() }).nullish(), enforcement: z.string(), result: z.string(), rule_type: z.string() }),
  ),
});

/** Plans without rulesets have no rules that one could go around. */
const NO_RULESETS = [{ status: 403, says: 'Upgrade to GitHub Pro or make this repository public to enable this feature.' }];

/** Every update of the default branch since then for which GitHub says that a rule was gone around. */
export function* bypassesOf({ run, repository, place, root }: Visit, branch: string, since: Instant): Course<void> {
  const query = `ref=${encodeURIComponent(`refs/heads/${branch}`)}&time_period=month&rule_suite_result=bypass&per_page=100`;
  const pages = yield* list(`${repository.name} bypasses`, `${root}/rulesets/rule-suites?${query}`, NO_RULESETS);
  for (const { id, pushed_at } of (pages ?? []).flatMap((page) => parse(page, arrayOf(Suite)))) {
    if (pushed_at >= since) {
      const suite = yield* get(`${repository.name} bypass ${id}`, `${root}/rulesets/rule-suites/${id}`, Evaluated);
      const rules = suite.rule_evaluations.flatMap(({ rule_source, enforcement, result, rule_type }) =>
        enforcement === 'active' && result === 'fail' ? [rule_source?.name ? `${rule_type} of ${rule_source.name}` : rule_type] : [],
      );
      run.told.bypasses.set(String(id), {
        ...place,
        bypassId: String(id),
        branch,
        sha: suite.after_sha,
        actorId: suite.actor_id ? String(suite.actor_id) : null,
        actor: suite.actor_name || 'ghost',
        rules: [...new Set(rules)],
        occurredAt: suite.pushed_at,
      });
    }
  }
}
