import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { instant } from '../core/instant.ts';
import { openWorkspace } from './open.ts';

const dir = mkdtempSync(join(tmpdir(), 'acts-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

it('seals acts of users, and says in the open what was done and never by whom', async () => {
  writeFileSync(join(dir, 'tickmark.yaml'), 'company: Acme\ntimezone: Europe/Berlin\nperiod: { from: 2026-01-01, to: 2026-12-31 }\nsources: []\n');
  const at = instant('2026-03-02T09:00:00Z');
  const workspace = await openWorkspace({ dir, clock: () => at, env: {} });
  try {
    const acts = [
      { act: 'sign-in', by: 'maria.lopez@acme.example', target: 'users/u1', says: { factor: 'passkey' } },
      { act: 'alert-raise', by: 'tickmark', target: null, says: null },
    ];
    const [first = -1, second = -1] = await workspace.recordActs(acts);
    const before = await workspace.posture();
    expect([first, second]).toEqual([1, 2]);
    const { record, included } = await workspace.record(first);
    expect([record.body, included]).toEqual([{ kind: 'act', at, ...acts[0] }, true]);
    const [line] = await workspace.records(null, 2);
    expect(line).toMatchObject({ index: 2, title: 'tickmark: alert-raise', outcome: 'act' });
    const { dsseEnvelope } = JSON.parse(await workspace.standards.sigstoreBundle(first));
    const statement = Buffer.from(dsseEnvelope.payload, 'base64').toString();
    expect([statement.includes('sign-in'), statement.includes('maria')]).toEqual([true, false]);
    expect((await workspace.verify()).problems).toEqual([]);
    expect(before.checkpoint.size).toBe(3);
  } finally {
    await workspace.close();
  }
});
