import { hours, type Instant, iso } from '../core/instant.ts';
import { ALERT_DAYS } from './alert-stories.ts';
import { AUDIT_DAYS } from './github-audit-stories.ts';
import { CAST, DAYS, during, since } from './stories.ts';
import { isEngineer, type Person, person, type World } from './world.ts';

export const REPOSITORIES = [
  'platform',
  'billing',
  'web',
  'mobile',
  'api-gateway',
  'infrastructure',
  'data-pipeline',
  'design-system',
  'docs',
  'handbook',
  'legacy-importer',
  'sandbox',
] as const;
type RepositoryName = (typeof REPOSITORIES)[number];
const ARCHIVED: readonly string[] = ['legacy-importer'];
const EMPTY: readonly string[] = ['sandbox'];
const BOT = { id: 9001, login: 'acme-bot', type: 'User' };
const ORPHAN = { id: 9042, login: 'ghost-42', type: 'User' };
const OUTSIDERS = [
  { id: 9101, login: 'freelance-jo', type: 'User' },
  { id: 9102, login: 'studio-kit', type: 'User' },
];
const ORG_RULESET = { id: 501, name: 'Reviewed changes', source_type: 'Organization', target: 'branch', enforcement: 'active' };

export const githubAccount = ({ id, login }: Pick<Person, 'id' | 'login'>) => ({ id: 1000 + Number(id.slice(2)), login, type: 'User' });

/** What GitHub holds at an instant, in its own shapes. */
export function github(world: World, at: Instant) {
  const member = (it: Person) => isEngineer(it) && it.startAt <= at && (it.endAt === null || at < it.endAt + hours(1));
  const engineers = world.people.filter(member);
  const owners = engineers.slice(0, 2).map(githubAccount);
  const others = [...engineers.slice(2).map(githubAccount), BOT, ...(during(world, at, DAYS.orphan) ? [ORPHAN] : [])];
  const outsiders = OUTSIDERS.filter(({ login }) => login !== 'studio-kit' || during(world, at, DAYS.unownedOutsider));
  const half = Math.ceil(engineers.length / 2);
  return {
    organization: {
      login: 'acme',
      id: 77,
      two_factor_requirement_enabled: true,
      default_repository_permission: 'read',
      public_repos: 1,
      total_private_repos: REPOSITORIES.length - 1,
    },
    owners,
    members: others,
    outsiders,
    teams: [
      { id: 301, slug: 'core', name: 'Core', maintainers: owners, members: engineers.slice(2, half).map(githubAccount) },
      { id: 302, slug: 'product', name: 'Product engineering', maintainers: owners.slice(0, 1), members: engineers.slice(half).map(githubAccount) },
      { id: 303, slug: 'checkout', name: 'Checkout', parent: 302, maintainers: [], members: engineers.slice(half, half + 3).map(githubAccount) },
    ],
    repositories: REPOSITORIES.map((name, place) => repository(world, at, name, place)),
    direct: (name: string) => [
      ...(name === 'infrastructure' ? [{ ...BOT, permissions: level('write') }] : []),
      ...(name === 'handbook' && during(world, at, DAYS.directRight)
        ? [{ ...githubAccount(person(world, CAST.directRight)), permissions: level('write') }]
        : []),
    ],
    outside: (name: string) => (name === 'design-system' ? outsiders.map((it) => ({ ...it, permissions: level('write') })) : []),
    repoTeams: (name: string) => [
      { id: 301, slug: 'core', name: 'Core', permission: 'push', permissions: level(name === 'handbook' ? 'read' : 'write') },
      { id: 302, slug: 'product', name: 'Product engineering', permission: 'push', permissions: level(name === 'handbook' ? 'read' : 'write') },
    ],
    protection: (name: string) =>
      name === 'billing' && during(world, at, DAYS.unprotected)
        ? null
        : EMPTY.includes(name)
          ? null
          : classic(name, name !== AUDIT_DAYS.unscanned.repo || since(world, at, AUDIT_DAYS.unscanned.to)),
    branchExists: (name: string) => !EMPTY.includes(name),
    rules: (name: string) =>
      name === 'platform'
        ? [
            {
              type: 'pull_request',
              ruleset_id: 501,
              parameters: { required_approving_review_count: 1, dismiss_stale_reviews_on_push: true, require_last_push_approval: true },
            },
            { type: 'required_status_checks', ruleset_id: 501, parameters: { required_status_checks: [{ context: 'ci' }, { context: 'semgrep' }] } },
            { type: 'non_fast_forward', ruleset_id: 501 },
            { type: 'deletion', ruleset_id: 501 },
          ]
        : [],
    rulesets: (name: string) => (name === 'platform' ? [ORG_RULESET] : []),
    ruleset: () => ({
      ...ORG_RULESET,
      bypass_actors: since(world, at, DAYS.bypass.since) ? [{ actor_id: 5, actor_type: 'RepositoryRole', bypass_mode: 'always' }] : [],
    }),
  };
}

function repository(world: World, at: Instant, name: RepositoryName, place: number) {
  const { unprotectedPushes } = ALERT_DAYS;
  const open = name === unprotectedPushes.repo && during(world, at, unprotectedPushes);
  return {
    id: 4000 + place,
    name,
    full_name: `acme/${name}`,
    default_branch: 'main',
    archived: ARCHIVED.includes(name),
    fork: false,
    visibility: name === 'docs' ? 'public' : 'private',
    private: name !== 'docs',
    size: EMPTY.includes(name) ? 0 : 1200 + place * 37,
    pushed_at: EMPTY.includes(name) ? null : iso(world.ago(430)),
    created_at: iso(world.ago(900 + place)),
    security_and_analysis: { secret_scanning: { status: 'enabled' }, secret_scanning_push_protection: { status: open ? 'disabled' : 'enabled' } },
  };
}

const level = (name: 'read' | 'write') => ({ admin: false, maintain: false, push: name === 'write', triage: name === 'write', pull: true });

/** `platform` is bound by a ruleset of the organization alone. */
function classic(name: string, scanned: boolean) {
  if (name === 'platform') return null;
  return {
    required_pull_request_reviews: { required_approving_review_count: 1, dismiss_stale_reviews: true, require_last_push_approval: false },
    required_status_checks: { contexts: scanned ? ['ci', 'semgrep'] : ['ci'] },
    enforce_admins: { enabled: true },
    allow_force_pushes: { enabled: false },
    allow_deletions: { enabled: false },
  };
}
