import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { changeUser } from '../../auth/people.ts';
import type { Principal } from '../../auth/roles.ts';
import { openSession, signedIn } from '../../auth/sessions.ts';
import { makeToken, principalBehind } from '../../auth/tokens.ts';
import { days } from '../../core/instant.ts';
import { FROM, inside, type Inside } from './testing/inside.ts';
import { passkeyOf } from './testing/passkey.ts';

let its: Inside;
beforeAll(async () => {
  its = await inside();
});
afterAll(() => its.acme.close());

const as: Inside['as'] = (name, methods) => its.as(name, methods);
const post: Inside['post'] = (path, body) => its.post(path, body);
type Vouched = NonNullable<Principal['vouched']>;

describe('who is signed in, as the log has it', () => {
  const entry = { id: 'AR-77', title: 'Cloud, read', for: 'otto.berg@acme.example', system: 'aws', role: 'read', requested: '2026-03-02' };
  const states = (id: string) => post('/statements', { kind: 'access-requests', entry: { ...entry, id } });
  const approves = (id: string) => post(`/statements/access-requests/${id}/approve`);

  it('approves nothing without a second factor, and is approved by nobody', async () => {
    await as('maria.lopez', ['password']);
    expect((await states('AR-1')).said).toMatchObject({
      authenticated: false,
      knownBy: 'none',
      because: expect.stringMatching(/^the session s\w+ was opened without a second factor$/),
    });
    await as('ines.duarte');
    expect((await approves('AR-1')).said.detail).toMatch(/^nothing shows who stated access-requests\/AR-1/);
    await as('maria.lopez');
    await states('AR-2');
    await as('ines.duarte', ['password']);
    expect((await approves('AR-2')).said.detail).toMatch(
      /^an unauthenticated statement approves nothing: the session s\w+ was opened without a second factor\.$/,
    );
    expect((await post('/statements/access-requests/AR-2/withdraw', { reason: 'x' })).said.detail).toMatch(/an unauthenticated statement does not change it/);
  });

  it('seals nothing under a session that the log does not know as theirs', async () => {
    const maria = await as('maria.lopez');
    const ines = await as('ines.duarte');
    const size = (await its.acme.workspace.checkpoint()).size;
    const forged = [
      { ...ines, vouched: { ...(ines.vouched as Vouched), id: 's0000000000000000' } },
      { ...ines, vouched: maria.vouched },
      { ...ines, vouched: { ...(ines.vouched as Vouched), record: 0 } },
      { ...ines, vouched: { ...(ines.vouched as Vouched), user: its.userOf('maria.lopez').id } },
      { ...ines, email: 'maria.lopez@acme.example' },
    ];
    for (const who of forged) {
      its.acme.as(who);
      expect((await states('AR-3')).said.detail).toMatch(/^the log knows no sign-in of \S+ by the session s\w+\. Sign in again\.$/);
    }
    expect((await its.acme.workspace.checkpoint()).size).toBe(size);
  });

  it('ends with the session, and with the role', async () => {
    const secret = await openSession(its.means, its.userOf('stranger'), { methods: ['passkey'], from: FROM });
    expect((await signedIn(its.means, secret))?.principal.vouched).toMatchObject({ by: 'session', strong: true, methods: ['passkey'] });
    await changeUser(its.means, 'owner', its.userOf('stranger').id, { role: 'member' });
    expect(await signedIn(its.means, secret)).toBe(null);
    await as('stranger');
    expect(await approves('AR-2')).toMatchObject({ status: 403, said: { detail: expect.stringContaining('needs the permission statements.approve') } });
    await changeUser(its.means, 'owner', its.userOf('stranger').id, { role: 'manager' });
    const another = await openSession(its.means, its.userOf('stranger'), { methods: ['passkey'], from: FROM });
    its.acme.pass(days(8));
    expect(await signedIn(its.means, another)).toBe(null);
  });

  it('is not an auditor, nor a token without the scope, and a token approves nothing', async () => {
    await as('eva');
    for (const path of [
      '/findings/F-1/acts',
      '/findings/acts',
      '/waivers/L-1/approve',
      '/statements',
      '/statements/prepared',
      '/statements/access-requests/AR-2/approve',
    ])
      expect([path, (await post(path, { act: { do: 'note', text: 'x' } })).status]).toEqual([path, 403]);
    expect((await its.get<{ readonly tasks: readonly object[] }>('/tasks')).tasks).toEqual([]);
    const token = async (strong: boolean, scopes: readonly ('statements.make' | 'findings.read')[] | null) => {
      const user = its.userOf('ines.duarte');
      const { secret } = await makeToken(its.means, user.email, { kind: 'api', name: `nightly ${String(strong)}`, user, scopes, days: 2, strong });
      its.acme.as(await principalBehind(its.means, secret, FROM));
    };
    await token(true, ['findings.read']);
    expect((await states('AR-4')).status).toBe(403);
    await token(false, null);
    expect((await states('AR-4')).said).toMatchObject({
      authenticated: false,
      because: expect.stringMatching(/^the token t\w+ was made in a session without a second factor$/),
    });
    await token(true, null);
    expect((await states('AR-5')).said).toMatchObject({ authenticated: true, knownBy: 'token', by: 'ines.duarte@acme.example' });
    expect((await approves('AR-2')).said.detail).toMatch(/^a token states, and approves nothing/);
    expect((await post('/statements/prepared', { kind: 'access-requests', act: 'approve', entry: { id: 'AR-2' } })).said.detail).toBe(
      'A passkey signs in a session: sign in.',
    );
  });

  it('corrects and takes back what another stated only where they may approve', async () => {
    await as('ines.duarte');
    await states('AR-6');
    await as('maria.lopez');
    expect((await states('AR-6')).said.detail).toBe(
      'access-requests/AR-6 was stated by ines.duarte@acme.example: another changes it with the permission statements.approve.',
    );
    await as('otto.berg');
    expect((await post('/statements/access-requests/AR-6/withdraw', { reason: 'asked twice' })).status).toBe(201);
  });
});

describe('a passkey', () => {
  it('signs a statement by its digest, once, for the session that asked, and a stranger can tell', async () => {
    const key = await passkeyOf(its, 'ines.duarte');
    await as('maria.lopez');
    const entry = { title: 'Cloud, read', for: 'otto.berg@acme.example', system: 'aws', role: 'read', requested: '2026-03-02' };
    for (const id of ['AR-8', 'AR-9']) await post('/statements', { kind: 'access-requests', entry: { ...entry, id } });
    const ines = await as('ines.duarte');
    const prepare = (id: string) => post('/statements/prepared', { kind: 'access-requests', act: 'approve', entry: { id } });
    const prepared = await prepare('AR-8');
    const challenge = String(prepared.said.sha256);
    expect(prepared.said.options).toMatchObject({ challenge, rpId: 'localhost', userVerification: 'required', allowCredentials: [{ id: key.credential }] });

    await as('maria.lopez');
    expect((await post('/statements/signed', { response: key.answers(challenge) })).said.detail).toMatch(/^Nothing waits for this signature/);
    its.acme.as(ines);
    const once = (await prepare('AR-8')).said;
    const response = key.answers(String(once.sha256));
    for (const wrong of [
      key.answers('AAAA'),
      key.answers(String((await prepare('AR-9')).said.sha256), { origin: 'http://evil.example' }),
      key.answers(String((await prepare('AR-9')).said.sha256), { flags: 0x01 }),
      { ...key.answers(String((await prepare('AR-9')).said.sha256)), id: 'c3RyYW5nZQ' },
    ])
      expect((await post('/statements/signed', { response: wrong })).status).toBe(403);

    const made = await post('/statements/signed', { response });
    expect(made).toMatchObject({ status: 201, said: { act: 'approve', by: 'ines.duarte@acme.example', knownBy: 'session' } });
    expect((await post('/statements/signed', { response })).status).toBe(403);

    const index = Number(made.said.record);
    const { record, rows, unreadable } = await its.acme.workspace.record(index);
    expect([rows, unreadable]).toEqual([{ 'register.entries': 1, 'access.requests': 1 }, null]);
    const [statement, assertion] = await Promise.all(
      ['statement', 'assertion'].map(async (name) => Buffer.from((await its.acme.workspace.artifact(index, name)).bytes)),
    );
    expect(
      createHash('sha256')
        .update(statement ?? '')
        .digest('base64url'),
    ).toBe(once.sha256);
    expect(JSON.parse(assertion?.toString() ?? '')).toMatchObject({ credential: key.credential });
    const body = record.body as { readonly vouched: { readonly passkey: { readonly record: number; readonly publicKey: object } } };
    const registered = (await its.acme.workspace.record(body.vouched.passkey.record)).record.body;
    expect(registered).toMatchObject({
      act: 'factor-add',
      by: 'ines.duarte@acme.example',
      says: { publicKey: body.vouched.passkey.publicKey, credential: key.credential },
    });
  });

  it('signs what stands, and nothing else: what has changed since is signed anew', async () => {
    const key = await passkeyOf(its, 'otto.berg');
    await as('maria.lopez');
    const state = (role: string) =>
      post('/statements', {
        kind: 'access-requests',
        entry: { id: 'AR-10', title: 'Cloud', for: 'ines.duarte@acme.example', system: 'aws', role, requested: '2026-03-02' },
      });
    await state('read');
    const maria = await as('maria.lopez');
    const otto = await as('otto.berg');
    const { said } = await post('/statements/prepared', { kind: 'access-requests', act: 'approve', entry: { id: 'AR-10' } });
    its.acme.as(maria);
    its.acme.pass(1000);
    await state('owner');
    its.acme.as(otto);
    const refused = await post('/statements/signed', { response: key.answers(String(said.sha256)) });
    expect(refused.said.detail).toMatch(/^the passkey signed something else: what stands may have changed since/);
    expect((await its.acme.workspace.statements('access-requests')).find(({ entry }) => entry === 'AR-10')?.approvedBy).toEqual([]);
  });
});
