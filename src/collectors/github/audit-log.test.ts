import { describe, expect, it } from 'vitest';
import { runOnce } from '../../../test/peers/run-once.ts';
import { recorded, tested, world } from '../../../test/recorded.ts';
import { AUDIT_CAST, AUDIT_DAYS } from '../../acme/github-audit-stories.ts';
import { DAYS } from '../../acme/stories.ts';
import { acmeWire } from '../../acme/wire.ts';
import { person } from '../../acme/world.ts';
import { IncompleteError } from '../../core/error.ts';
import { days, hours, type Instant, instant, minutes } from '../../core/instant.ts';
import type { Row } from '../../datasets/dataset.ts';
import type { Wire } from '../../sources/wire.ts';
import { AuditEvent } from './audit-event.ts';
import { rowsOf } from './audit-events.ts';
import { githubAuditLog } from './audit-log.ts';

const T = instant('2026-06-01T00:00:00Z');
const login = (place: number): string => person(world, place).login;
/** Joined a few weeks before. */
const joiner = person(world, 56);

tested(githubAuditLog, { org: 'acme' }, 'acme', (rows) => {
  expect(new Set(rows('identity.other-events').map(({ type }) => type))).toEqual(new Set(['pull_request.merge']));
  expect(rows('identity.lifecycle-events').find(({ login: who, type }) => who === joiner.login && type === 'created')).toEqual({
    systemId: 'github',
    eventId: expect.stringMatching(/^[0-9a-f]{22}$/),
    userId: String(1000 + 57),
    login: joiner.login,
    type: 'created',
    detail: null,
    actorId: '9900',
    actor: 'acme-provisioning[bot]',
    actorKind: 'automation',
    succeeded: 'yes',
    occurredAt: joiner.startAt,
  });
  expect(
    rows('identity.lifecycle-events')
      .filter(({ type }) => type === 'deactivated')
      .every(({ actorKind }) => actorKind === 'automation'),
  ).toBe(true);
});

describe('what is out of order at Acme, each found by its row', () => {
  /** All that the log told in 178 days: it keeps 180. */
  const told = runOnce(
    githubAuditLog,
    acmeWire(world, () => world.ago(39)),
    { org: 'acme' },
    world.ago(39),
    world.ago(39 + 178),
  );
  const find = async (dataset: string, keep: (row: Row) => boolean) =>
    (await told).tables.find((it) => it.dataset.id === dataset)?.rows.filter((row) => keep(row as Row)) ?? [];
  const protection = (day: number, hour = 0) => find('repo.protection-changes', ({ occurredAt }) => occurredAt === world.ago(day, hour));

  it('a protection that was removed for five days', async () => {
    expect(await protection(DAYS.unprotected.from)).toMatchObject([
      { kind: 'branch-protection', change: 'removed', loosened: 'yes', repo: 'acme/billing', target: 'main', actor: login(AUDIT_CAST.second) },
    ]);
    expect(await protection(DAYS.unprotected.to)).toMatchObject([{ change: 'created', loosened: 'no', repo: 'acme/billing' }]);
  });

  it('a ruleset that was off for ten minutes, which no daily look can see', async () => {
    const { day, hour } = AUDIT_DAYS.rulesOff;
    expect(await protection(day, hour)).toMatchObject([
      {
        kind: 'ruleset',
        change: 'changed',
        loosened: 'yes',
        what: ['ruleset_enforcement: disabled', 'ruleset_name: Reviewed changes', 'ruleset_old_enforcement: active'],
        target: 'Reviewed changes',
        repo: null,
        actor: login(AUDIT_CAST.rulesOff),
      },
    ]);
    const again = world.ago(day, hour) + minutes(AUDIT_DAYS.rulesOff.minutes);
    expect(await find('repo.protection-changes', ({ occurredAt }) => occurredAt === again)).toMatchObject([{ loosened: 'no' }]);
  });

  it('an exception that was added to a ruleset', async () => {
    expect(await protection(DAYS.bypass.since)).toMatchObject([{ loosened: 'yes', what: expect.arrayContaining(['ruleset_bypass_actors_added']) }]);
  });

  it('pushes that were not searched for secrets for eight days', async () => {
    expect((await find('repo.protection-changes', ({ kind }) => kind === 'push-protection')).map(({ loosened, repo }) => `${loosened} ${repo}`)).toEqual([
      'yes acme/data-pipeline',
      'no acme/data-pipeline',
    ]);
  });

  it('two-factor authentication that was not required for three hours', async () => {
    const changes = await find('identity.admin-events', ({ type }) => String(type).includes('two_factor'));
    expect(changes.map(({ type, actor }) => `${type} ${actor}`)).toEqual([
      `org.disable_two_factor_requirement ${login(AUDIT_CAST.second)}`,
      `org.enable_two_factor_requirement ${login(AUDIT_CAST.owner)}`,
    ]);
  });

  it('a repository that everybody could read for two hours', async () => {
    expect(await find('repo.lifecycle-events', () => true)).toMatchObject([
      { change: 'visibility', repo: 'acme/design-system', before: 'private', after: 'public' },
      { change: 'visibility', repo: 'acme/design-system', before: 'public', after: 'private' },
    ]);
  });

  it('a key of a repository that may write, a token for everything, and two applications', async () => {
    const changes = await find('access.credential-changes', () => true);
    expect(changes.map(({ kind, change, name, holder, repo, readOnly }) => [kind, change, name, holder, repo, readOnly])).toEqual([
      ['installed-app', 'granted', 'coverage-bot', null, null, 'unknown'],
      ['deploy-key', 'granted', 'nightly copy', null, 'acme/infrastructure', 'no'],
      ['oauth-app', 'granted', 'https://boards.acme.example', null, null, 'unknown'],
      ['personal-token', 'granted', 'laptop', login(AUDIT_CAST.token), null, 'unknown'],
      ['deploy-key', 'revoked', 'nightly copy', null, 'acme/infrastructure', 'no'],
    ]);
    expect(changes[3]).toMatchObject({ rights: ['repositories: all'] });
  });

  it('an owner for a day', async () => {
    const roles = await find('identity.lifecycle-events', ({ type }) => type === 'role-added' || type === 'role-removed');
    expect(roles.map(({ login: who, type, detail, actor }) => `${who} ${type} ${detail} ${actor}`)).toEqual([
      `${login(AUDIT_CAST.ownerForADay)} role-added owner ${login(AUDIT_CAST.second)}`,
      `${login(AUDIT_CAST.ownerForADay)} role-removed owner ${login(AUDIT_CAST.owner)}`,
    ]);
  });
});

const said = (action: string, more: object = {}) => AuditEvent.parse({ _document_id: 'e1', '@timestamp': T, action, actor: 'ada', actor_id: 7, ...more });
const sorted = (action: string, more: object = {}) => rowsOf([said(action, more)], 'github');

describe('what an event says', () => {
  it.each([
    ['org.add_member', { user: 'bo', user_id: 8 }, 'lifecycle'],
    ['org.add_member', {}, 'admin'],
    ['org.enable_saml', {}, 'admin'],
    ['org.update_default_repository_permission', {}, 'admin'],
    ['org.sso_response', {}, 'other'],
    ['organization_role.assign', { team: 'acme/core' }, 'admin'],
    ['team.add_repository', { team: 'acme/core', repo: 'acme/web' }, 'admin'],
    ['hook.create', {}, 'admin'],
    ['repo.update_actions_settings', { repo: 'acme/web' }, 'admin'],
    ['repo.advanced_security_disabled', { repo: 'acme/web' }, 'admin'],
    ['repo.add_topic', { repo: 'acme/web' }, 'other'],
    ['repo.create', { repo: 'acme/web' }, 'repositories'],
    ['protected_branch.rejected_ref_update', { repo: 'acme/web' }, 'other'],
    ['protected_branch.update_name', { repo: 'acme/web' }, 'protection'],
    ['integration_installation.repositories_added', {}, 'credentials'],
    ['something.nobody_knows', {}, 'other'],
  ])('%s of %j is among the %s', (action, more, where) => {
    expect(Object.entries(sorted(action, more)).flatMap(([name, its]) => its.map(() => name))).toEqual([where]);
  });

  it.each([
    [{ actor: 'dependabot[bot]' }, 'automation'],
    [{ actor: 'ada', actor_is_bot: true }, 'automation'],
    [{ actor: 'ada', programmatic_access_type: 'GitHub App server-to-server token' }, 'automation'],
    [{ actor: 'ada', programmatic_access_type: 'Personal access token (classic)' }, 'human'],
    [{ actor: 'ada' }, 'human'],
    [{ actor: null, actor_id: null }, 'unknown'],
  ])('%j is done by: %s', (more, actorKind) => {
    expect(sorted('org.enable_saml', more).admin).toMatchObject([{ actorKind }]);
  });

  it('that a new member is an owner is told beside', () => {
    expect(sorted('org.add_member', { user: 'bo', user_id: 8, permission: 'admin' }).lifecycle).toMatchObject([
      { userId: '8', login: 'bo', type: 'created', detail: null },
      { userId: '8', login: 'bo', type: 'role-added', detail: 'owner' },
    ]);
  });

  it.each([
    ['org.remove_outside_collaborator', {}, 'deactivated', null],
    ['org.restore_member', {}, 'reactivated', null],
    ['team.promote_maintainer', { team: 'acme/core' }, 'role-added', 'maintainer of acme/core'],
    ['organization_role.assign', { organization_role_name: 'auditor' }, 'role-added', 'auditor'],
    ['repo.add_member', { repo: 'acme/web', permission: 'write' }, 'permission-added', 'write on acme/web'],
    ['repo.add_member', { repo: 'acme/web' }, 'permission-added', 'acme/web'],
    ['repo.update_member', { repo: 'acme/web', new_repo_permission: 'admin' }, 'permission-changed', 'admin on acme/web'],
    ['repo.remove_member', { repo: 'acme/web' }, 'permission-removed', 'acme/web'],
  ])('%s with %j: %s %s', (action, more, type, detail) => {
    expect(sorted(action, { user: 'bo', user_id: 8, ...more }).lifecycle).toMatchObject([{ type, detail }]);
  });

  it('reads a list of one repository, and of several none', () => {
    expect(sorted('integration_installation.repositories_added', { repo: ['acme/web'], repo_id: [4002] }).credentials).toMatchObject([
      { repo: 'acme/web', repoId: '4002', change: 'changed' },
    ]);
    expect(sorted('integration_installation.repositories_added', { repo: ['acme/web', 'acme/docs'] }).credentials).toMatchObject([{ repo: null }]);
  });

  it('a token that is asked for is of whoever asks, and a key without a repository of a person', () => {
    expect(sorted('personal_access_token.request_created').credentials).toMatchObject([{ holder: 'ada', holderId: '7', change: 'requested' }]);
    expect(sorted('personal_access_token.access_revoked').credentials).toMatchObject([{ holder: null, change: 'revoked' }]);
    expect(sorted('public_key.create', { user: 'bo', user_id: 8, read_only: true }).credentials).toMatchObject([
      { kind: 'ssh-key', holder: 'bo', readOnly: 'yes' },
    ]);
  });

  it('rights are words, or levels by name', () => {
    const { credentials } = sorted('personal_access_token.access_granted', {
      permissions: { contents: 'write', metadata: 'read' },
      repository_selection: 'subset',
    });
    expect(credentials).toMatchObject([{ rights: ['contents: write', 'metadata: read', 'repositories: subset'] }]);
    expect(sorted('integration_installation.version_updated', { permissions_added: ['contents:write'] }).credentials).toMatchObject([
      { rights: ['contents:write'] },
    ]);
  });

  it('cannot be read without an id, an action or a time', () => {
    for (const missing of ['_document_id', 'action', '@timestamp'])
      expect(AuditEvent.safeParse({ _document_id: 'e1', '@timestamp': T, action: 'org.create', [missing]: undefined }).success).toBe(false);
  });
});

describe('whether a rule was loosened', () => {
  it.each([
    ['protected_branch.create', {}, 'no'],
    ['protected_branch.destroy', {}, 'yes'],
    ['protected_branch.policy_override', { branch: 'main' }, 'no'],
    ['protected_branch.update_admin_enforced', { admin_enforced: false }, 'yes'],
    ['protected_branch.update_admin_enforced', { admin_enforced: 'true' }, 'no'],
    ['protected_branch.update_admin_enforced', {}, 'unknown'],
    ['protected_branch.update_pull_request_reviews_enforcement_level', { pull_request_reviews_enforcement_level: 0 }, 'yes'],
    ['protected_branch.update_pull_request_reviews_enforcement_level', { pull_request_reviews_enforcement_level: 1 }, 'unknown'],
    ['protected_branch.update_pull_request_reviews_enforcement_level', { pull_request_reviews_enforcement_level: 2 }, 'no'],
    ['protected_branch.update_required_status_checks_enforcement_level', { required_status_checks_enforcement_level: 'off' }, 'yes'],
    ['protected_branch.update_required_status_checks_enforcement_level', { required_status_checks_enforcement_level: 'constructor' }, 'unknown'],
    ['protected_branch.update_allow_force_pushes_enforcement_level', { allow_force_pushes_enforcement_level: 2 }, 'yes'],
    ['protected_branch.update_allow_force_pushes_enforcement_level', { allow_force_pushes_enforcement_level: 0 }, 'no'],
    ['protected_branch.update_required_approving_review_count', { required_approving_review_count: 1 }, 'unknown'],
    ['protected_branch.update_required_approving_review_count', { required_approving_review_count: 0 }, 'yes'],
    ['protected_branch.branch_allowances', { policy: 'bypass' }, 'unknown'],
    ['repository_branch_protection_evaluation.disable', {}, 'yes'],
    ['repository_branch_protection_evaluation.enable', {}, 'no'],
    ['repository_ruleset.create', { ruleset_enforcement: 'active' }, 'no'],
    ['repository_ruleset.destroy', {}, 'yes'],
    ['repository_ruleset.destroy', { ruleset_enforcement: 'evaluate' }, 'no'],
    ['repository_ruleset.update', {}, 'unknown'],
    ['repository_ruleset.update', { ruleset_old_enforcement: 'active', ruleset_enforcement: 'evaluate' }, 'yes'],
    ['repository_ruleset.update', { ruleset_old_enforcement: 'evaluate', ruleset_enforcement: 'active' }, 'no'],
    ['repository_ruleset.update', { ruleset_old_enforcement: 'disabled', ruleset_enforcement: 'active', ruleset_bypass_actors_added: [{}] }, 'yes'],
    ['repository_ruleset.update', { ruleset_enforcement: 'disabled', ruleset_rules_deleted: [{}] }, 'no'],
    ['repository_ruleset.update', { ruleset_enforcement: 'active', ruleset_rules_deleted: [{}], ruleset_rules_added: [{}] }, 'yes'],
    ['repository_ruleset.update', { ruleset_enforcement: 'active', ruleset_rules_updated: [{}] }, 'unknown'],
    ['repository_ruleset.update', { ruleset_enforcement: 'active', ruleset_rules_added: [{}] }, 'no'],
    ['repository_ruleset.update', { ruleset_enforcement: 'active', ruleset_rules_added: [], ruleset_bypass_actors_deleted: [{}] }, 'no'],
    ['repository_ruleset.update', { ruleset_enforcement: 'active', ruleset_old_name: 'Before' }, 'no'],
    ['secret_scanning_push_protection.bypass', {}, 'no'],
    ['org.secret_scanning_push_protection_new_repos_disable', {}, 'yes'],
  ])('%s with %j: %s', (action, more, loosened) => {
    expect(sorted(action, more).protection).toMatchObject([{ loosened }]);
  });
});

const json = (body: unknown, headers: Readonly<Record<string, string>> = {}, status = 200) => ({
  status,
  headers: { 'content-type': 'application/json', ...headers },
  body: new TextEncoder().encode(JSON.stringify(body)),
});

describe('github/audit-log, where GitHub refuses it', () => {
  it.each([
    [404, 'Not Found'],
    [403, 'Must have admin rights to organization'],
  ])('%i says what is needed, and what to do without it', async (status, message) => {
    const { wire } = recorded(githubAuditLog, { org: 'acme' }, 'acme');
    const refused: Wire = async (request) => (request.url.includes('/audit-log') ? json({ message }, {}, status) : wire(request));
    const run = runOnce(githubAuditLog, refused, { org: 'acme' }, T, T - days(9));
    await expect(run).rejects.toBeInstanceOf(IncompleteError);
    await expect(run).rejects.toThrow(
      new RegExp(`answered ${status} .* only in Enterprise Cloud, and only to an owner .* take this source out of the configuration`),
    );
  });

  it('a refusal of something else is not explained so', async () => {
    const { wire } = recorded(githubAuditLog, { org: 'acme' }, 'acme');
    const refused: Wire = async (request) => (request.url.endsWith('/orgs/acme') ? json({ message: 'Not Found' }, {}, 404) : wire(request));
    await expect(runOnce(githubAuditLog, refused, { org: 'acme' }, T, T - days(9))).rejects.toThrow(/^(?!.*Enterprise Cloud)/);
  });
});

/** One run against a log that holds these events, each recorded at once. */
async function run(
  recordedAt: readonly Instant[],
  { at, after = null, since = at - days(365) }: { at: Instant; after?: string | null; since?: Instant },
  size = 100,
) {
  const asked: string[] = [];
  const wire: Wire = async ({ url }) => {
    const address = new URL(url);
    if (address.pathname === '/user') return json({ login: 'ada' });
    if (address.pathname === '/orgs/acme') return json({ id: 77, login: 'acme' });
    asked.push(decodeURIComponent(address.search));
    const from = Date.parse(/created:>=(\S+)$/.exec(address.searchParams.get('phrase') ?? '')?.[1] ?? '');
    const start = Number(address.searchParams.get('after') ?? 0);
    const there = recordedAt.map((its, place) => ({ its, place })).filter(({ its, place }) => its >= from && its <= at && place >= start);
    const page = there.slice(0, size);
    const next = new URL(address);
    next.searchParams.set('after', String((page.at(-1)?.place ?? 0) + 1));
    return json(
      page.map(({ its, place }) => ({ _document_id: `e${place}`, '@timestamp': its, created_at: its, action: 'repo.create', repo: 'acme/web', actor: 'ada' })),
      page.length < there.length ? { link: `<${next.href}>; rel="next"` } : {},
    );
  };
  const { tables, after: mark } = await runOnce(githubAuditLog, wire, { org: 'acme' }, at, since, after);
  const table = tables.find(({ dataset }) => dataset.id === 'repo.lifecycle-events');
  return { rows: table?.rows ?? [], polled: table?.polled, mark: mark ?? '', asked };
}

describe('the time that a run claims', () => {
  it('begins with the observation period, whose start is asked for by the second', async () => {
    const { polled, asked } = await run([], { at: T, since: T - days(20) });
    expect(asked).toEqual(['?phrase=created:>=2026-05-12T00:00:00+00:00&include=web&order=asc&per_page=100']);
    expect(polled).toEqual({ from: T - days(20), to: T - hours(1) });
  });

  it('never begins before what GitHub still keeps', async () => {
    expect((await run([T - days(179.5)], { at: T })).polled).toEqual({ from: T - days(179), to: T - hours(1) });
  });

  it('is nothing before the observation period has begun', async () => {
    expect((await run([], { at: T, since: T + days(60) })).polled).toEqual({ from: T, to: T });
  });

  it('goes on an hour before the last run began, so that what came late is read', async () => {
    const { mark } = await run([], { at: T });
    const { asked, polled } = await run([], { at: T + hours(6), after: mark });
    expect(asked[0]).toContain('created:>=2026-05-31T23:00:00+00:00&');
    expect(polled).toEqual({ from: T - hours(1), to: T + hours(5) });
  });

  it('has a gap where the mark is older than what GitHub keeps', async () => {
    const { mark } = await run([], { at: T });
    const { polled, asked } = await run([], { at: T + days(300), after: mark });
    expect(asked[0]).toContain('created:>=2026-09-29T00:00:00');
    expect(polled).toEqual({ from: T + days(121), to: T + days(300) - hours(1) });
  });

  const many = Array.from({ length: 45 }, (_, place) => T - days(20) + hours(place));

  it('ends an hour before the newest event of a run that is not the last, and the next goes on from its page', async () => {
    const first = await run(many, { at: T }, 2);
    expect(first.rows).toHaveLength(40);
    expect(first.polled).toEqual({ from: T - days(179), to: T - days(20) + hours(38) });
    const second = await run(many, { at: T + minutes(1), after: first.mark }, 2);
    expect(second.asked[0]).toContain('after=40');
    expect(second.rows).toHaveLength(5);
    expect(second.polled).toEqual({ from: T - days(20) + hours(38), to: T - hours(1) }); // not T + 1 minute - 1 hour: the chain began at T
  });

  it('does not go on from a page that lay about for days: its time is asked again', async () => {
    const first = await run(many, { at: T }, 2);
    const second = await run(many, { at: T + days(3), after: first.mark }, 100);
    expect(second.asked[0]).toContain('created:>=2026-05-13T14:00:00+00:00&');
    expect(second.rows).toHaveLength(7);
    expect(second.polled).toEqual({ from: T - days(20) + hours(38), to: T + days(3) - hours(1) });
  });
});
