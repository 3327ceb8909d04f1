import { describe, expect, it } from 'vitest';
import { runOnce } from '../../../test/peers/run-once.ts';
import { at, recorded, tested, world } from '../../../test/recorded.ts';
import { SLACK_CAST, SLACK_DAYS } from '../../acme/slack-stories.ts';
import { acmeWire } from '../../acme/wire.ts';
import { person } from '../../acme/world.ts';
import { IncompleteError } from '../../core/error.ts';
import type { Row } from '../../datasets/dataset.ts';
import type { Wire, WireRequest } from '../../sources/wire.ts';
import { SlackMember, slackUsers } from './users.ts';

const TEAM = 'T0ACME001';
const leaver = person(world, SLACK_CAST.leaver);

tested(slackUsers, { team: TEAM, passwords: 'no' }, TEAM, (rows) => {
  const user = (login: string) => rows('identity.users').find((row) => row.login === login);
  const owner = person(world, 1);
  expect(user(owner.login.replace('-', '.'))).toEqual({
    systemId: 'slack',
    userId: 'U0W002',
    login: owner.login.replace('-', '.'),
    handles: [owner.login.replace('-', '.'), 'u0w002'],
    emails: [owner.email],
    displayName: owner.name,
    hrId: null,
    kind: 'unknown',
    status: 'active',
    privileged: 'yes',
    password: 'no',
    createdAt: null,
  });
  expect(
    rows('identity.users')
      .filter(({ kind }) => kind === 'service')
      .map(({ login, password }) => `${login} ${password}`),
  ).toEqual(['slackbot no', 'tickmark no', 'polls no']);
  expect(
    rows('identity.users')
      .filter(({ kind }) => kind === 'external')
      .map(({ login, password }) => `${login} ${password}`),
  ).toEqual(['studio.kim unknown', 'noor.agency unknown']);
  expect(rows('identity.users').filter(({ status }) => status === 'deactivated')).toHaveLength(
    world.people.filter(({ endAt, id }) => endAt !== null && endAt < at && id !== leaver.id).length,
  );
  expect(new Set(rows('identity.memberships').map(({ role }) => role))).toEqual(
    new Set(['member', 'primary owner', 'admin', 'bot', 'multi-channel guest', 'single-channel guest']),
  );
  expect(rows('identity.mfa-factors').map(({ userId, type }) => `${userId} ${type}`)).toEqual(['U0STUDIO totp', 'U0GUEST sms']);
  expect(rows('identity.mfa-enforcement').some(({ userId }) => userId === 'USLACKBOT')).toBe(false);
});

/** What comes of a run in which Slack says something else. */
async function run(change: (request: WireRequest, body: Record<string, unknown>) => unknown, then = at) {
  const wire = acmeWire(world, () => then);
  const changed: Wire = async (request) => {
    const answer = await wire(request);
    const body = change(request, JSON.parse(new TextDecoder().decode(answer.body)) as Record<string, unknown>);
    return { ...answer, body: new TextEncoder().encode(JSON.stringify(body)) };
  };
  const { tables, artifacts } = await runOnce(slackUsers, changed, { team: TEAM }, then, then);
  return { artifacts, rows: (id: string): readonly Row[] => tables.find(({ dataset }) => dataset.id === id)?.rows ?? [] };
}

const asked = (what: string, instead: (body: Record<string, unknown>) => unknown) => (request: WireRequest, body: Record<string, unknown>) =>
  request.url.includes(what) ? instead(body) : body;

describe('what is out of order at Acme, each found by its rows', () => {
  const logins = async (then: number, keep: (row: Row) => boolean) =>
    (await run((_, body) => body, then))
      .rows('identity.users')
      .filter(keep)
      .map(({ login }) => login);

  it('a leaver whose account was forgotten', async () => {
    const open = (row: Row) => row.status === 'active' && String(row.emails) === leaver.email;
    expect(await logins(world.ago(17), open)).toEqual([leaver.login.replace('-', '.')]);
  });

  it('a guest, and a bot, each from the day on which it was made', async () => {
    const one = (login: string) => (row: Row) => row.login === login;
    for (const [login, day] of [
      [SLACK_CAST.guest, SLACK_DAYS.guest.from],
      [SLACK_CAST.bot, SLACK_DAYS.bot.from],
    ] as const) {
      expect(await logins(world.ago(day + 1), one(login))).toEqual([]);
      expect(await logins(world.ago(day - 1), one(login))).toEqual([login]);
    }
  });
});

describe('slack/users, where Slack fails in an answer with status 200', () => {
  it.each([
    ['missing_scope', /"users" failed: missing_scope\. The token lacks a scope: .* Needed: users:read\.$/],
    ['invalid_auth', /"users" failed: invalid_auth\. The token is missing, wrong or was revoked\./],
    ['team_access_not_granted', /not installed in this workspace/],
    ['ratelimited', /asked too often/],
    ['something_new', /"users" failed: something_new\. {1,2}Needed: users:read\.$/],
  ])('%s is no empty list', async (error, says) => {
    const failed = run(asked('users.list', () => ({ ok: false, error, needed: 'users:read' })));
    await expect(failed).rejects.toThrow(says);
    await expect(failed).rejects.toBeInstanceOf(IncompleteError);
  });

  it('fails in the middle of the list as well', async () => {
    await expect(run(asked('cursor=', () => ({ ok: false, error: 'invalid_cursor' })))).rejects.toThrow(/"users#2" failed: invalid_cursor/);
  });

  it('is incomplete where another workspace answers, and not where the whole enterprise does', async () => {
    await expect(run(asked('auth.test', (body) => ({ ...body, team_id: 'T0OTHER' })))).rejects.toThrow('the workspace T0OTHER answered for T0ACME001');
    const whole = await run(asked('auth.test', (body) => ({ ...body, team_id: 'E0ACME', is_enterprise_install: true })));
    expect(whole.rows('identity.users').length).toBeGreaterThan(50);
  });

  it('is incomplete where somebody is told twice, nobody is told, or nobody has an address', async () => {
    const doubled = asked('cursor=', (body) => ({ ...body, members: [{ id: 'U0W001', name: 'again' }] }));
    await expect(run(doubled)).rejects.toThrow(/told of U0W001 twice/);
    await expect(run(asked('users.list', () => ({ ok: true, members: [] })))).rejects.toThrow(/names nobody at all/);
    const hidden = asked('users.list', (body) => ({ ...body, members: (body.members as object[]).map((it) => ({ ...it, profile: {} })) }));
    await expect(run(hidden)).rejects.toThrow(/lacks the scope users:read.email/);
  });

  it('waits as long as Slack asks to, and goes on', async () => {
    const { wire } = recorded(slackUsers, { team: TEAM }, TEAM);
    let refused = 0;
    const limited: Wire = async (request) =>
      request.url.includes('cursor=') && refused++ === 0
        ? { status: 429, headers: { 'retry-after': '30' }, body: new TextEncoder().encode('{"ok":false,"error":"ratelimited"}') }
        : wire(request);
    const { tables } = await runOnce(slackUsers, limited, { team: TEAM }, at, at);
    expect(refused).toBeGreaterThan(1);
    expect(tables[0]?.rows.length).toBeGreaterThan(50);
  });
});

describe('what an account says', () => {
  const only = async (member: object) => {
    const known = { id: 'U1', name: 'one', deleted: false, profile: { email: 'one@acme.example' } };
    const told = await run(asked('users.list', () => ({ ok: true, members: [{ ...known, ...member }] })));
    return { user: told.rows('identity.users')[0], role: told.rows('identity.memberships')[0]?.role, mfa: told.rows('identity.mfa-enforcement')[0] };
  };

  it.each([
    [{ is_primary_owner: true, is_owner: true, is_admin: true }, 'primary owner', 'yes'],
    [{ is_owner: true, is_admin: true }, 'owner', 'yes'],
    [{ is_admin: true, is_owner: false }, 'admin', 'yes'],
    [{ is_admin: false, is_owner: false }, 'member', 'no'],
    [{}, 'member', 'unknown'],
    [{ is_restricted: true }, 'multi-channel guest', 'unknown'],
    [{ is_restricted: true, is_ultra_restricted: true }, 'single-channel guest', 'unknown'],
    [{ is_workflow_bot: true }, 'bot', 'unknown'],
  ])('%j: %s', async (member, role, privileged) => {
    expect(await only(member)).toMatchObject({ role, user: { privileged } });
  });

  it.each([
    [{ deleted: true }, 'deactivated'],
    [{ is_invited_user: true }, 'invited'],
    [{ deleted: null }, 'unknown'],
    [{}, 'active'],
  ])('%j: %s', async (member, status) => {
    expect((await only(member)).user).toMatchObject({ status });
  });

  it('is unknown about two-factor authentication where the token is no administrator’s', async () => {
    expect((await only({})).mfa).toMatchObject({ enrolled: 'unknown', enforced: 'unknown' });
    expect((await only({ has_2fa: true })).mfa).toMatchObject({ enrolled: 'yes' });
    expect((await only({ has_2fa: false })).mfa).toMatchObject({ enrolled: 'no' });
  });

  it('cannot be read without an id', () => {
    expect(SlackMember.safeParse({ name: 'one' }).success).toBe(false);
  });
});
