import { z } from 'zod';
import { IncompleteError } from '../../core/error.ts';
import { branchProtection } from '../../datasets/repo/branch-protection.ts';
import { type RepoPermission, repoPermissions } from '../../datasets/repo/permissions.ts';
import { type Repository, repositories } from '../../datasets/repo/repositories.ts';
import { arrayOf, parse, read, readAll, when } from '../answers.ts';
import { defineCollector, table } from '../collector.ts';
import { Account, CALLER_FACTS, callerOf, GITHUB, GithubConfig, Organization, path, Team } from './answers.ts';
import { protectionOf, RulesetSummary, rulesetName } from './protection.ts';

export const Repo = z.object({
  id: z.int(),
  name: z.string().min(1),
  full_name: z.string().min(1),
  default_branch: z.string().min(1),
  archived: z.boolean(),
  fork: z.boolean(),
  visibility: z.string().optional(),
  private: z.boolean(),
  size: z.int(),
  pushed_at: when,
  created_at: when,
});
type Repo = z.infer<typeof Repo>;
const Permissions = z.object({ admin: z.boolean(), maintain: z.boolean().optional(), push: z.boolean(), triage: z.boolean().optional(), pull: z.boolean() });
const Collaborator = Account.extend({ permissions: Permissions.optional() });
const RepoTeam = Team.extend({ permissions: Permissions.optional(), permission: z.string() });

export const RepositoriesConfig = z.strictObject(GithubConfig);
type RepositoriesConfig = z.infer<typeof RepositoriesConfig>;

/** Answers with which GitHub says that there is no classic protection; a plain "Not Found" says nothing. */
const UNPROTECTED = [
  { status: 404, says: 'Branch not protected' },
  { status: 404, says: 'Branch not found' },
  { status: 403, says: 'Upgrade to GitHub Pro or make this repository public to enable this feature.' },
];
const NO_RULESETS = [{ status: 403, says: 'Upgrade to GitHub Pro or make this repository public to enable this feature.' }];

export const githubRepositories = defineCollector<RepositoriesConfig, 'http'>({
  id: 'github/repositories',
  title: 'Repositories of a GitHub organization: rights of people and teams, branch protection and rulesets with those who may bypass them',
  version: 4,
  ...GITHUB,
  permissions: [
    { right: 'Repository permissions: Metadata, read (all repositories)', why: 'the repositories and who may do what in them' },
    {
      right: 'Repository permissions: Administration, read',
      why: 'branch protection and rulesets; without it GitHub answers "Not Found", which is not "unprotected"',
    },
    { right: 'Organization permissions: Administration, read', why: 'who may bypass rulesets of the organization' },
  ],
  credentials: { token: 'a fine-grained personal access token, or a token of an installed app' },
  every: '1d',
  config: RepositoriesConfig,
  feeds: [repositories, repoPermissions, branchProtection],
  cannotTell: [
    'rules that were off for a while between two runs',
    'which repositories reach production',
    'rules of branches other than the default one',
    'who may bypass a ruleset that GitHub does not show the credential in full, as one of the enterprise: somebody unnamed then may',
    'workflows, code scanning and code quality that a ruleset requires: only checks required by name are told',
    'what the people of a team may do: who they are, and what all members and the owners may do, github/organization tells',
    'at which level a direct collaborator was added, where he holds as much by another way: GitHub tells the highest of his rights',
  ],
  partitions: ({ org }) => [org],

  async *collect(source, { config: { org } }) {
    yield await source.get('caller', '/user', { facts: CALLER_FACTS });
    yield await source.get('organization', `/orgs/${path(org)}`);
    const all: Repo[] = [];
    for await (const page of source.pages('repositories', `/orgs/${path(org)}/repos?type=all&per_page=100`)) {
      all.push(...parse(page, arrayOf(Repo)));
      yield page;
    }
    const asked = new Set<string>();
    for (const { full_name, name, default_branch } of all) {
      if (full_name.split('/')[0]?.toLowerCase() !== org.toLowerCase())
        throw new IncompleteError(`${full_name} is not a repository of ${org}: the organization was renamed, or another one answered`);
      const root = `/repos/${path(org)}/${path(name)}`;
      const branch = path(default_branch);
      yield* source.pages(`${name} direct collaborators`, `${root}/collaborators?affiliation=direct&per_page=100`);
      yield* source.pages(`${name} outside collaborators`, `${root}/collaborators?affiliation=outside&per_page=100`);
      yield* source.pages(`${name} teams`, `${root}/teams?per_page=100`);
      yield await source.get(`${name} protection`, `${root}/branches/${branch}/protection`, { facts: UNPROTECTED });
      yield* source.pages(`${name} rules`, `${root}/rules/branches/${branch}?per_page=100`, { facts: NO_RULESETS });
      const rulesets: z.infer<typeof RulesetSummary>[] = [];
      for await (const page of source.pages(`${name} rulesets`, `${root}/rulesets?includes_parents=true&per_page=100`, { facts: NO_RULESETS })) {
        if (page.status === 200) rulesets.push(...parse(page, arrayOf(RulesetSummary)));
        yield page;
      }
      for (const ruleset of rulesets) {
        const question = rulesetName(ruleset);
        if (!asked.has(question))
          yield await source.get(
            question,
            ruleset.source_type === 'Organization' ? `/orgs/${path(org)}/rulesets/${ruleset.id}` : `${root}/rulesets/${ruleset.id}`,
          );
        asked.add(question);
      }
    }
  },

  witness(artifacts) {
    const { id, public_repos: open, total_private_repos: closed } = read(artifacts, 'organization', Organization);
    const received = readAll(artifacts, 'repositories', Repo).length;
    const totals = open === undefined || closed === undefined ? {} : { repositories: { received, total: open + closed } };
    return { ...callerOf(artifacts), answeredBy: String(id), totals };
  },

  normalize(artifacts, { config: { system } }) {
    const all = readAll(artifacts, 'repositories', Repo);
    return [
      table(
        repositories,
        all.map((repo) => repository(repo, system)),
      ),
      table(
        repoPermissions,
        all.flatMap(({ id, name, full_name, archived }) => {
          const held = (
            kind: RepoPermission['kind'],
            via: RepoPermission['via'],
            principalId: string,
            principal: string,
            permission: RepoPermission['permission'],
          ): RepoPermission => ({ systemId: system, repoId: String(id), repo: full_name, kind, principalId, principal, permission, via, archived });
          const outside = readAll(artifacts, `${name} outside collaborators`, Collaborator);
          const outsiders = new Set(outside.map((it) => it.id));
          const direct = readAll(artifacts, `${name} direct collaborators`, Collaborator);
          return [
            ...direct.flatMap((it) => (outsiders.has(it.id) ? [] : [held('user', 'direct', String(it.id), it.login, level(it.permissions))])),
            ...outside.map((it) => held('outside-collaborator', 'direct', String(it.id), it.login, level(it.permissions))),
            ...readAll(artifacts, `${name} teams`, RepoTeam).map((it) =>
              held('team', 'team', String(it.id), it.name, it.permissions ? level(it.permissions) : named(it.permission)),
            ),
          ];
        }),
      ),
      table(
        branchProtection,
        all.map(({ id, name, full_name, default_branch }) => ({
          systemId: system,
          repoId: String(id),
          repo: full_name,
          branch: default_branch,
          ...protectionOf(artifacts, name),
        })),
      ),
    ];
  },
});

function repository(
  { id, full_name, default_branch, archived, fork, visibility, private: hidden, size, pushed_at, created_at }: Repo,
  system: string,
): Repository {
  const shown = visibility ?? (hidden ? 'private' : 'public');
  return {
    systemId: system,
    repoId: String(id),
    name: full_name,
    defaultBranch: default_branch,
    archived,
    fork,
    visibility: shown === 'public' || shown === 'internal' || shown === 'private' ? shown : 'unknown',
    empty: size === 0 && (pushed_at === null || pushed_at === created_at),
    createdAt: created_at,
  };
}

function level(held: z.infer<typeof Permissions> | undefined): RepoPermission['permission'] {
  if (!held) return 'unknown';
  if (held.admin) return 'admin';
  if (held.maintain) return 'maintain';
  if (held.push) return 'write';
  if (held.triage) return 'triage';
  return held.pull ? 'read' : 'unknown';
}

const NAMES: Readonly<Record<string, RepoPermission['permission']>> = { admin: 'admin', maintain: 'maintain', push: 'write', triage: 'triage', pull: 'read' };
const named = (permission: string): RepoPermission['permission'] => NAMES[permission] ?? 'unknown';
