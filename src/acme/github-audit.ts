import { days, hours, type Instant, minutes } from '../core/instant.ts';
import type { WireAnswer, WireRequest } from '../sources/wire.ts';
import { ALERT_DAYS } from './alert-stories.ts';
import { uuidOf } from './event-id.ts';
import { githubAccount, REPOSITORIES } from './github.ts';
import { AUDIT_CAST, AUDIT_DAYS } from './github-audit-stories.ts';
import { DAYS } from './stories.ts';
import { isEngineer, type Person, person, type World } from './world.ts';

interface Actor {
  readonly id: number;
  readonly login: string;
}
interface Happened {
  readonly at: Instant;
  readonly action: string;
  readonly by: Actor;
  readonly more?: Readonly<Record<string, unknown>>;
}

/** Small, so that more than one is always walked. */
const PAGE = 20;
const SYNC: Actor = { id: 9900, login: 'acme-provisioning[bot]' };
const encoder = new TextEncoder();

/** The audit log of Acme's organization: oldest first, from a whole second on, page by page. */
export function auditLogOfAcme(world: World, at: Instant, { url }: WireRequest): WireAnswer | null {
  if (!/^https:\/\/api\.github\.com\/(orgs\/acme|organizations\/77)\/audit-log\?/.test(url)) return null;
  const address = new URL(url);
  const from = Date.parse(/created:>=(\S+)/.exec(address.searchParams.get('phrase') ?? '')?.[1] ?? '');
  const all = happenedBetween(world, Math.max(from, at - days(180)), at);
  const start = Number(Buffer.from(address.searchParams.get('after') ?? '', 'base64').toString());
  const end = start + Math.min(PAGE, Number(address.searchParams.get('per_page') ?? 30));
  const next = new URL(address.href.replace('/orgs/acme/', '/organizations/77/'));
  next.searchParams.set('after', Buffer.from(String(end)).toString('base64'));
  return {
    status: 200,
    headers: {
      date: new Date(at).toUTCString(),
      'content-type': 'application/json; charset=utf-8',
      ...(end < all.length ? { link: `<${next.href}>; rel="next"` } : {}),
    },
    body: encoder.encode(JSON.stringify(all.slice(start, end).map(inWords))),
  };
}

const idOf = ({ at, action, by, more = {} }: Happened): string =>
  uuidOf(`${at} ${action} ${by.id} ${JSON.stringify(more)}`)
    .replaceAll('-', '')
    .slice(0, 22);

const inWords = ({ at, action, by, more = {} }: Happened) => ({
  '@timestamp': at,
  _document_id: idOf({ at, action, by, more }),
  action,
  actor: by.login,
  actor_id: by.id,
  actor_is_bot: by === SYNC,
  created_at: at,
  org: 'acme',
  org_id: 77,
  ...more,
});

function happenedBetween(world: World, from: Instant, to: Instant): readonly Happened[] {
  const its = [...world.people.filter(isEngineer).flatMap(life), ...changes(world), ...strangers(world), ...merges(world, from, to)];
  return its.filter(({ at }) => from <= at && at <= to).sort((a, b) => a.at - b.at);
}

const account = ({ id, login }: Actor) => ({ user: login, user_id: id });
const inRepo = (name: string) => ({ repo: `acme/${name}`, repo_id: 4000 + (REPOSITORIES as readonly string[]).indexOf(name) });
const actor = (world: World, place: number): Actor => githubAccount(person(world, place));

/** Engineers come and go by the synchronisation. */
function life(it: Person): readonly Happened[] {
  const who = account(githubAccount(it));
  const team = { team: 'acme/product' };
  const joined = [
    { at: it.startAt, action: 'org.add_member', by: SYNC, more: { ...who, permission: 'read' } },
    { at: it.startAt + minutes(1), action: 'team.add_member', by: SYNC, more: { ...who, ...team } },
  ];
  if (it.endAt === null) return joined;
  return [
    ...joined,
    { at: it.endAt + hours(1), action: 'team.remove_member', by: SYNC, more: { ...who, ...team } },
    { at: it.endAt + hours(1) + 1000, action: 'org.remove_member', by: SYNC, more: who },
  ];
}

/** People whom the synchronisation does not know. */
function strangers(world: World): readonly Happened[] {
  const owner = actor(world, AUDIT_CAST.owner);
  const ghost = { user: 'ghost-42', user_id: 9042 };
  const studio = { user: 'studio-kit', user_id: 9102 };
  return [
    { at: world.ago(DAYS.orphan.from), action: 'org.add_member', by: owner, more: { ...ghost, permission: 'read' } },
    { at: world.ago(DAYS.orphan.to), action: 'org.remove_member', by: owner, more: ghost },
    { at: world.ago(DAYS.unownedOutsider.to), action: 'org.remove_outside_collaborator', by: SYNC, more: studio },
    { at: world.ago(DAYS.unownedOutsider.from), action: 'org.add_outside_collaborator', by: owner, more: studio },
    {
      at: world.ago(DAYS.unownedOutsider.from) + 1000,
      action: 'repo.add_member',
      by: owner,
      more: { ...studio, ...inRepo('design-system'), permission: 'write' },
    },
  ];
}

/** Rules, rights, tokens and keys, the stories among them. */
function changes(world: World): readonly Happened[] {
  const [owner, second] = [actor(world, AUDIT_CAST.owner), actor(world, AUDIT_CAST.second)];
  const { rulesOff, allowedOff, twoFactorOff, opened, deployKey, token, oauthApp, installedApp, ownerForADay } = AUDIT_DAYS;
  const ruleset = { ruleset_id: 501, ruleset_name: 'Reviewed changes', ruleset_source_type: 'Organization' };
  const off = world.ago(rulesOff.day, rulesOff.hour);
  const allowed = world.ago(allowedOff.day, allowedOff.hour);
  const open = world.ago(opened.day, 11);
  const loose = world.ago(twoFactorOff.day, 13);
  const key = { ...inRepo(deployKey.repo), title: 'nightly copy', fingerprint: 'SHA256:made-up', read_only: 'false' };
  const shown = { ...inRepo(opened.repo) };
  const raised = world.ago(ownerForADay.day, 10);
  const who = account(actor(world, AUDIT_CAST.ownerForADay));
  const pushes = inRepo(ALERT_DAYS.unprotectedPushes.repo);
  const switched = (at: Instant, before: string, after: string) => ({
    at,
    action: 'repository_ruleset.update',
    by: actor(world, AUDIT_CAST.rulesOff),
    more: { ...ruleset, ruleset_old_enforcement: before, ruleset_enforcement: after },
  });
  return [
    { at: world.ago(DAYS.unprotected.from), action: 'protected_branch.destroy', by: second, more: { ...inRepo('billing'), name: 'main' } },
    { at: world.ago(DAYS.unprotected.to), action: 'protected_branch.create', by: owner, more: { ...inRepo('billing'), name: 'main' } },
    { at: allowed, action: 'protected_branch.destroy', by: second, more: { ...inRepo(allowedOff.repo), name: 'main' } },
    { at: allowed + hours(allowedOff.hours), action: 'protected_branch.create', by: owner, more: { ...inRepo(allowedOff.repo), name: 'main' } },
    switched(off, 'active', 'disabled'),
    switched(off + minutes(rulesOff.minutes), 'disabled', 'active'),
    {
      at: world.ago(DAYS.bypass.since),
      action: 'repository_ruleset.update',
      by: owner,
      more: { ...ruleset, ruleset_enforcement: 'active', ruleset_bypass_actors_added: [{ actor_id: 5, actor_type: 'RepositoryRole', bypass_mode: 'always' }] },
    },
    { at: world.ago(ALERT_DAYS.unprotectedPushes.from), action: 'repository_secret_scanning_push_protection.disable', by: second, more: pushes },
    { at: world.ago(ALERT_DAYS.unprotectedPushes.to), action: 'repository_secret_scanning_push_protection.enable', by: owner, more: pushes },
    { at: loose, action: 'org.disable_two_factor_requirement', by: second },
    { at: loose + hours(twoFactorOff.hours), action: 'org.enable_two_factor_requirement', by: owner },
    { at: open, action: 'repo.access', by: second, more: { ...shown, previous_visibility: 'private', visibility: 'public' } },
    { at: open + hours(opened.hours), action: 'repo.access', by: owner, more: { ...shown, previous_visibility: 'public', visibility: 'private' } },
    { at: world.ago(deployKey.from, 15), action: 'public_key.create', by: actor(world, AUDIT_CAST.deployKey), more: key },
    { at: world.ago(deployKey.to, 15), action: 'public_key.delete', by: owner, more: key },
    {
      at: world.ago(token.day, 12),
      action: 'personal_access_token.access_granted',
      by: owner,
      more: { ...account(actor(world, AUDIT_CAST.token)), user_programmatic_access_name: 'laptop', repository_selection: 'all' },
    },
    { at: world.ago(oauthApp.day, 10), action: 'org.oauth_app_access_approved', by: owner, more: { url: 'https://boards.acme.example' } },
    {
      at: world.ago(installedApp.day, 10),
      action: 'integration_installation.create',
      by: owner,
      more: { integration: 'coverage-bot', repository_selection: 'selected' },
    },
    ...overrides(world),
    { at: raised, action: 'org.update_member', by: second, more: { ...who, old_permission: 'read', permission: 'admin' } },
    { at: raised + hours(8), action: 'org.update_member', by: owner, more: { ...who, old_permission: 'admin', permission: 'read' } },
  ];
}

const overrides = (world: World): readonly Happened[] =>
  AUDIT_DAYS.overrides.map(({ day, repo }) => ({
    at: world.ago(day, 16),
    action: 'protected_branch.policy_override',
    by: actor(world, AUDIT_CAST.second),
    more: { ...inRepo(repo), branch: 'main', overridden_codes: ['review_policy_not_satisfied'] },
  }));

/** Ids of the merges past the rules, as the log gives them. */
export const overrideIds = (world: World): readonly string[] => overrides(world).map(idOf);

/** Ids of two changes to the rules that have the same name, as the log gives them. */
export function looseningIds(world: World): { readonly rulesOff: string; readonly bypass: string } {
  const idAt = (at: Instant): string =>
    changes(world)
      .filter((it) => it.at === at && it.action === 'repository_ruleset.update')
      .map(idOf)[0] ?? '';
  return { rulesOff: idAt(world.ago(AUDIT_DAYS.rulesOff.day, AUDIT_DAYS.rulesOff.hour)), bypass: idAt(world.ago(DAYS.bypass.since)) };
}

/** What fills the log from day to day. */
function merges(world: World, from: Instant, to: Instant): readonly Happened[] {
  const found: Happened[] = [];
  for (let day = Math.floor(from / days(1)) * days(1); day <= to; day += days(1)) {
    if (![0, 6].includes(new Date(day).getUTCDay()))
      found.push({ at: day + hours(14), action: 'pull_request.merge', by: actor(world, AUDIT_CAST.owner), more: inRepo('web') });
  }
  return found;
}
