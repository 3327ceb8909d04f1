import { describe, expect, it } from 'vitest';
import { runOnce } from '../../../test/peers/run-once.ts';
import { recorded, tested, world } from '../../../test/recorded.ts';
import { ACCESS_CAST, ACCESS_DAYS } from '../../acme/okta-access-stories.ts';
import { oktaId } from '../../acme/okta.ts';
import { acmeWire } from '../../acme/wire.ts';
import { person } from '../../acme/world.ts';
import { IncompleteError } from '../../core/error.ts';
import { type Instant, instant } from '../../core/instant.ts';
import type { Row } from '../../datasets/dataset.ts';
import type { Wire, WireRequest } from '../../sources/wire.ts';
import { RoleAssignment } from './application-rows.ts';
import { oktaApplications } from './applications.ts';
import { AuthPolicy, AuthRule, policyRows } from './auth-policies.ts';
import { applicationGrants, roleGrants } from './grants.ts';

const ORG = 'acme.okta.com';
const AT = recorded(oktaApplications, { org: ORG }, ORG).at;
const directly = person(world, ACCESS_CAST.directly);

tested(oktaApplications, { org: ORG }, ORG, (rows) => {
  expect(rows('access.applications').map(({ name, signOn, status, policyId }) => `${name} ${signOn} ${status} ${policyId}`)).toEqual([
    'AWS federated active rst0strict',
    'GitHub federated active rst0strict',
    'Mail federated active rst0everyday',
    'Ticket desk stored-password active rst0everyday',
    'Survey tool federated inactive rst0everyday',
  ]);
  expect(rows('access.groups').map(({ name, origin, ruleIds, privileged }) => `${name} ${origin} ${String(ruleIds)} ${privileged}`)).toContain(
    'Support own 0pr0support yes',
  );
  expect(rows('access.groups').find(({ name }) => name === 'Everyone')).toMatchObject({ origin: 'built-in', ruleIds: [], privileged: 'no' });
  expect(rows('access.group-rules').find(({ name }) => name === 'Sales by department')).toEqual({
    systemId: 'okta',
    ruleId: '0pr0sales',
    name: 'Sales by department',
    status: 'active',
    condition: 'user.department=="Sales"',
    groupIds: ['00g0sales'],
    exceptUserIds: [],
    createdAt: world.ago(1000),
    changedAt: world.ago(ACCESS_DAYS.ruleOff.to),
  });
  expect(rows('access.roles').map(({ roleId, name, origin, permissions }) => ({ roleId, name, origin, permissions }))).toEqual([
    { roleId: 'HELP_DESK_ADMIN', name: 'Help Desk Administrator', origin: 'built-in', permissions: [] },
    { roleId: 'SUPER_ADMIN', name: 'Super Administrator', origin: 'built-in', permissions: [] },
    { roleId: 'cr0keeper', name: 'Group keeper', origin: 'custom', permissions: ['okta.groups.members.manage', 'okta.users.read'] },
  ]);
  const grants = rows('access.grants');
  expect(new Set(grants.map(({ via }) => via))).toEqual(new Set(['direct', 'group']));
  expect(grants.filter(({ role, kind }) => kind === 'application' && role === 'Mail').every(({ groups }) => String(groups) === 'Everyone')).toBe(true);
  expect(rows('identity.auth-policies').map(({ policy, rule, kind, status }) => `${policy}: ${rule} ${kind} ${status}`)).toEqual([
    'Workforce sign-on: Everywhere session enforced',
    'Production: Catch-all application enforced',
    'Everyday: Catch-all application enforced',
  ]);
});

/** What Acme's tenant told at an instant, by dataset. */
async function at(then: Instant) {
  const { tables } = await runOnce(
    oktaApplications,
    acmeWire(world, () => then),
    { org: ORG },
    then,
    then,
  );
  return (dataset: string): readonly Row[] => tables.find((it) => it.dataset.id === dataset)?.rows ?? [];
}

describe('what is out of order at Acme, each found by its rows', () => {
  it('an application that somebody was given by name', async () => {
    const rows = await at(AT);
    expect(rows('access.grants').filter(({ kind, via }) => kind === 'application' && via === 'direct')).toEqual([
      {
        systemId: 'okta',
        grantId: `0oa0aws/${oktaId(directly)}`,
        userId: oktaId(directly),
        login: directly.email,
        kind: 'application',
        roleId: '0oa0aws',
        role: 'AWS',
        limitedTo: null,
        status: 'active',
        via: 'direct',
        groupIds: [],
        groups: [],
        ruleIds: [],
        privileged: 'unknown',
        grantedAt: world.ago(ACCESS_DAYS.directly.since, 11),
      },
    ]);
    expect(
      (await at(world.ago(ACCESS_DAYS.directly.since + 1)))('access.grants').filter(({ kind, via }) => kind === 'application' && via === 'direct'),
    ).toEqual([]);
  });

  it('an administrator role that a whole group holds, told of each member and without a date', async () => {
    const help = (await at(AT))('access.grants').filter(({ roleId }) => roleId === 'HELP_DESK_ADMIN');
    const support = world.people.filter(({ department, startAt, endAt }) => department === 'Support' && startAt <= AT && (endAt === null || endAt > AT));
    expect(help.map(({ userId }) => userId).sort()).toEqual(support.map(oktaId).sort());
    for (const grant of help) expect(grant).toMatchObject({ via: 'group', groups: ['Support'], ruleIds: ['0pr0support'], privileged: 'yes', grantedAt: null });
    expect((await at(world.ago(ACCESS_DAYS.groupRole.since + 1)))('access.grants').filter(({ roleId }) => roleId === 'HELP_DESK_ADMIN')).toEqual([]);
  });

  it('a role of the company’s own, over a part of the tenant', async () => {
    expect((await at(AT))('access.grants').filter(({ roleId }) => roleId === 'cr0keeper')).toMatchObject([
      { login: person(world, ACCESS_CAST.ownRole).email, via: 'direct', limitedTo: 'iam0sales', grantedAt: world.ago(ACCESS_DAYS.ownRole.since, 9) },
    ]);
  });

  it('a rule that was switched off for ten days', async () => {
    const rows = await at(world.ago(115));
    expect(rows('access.group-rules').filter(({ status }) => status !== 'active')).toMatchObject([{ ruleId: '0pr0sales', status: 'inactive' }]);
    expect(rows('access.groups').find(({ name }) => name === 'Sales')).toMatchObject({ ruleIds: [] });
  });

  it('an application that is switched off and still held', async () => {
    const survey = (await at(AT))('access.grants').filter(({ roleId }) => roleId === '0oa0survey');
    expect(survey.length).toBeGreaterThan(3);
    expect(new Set(survey.map(({ status }) => status))).toEqual(new Set(['inactive']));
  });

  it('an application that one factor opened for two weeks', async () => {
    const everyday = async (then: Instant) => (await at(then))('identity.auth-policies').find(({ policyId }) => policyId === 'rst0everyday');
    expect(await everyday(world.ago(40))).toMatchObject({ secondFactor: 'no', rememberedFor: 720, applicationIds: ['0oa0desk', '0oa0mail', '0oa0survey'] });
    expect(await everyday(AT)).toMatchObject({ secondFactor: 'yes' });
  });

  it('sessions that lasted a week', async () => {
    const session = async (then: Instant) => (await at(then))('identity.auth-policies').find(({ kind }) => kind === 'session');
    expect(await session(world.ago(70))).toMatchObject({ sessionLifetimeMinutes: 10_080 });
    expect(await session(AT)).toMatchObject({
      sessionLifetimeMinutes: 720,
      sessionIdleMinutes: 60,
      persistentCookie: 'no',
      secondFactor: 'yes',
      rememberedFor: 0,
      groups: ['Everyone'],
      conditions: [],
    });
  });
});

const company = {
  system: 'okta',
  logins: new Map([['u1', 'one@acme.example']]),
  names: new Map([['g1', 'Admins']]),
  filledBy: new Map([['g1', ['r1']]]),
  members: new Map([['g1', new Set(['u1', 'u2'])]]),
};
const app = { id: 'a1', name: 'x', label: 'X', status: 'ACTIVE', signOnMode: null, features: null, created: null, _links: null };

describe('how a grant came about', () => {
  it.each([
    ['USER', [], 'direct'],
    ['USER', [{ id: 'g1' }], 'direct'],
    ['GROUP', [{ id: 'g1' }], 'group'],
    ['GROUP', [{ id: 'g9' }], 'unknown'],
    [null, [{ id: 'g1' }], 'unknown'],
  ] as const)('%s, given to %j: %s', (scope, given, via) => {
    expect(applicationGrants(app, [{ id: 'u1', scope, status: 'ACTIVE', created: null }], given, company)).toMatchObject([{ via, login: 'one@acme.example' }]);
  });

  it.each([
    ['ACTIVE', 'ACTIVE', 'active'],
    ['SUSPENDED', 'ACTIVE', 'inactive'],
    ['ACTIVE', 'INACTIVE', 'inactive'],
    ['SOMETHING_NEW', 'ACTIVE', 'unknown'],
  ])('%s in an application that is %s is %s', (status, of, expected) => {
    expect(applicationGrants({ ...app, status: of }, [{ id: 'u1', scope: 'USER', status, created: null }], [], company)).toMatchObject([{ status: expected }]);
  });

  const role = (more: object) => RoleAssignment.parse({ id: 'ra1', type: 'APP_ADMIN', status: 'ACTIVE', created: '2026-01-01T00:00:00Z', ...more });

  it('counts a role of a group once, though Okta tells it of the member again', () => {
    const ofGroups = [{ groupId: 'g1', held: [role({ id: 'gra1', assignmentType: 'GROUP' })] }];
    const told = roleGrants([{ userId: 'u1', held: [role({ id: 'gra1', assignmentType: 'GROUP' })] }], ofGroups, company);
    expect(told.map(({ grantId, via, grantedAt }) => ({ grantId, via, grantedAt }))).toEqual([
      { grantId: 'gra1/u1', via: 'group', grantedAt: null },
      { grantId: 'gra1/u2', via: 'group', grantedAt: null },
    ]);
  });

  it('keeps a role whose group nobody names', () => {
    expect(roleGrants([{ userId: 'u1', held: [role({ assignmentType: 'GROUP' })] }], [], company)).toMatchObject([{ via: 'unknown', grantedAt: null }]);
    expect(roleGrants([{ userId: 'u1', held: [role({})] }], [], company)).toMatchObject([{ via: 'unknown', grantedAt: null }]);
    expect(roleGrants([{ userId: 'u1', held: [role({ assignmentType: 'USER' })] }], [], company)).toMatchObject([
      { via: 'direct', grantedAt: instant('2026-01-01T00:00:00Z'), role: 'APP_ADMIN' },
    ]);
  });
});

describe('what a policy says', () => {
  const policy = AuthPolicy.parse({
    id: 'p1',
    type: 'ACCESS_POLICY',
    name: 'Production',
    status: 'ACTIVE',
    conditions: { people: { groups: { include: ['g1'], exclude: ['g9'] } } },
  });
  const rule = (more: object) => AuthRule.parse({ id: 'r1', name: 'Rule', status: 'ACTIVE', priority: 1, ...more });
  const rowOf = (more: object) => policyRows(policy, [rule(more)], [], { system: 'okta', names: company.names })[0];
  const signOn = (verificationMethod: object | null, access = 'ALLOW') => rowOf({ actions: { appSignOn: { access, verificationMethod } } });

  it.each([
    ['PT2H', 120],
    ['PT0S', 0],
    ['P30D', 43_200],
    ['PT1H30M10S', 91],
    ['P', null],
    ['PT', null],
    ['soon', null],
    [null, null],
  ])('asks again after %s: %s minutes', (reauthenticateIn, minutes) => {
    expect(signOn({ type: 'ASSURANCE', factorMode: '2FA', reauthenticateIn })).toMatchObject({ rememberedFor: minutes });
  });

  it('is unknown where Okta does not say, or says something else', () => {
    expect(signOn({ type: 'AUTH_METHOD_CHAIN' })).toMatchObject({ secondFactor: 'unknown' });
    expect(signOn(null, 'DENY')).toMatchObject({ secondFactor: 'unknown', access: 'deny' });
    expect(rowOf({})).toMatchObject({ access: 'unknown', secondFactor: 'unknown', rememberedFor: null, persistentCookie: 'unknown' });
    expect(rowOf({ status: 'INACTIVE' })).toMatchObject({ status: 'disabled' });
    expect(rowOf({ status: null })).toMatchObject({ status: 'unknown' });
  });

  it('is about the groups of the rule, or else of the policy, and leaves out those of both', () => {
    expect(rowOf({})).toMatchObject({ groupIds: ['g1'], groups: ['Admins'], exceptGroupIds: ['g9'] });
    expect(rowOf({ conditions: { people: { groups: { include: ['g2'], exclude: ['g8'] }, users: { exclude: ['u1'] } } } })).toMatchObject({
      groupIds: ['g2'],
      groups: ['g2'],
      exceptGroupIds: ['g8', 'g9'],
      exceptUserIds: ['u1'],
    });
  });

  it('names conditions that limit it, and none that does not', () => {
    const conditions = { network: { connection: 'ZONE', include: ['n1'] }, riskScore: { level: 'ANY' }, device: null, userType: { include: [], exclude: [] } };
    expect(rowOf({ conditions })).toMatchObject({ conditions: ['network'] });
  });

  it('has one row where it has no rules', () => {
    expect(policyRows(policy, [], [], { system: 'okta', names: company.names })).toMatchObject([
      { ruleId: null, rule: null, status: 'enforced', access: 'unknown' },
    ]);
  });
});

describe('okta/applications, where Okta says something else', () => {
  const run = async (change: (request: WireRequest, text: string) => string) => {
    const wire = acmeWire(world, () => AT);
    const changed: Wire = async (request) => {
      const answer = await wire(request);
      return { ...answer, body: new TextEncoder().encode(change(request, new TextDecoder().decode(answer.body))) };
    };
    const asked: string[] = [];
    const watching: Wire = async (request) => {
      asked.push(new URL(request.url).pathname + new URL(request.url).search);
      return changed(request);
    };
    return { ...(await runOnce(oktaApplications, watching, { org: ORG }, AT, AT)), asked };
  };

  it('keeps no answer that shows the secret of an application', async () => {
    const shown = run(({ url }, text) =>
      /\/apps\?/.test(url) ? text.replace('"id"', '"credentials":{"oauthClient":{"client_secret":"made-up"}},"id"') : text,
    );
    await expect(shown).rejects.toThrow(/"applications" shows secrets of applications, .* The answer is not kept/);
    await expect(shown).rejects.toBeInstanceOf(IncompleteError);
  });

  it('asks every group for its roles where Okta does not say which have any', async () => {
    const { asked, tables } = await run(({ url }, text) => (url.includes('expand=stats') ? text.replaceAll('hasAdminPrivilege', 'somethingElse') : text));
    expect(asked.filter((url) => /^\/api\/v1\/groups\/[^/]+\/roles$/.test(url))).toHaveLength(8);
    expect(tables.find(({ dataset }) => dataset.id === 'access.grants')?.rows.filter(({ roleId }) => roleId === 'HELP_DESK_ADMIN').length).toBeGreaterThan(2);
    const misspelt = await run(({ url }, text) => (url.includes('expand=stats') ? text.replaceAll('hasAdminPrivilege', 'hasAdminPrivlege') : text));
    expect(misspelt.asked.filter((url) => /^\/api\/v1\/groups\/[^/]+\/roles$/.test(url))).toHaveLength(1);
    expect((await run((_, text) => text)).asked.filter((url) => /^\/api\/v1\/groups\/[^/]+\/roles$/.test(url))).toHaveLength(1);
  });

  it('asks a tenant of the Classic Engine for no policies of applications', async () => {
    const { asked, tables } = await run(({ url }, text) => (url.includes('.well-known') ? text.replace('"idx"', '"v1"') : text));
    expect(asked.filter((url) => url.includes('ACCESS_POLICY'))).toEqual([]);
    expect(tables.find(({ dataset }) => dataset.id === 'identity.auth-policies')?.rows).toHaveLength(1);
  });

  it('is incomplete where no session policy is shown: every tenant has one', async () => {
    await expect(run(({ url }, text) => (url.includes('type=OKTA_SIGN_ON') ? '[]' : text))).rejects.toThrow(/names no global session policy/);
  });
});
