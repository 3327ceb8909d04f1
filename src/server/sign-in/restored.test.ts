import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Secret, TOTP } from 'otpauth';
import { afterAll, expect, it } from 'vitest';
import { initialize } from '../../app/initialize.ts';
import { openWorkspace } from '../../app/open.ts';
import { restore } from '../../app/restore.ts';
import { addTotp, factorsOf, newRecoveryCodes, offerTotp, useRecoveryCode, useTotp } from '../../auth/factors.ts';
import { addUser, userByEmail } from '../../auth/people.ts';
import { instant, seconds } from '../../core/instant.ts';
import { signInMeans } from './means.ts';

const root = mkdtempSync(join(tmpdir(), 'restored-'));
afterAll(() => rmSync(root, { recursive: true }));

it('nobody’s second factor is lost with a machine: code and recovery code open what a backup was restored into', async () => {
  let now = instant('2026-03-10T09:00:00Z');
  const open = (dir: string) => openWorkspace({ dir, clock: () => now, env: {} });
  const [dir, other] = [join(root, 'acme'), join(root, 'elsewhere')];
  initialize(dir, { company: 'Acme', timezone: 'UTC', period: '2026-01-01..2027-01-01' });
  const workspace = await open(dir);
  const means = signInMeans(workspace, null);
  const maria = await addUser(means, { email: 'maria@acme.example', name: 'Maria Lopez', role: 'admin', cameBy: 'invitation' });
  const { offer, uri } = await offerTotp(means, maria);
  const totp = new TOTP({ secret: Secret.fromBase32(new URL(uri).searchParams.get('secret') ?? '') });
  const code = () => totp.generate({ timestamp: now });
  expect(await addTotp(means, maria, { offer, code: code(), name: 'Phone' })).toBe('added');
  const [spare = ''] = await newRecoveryCodes(means, maria);
  const factors = await factorsOf(means, maria.id);
  await workspace.backup(join(root, 'acme.backup'));
  await workspace.close();

  rmSync(dir, { recursive: true });
  await restore(other, join(root, 'acme.backup'), {});
  const there = await open(other);
  try {
    now += seconds(30);
    const again = signInMeans(there, null);
    expect((await userByEmail(again, 'maria@acme.example'))?.id).toBe(maria.id);
    expect([factors.length > 0, await factorsOf(again, maria.id)]).toEqual([true, factors]);
    expect(await useTotp(again, maria.id, code())).toBe(true);
    expect([await useRecoveryCode(again, maria.id, spare), await useRecoveryCode(again, maria.id, spare)]).toEqual([true, false]);
  } finally {
    await there.close();
  }
});
