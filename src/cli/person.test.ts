import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeToken } from '../auth/tokens.ts';
import { ConfigurationError } from '../core/error.ts';
import { inside, type Inside } from '../server/api/testing/inside.ts';
import { personBehind } from './person.ts';

const dir = mkdtempSync(join(tmpdir(), 'tokens-'));
const path = join(dir, 'token');
let its: Inside;
beforeAll(async () => {
  its = await inside();
});
afterAll(async () => {
  await its.acme.close();
  rmSync(dir, { recursive: true, force: true });
});

async function tokenOf(name: string): Promise<void> {
  const user = its.userOf(name);
  const { secret } = await makeToken(its.means, user.email, { kind: 'api', name: 'laptop', user, scopes: null, days: 1, strong: true });
  writeFileSync(path, `${secret}\n`);
}

it('shows whose word a command gives, by a token of theirs', async () => {
  const { workspace } = its.acme;
  await tokenOf('maria.lopez');
  const by = await personBehind(workspace, path, 'statements.make');
  const entry = { id: 'V-1', title: 'Cloud host', owner: 'W-1', reviewed: '2026-02-01' };
  const [made] = await workspace.attest([{ kind: 'vendors', act: 'state', entry, by }]);
  expect(made).toMatchObject({ by: 'maria.lopez@acme.example', knownBy: 'token', authenticated: true, keyId: null });
  await tokenOf('ines.duarte');
  const ines = await personBehind(workspace, path, 'statements.make');
  await expect(workspace.attest([{ kind: 'vendors', act: 'approve', entry: { id: 'V-1' }, by: ines }])).rejects.toThrow('a token states, and approves nothing');
});

it('refuses a token that opens nothing, one that may not, and no file, and quotes none', async () => {
  const { workspace } = its.acme;
  writeFileSync(path, 'tickmark_made-up');
  const refused = personBehind(workspace, path, 'statements.make');
  await expect(refused).rejects.toThrow(ConfigurationError);
  await expect(refused).rejects.toThrow(`--token-file ${path}: this token opens nothing here. It may have ended, or be of another workspace.`);
  await tokenOf('eva');
  await expect(personBehind(workspace, path, 'alerts.act')).rejects.toThrow('token laptop may not alerts.act: eva@acme.example has the role auditor.');
  await expect(personBehind(workspace, join(dir, 'none'), 'alerts.act')).rejects.toThrow('the file cannot be read.');
});
