import { instant, minutes } from '../../src/core/instant.ts';
import type { Answered, Asked } from './company.ts';
import { BRUNO, CHLOE, type Commit, type Deployed, type History, INES, type Login, ROBOT, stamp } from './company-changes.ts';

const account = ({ id, login, type }: Login) => ({ id, login, type });
const TEAM = { id: 501, node_id: 'T_501', slug: 'engineers', name: 'engineers', description: null, privacy: 'closed', permission: 'push', parent: null };
const RULESET = { id: 301, name: 'main', target: 'branch', source_type: 'Repository', source: 'acme/web', enforcement: 'active' };
const RULES = [
  ['pull_request', { required_approving_review_count: 1, dismiss_stale_reviews_on_push: true, require_last_push_approval: false }],
  ['required_status_checks', { required_status_checks: [{ context: 'unit' }, { context: 'semgrep' }], strict_required_status_checks_policy: true }],
  ['non_fast_forward', null],
  ['deletion', null],
] as const;
const RIGHTS = { admin: false, maintain: false, push: true, triage: true, pull: true };

/** GitHub's REST API over what happened. Chloe was given the right to write herself; acme/lab is bound by no rule. */
export function restOf(history: History): (asked: Asked) => Answered {
  const { web } = history;
  const lists: Readonly<Record<string, unknown>> = {
    '/user': account(INES),
    '/orgs/acme': {
      id: 77,
      login: 'acme',
      two_factor_requirement_enabled: true,
      default_repository_permission: 'none',
      public_repos: 0,
      total_private_repos: 2,
    },
    '/orgs/acme/repos': [repo(101, 'web', 900, stamp(web.root.at)), repo(102, 'lab', 20, '2025-01-01T00:00:00Z')],
    '/orgs/acme/members?role=admin': [account(INES)],
    '/orgs/acme/members?role=member': [account(BRUNO), account(CHLOE)],
    '/orgs/acme/members?filter=2fa_disabled': [],
    '/orgs/acme/outside_collaborators': [],
    '/orgs/acme/outside_collaborators?filter=2fa_disabled': [],
    '/orgs/acme/invitations': [],
    '/orgs/acme/teams': [TEAM],
    '/orgs/acme/teams/engineers/members?role=maintainer': [],
    '/orgs/acme/teams/engineers/members?role=member': [account(INES), account(BRUNO)],
    '/orgs/acme/audit-log': history.audited,
    '/repos/acme/web/collaborators?affiliation=direct': [{ ...account(CHLOE), permissions: RIGHTS }],
    '/repos/acme/web/collaborators?affiliation=outside': [],
    '/repos/acme/web/teams': [{ ...TEAM, permissions: RIGHTS }],
    '/repos/acme/web/rules/branches/main': RULES.map(([type, parameters]) => ({
      ...{ type, ruleset_id: 301, ruleset_source_type: 'Repository', ruleset_source: 'acme/web' },
      ...(parameters === null ? {} : { parameters }),
    })),
    '/repos/acme/web/rulesets': [RULESET],
    '/repos/acme/web/rulesets/301': { ...RULESET, bypass_actors: [{ actor_id: 1, actor_type: 'OrganizationAdmin', bypass_mode: 'always' }] },
    '/repos/acme/web/activity': web.updates.map(({ id, before, after, at, by, type }) => ({
      ...{ id, node_id: `A_${id}`, before, after, ref: 'refs/heads/main', timestamp: stamp(at), activity_type: type, actor: account(by) },
    })),
    '/repos/acme/web/rulesets/rule-suites': history.bypasses.map(suite),
    '/repos/acme/web/deployments': history.deployments.toReversed().map(deployment),
    '/repos/acme/web/environments': { total_count: 1, environments: [ENVIRONMENT] },
    '/repos/acme/lab/collaborators?affiliation=direct': [],
    '/repos/acme/lab/collaborators?affiliation=outside': [],
    ...Object.fromEntries(['teams', 'rules/branches/main', 'rulesets'].map((list) => [`/repos/acme/lab/${list}`, []])),
    '/repos/acme/lab/deployments': [],
    '/repos/acme/lab/activity': [],
  };
  return ({ url }) => {
    const { pathname, searchParams } = url;
    if (/^\/repos\/acme\/\w+\/branches\/main\/protection$/.test(pathname)) return { status: 404, body: { message: 'Branch not protected' } };
    const [, base, after = ''] = /^\/repos\/acme\/web\/compare\/(\w+)\.\.\.(\w+)$/.exec(pathname) ?? [];
    if (base !== undefined) return { status: 200, body: { status: 'ahead', commits: web.between(base, after).map(commitOf) } };
    if (pathname === '/repos/acme/web/commits') {
      const since = instant(searchParams.get('since') ?? '1970-01-01T00:00:00Z');
      const all = web.between(null, searchParams.get('sha') ?? '').filter(({ at }) => at >= since);
      return { status: 200, body: all.toReversed().map(commitOf) };
    }
    if (pathname === '/repos/acme/web/actions/runs') return { status: 200, body: runsOf(history, searchParams.get('created') ?? '') };
    const bypass = history.bypasses[Number(/^\/repos\/acme\/web\/rulesets\/rule-suites\/(\d+)$/.exec(pathname)?.[1]) - 1];
    if (bypass) return { status: 200, body: { ...suite(bypass, history.bypasses.indexOf(bypass)), rule_evaluations: EVALUATIONS } };
    const [narrowed] = ['role', 'filter', 'affiliation'].flatMap((name) => (searchParams.has(name) ? [`?${name}=${searchParams.get(name)}`] : []));
    const body = lists[`${pathname}${narrowed ?? ''}`];
    return body === undefined ? { status: 404, body: { message: 'Not Found' } } : { status: 200, body };
  };
}

const repo = (id: number, name: string, size: number, created_at: string) => ({
  ...{ id, name, full_name: `acme/${name}`, default_branch: 'main', archived: false, fork: false, visibility: 'private', private: true, size },
  ...{ created_at, pushed_at: created_at },
});

const commitOf = ({ sha, parents, by, at, message }: Commit) => {
  const person = { name: by.login, email: `${by.login}@acme.example`, date: stamp(at) };
  return {
    ...{ sha, parents: parents.map((parent) => ({ sha: parent })), author: account(by), committer: account(by) },
    commit: { message, author: person, committer: person, verification: { verified: false, reason: 'unsigned', signature: null, payload: null } },
  };
};

const suite = ({ sha, parents: [before], at, by }: Commit, place: number) => ({
  ...{ id: place + 1, actor_id: by.id, actor_name: by.login, before_sha: before, after_sha: sha, ref: 'refs/heads/main', repository_id: 101 },
  ...{ repository_name: 'web', pushed_at: stamp(at), result: 'bypass' },
});
const EVALUATIONS = [{ rule_source: { type: 'ruleset', id: 301, name: 'main' }, enforcement: 'active', result: 'fail', rule_type: 'pull_request' }];

const deployment = ({ id, sha, at }: Deployed) => ({
  ...{ id, node_id: `D_${id}`, sha, ref: 'main', task: 'deploy', environment: 'production', production_environment: true, creator: account(ROBOT) },
  created_at: stamp(at),
});
const ENVIRONMENT = {
  ...{ id: 701, name: 'production', can_admins_bypass: false, deployment_branch_policy: { protected_branches: true, custom_branch_policies: false } },
  protection_rules: [{ id: 1, node_id: 'G_1', type: 'required_reviewers', prevent_self_review: true, reviewers: [{ type: 'Team', reviewer: TEAM }] }],
};

/** A run of the tests on each commit that was deployed, and the run that deployed it. */
function runsOf({ deployments }: History, created: string): unknown {
  const [from = 0, to = 0] = created.split('..').map(instant);
  const run = ({ id, sha, tested }: Deployed, number: number, name: string, event: string, at: number, conclusion = tested) => ({
    ...{ id: number + id, run_attempt: 1, name, path: `.github/workflows/${name}.yml`, event, head_sha: sha, head_branch: 'main', actor: account(BRUNO) },
    ...{ status: 'completed', conclusion, run_started_at: stamp(at), created_at: stamp(at), updated_at: stamp(at + minutes(9)) },
  });
  const all = deployments.flatMap((it) => [run(it, 8000, 'ci', 'push', it.at - minutes(60)), run(it, 9000, 'deploy', 'workflow_dispatch', it.at, 'success')]);
  const within = all.filter(({ created_at: at }) => from <= instant(at) && instant(at) <= to);
  return { total_count: within.length, workflow_runs: within };
}
